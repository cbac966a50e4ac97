//! What the picture is coded in must be exactly as long as it says. Scrubber and verifier both check it, in all forms.

use crate::support::*;
use scrub::{Refusal, Violation, verify};

/// A frame header with this many components.
fn frame(marker: u8, components: u8) -> Vec<u8> {
    let each = (1..=components).flat_map(|number| [number, 0x11, 0]);
    segment(marker, &[8, 0, 8, 0, 8, components].into_iter().chain(each).collect::<Vec<_>>())
}

/// The header of a scan of this many components.
fn scan(components: u8) -> Vec<u8> {
    let each = (1..=components).flat_map(|number| [number, 0]);
    segment(0xDA, &[components].into_iter().chain(each).chain([0, 63, 0]).collect::<Vec<_>>())
}

/// A quantisation table.
fn quantisers(precision_and_number: u8, bytes: usize) -> Vec<u8> {
    [vec![precision_and_number], vec![1; bytes]].concat()
}

/// A Huffman table with these counts of codes.
fn codes(class_and_number: u8, counts: [u8; 16]) -> Vec<u8> {
    let values = counts.iter().map(|&count| usize::from(count)).sum();
    [vec![class_and_number], counts.to_vec(), vec![7; values]].concat()
}

fn counts(some: &[u8]) -> [u8; 16] {
    std::array::from_fn(|i| some.get(i).copied().unwrap_or(0))
}

/// Asserts that a photo is clean to both scrubber and verifier, and does not change.
#[track_caller]
fn assert_accepted(photo: &[u8], what: &str) {
    assert_eq!(verify(photo, &as_stored()), Ok(()), "{what}");
    assert_same(&scrub(photo).unwrap().photo, photo, what);
}

/// Asserts that both scrubber and verifier report the marker and the offset of what is wrong.
#[track_caller]
fn assert_refused(photo: &[u8], marker: u8, offset: usize, what: &str) {
    assert_eq!(verify(photo, &as_stored()), Err(Violation::Shape { marker, offset }), "{what}");
    assert_eq!(scrub(photo).unwrap_err(), Refusal::BadLength { marker, offset }, "{what}");
}

/// The segment with one byte more at its end, and with one less.
fn misfits(whole: &[u8]) -> [Vec<u8>; 2] {
    let payload = &whole[4..];
    [segment(whole[1], &[payload, &[0]].concat()), segment(whole[1], &payload[..payload.len() - 1])]
}

#[test]
fn tables_are_as_long_as_they_say() {
    let tables = [
        segment(0xDB, &quantisers(0x00, 64)),
        segment(0xDB, &quantisers(0x03, 64)),
        segment(0xDB, &quantisers(0x10, 128)),
        segment(0xDB, &quantisers(0x13, 128)),
        segment(0xDB, &[quantisers(0x01, 64), quantisers(0x11, 128), quantisers(0x02, 64)].concat()),
        segment(0xC4, &codes(0x00, counts(&[1]))),
        segment(0xC4, &codes(0x10, counts(&[0, 2, 3]))),
        segment(0xC4, &codes(0x11, counts(&[1, 0, 255]))),
        segment(0xC4, &[codes(0x01, counts(&[2])), codes(0x13, counts(&[1, 1]))].concat()),
        segment(0xDD, &[0xFF, 0xFF]),
    ];
    for table in &tables {
        let what = format!("{} bytes of {:02X}", table.len(), table[1]);
        let with = |table: &[u8]| [SOI, &sof(0xC0), table, &sos(), ENTROPY, EOI].concat();
        let after = |table: &[u8]| [SOI, &sof(0xC0), &sos(), ENTROPY, table, &sos(), EOI].concat();
        assert_accepted(&with(table), &what);
        assert_accepted(&after(table), &what);
        for misfit in misfits(table) {
            assert_refused(&with(&misfit), table[1], 15, &what);
            assert_refused(&after(&misfit), table[1], 15 + 10 + ENTROPY.len(), &what);
        }
    }
    println!("{} tables", tables.len());
}

#[test]
fn tables_with_a_number_that_does_not_exist_are_refused() {
    let (mut taken, mut refused) = (0, 0);
    let mut try_table = |marker: u8, payload: &[u8], exists: bool| {
        let what = format!("{marker:02X} {:02X} {:02X}", payload[0], payload[1]);
        let table = segment(marker, payload);
        // Arithmetic coding, the only one that may contain all of them.
        for photo in [
            [SOI, &sof(0xC9), &table, &sos(), ENTROPY, EOI].concat(),
            [SOI, &sof(0xC9), &sos(), ENTROPY, &table, &sos(), EOI].concat(),
        ] {
            let offset = photo.windows(2).position(|bytes| bytes == &table[..2]).unwrap();
            if exists {
                assert_accepted(&photo, &what);
                taken += 1;
            } else {
                assert_eq!(scrub(&photo).unwrap_err(), Refusal::BadTable { marker, offset }, "{what}");
                assert_eq!(verify(&photo, &as_stored()), Err(Violation::Shape { marker, offset }), "{what}");
                refused += 1;
            }
        }
    };
    for number in 0..=255 {
        let exists = matches!(number, 0..=3 | 0x10..=0x13);
        try_table(0xDB, &quantisers(number, if number < 16 { 64 } else { 128 }), exists);
        try_table(0xC4, &codes(number, counts(&[1])), exists);
        for value in 0..=255 {
            let is_right = match number {
                0..=3 => value & 0xF <= value >> 4,
                0x10..=0x13 => (1..=63).contains(&value),
                _ => false,
            };
            try_table(0xCC, &[number, value], is_right);
        }
    }
    println!("{taken} files with tables that exist, {refused} with others");
}

