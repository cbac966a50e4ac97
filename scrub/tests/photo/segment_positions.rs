//! Every kind of segment in every position it can have.

use crate::support::positions::*;
use crate::support::*;

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
        // Right after entropy-coded data, stray bytes cannot be distinguished from it. Fill bytes can.
        let is_fill = stray.iter().all(|&byte| byte == 0xFF);
        for position in positions().filter(|position| is_fill || ![11, 14].contains(position)) {
            let clean = scrub(&with(stray, position)).unwrap();
            assert_same(&clean.photo, &plain, &format!("{} before part {position}", hex(stray)));
            tried += 1;
        }
    }
    println!("{} kinds of stray bytes: {tried} photos", strays.len());
}

#[test]
fn what_the_picture_is_coded_in_is_kept_where_it_is() {
    let tables: Vec<Vec<u8>> = vec![
        dqt(),
        segment(0xDB, &[&[0x12][..], &[2; 128]].concat()),
        dht(0x01),
        segment(0xC4, &[dht(0x02)[4..].to_vec(), dht(0x12)[4..].to_vec()].concat()),
        segment(0xC4, &[]),
        segment(0xDD, &[0, 40]),
        segment(0xDC, &[0, 8]),
    ];
    let mut tried = 0;
    for table in &tables {
        for position in IN_HEADER.into_iter().chain(BETWEEN_SCANS) {
            let clean = scrub(&with(table, position)).unwrap();
            if position == 14 && table[1] != 0xDC {
                assert_same(&clean.photo, &parts().concat(), "after the last scan");
                continue;
            }
            // Metadata comes first in a clean header.
            let expected = with(table, position.max(5));
            assert_same(&clean.photo, &expected, &format!("{} before part {position}", hex(&table[..4])));
            assert_eq!(clean.report.removed, []);
            tried += 1;
        }
        let after = scrub(&with(table, AFTER_EOI)).unwrap();
        assert_same(&after.photo, &parts().concat(), "after EOI");
    }
    println!("{} tables: {tried} photos", tables.len());
}

#[test]
fn every_coding_that_decoders_read_is_kept_byte_for_byte() {
    for marker in [0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA] {
        let photo = [SOI, &dqt(), &sof(marker), &dht(0), &dht(0x10), &sos(), ENTROPY, EOI].concat();
        assert_same(&scrub(&photo).unwrap().photo, &photo, &format!("SOF {marker:02X}"));
    }
    println!("6 codings");
}

#[test]
fn data_after_a_marker_in_a_damaged_scan_is_removed_with_the_marker() {
    // A decoder stops at the marker and skips what follows; without the marker it would decode that too.
    let damage = [&segment(0xE5, b"flipped bits"), ENTROPY, &segment(0xFE, b""), b"\xFF\xD1more"].concat();
    let mut photo = parts();
    photo.insert(11, damage);
    assert_same(&scrub(&photo.concat()).unwrap().photo, &parts().concat(), "damage in the first scan");
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
