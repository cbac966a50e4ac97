//! Every kind of segment in every place it can stand.

use scrub::Kind;

use crate::support::*;

/// Places by the index of the piece they stand in front of. The last one is behind EOI.
const IN_HEADER: [usize; 9] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const BETWEEN_SCANS: [usize; 3] = [11, 12, 14];
const BEHIND_EOI: usize = 15;

fn with(new: &[u8], place: usize) -> Vec<u8> {
    let mut pieces = pieces();
    pieces.insert(place, new.to_vec());
    pieces.concat()
}

fn without(pieces: Vec<Vec<u8>>, gone: &[usize]) -> Vec<u8> {
    let kept = pieces.into_iter().enumerate().filter(|(i, _)| !gone.contains(i));
    kept.map(|(_, piece)| piece).collect::<Vec<_>>().concat()
}

fn places() -> impl Iterator<Item = usize> {
    IN_HEADER.into_iter().chain(BETWEEN_SCANS).chain([BEHIND_EOI])
}

#[test]
fn metadata_goes_wherever_it_stands() {
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
    let plain = pieces().concat();
    let mut tried = 0;
    for kind in &kinds {
        for place in places() {
            let clean = scrub(&with(kind, place)).unwrap();
            assert_same(&clean.photo, &plain, &format!("{} in front of piece {place}", hex(&kind[..4])));
            let removed: u64 = clean.report.removed.iter().map(|removed| removed.bytes).sum();
            assert_eq!(removed, kind.len() as u64, "in front of piece {place}: {:?}", clean.report);
            tried += 1;
        }
    }
    println!("{} kinds of metadata in {} places: {tried} photos", kinds.len(), places().count());
}

#[test]
fn bytes_that_belong_to_no_segment_go_wherever_they_stand() {
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
    let plain = pieces().concat();
    let mut tried = 0;
    for stray in strays {
        // Directly behind entropy-coded data stray bytes cannot be told from it. Fill bytes can.
        let is_fill = stray.iter().all(|&byte| byte == 0xFF);
        for place in places().filter(|place| is_fill || ![11, 14].contains(place)) {
            let clean = scrub(&with(stray, place)).unwrap();
            assert_same(&clean.photo, &plain, &format!("{} in front of piece {place}", hex(stray)));
            tried += 1;
        }
    }
    println!("{} kinds of stray bytes: {tried} photos", strays.len());
}

#[test]
fn what_the_picture_is_coded_in_stays_where_it_stands() {
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
        for place in IN_HEADER.into_iter().chain(BETWEEN_SCANS) {
            let clean = scrub(&with(table, place)).unwrap();
            if place == 14 && table[1] != 0xDC {
                assert_same(&clean.photo, &pieces().concat(), "behind the last scan");
                continue;
            }
            // Metadata comes first in a finished header.
            let expected = with(table, place.max(5));
            assert_same(&clean.photo, &expected, &format!("{} in front of piece {place}", hex(&table[..4])));
            assert_eq!(clean.report.removed, []);
            tried += 1;
        }
        let behind = scrub(&with(table, BEHIND_EOI)).unwrap();
        assert_same(&behind.photo, &pieces().concat(), "behind EOI");
    }
    println!("{} tables: {tried} photos", tables.len());
}

#[test]
fn the_first_jfif_segment_stays_without_its_thumbnail() {
    let with_thumbnail = segment(0xE0, b"JFIF\0\x01\x01\x02\x12\x34\x56\x78\x01\x01RGB");
    let rewritten = segment(0xE0, b"JFIF\0\x01\x01\x02\x12\x34\x56\x78\0\0");
    let plain = pieces();
    for place in places() {
        let clean = scrub(&with(&with_thumbnail, place)).unwrap();
        let mut expected = plain.clone();
        if place == 1 {
            expected[1] = rewritten.clone();
        }
        assert_same(&clean.photo, &expected.concat(), &format!("a second JFIF in front of piece {place}"));
    }
    for place in IN_HEADER {
        let mut pieces = plain.clone();
        pieces.insert(place, with_thumbnail.clone());
        pieces.remove(if place == 1 { 2 } else { 1 });
        let clean = scrub(&pieces.concat()).unwrap();
        let mut expected = plain.clone();
        expected[1] = rewritten.clone();
        assert_same(&clean.photo, &expected.concat(), &format!("the only JFIF in front of piece {place}"));
        let removed: Vec<_> = clean.report.removed.iter().map(|r| (r.kind, r.bytes)).collect();
        assert_eq!(removed, [(Kind::Thumbnail, 3)]);
    }
    println!("{} places", places().count());
}

#[test]
fn the_last_adobe_segment_in_the_header_takes_effect() {
    let second = segment(0xEE, b"Adobe\0\x65\x80\x01\x02\x03\x02and a serial number");
    let rewritten = segment(0xEE, b"Adobe\0\x64\0\0\0\0\x02");
    for place in places() {
        let mut expected = pieces();
        if (5..=9).contains(&place) {
            expected[4] = rewritten.clone();
        }
        let clean = scrub(&with(&second, place)).unwrap();
        assert_same(&clean.photo, &expected.concat(), &format!("a second Adobe in front of piece {place}"));
    }
    println!("{} places", places().count());
}