#[test]
fn conditioning_is_kept_in_arithmetic_coding_and_nowhere_else() {
    for marker in [0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA] {
        let secret = segment(0xCC, &[0x00, 0x10, 0x11, 5]);
        let at = [
            [SOI, &secret, &sof(marker), &sos(), ENTROPY, EOI].concat(),
            [SOI, &sof(marker), &secret, &sos(), ENTROPY, EOI].concat(),
            [SOI, &sof(marker), &sos(), ENTROPY, &secret, &sos(), EOI].concat(),
        ];
        for photo in at {
            if matches!(marker, 0xC9 | 0xCA) {
                assert_accepted(&photo, &format!("{marker:02X}"));
                continue;
            }
            let clean = scrub(&photo).unwrap().photo;
            assert_eq!(clean.len(), photo.len() - secret.len(), "{marker:02X}");
            assert!(!contains(&clean, &secret), "{marker:02X}");
            let offset = photo.windows(2).position(|bytes| bytes == &secret[..2]).unwrap();
            let violation = Violation::Forbidden { marker: 0xCC, offset };
            assert_eq!(verify(&photo, &as_stored()), Err(violation), "{marker:02X}");
        }
    }
}

#[test]
fn conditioning_that_no_scan_uses_is_reported_before_what_comes_after_the_scan() {
    let (conditioning, comment) = (segment(0xCC, &[0x00, 0x10]), segment(0xFE, b"hi"));
    for marker in [0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA] {
        let start = [SOI, &sof(marker), &conditioning, &sos(), ENTROPY].concat();
        let commented = [&start[..], &comment, EOI].concat();
        let (first, cut_off) = if matches!(marker, 0xC9 | 0xCA) {
            let offset = start.len();
            (Violation::Forbidden { marker: 0xFE, offset }, Violation::CutOff { offset })
        } else {
            let forbidden = Violation::Forbidden { marker: 0xCC, offset: 15 };
            (forbidden, forbidden)
        };
        assert_eq!(verify(&commented, &as_stored()), Err(first), "{marker:02X}");
        assert_eq!(verify(&start, &as_stored()), Err(cut_off), "{marker:02X}");
    }
    println!("6 codings, with a comment after the scan and cut off there");
}

#[test]
fn tables_after_the_last_scan_are_removed() {
    let tables = [dqt(), dht(0), segment(0xDD, &[0, 1]), segment(0xCC, &[0, 0x10])];
    let height = segment(0xDC, &[0, 8]);
    let with = |tables: &[u8]| [SOI, &sof(0xC9), &sos(), ENTROPY, tables, EOI].concat();
    for table in &tables {
        for (tables, left) in [
            (table.clone(), Vec::new()),
            ([&table[..], &tables[0]].concat(), Vec::new()),
            ([&height[..], table].concat(), height.clone()),
            ([&table[..], &height].concat(), height.clone()),
        ] {
            let photo = with(&tables);
            assert_same(&scrub(&photo).unwrap().photo, &with(&left), &hex(&tables[..4]));
            let Err(Violation::Forbidden { marker, .. }) = verify(&photo, &as_stored()) else {
                panic!("accepted")
            };
            assert!([table[1], 0xDB].contains(&marker));
        }
    }
    println!("{} tables", tables.len());
}

#[test]
fn no_huffman_table_has_more_codes_than_there_are_values() {
    let table = segment(0xC4, &codes(0x00, counts(&[1, 1, 255])));
    let photo = [SOI, &sof(0xC0), &table, &sos(), ENTROPY, EOI].concat();
    assert_refused(&photo, 0xC4, 15, "257 codes");
}

#[test]
fn frame_headers_are_as_long_as_their_components_take() {
    let mut tried = 0;
    for marker in [0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA] {
        for components in [1, 2, 3, 4, 10] {
            let what = format!("{components} components, SOF {marker:02X}");
            let with = |frame: &[u8]| [SOI, frame, &sos(), ENTROPY, EOI].concat();
            let whole = frame(marker, components);
            assert_accepted(&with(&whole), &what);
            for misfit in misfits(&whole) {
                assert_refused(&with(&misfit), marker, 2, &what);
            }
            tried += 1;
        }
        let short = [SOI, &segment(marker, &[8, 0, 8, 0, 8]), &sos(), ENTROPY, EOI].concat();
        assert_refused(&short, marker, 2, "no number of components");
    }
    println!("{tried} frame headers");
}

#[test]
fn scan_headers_are_as_long_as_their_one_to_four_components_take() {
    let with = |scan: &[u8]| [SOI, &sof(0xC0), scan, ENTROPY, EOI].concat();
    let later = |scan: &[u8]| [SOI, &sof(0xC0), &sos(), ENTROPY, scan, ENTROPY, EOI].concat();
    for components in 1..=4 {
        let whole = scan(components);
        let what = format!("{components} components");
        assert_accepted(&with(&whole), &what);
        assert_accepted(&later(&whole), &what);
        for misfit in misfits(&whole) {
            assert_refused(&with(&misfit), 0xDA, 15, &what);
            assert_refused(&later(&misfit), 0xDA, 15 + 10 + ENTROPY.len(), &what);
        }
    }
    for components in [0, 5, 255] {
        assert_refused(&with(&scan(components)), 0xDA, 15, &format!("{components} components"));
    }
    assert_refused(&with(&segment(0xDA, &[])), 0xDA, 15, "no number of components");
    println!("1 to 4 components, and other numbers of them");
}
