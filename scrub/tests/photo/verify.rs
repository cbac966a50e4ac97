//! The second reader accepts what `scrub` writes and nothing else.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::support::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use scrub::{Refusal, Violation, verify};

/// A finished photo with one piece replaced or put in.
fn tampered(change: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    let mut pieces = pieces();
    change(&mut pieces);
    pieces.concat()
}

fn forbidden(marker: u8, offset: usize) -> Violation {
    Violation::Forbidden { marker, offset }
}

fn shape(marker: u8, offset: usize) -> Violation {
    Violation::Shape { marker, offset }
}

#[test]
fn a_finished_photo_is_accepted() {
    assert_eq!(verify(&pieces().concat(), &as_stored()), Ok(()));
    let accepted = [
        tampered(|p| p.insert(2, orientation_tag(2))),
        tampered(|p| p.insert(2, orientation_tag(8))),
        tampered(|p| drop(p.drain(1..5))),
        tampered(|p| drop(p.drain(2..4))),
        tampered(|p| p.insert(5, segment(0xDD, &[0, 1]))),
        tampered(|p| p.insert(11, segment(0xDC, &[0, 8]))),
        tampered(|p| {
            p[6] = sof(0xCA);
            p.insert(8, segment(0xCC, &[0, 0x10, 0x11, 2]));
        }),
        tampered(|p| p[10] = Vec::new()),
    ];
    for photo in &accepted {
        assert_eq!(verify(photo, &as_stored()), Ok(()), "{}", hex(photo));
    }
    println!("{} variants", accepted.len() + 1);
}