#[test]
fn a_whole_icc_profile_stays_in_order_and_any_other_goes() {
    let shuffled = |chunks: &[Vec<u8>]| {
        let mut pieces = pieces();
        pieces.splice(2..4, []);
        // One behind the other, all through the header.
        for (i, chunk) in chunks.iter().enumerate() {
            pieces.insert(1 + 2 * i, chunk.clone());
        }
        pieces.concat()
    };
    let three = [icc(3, 3, b"c"), icc(1, 3, b"a"), icc(2, 3, b"b")];
    let mut expected = pieces();
    expected.splice(2..4, [three[1].clone(), three[2].clone(), three[0].clone()]);
    assert_same(
        &scrub(&shuffled(&three)).unwrap().photo,
        &expected.concat(),
        "three chunks in another order",
    );

    let bare = without(pieces(), &[2, 3]);
    let broken: &[&[Vec<u8>]] = &[
        &[icc(1, 2, b"a")],
        &[icc(2, 2, b"b")],
        &[icc(0, 1, b"a")],
        &[icc(1, 0, b"a")],
        &[icc(1, 1, b"a"), icc(1, 1, b"a")],
        &[icc(1, 2, b"a"), icc(2, 3, b"b")],
        &[icc(1, 3, b"a"), icc(3, 3, b"c")],
        &[icc(1, 2, b"a"), icc(2, 2, b"b"), icc(2, 2, b"b")],
    ];
    for chunks in broken {
        let clean = scrub(&shuffled(chunks)).unwrap();
        assert_same(&clean.photo, &bare, "a series that is not whole");
        assert_eq!(clean.report.removed.iter().map(|r| r.kind).collect::<Vec<_>>(), [Kind::IncompleteIcc]);
    }
    // Behind the first scan a chunk is no part of the profile: it neither completes it nor spoils it.
    for place in BETWEEN_SCANS.into_iter().chain([BEHIND_EOI]) {
        let clean = scrub(&with(&icc(1, 1, b"late"), place)).unwrap();
        assert_same(&clean.photo, &pieces().concat(), "a late chunk");
    }
    println!("1 profile in another order, {} broken ones", broken.len());
}

#[test]
fn an_orientation_stays_as_the_only_thing_in_exif() {
    let mut tried = 0;
    for orientation in 0..=9 {
        for place in places() {
            let clean = scrub(&with(&exif(orientation), place)).unwrap();
            let mut expected = pieces();
            let is_kept = (2..=8).contains(&orientation) && IN_HEADER.contains(&place);
            if is_kept {
                expected.insert(2, orientation_tag(orientation));
            }
            assert_same(&clean.photo, &expected.concat(), &format!("orientation {orientation} at {place}"));
            assert_eq!(clean.report.added, if is_kept { 36 } else { 0 });
            tried += 1;
        }
    }
    println!("{tried} photos");
}

#[test]
fn only_the_first_exif_segment_says_how_a_photo_lies() {
    for (first, second, kept) in [(6, 3, Some(6)), (1, 3, None), (3, 1, Some(3))] {
        let mut photo = pieces();
        photo.insert(2, exif(first));
        photo.insert(5, exif(second));
        let mut expected = pieces();
        expected.splice(2..2, kept.map(orientation_tag));
        assert_same(&scrub(&photo.concat()).unwrap().photo, &expected.concat(), "two EXIF segments");
    }
}

#[test]
fn an_exif_segment_shorter_than_the_new_one_is_no_trouble() {
    // Without the offset of the next IFD, and as the first thing in the file: there is less room than is needed.
    let whole = exif(8);
    let short = segment(0xE1, &whole[4..whole.len() - 4]);
    let photo = [SOI, &short, &sof(0xC0), &sos(), ENTROPY, EOI].concat();
    let clean = scrub(&photo).unwrap();
    let expected = [SOI, &orientation_tag(8), &sof(0xC0), &sos(), ENTROPY, EOI].concat();
    assert_same(&clean.photo, &expected, "4 bytes longer than before");
    assert_eq!(clean.photo.len(), photo.len() + 4);
}

#[test]
fn every_coding_that_decoders_draw_stays_byte_for_byte() {
    for marker in [0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA] {
        let photo = [SOI, &dqt(), &sof(marker), &dht(0), &dht(0x10), &sos(), ENTROPY, EOI].concat();
        assert_same(&scrub(&photo).unwrap().photo, &photo, &format!("SOF {marker:02X}"));
    }
    println!("6 codings");
}

#[test]
fn data_behind_a_marker_in_a_damaged_scan_goes_with_the_marker() {
    // A decoder stops at the marker and skips what follows; moved up, it would be drawn.
    let damage = [&segment(0xE5, b"flipped bits"), ENTROPY, &segment(0xFE, b""), b"\xFF\xD1more"].concat();
    let mut photo = pieces();
    photo.insert(11, damage);
    assert_same(&scrub(&photo.concat()).unwrap().photo, &pieces().concat(), "damage in the first scan");
}

#[test]
fn sixty_thousand_segments_are_cleaned_and_more_than_any_photo_has_are_refused() {
    let many = |count: usize, place: usize| with(&segment(0xE4, b"").repeat(count), place);
    for place in [1, 11] {
        assert_same(&scrub(&many(60_000, place)).unwrap().photo, &pieces().concat(), "60,000 segments");
        let refusal = scrub(&many(70_000, place)).unwrap_err();
        assert_eq!(refusal.name(), "TooManySegments", "{refusal}");
        println!("{refusal}");
    }
}
