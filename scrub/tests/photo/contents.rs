//! What a report says about what is in segments: how many bytes of which kind, to the byte.

use scrub::Kind;

use crate::support::*;

/// The kinds and numbers of bytes that are removed from a photo with this segment after SOI.
fn removed(segment: &[u8]) -> Vec<(Kind, u64)> {
    let clean = scrub(&[SOI, segment, &picture(0xC0).concat()].concat()).unwrap();
    println!("{:?}", clean.report.removed);
    clean.report.removed.iter().map(|removed| (removed.kind, removed.bytes)).collect()
}

/// One entry of an IFD: tag, format, count and the field that holds the value or its offset.
type Entry = (u16, u16, u32, u32);

const SHORT: u16 = 3;
const LONG: u16 = 4;

/// TIFF data of 400 bytes with these directories in it: offset, entries, offset of the next.
fn tiff(is_big: bool, ifds: &[(usize, &[Entry], u32)]) -> Vec<u8> {
    let short = |n: u16| if is_big { n.to_be_bytes() } else { n.to_le_bytes() };
    let long = |n: u32| if is_big { n.to_be_bytes() } else { n.to_le_bytes() };
    let mut tiff = vec![0xAA; 400];
    tiff[..4].copy_from_slice(if is_big { b"MM\0\x2A" } else { b"II\x2A\0" });
    tiff[4..8].copy_from_slice(&long(8));
    for (offset, entries, next) in ifds {
        let mut ifd = short(entries.len() as u16).to_vec();
        for &(tag, format, count, value) in *entries {
            let field = if format == SHORT {
                [short(value as u16), short(0xAAAA)].concat()
            } else {
                long(value).to_vec()
            };
            ifd.extend([short(tag).to_vec(), short(format).to_vec(), long(count).to_vec(), field].concat());
        }
        ifd.extend(long(*next));
        tiff[*offset..offset + ifd.len()].copy_from_slice(&ifd);
    }
    tiff
}

/// An EXIF segment of 410 bytes.
fn exif_of(is_big: bool, ifds: &[(usize, &[Entry], u32)]) -> Vec<u8> {
    segment(0xE1, &[b"Exif\0\0", &tiff(is_big, ifds)[..]].concat())
}

#[test]
fn exif_is_counted_by_what_is_in_it() {
    for is_big in [true, false] {
        let ifds: [(usize, &[Entry], u32); 4] = [
            (8, &[(0x010F, 2, 9, 60), (0x8769, LONG, 1, 100), (0x8825, LONG, 1, 200)], 300),
            (100, &[(0x829A, 5, 1, 70), (0x927C, 7, 30, 140)], 0),
            (200, &[(1, 2, 2, 0), (2, 5, 3, 250)], 0),
            (300, &[(0x0103, SHORT, 1, 6), (0x0201, LONG, 1, 350), (0x0202, LONG, 1, 40)], 0),
        ];
        let gps = 2 + 2 * 12 + 4 + 3 * 8;
        let expected = [
            (Kind::Exif, 410 - 30 - gps - 40),
            (Kind::MakerNote, 30),
            (Kind::Gps, gps),
            (Kind::Thumbnail, 40),
        ];
        assert_eq!(removed(&exif_of(is_big, &ifds)), expected, "big-endian: {is_big}");
    }
}

#[test]
fn a_value_takes_as_many_bytes_as_its_format_says() {
    let formats = [
        (1, 1),
        (2, 1),
        (SHORT, 2),
        (LONG, 4),
        (5, 8),
        (6, 1),
        (7, 1),
        (8, 2),
        (9, 4),
        (10, 8),
        (11, 4),
        (12, 8),
        (13, 4),
    ];
    for is_big in [true, false] {
        for (format, size) in formats {
            let gps = |count, value| {
                let ifds: [(usize, &[Entry], u32); 2] =
                    [(8, &[(0x8825, LONG, 1, 100)], 0), (100, &[(2, format, count, value)], 0)];
                removed(&exif_of(is_big, &ifds))
            };
            // Up to 4 bytes are in the entry itself.
            if size <= 4 {
                assert_eq!(
                    gps((4 / size) as u32, 200),
                    [(Kind::Exif, 410 - 18), (Kind::Gps, 18)],
                    "{format}"
                );
            }
            let count = 4 / size + 1;
            let whole = 18 + count * size;
            // `tiff` writes the value field of a SHORT as two numbers, so it cannot contain an offset.
            if format != SHORT {
                assert_eq!(
                    gps(count as u32, 200),
                    [(Kind::Exif, 410 - whole), (Kind::Gps, whole)],
                    "{count} of format {format}"
                );
            }
        }
    }
    println!("{} formats", formats.len());
}

#[test]
fn a_thumbnail_is_found_by_strips_and_short_numbers_too() {
    for is_big in [true, false] {
        for format in [SHORT, LONG] {
            for (start, length) in [(0x0201, 0x0202), (0x0111, 0x0117)] {
                let ifds: [(usize, &[Entry], u32); 2] =
                    [(8, &[], 100), (100, &[(start, format, 1, 200), (length, format, 1, 33)], 0)];
                let expected = [(Kind::Exif, 410 - 33), (Kind::Thumbnail, 33)];
                assert_eq!(removed(&exif_of(is_big, &ifds)), expected, "{format} {start:04X}");
            }
            // Without a second directory the numbers of the first are those of the picture.
            let ifds: [(usize, &[Entry], u32); 1] =
                [(8, &[(0x0201, format, 1, 200), (0x0202, format, 1, 33)], 0)];
            assert_eq!(removed(&exif_of(is_big, &ifds)), [(Kind::Exif, 410)]);
        }
    }
}