#[test]
fn anything_a_finished_photo_may_not_hold_is_a_violation() {
    let jfif_at = 2;
    let icc_at = jfif_at + 18;
    let second_icc_at = icc_at + 23;
    let adobe_at = second_icc_at + 24;
    let tables_at = adobe_at + 16;
    let frame_at = tables_at + 69;
    let scan_at = frame_at + 13 + 22 + 22;
    let entropy_at = scan_at + 10;
    let between_at = entropy_at + ENTROPY.len();
    let end = pieces().concat().len();
    let orientation = |value: u8| {
        let mut tag = orientation_tag(6);
        let at = tag.len() - 7;
        tag[at] = value;
        tag
    };
    let longer = |mut segment: Vec<u8>| {
        segment[3] += 1;
        segment.push(0x55);
        segment
    };
    let with_thumbnail = segment(0xE0, b"JFIF\0\x01\x02\x01\0\x48\0\x48\x01\x01RGB");
    let cases: Vec<(&str, Vec<u8>, Violation)> = vec![
        ("no SOI", tampered(|p| p[0] = vec![0xFF, 0xD9]), Violation::NoSoi),
        ("nothing", Vec::new(), Violation::NoSoi),
        ("half an SOI", vec![0xFF], Violation::NoSoi),
        ("SOI alone", SOI.to_vec(), Violation::CutOff { offset: 2 }),
        (
            "a comment in the header",
            tampered(|p| p.insert(5, segment(0xFE, b"hi"))),
            forbidden(0xFE, tables_at),
        ),
        (
            "a comment between scans",
            tampered(|p| p.insert(11, segment(0xFE, b"hi"))),
            forbidden(0xFE, between_at),
        ),
        (
            "XMP",
            tampered(|p| p.insert(2, segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0"))),
            shape(0xE1, icc_at),
        ),
        ("EXIF with more in it", tampered(|p| p.insert(2, longer(orientation_tag(6)))), shape(0xE1, icc_at)),
        ("EXIF in the other byte order", tampered(|p| p.insert(2, exif(6))), shape(0xE1, icc_at)),
        ("orientation 1", tampered(|p| p.insert(2, orientation(1))), shape(0xE1, icc_at)),
        ("orientation 9", tampered(|p| p.insert(2, orientation(9))), shape(0xE1, icc_at)),
        (
            "two EXIF segments",
            tampered(|p| p.splice(2..2, [orientation_tag(6), orientation_tag(6)]).for_each(drop)),
            forbidden(0xE1, icc_at + 36),
        ),
        ("EXIF in front of JFIF", tampered(|p| p.insert(1, orientation_tag(6))), forbidden(0xE0, 38)),
        ("EXIF behind ICC", tampered(|p| p.insert(4, orientation_tag(6))), forbidden(0xE1, adobe_at)),
        ("EXIF between scans", tampered(|p| p.insert(11, orientation_tag(6))), forbidden(0xE1, between_at)),
        ("a JFIF thumbnail", tampered(|p| p[1] = with_thumbnail), shape(0xE0, jfif_at)),
        ("a longer JFIF", tampered(|p| p[1] = longer(segment(0xE0, JFIF))), shape(0xE0, jfif_at)),
        ("a JFIF that says it has a thumbnail", tampered(|p| p[1][16] = 1), shape(0xE0, jfif_at)),
        ("two JFIF segments", tampered(|p| p.insert(2, segment(0xE0, JFIF))), forbidden(0xE0, icc_at)),
        ("JFXX", tampered(|p| p[1] = segment(0xE0, b"JFXX\0\x13\x01\x01RGB")), shape(0xE0, jfif_at)),
        ("a longer Adobe", tampered(|p| p[4] = longer(segment(0xEE, ADOBE))), shape(0xEE, adobe_at)),
        ("Adobe with flags", tampered(|p| p[4][12] = 1), shape(0xEE, adobe_at)),
        ("Adobe of another version", tampered(|p| p[4][10] = 101), shape(0xEE, adobe_at)),
        ("two Adobe segments", tampered(|p| p.insert(5, segment(0xEE, ADOBE))), forbidden(0xEE, tables_at)),
        (
            "Adobe between scans",
            tampered(|p| p.insert(11, segment(0xEE, ADOBE))),
            forbidden(0xEE, between_at),
        ),
        ("an ICC chunk missing at the end", tampered(|p| drop(p.remove(3))), shape(0xE2, second_icc_at)),
        ("an ICC chunk missing at the start", tampered(|p| drop(p.remove(2))), shape(0xE2, icc_at)),
        ("ICC chunks in the wrong order", tampered(|p| p.swap(2, 3)), shape(0xE2, icc_at)),
        ("an ICC chunk twice", tampered(|p| p.insert(3, icc(1, 2, b"first"))), shape(0xE2, second_icc_at)),
        ("ICC chunks that disagree", tampered(|p| p[3] = icc(2, 3, b"second")), shape(0xE2, second_icc_at)),
        ("an ICC chunk too many", tampered(|p| p.insert(4, icc(3, 2, b"third"))), shape(0xE2, adobe_at)),
        ("MPF", tampered(|p| p.insert(4, segment(0xE2, b"MPF\0II\x2A\0"))), shape(0xE2, adobe_at)),
        (
            "an ICC chunk between scans",
            tampered(|p| p.insert(11, icc(1, 1, b"x"))),
            forbidden(0xE2, between_at),
        ),
        ("IPTC", tampered(|p| p.insert(4, segment(0xED, b"Photoshop 3.0\0"))), forbidden(0xED, adobe_at)),
        ("C2PA", tampered(|p| p.insert(4, segment(0xEB, b"JP"))), forbidden(0xEB, adobe_at)),
        ("a JPGn segment", tampered(|p| p.insert(5, segment(0xF0, b"x"))), forbidden(0xF0, tables_at)),
        (
            "stray bytes in the header",
            tampered(|p| p.insert(5, b"stray".to_vec())),
            Violation::NoMarker { offset: tables_at },
        ),
        ("fill bytes in the header", tampered(|p| p.insert(5, vec![0xFF])), forbidden(0xFF, tables_at)),
        (
            "a restart marker in the header",
            tampered(|p| p.insert(5, vec![0xFF, 0xD0])),
            forbidden(0xD0, tables_at),
        ),
        (
            "fill bytes in front of EOI",
            tampered(|p| p.insert(14, vec![0xFF, 0xFF])),
            forbidden(0xFF, end - 2),
        ),
        (
            "stray bytes between scans",
            tampered(|p| p[11].extend(b"stray")),
            Violation::NoMarker { offset: between_at + 22 },
        ),
        ("a byte behind EOI", tampered(|p| p.push(vec![0])), Violation::Trailer { offset: end }),
        ("a photo behind EOI", tampered(|p| p.extend(pieces())), Violation::Trailer { offset: end }),
        ("no EOI", tampered(|p| drop(p.pop())), Violation::CutOff { offset: end - 2 }),
        ("a second SOI", tampered(|p| p.insert(11, SOI.to_vec())), forbidden(0xD8, between_at)),
        ("no frame", tampered(|p| drop(p.remove(6))), forbidden(0xDA, scan_at - 13)),
        ("two frames", tampered(|p| p.insert(7, sof(0xC0))), forbidden(0xC0, frame_at + 13)),
        ("a frame between scans", tampered(|p| p.insert(11, sof(0xC0))), forbidden(0xC0, between_at)),
        ("a hierarchical frame", tampered(|p| p[6] = sof(0xC5)), forbidden(0xC5, frame_at)),
        ("a lossless arithmetic frame", tampered(|p| p[6] = sof(0xCB)), forbidden(0xCB, frame_at)),
        ("EOI in front of the scan", tampered(|p| p.insert(9, EOI.to_vec())), forbidden(0xD9, scan_at)),
        ("metadata behind a table", tampered(|p| p.swap(4, 5)), forbidden(0xEE, adobe_at + 69)),
        ("a longer frame header", tampered(|p| p[6] = longer(sof(0xC2))), shape(0xC2, frame_at)),
        ("a longer scan header", tampered(|p| p[9] = longer(sos())), shape(0xDA, scan_at)),
        ("a longer quantisation table", tampered(|p| p[5] = longer(dqt())), shape(0xDB, tables_at)),
        ("a longer Huffman table", tampered(|p| p[7] = longer(dht(0))), shape(0xC4, frame_at + 13)),
        (
            "a longer restart interval",
            tampered(|p| p.insert(5, segment(0xDD, &[0, 1, 0]))),
            shape(0xDD, tables_at),
        ),
        ("a longer DNL", tampered(|p| p.insert(11, segment(0xDC, b"JFIF"))), shape(0xDC, between_at)),
        ("a length of 1", tampered(|p| p.insert(5, vec![0xFF, 0xDB, 0, 1])), shape(0xDB, tables_at)),
    ];
    for (what, photo, expected) in &cases {
        let got = verify(photo, &as_stored());
        println!("{what}: {}", got.map_or_else(|violation| violation.to_string(), |()| "accepted".into()));
        assert_eq!(got, Err(*expected), "{what}: {}", hex(photo));
    }
    println!("{} violations", cases.len());
}

#[test]
fn every_file_cut_short_is_a_violation() {
    let photo = pieces().concat();
    for length in 0..photo.len() {
        assert!(verify(&photo[..length], &as_stored()).is_err(), "cut off at {length}");
    }
    println!("{} lengths", photo.len());
}

#[test]
fn a_marker_is_found_at_every_place_in_long_entropy_coded_data() {
    // All places within the blocks that are tested as a whole, their borders, and the rest behind the last block.
    let header = [SOI, &sof(0xC0), &sos()].concat();
    let length = 1700;
    for place in 0..length {
        for (marker, is_data) in [(0xFE, false), (0xE1, false), (0xD7, true), (0x00, true), (0x01, true)] {
            let mut data = vec![0x5A; length];
            data.splice(place..place, [0xFF, marker, 0x00, 0x02]);
            let photo = [&header[..], &data, EOI].concat();
            let expected = if is_data { Ok(()) } else { Err(forbidden(marker, header.len() + place)) };
            assert_eq!(verify(&photo, &as_stored()), expected, "{marker:02X} at {place}");
            let clean = scrub(&photo).unwrap().photo;
            if is_data {
                assert_same(&clean, &photo, "a marker that belongs to the data");
            } else {
                assert_same(
                    &clean,
                    &[&header[..], &vec![0x5A; place], EOI].concat(),
                    "a marker that does not",
                );
            }
        }
    }
    println!("{} photos", 5 * length);
}

#[test]
fn a_marker_is_found_among_bytes_that_may_follow_0xff() {
    // Such bytes alone do not make a block one to look at closely: only the marker does, or two of them.
    let header = [SOI, &sof(0xC0), &sos()].concat();
    let length = 1100;
    for place in 0..length {
        for (filler, count) in [(0x00, 1), (0x00, 2), (0xD3, 1), (0xD3, 2)] {
            let mut data = vec![filler; length];
            data.splice(place..place, [0xFF, 0xFE, filler, filler].repeat(count));
            let photo = [&header[..], &data, EOI].concat();
            let offset = header.len() + place;
            assert_eq!(verify(&photo, &as_stored()), Err(forbidden(0xFE, offset)), "{filler:02X}");
            if filler == 0 {
                let expected = [&header[..], &data[..place], EOI].concat();
                assert_same(&scrub(&photo).unwrap().photo, &expected, "a comment as long as nothing");
            } else {
                let (length, left) = (0xD3D3, photo.len() - offset - 2);
                let refusal = Refusal::LengthPastEnd { marker: 0xFE, offset, length, left };
                assert_eq!(scrub(&photo).unwrap_err(), refusal);
            }
        }
    }
    println!("{} photos", 4 * length);
}

/// Files that get far: SOI, pieces of a header, a frame, scans with more pieces between them, EOI. Most are as they
/// should be.
fn nearly_photos() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![3 => Just(0xFF), 2 => 0xC0..=0xFE_u8, 1 => Just(0), 2 => any::<u8>()];
    let noise = vec(byte, 0..24).boxed();
    let tables =
        select([dqt(), dht(0x00), dht(0x10), segment(0xDD, &[0, 1]), segment(0xDC, &[0, 8])].to_vec());
    let metadata = select(vec![
        segment(0xE0, JFIF),
        segment(0xEE, ADOBE),
        segment(0xFE, b"hi"),
        exif(6),
        orientation_tag(6),
        icc(1, 1, b"whole"),
        icc(1, 2, b"first"),
        icc(2, 2, b"second"),
    ]);
    let marker = prop_oneof![4 => 0xE0..=0xEF_u8, 2 => Just(0xFE), 1 => 0xC0..=0xFE_u8];
    let off_by = prop_oneof![9 => Just(0), 1 => -4..400_i32];
    let made_up = (marker, vec(any::<u8>(), 0..40), off_by).prop_map(|(marker, payload, off_by)| {
        let mut segment = segment(marker, &payload);
        let length = (payload.len() as i32 + 2 + off_by).max(0) as u16;
        segment[2..4].copy_from_slice(&length.to_be_bytes());
        segment
    });
    let piece = prop_oneof![16 => tables.clone(), 16 => metadata, 16 => made_up, 1 => noise.clone()];
    let pieces = prop_oneof![vec(tables, 0..4), vec(piece, 0..4)].prop_map(|pieces| pieces.concat()).boxed();
    let frame = prop_oneof![
        9 => select(vec![0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA]).prop_map(sof),
        1 => noise.clone(),
    ];
    let data = prop_oneof![9 => Just(ENTROPY.to_vec()), 1 => noise.clone()];
    let scan = (data, pieces.clone()).prop_map(|(data, pieces)| [sos(), data, pieces].concat());
    let scans = vec(scan, 1..4).prop_map(|scans| scans.concat());
    let end = prop_oneof![9 => Just(EOI.to_vec()), 1 => noise.clone()];
    let trailer = prop_oneof![Just(Vec::new()), noise];
    (pieces.clone(), frame, pieces, scans, end, trailer).prop_map(
        |(first, frame, second, scans, end, trailer)| {
            [SOI, &first, &frame, &second, &scans, &end, &trailer].concat()
        },
    )
}

#[test]
fn no_bytes_make_the_readers_panic_or_disagree() {
    let cases = 20_000;
    let scrubbed = RefCell::new(BTreeMap::new());
    let verified = RefCell::new(BTreeMap::new());
    let count = |counts: &RefCell<BTreeMap<String, u32>>, outcome: String| {
        *counts.borrow_mut().entry(outcome).or_default() += 1;
    };
    let run = |photo: Vec<u8>| {
        let verdict = verify(&photo, &as_stored());
        // A violation's name, without the places.
        let name = |violation| format!("{violation:?}").split(' ').next().map(str::to_owned).unwrap();
        count(&verified, verdict.map_or_else(name, |()| "accepted".into()));
        match scrub(&photo) {
            Ok(clean) => {
                prop_assert!(verdict.is_err() || clean.photo == photo, "an accepted photo was changed");
                prop_assert!(private_segments(&clean.photo).is_empty(), "{}", hex(&clean.photo));
                count(&scrubbed, "cleaned".into());
            }
            Err(refusal) => {
                prop_assert!(!is_disagreement(&refusal), "{}: {}", refusal, hex(&photo));
                prop_assert!(verdict.is_err(), "an accepted photo was refused: {}", refusal);
                count(&scrubbed, refusal.name().into());
            }
        }
        Ok(())
    };
    random(cases).run(&nearly_photos(), run).unwrap();
    let (scrubbed, verified) = (scrubbed.into_inner(), verified.into_inner());
    println!("scrubbed: {scrubbed:?}\nverified: {verified:?}");
    // Some are read to their end, and what others are refused for stands behind the first bytes.
    assert!(scrubbed["cleaned"] > cases / 4 && verified["accepted"] > cases / 100);
    assert!(scrubbed.len() > 6 && !scrubbed.contains_key("NotAJpeg"));
}

#[test]
fn no_change_to_a_photo_makes_the_readers_panic_or_lets_anything_through() {
    let byte = prop_oneof![Just(0xFF_u8), any::<u8>()];
    let changes = vec((any::<prop::sample::Index>(), byte), 1..12);
    let run = |changes: Vec<(prop::sample::Index, u8)>| {
        let mut photo = [pieces(), vec![exif(6), b"trailer".to_vec()]].concat().concat();
        for (index, byte) in changes {
            let index = index.index(photo.len());
            photo[index] = byte;
        }
        match scrub(&photo) {
            Ok(clean) => prop_assert!(private_segments(&clean.photo).is_empty(), "{}", hex(&clean.photo)),
            Err(refusal) => prop_assert!(!is_disagreement(&refusal), "{}: {}", refusal, hex(&photo)),
        }
        if verify(&photo, &as_stored()).is_ok() {
            prop_assert_eq!(&scrub(&photo).unwrap().photo[..], &photo[..]);
        }
        Ok(())
    };
    random(20_000).run(&changes, run).unwrap();
}
