//! Every kind of segment in every position it can have.

use crate::support::positions::*;
use crate::support::*;
use scrub::Recoded;

#[test]
fn metadata_is_removed_wherever_it_is() {
    let signatures: &[(u8, &[u8])] = &[
        (0xE0, b"JFXX\0\x13\x01\x01\x11\x22\x33"),
        (0xE0, b"JFIF\0short"),
        (0xE0, b"AVI1\0\0\0\0"),
        (0xE0, b"II\x1A\0\0\0HEAPCCDR"),
        (0xE1, b"Exif\0\0MM\0\x2A\0\0\0\x08\0\0"),
        (0xE1, b"Exif\0\0not TIFF"),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>"),
        (0xE1, b"http://ns.adobe.com/xmp/extension/\0part"),
        (0xE2, b"MPF\0II\x2A\0"),
        (0xE2, b"FPXR\0\0"),
        (0xE2, b"ICC_PROFILE\0"),
        (0xEB, b"JP\0\x01\0\0\0\x01\0\0\0\x10jumbdata"),
        (0xED, b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x04\x1c\x02\0\0"),
        (0xEE, b"Adobe short"),
        (0xEE, b"Adore\0\x64\0\0\0\0\x02"),
        (0xFE, b"a comment"),
        (0xFE, b""),
        (0xF0, b"reserved"),
        (0xFD, b"reserved"),
        (0xDC, b"JFIF in a DNL segment"),
    ];
    let mut kinds: Vec<Vec<u8>> =
        signatures.iter().map(|(marker, payload)| segment(*marker, payload)).collect();
    kinds.extend((0..16).map(|n| segment(0xE0 + n, b"vendor data")));
    kinds.extend((0..16).map(|n| segment(0xE0 + n, &[0xFF; 65_533])));
    let plain = parts().concat();
    let mut tried = 0;
    for kind in &kinds {
        for position in positions() {
            let clean = scrub(&with(kind, position)).unwrap();
            assert_same(&clean.photo, &plain, &format!("{} before part {position}", hex(&kind[..4])));
            let removed: u64 = clean.report.removed.iter().map(|removed| removed.bytes).sum();
            assert_eq!(removed, kind.len() as u64, "before part {position}: {:?}", clean.report);
            tried += 1;
        }
    }
    println!("{} kinds of metadata in {} positions: {tried} photos", kinds.len(), positions().count());
}

#[test]
fn bytes_outside_of_segments_are_removed_wherever_they_are() {
    let strays: &[&[u8]] = &[
        b"x",
        b"stray bytes",
        b"\xD9",
        b"\xD8\xDA\xE1\0\x05Ada",
        b"\xFF",
        b"\xFF\xFF\xFF",
        b"\xFF\0",
        b"\xFF\x01",
        b"\xFF\xBF\xFF\xD5",
        b"\xFF\xEE\0\0",
        b"\xFF\xFE\0\x01",
    ];
    let plain = parts().concat();
    let mut tried = 0;
    for stray in strays {
        for position in positions() {
            let clean = scrub(&with(stray, position)).unwrap();
            assert_same(&clean.photo, &plain, &format!("{} before part {position}", hex(stray)));
            tried += 1;
        }
    }
    println!("{} kinds of stray bytes: {tried} photos", strays.len());
}

#[test]
fn what_the_picture_is_coded_in_is_kept_where_it_is() {
    let mut tried = 0;
    // Each table may be anywhere before the first scan that uses it, and the interval between the scans.
    for (table, positions) in [(5, 1..=9), (7, 1..=9), (8, 1..=9), (11, 1..=9), (11, 11..=13), (12, 11..=13)]
    {
        for position in positions {
            let moved_to = |position: usize| {
                let mut parts = parts();
                let moved = parts.remove(table);
                parts.insert(if position > table { position - 1 } else { position }, moved);
                parts.concat()
            };
            // Metadata comes first in a clean header.
            let (photo, expected) = (moved_to(position), moved_to(position.max(5)));
            let clean = scrub(&photo).unwrap();
            assert_same(&clean.photo, &expected, &format!("part {table} before part {position}"));
            assert_eq!(clean.report.removed, []);
            tried += 1;
        }
    }
    println!("{tried} photos");
}

#[test]
fn tables_that_nothing_uses_are_removed_wherever_they_are() {
    let tables: Vec<Vec<u8>> = vec![
        segment(0xDB, &[&[0x12][..], &[2; 128]].concat()),
        dht(0x01),
        segment(0xC4, &[dht(0x02)[4..].to_vec(), dht(0x12)[4..].to_vec()].concat()),
        segment(0xC4, &[]),
        segment(0xDD, &[0, 40]),
        segment(0xDD, &[0, 0]),
        segment(0xDC, &[0, 8]),
        segment(0xDC, &[0xAD, 0xA0]),
        segment(0xCC, &[0, 0x10]),
    ];
    let mut tried = 0;
    for table in &tables {
        // After the interval of the second scan another one would change it.
        for position in positions().filter(|position| table[1] != 0xDD || *position != 13) {
            let clean = scrub(&with(table, position)).unwrap();
            let what = format!("{} before part {position}", hex(&table[..4]));
            assert_same(&clean.photo, &parts().concat(), &what);
            let removed: u64 = clean.report.removed.iter().map(|removed| removed.bytes).sum();
            assert_eq!(removed, table.len() as u64, "{what}");
            tried += 1;
        }
    }
    // Each is replaced before anything uses it.
    let replaced = [(segment(0xDB, &[&[0][..], &[0xAD; 64]].concat()), 5), (dht(0x00), 7), (dht(0x10), 8)];
    for (table, until) in replaced {
        for position in 1..=until {
            let what = format!("{} before part {position}", hex(&table[..5]));
            assert_same(&scrub(&with(&table, position)).unwrap().photo, &parts().concat(), &what);
            tried += 1;
        }
    }
    println!("{} tables: {tried} photos", tables.len() + 3);
}

#[test]
fn huffman_coding_is_kept_byte_for_byte_and_arithmetic_coding_becomes_huffman_coding() {
    for marker in [0xC0, 0xC1, 0xC2, 0xC3] {
        let photo = [SOI, &picture(marker).concat()].concat();
        let clean = scrub(&photo).unwrap();
        assert_same(&clean.photo, &photo, &format!("SOF {marker:02X}"));
        assert_eq!(clean.report.recoded, None);
    }
    let mut markers = Vec::new();
    for coding in samples::coded::codings().into_iter().filter(|coding| coding.process.is_arithmetic()) {
        let clean = scrub(&coding.file()).unwrap();
        assert_eq!(clean.report.recoded, Some(Recoded::ArithmeticCoding));
        markers.extend(segments(&clean.photo).iter().map(|segment| segment[1]));
    }
    markers.sort();
    markers.dedup();
    println!("4 Huffman codings; arithmetic ones became {markers:02X?}");
    assert!(!markers.is_empty() && markers.iter().all(|marker| ![0xC9, 0xCA, 0xCC].contains(marker)));
}

#[test]
fn data_after_a_marker_that_follows_a_scan_is_removed_with_the_marker() {
    // A decoder has all blocks by then, and skips what follows.
    let damage = [&segment(0xE5, b"flipped bits"), ENTROPY, &segment(0xFE, b""), b"\xFF\xD1more"].concat();
    let mut photo = parts();
    photo.insert(11, damage);
    assert_same(&scrub(&photo.concat()).unwrap().photo, &parts().concat(), "after the first scan");
}

#[test]
fn sixty_thousand_segments_are_cleaned_and_more_than_any_photo_has_are_refused() {
    let many = |count: usize, position: usize| with(&segment(0xE4, b"").repeat(count), position);
    for position in [1, 11] {
        assert_same(&scrub(&many(60_000, position)).unwrap().photo, &parts().concat(), "60,000 segments");
        let refusal = scrub(&many(70_000, position)).unwrap_err();
        assert_eq!(refusal.name(), "TooManySegments", "{refusal}");
        println!("{refusal}");
    }
}

#[test]
fn the_pictures_of_these_tests_are_drawn_and_come_out_as_they_are() {
    let pictures = [0xC0, 0xC1, 0xC2, 0xC3].map(|marker| [SOI, &picture(marker).concat()].concat());
    for photo in pictures.into_iter().chain([parts().concat()]) {
        let (_, warning) = decoders::turbojpeg(&photo, true).unwrap();
        assert_eq!(warning, None, "{}", hex(&photo));
        assert_same(&scrub(&photo).unwrap().photo, &photo, "as it is");
    }
}