#[test]
fn no_byte_of_exif_is_counted_twice_or_beyond_the_end() {
    // The note covers the directory of GPS, whose value reaches into the thumbnail, which runs past the end.
    let ifds: [(usize, &[Entry], u32); 4] = [
        (8, &[(0x8769, LONG, 1, 100), (0x8825, LONG, 1, 150)], 260),
        (100, &[(0x927C, 7, 100, 130)], 0),
        (150, &[(2, 7, 60, 300)], 0),
        (260, &[(0x0201, LONG, 1, 340), (0x0202, LONG, 1, 9_999)], 0),
    ];
    let expected =
        [(Kind::Exif, 410 - 100 - 60 - 40), (Kind::MakerNote, 100), (Kind::Gps, 60), (Kind::Thumbnail, 40)];
    assert_eq!(removed(&exif_of(true, &ifds)), expected);
    // Values that are wholly outside do not count.
    let ifds: [(usize, &[Entry], u32); 3] = [
        (8, &[(0x8769, LONG, 1, 100), (0x8825, LONG, 1, 399)], 9_999),
        (100, &[(0x927C, 7, 100, 400)], 0),
        (300, &[], 0),
    ];
    assert_eq!(removed(&exif_of(true, &ifds)), [(Kind::Exif, 410)]);
    // A directory is counted as far as it goes.
    let ifds: [(usize, &[Entry], u32); 1] = [(8, &[(0x8825, LONG, 1, 390)], 0)];
    assert_eq!(removed(&exif_of(true, &ifds)), [(Kind::Exif, 400), (Kind::Gps, 10)]);
}

#[test]
fn exif_needs_no_second_zero_but_its_tiff_header() {
    let ifds: [(usize, &[Entry], u32); 2] = [(8, &[(0x8825, LONG, 1, 100)], 0), (100, &[(2, 5, 3, 200)], 0)];
    let of = |start: &[u8], tiff: &[u8]| removed(&segment(0xE1, &[start, tiff].concat()));
    let whole = tiff(true, &ifds);
    assert_eq!(of(b"Exif\0x", &whole), [(Kind::Exif, 410 - 42), (Kind::Gps, 42)]);
    let mut other = whole.clone();
    other[3] = 0x2B;
    assert_eq!(of(b"Exif\0\0", &other), [(Kind::Exif, 410)]);
    assert_eq!(of(b"Exif\0\0", b"MM\0"), [(Kind::Exif, 13)]);
    assert_eq!(of(b"Exif\0", b""), [(Kind::Exif, 9)]);
}

#[test]
fn photoshop_resources_are_counted_by_what_is_in_them() {
    let resource = |id: u16, name: &str, data: &[u8]| {
        let mut resource = [&b"8BIM"[..], &id.to_be_bytes(), &[name.len() as u8], name.as_bytes()].concat();
        resource.resize(resource.len().next_multiple_of(2), 0);
        resource.extend((data.len() as u32).to_be_bytes());
        resource.extend(data);
        resource.resize(resource.len().next_multiple_of(2), 0);
        resource
    };
    let photoshop =
        |resources: &[Vec<u8>]| segment(0xED, &[&b"Photoshop 3.0\0"[..], &resources.concat()].concat());
    let alone = |id| removed(&photoshop(&[resource(id, "", &[7; 10])]));
    for (id, kind) in [
        (0x0404, Kind::Iptc),
        (0x0409, Kind::Thumbnail),
        (0x040C, Kind::Thumbnail),
        (0x0422, Kind::Exif),
        (0x0423, Kind::Exif),
        (0x0424, Kind::Xmp),
    ] {
        assert_eq!(alone(id), [(Kind::Photoshop, 18), (kind, 22)], "{id:04X}");
    }
    assert_eq!(alone(0x03ED), [(Kind::Photoshop, 40)]);
    // Names and data of odd and even length, with a resource between them that has no kind of its own.
    let several = [
        resource(0x0404, "", &[1; 5]),
        resource(0x03ED, "ab", &[2; 9]),
        resource(0x0424, "abc", &[3; 4]),
        resource(0x0404, "abcd", &[4; 1]),
    ];
    let (iptc, xmp) = (12 + 6 + 16 + 2, 14 + 4);
    let all = 4 + 14 + 18 + 24 + xmp + 18;
    assert_eq!(
        removed(&photoshop(&several)),
        [(Kind::Photoshop, all - iptc - xmp), (Kind::Iptc, iptc), (Kind::Xmp, xmp)]
    );
    // The last one may be cut off, and anything that is not a resource ends the list.
    let mut cut = resource(0x0404, "", &[1; 9]);
    cut.truncate(cut.len() - 4);
    assert_eq!(removed(&photoshop(&[cut])), [(Kind::Photoshop, 18), (Kind::Iptc, 18)]);
    let garbage = [b"no resource".to_vec(), resource(0x0404, "", &[1; 9])];
    assert_eq!(removed(&photoshop(&garbage)), [(Kind::Photoshop, 4 + 14 + 11 + 22)]);
}

#[test]
fn a_jfif_thumbnail_is_three_bytes_a_pixel_as_far_as_they_are_there() {
    let jfif = |width: u8, height: u8, pixels: usize| {
        removed(&segment(0xE0, &[&JFIF[..12], &[width, height], &vec![9; pixels]].concat()))
    };
    assert_eq!(jfif(0, 0, 0), []);
    assert_eq!(jfif(2, 3, 18), [(Kind::Thumbnail, 18)]);
    assert_eq!(jfif(2, 3, 20), [(Kind::Jfif, 2), (Kind::Thumbnail, 18)]);
    assert_eq!(jfif(5, 5, 7), [(Kind::Thumbnail, 7)]);
    assert_eq!(jfif(0, 5, 7), [(Kind::Jfif, 7)]);
}
