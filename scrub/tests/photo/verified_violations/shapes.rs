//! Every segment has one shape.

use super::*;

#[test]
fn frames_tables_and_scan_headers_have_one_shape() {
    let grey = [8, 0, 8, 0, 8, 1, 1, 0x11, 0];
    for (at, value) in [(0, 12), (2, 0), (4, 0), (6, 0), (6, 2), (7, 0x22), (7, 0x51), (7, 0x10), (8, 4)] {
        let mut frame = grey;
        frame[at] = value;
        assert_found(sequential(), |p| p[FRAME] = segment(0xC0, &frame), FRAME, 0, shape(0xC0));
    }
    let table_1 = [16, 0, 1, 0, 1, 1, 1, 0x11, 1];
    assert_found(lossless(), |p| p[FRAME] = segment(0xC3, &table_1), FRAME, 0, shape(0xC3));
    for header in [
        [2, 0, 0, 63, 0],
        [1, 4, 0, 63, 0],
        [1, 0x40, 0, 63, 0],
        [1, 0, 1, 63, 0],
        [1, 0, 0, 62, 0],
        [1, 0, 0, 63, 1],
        [1, 0, 0, 63, 0x10],
    ] {
        assert_found(sequential(), |p| p[SCAN] = scan(header), SCAN, 0, shape(0xDA));
    }
    for header in [[1, 1, 0, 0, 0], [1, 0, 0, 1, 0], [1, 0, 0, 0, 14], [1, 0, 0, 0, 0x20]] {
        assert_found(progressive(), |p| p[SCAN] = scan(header), SCAN, 0, shape(0xDA));
    }
    for header in [[1, 0x10, 1, 63, 0], [1, 0, 2, 1, 0], [1, 0, 1, 64, 0], [1, 0, 1, 63, 0x11]] {
        assert_found(progressive(), |p| p[AC_SCAN] = scan(header), AC_SCAN, 0, shape(0xDA));
    }
    for header in [[1, 0, 0, 0, 0], [1, 0, 8, 0, 0], [1, 0, 1, 1, 0], [1, 1, 1, 0, 0], [1, 0, 1, 0, 0x10]] {
        assert_found(lossless(), |p| p[SCAN] = scan(header), SCAN, 0, shape(0xDA));
    }
    for (factors, order) in [([0x11; 3], [2, 1, 3]), ([0x11; 3], [1, 1, 2]), ([0x22; 3], [1, 2, 3])] {
        assert_found(coloured(factors, order), |_| {}, SCAN, 0, shape(0xDA));
    }
    // A difference of 16 bits, more codes than fit, an empty segment.
    assert_found(sequential(), |p| p[DC_TABLE] = table(0x00, 16), DC_TABLE, 4, shape(0xC4));
    let crowded = segment(0xC4, &[&[0x00, 3][..], &[0; 15], &[0, 1, 2]].concat());
    assert_found(sequential(), |p| p[DC_TABLE] = crowded, DC_TABLE, 4, shape(0xC4));
    for (marker, part) in [(0xC4, DC_TABLE), (0xDB, 1)] {
        assert_found(sequential(), |p| p.insert(part, segment(marker, &[])), part, 0, shape(marker));
    }
}

#[test]
fn header_segments_have_one_shape() {
    for jfif in [
        b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0",
        b"JFIF\0\x01\x02\x01\0\x01\0\x01\0\0",
        b"JFIF\0\x01\x02\0\0\x02\0\x02\0\0",
        b"JFIF\0\x01\x02\0\0\0\0\x01\0\0",
        b"JFIF\0\x01\x02\0\0\x01\0\0\0\0",
        b"JFIF\0\x01\x02\0\0\x01\0\x01\0\x01",
    ] {
        assert_found(sequential(), |p| p.insert(1, segment(0xE0, jfif)), 1, 0, shape(0xE0));
    }
    let adobe = |transform: u8| segment(0xEE, &[&ADOBE[..11], &[transform]].concat());
    assert_found(sequential(), |p| p.insert(1, adobe(0)), 1, 0, shape(0xEE));
    for transform in [2, 3] {
        let put = |p: &mut Vec<Vec<u8>>| p.insert(1, adobe(transform));
        assert_found(coloured([0x11; 3], [1, 2, 3]), put, 1, 0, shape(0xEE));
    }
    for marker in [0xDC, 0xCC, 0xC9, 0xCA, 0xFE] {
        let forbidden = |offset| Violation::Forbidden { marker, offset };
        assert_found(sequential(), |p| p.insert(SCAN, segment(marker, &[0, 8])), SCAN, 0, forbidden);
    }
}
