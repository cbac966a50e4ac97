//! What the picture is coded in must be exactly as long as it says. Scrubber and verifier both check it, in all forms.

use crate::support::*;
use scrub::{Refusal, Violation, verify};

/// A frame header with this many components.
fn frame(marker: u8, components: u8) -> Vec<u8> {
    let each = (1..=components).flat_map(|number| [number, 0x11, 0]);
    segment(marker, &[8, 0, 8, 0, 8, components].into_iter().chain(each).collect::<Vec<_>>())
}

/// A quantisation table.
fn quantisers(precision_and_number: u8, bytes: usize) -> Vec<u8> {
    [vec![precision_and_number], vec![1; bytes]].concat()
}

/// A Huffman table with these counts of codes. The first code is for the value 0.
fn codes(class_and_number: u8, counts: [u8; 16]) -> Vec<u8> {
    let values = counts.iter().map(|&count| usize::from(count)).sum();
    let values = (0..values).map(|number| if number == 0 { 0 } else { 7 }).collect();
    [vec![class_and_number], counts.to_vec(), values].concat()
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

/// A grey photo that uses these numbers of tables, and the tables that it has. The last one is at `index`.
fn with_table(table: &[u8], [quantisation, dc, ac]: [u8; 3]) -> (Vec<Vec<u8>>, usize) {
    let mut parts = [vec![SOI.to_vec()], picture(0xC0)].concat();
    parts[2][12] = quantisation;
    parts[5][6] = dc << 4 | ac;
    let replaced = match (table[1], dc, ac) {
        (0xDB, ..) => 1..2,
        (_, 1.., 1..) => 3..5,
        (_, 1.., 0) => 3..4,
        _ => 4..5,
    };
    let index = replaced.start;
    parts.splice(replaced, [table.to_vec()]);
    (parts, index)
}

/// Photos with a table each in the header, which is at the index, and photos with one between scans.
fn photos_with_tables() -> Vec<(Vec<Vec<u8>>, usize)> {
    let several = [quantisers(0x01, 64), quantisers(0x12, 128), quantisers(0x03, 64)].concat();
    let mut coloured = [vec![SOI.to_vec()], interleaved(3)].concat();
    coloured[1] = segment(0xDB, &several);
    (coloured[2][12], coloured[2][15], coloured[2][18]) = (1, 2, 3);
    let mut restarting = [vec![SOI.to_vec()], picture(0xC0)].concat();
    restarting[2] = segment(0xC0, &[8, 0, 8, 0, 16, 1, 1, 0x11, 0]);
    restarting[6] = b"\x3F\xFF\xD0\x3F".to_vec();
    restarting.insert(1, segment(0xDD, &[0, 1]));
    // The second and third component use a table of their own.
    let mut later = parts();
    (later[6][15], later[6][18]) = (3, 3);
    later.insert(11, segment(0xDB, &quantisers(0x13, 128)));

    let many = counts(&[1, 0, 0, 0, 0, 0, 0, 0, 0, 255]);
    let pair = [codes(0x01, counts(&[1])), codes(0x13, counts(&[1, 1]))].concat();
    vec![
        with_table(&segment(0xDB, &quantisers(0x00, 64)), [0, 0, 0]),
        with_table(&segment(0xDB, &quantisers(0x03, 64)), [3, 0, 0]),
        with_table(&segment(0xDB, &quantisers(0x10, 128)), [0, 0, 0]),
        with_table(&segment(0xDB, &quantisers(0x13, 128)), [3, 0, 0]),
        (coloured, 1),
        with_table(&segment(0xC4, &codes(0x02, counts(&[1]))), [0, 2, 0]),
        with_table(&segment(0xC4, &codes(0x10, counts(&[1, 1, 1]))), [0, 0, 0]),
        with_table(&segment(0xC4, &codes(0x11, many)), [0, 0, 1]),
        with_table(&segment(0xC4, &pair), [0, 1, 3]),
        (restarting, 1),
        (later, 11),
        (parts(), 11),
        (parts(), 12),
    ]
}

#[test]
fn tables_are_as_long_as_they_say() {
    let photos = photos_with_tables();
    for (parts, index) in &photos {
        let table = &parts[*index];
        let what = format!("{} bytes of {:02X}", table.len(), table[1]);
        assert_accepted(&parts.concat(), &what);
        for misfit in misfits(table) {
            let mut parts = parts.clone();
            parts[*index] = misfit;
            assert_refused(&parts.concat(), table[1], offset_of(&parts, *index), &what);
        }
    }
    println!("{} tables", photos.len());
}

/// A photo with two scans, before each of which comes what is put in at the index: tables that replace all others.
fn replacing_tables() -> (Vec<Vec<u8>>, [usize; 2]) {
    let mut parts = parts();
    parts.splice(11..12, [dqt(), two_codes(0x00), two_codes(0x11)]);
    (parts, [5, 11])
}

#[test]
fn tables_with_a_number_that_does_not_exist_are_refused() {
    let (clean, places) = replacing_tables();
    assert_accepted(&clean.concat(), "without more tables");
    let (mut taken, mut refused) = (0, 0);
    let mut try_table = |marker: u8, payload: &[u8], exists: bool| {
        let what = format!("{marker:02X} {:02X} {:02X}", payload[0], payload[1]);
        for place in places {
            let mut parts = clean.clone();
            parts.insert(place, segment(marker, payload));
            let (photo, offset) = (parts.concat(), offset_of(&parts, place));
            let violation = verify(&photo, &as_stored()).unwrap_err();
            match marker {
                0xCC => assert_eq!(violation, Violation::Forbidden { marker, offset }, "{what}"),
                _ if exists => {
                    assert_eq!(violation, Violation::UnusedTable { marker, offset: offset + 4 }, "{what}");
                }
                _ => assert_eq!(violation, Violation::Shape { marker, offset }, "{what}"),
            }
            // Conditioning is skipped unread: only arithmetic coding uses it.
            if exists || marker == 0xCC {
                assert_same(&scrub(&photo).unwrap().photo, &clean.concat(), &what);
                taken += 1;
            } else {
                assert_eq!(scrub(&photo).unwrap_err(), Refusal::BadTable { marker, offset }, "{what}");
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
fn no_huffman_table_has_more_codes_than_there_are_values() {
    let table = segment(0xC4, &codes(0x00, counts(&[1, 1, 255])));
    let mut parts = [vec![SOI.to_vec()], picture(0xC0)].concat();
    parts[3] = table;
    assert_refused(&parts.concat(), 0xC4, offset_of(&parts, 3), "257 codes");
}

#[test]
fn frame_headers_are_as_long_as_their_components_take() {
    let mut tried = 0;
    for marker in [0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA] {
        let parts = [vec![SOI.to_vec()], picture(marker)].concat();
        let place = parts.iter().position(|part| part[1] == marker).unwrap();
        let with = |frame: &[u8]| {
            let mut parts = parts.clone();
            parts[place] = frame.to_vec();
            parts.concat()
        };
        let refused = |photo: &[u8], what: &str| {
            let offset = offset_of(&parts, place);
            // Arithmetic coding is not in a clean photo, whatever the length of its frame header.
            let violation = match marker {
                0xC9 | 0xCA => Violation::Forbidden { marker, offset },
                _ => Violation::Shape { marker, offset },
            };
            assert_eq!(verify(photo, &as_stored()), Err(violation), "{what}");
            assert_eq!(scrub(photo).unwrap_err(), Refusal::BadLength { marker, offset }, "{what}");
        };
        for components in [1, 2, 3, 4, 10] {
            let what = format!("{components} components, SOF {marker:02X}");
            // The scans of the others are not there, as in a picture that is still being received.
            let whole = frame(marker, components);
            if ![0xC9, 0xCA].contains(&marker) {
                assert_accepted(&with(&whole), &what);
            }
            for misfit in misfits(&whole) {
                refused(&with(&misfit), &what);
            }
            tried += 1;
        }
        refused(&with(&segment(marker, &[8, 0, 8, 0, 8])), "no number of components");
    }
    println!("{tried} frame headers");
}

#[test]
fn scan_headers_are_as_long_as_their_one_to_four_components_take() {
    let refused = |parts: &[Vec<u8>], place: usize, scan: Vec<u8>, what: &str| {
        let mut parts = parts.to_vec();
        parts[place] = scan;
        assert_refused(&parts.concat(), 0xDA, offset_of(&parts, place), what);
    };
    let with = |components| [vec![SOI.to_vec()], interleaved(components)].concat();
    for components in 1..=4 {
        let what = format!("{components} components");
        assert_accepted(&with(components).concat(), &what);
        for misfit in misfits(&with(components)[5]) {
            refused(&with(components), 5, misfit, &what);
        }
    }
    // The second of two scans.
    for misfit in misfits(&parts()[13]) {
        refused(&parts(), 13, misfit, "2 components in the second scan");
    }
    for components in [0, 5, 255] {
        let each = (1..=components).flat_map(|number| [number, 0]);
        let scan: Vec<u8> = [components].into_iter().chain(each).chain([0, 63, 0]).collect();
        for (parts, place) in [(with(4), 5), (parts(), 13)] {
            refused(&parts, place, segment(0xDA, &scan), &format!("{components} components"));
        }
    }
    for (parts, place) in [(with(4), 5), (parts(), 13)] {
        refused(&parts, place, segment(0xDA, &[]), "no number of components");
    }
    println!("1 to 4 components, and other numbers of them");
}
