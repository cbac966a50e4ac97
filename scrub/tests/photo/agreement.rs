//! Whatever the bytes, scrubber and verifier agree: the verifier accepts what was written, and what it accepts does not
//! change.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::support::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use scrub::verify;

/// Files that are nearly photos: a picture in any coding with parts put in anywhere, and sometimes other bytes in the
/// place of one of its own. Most parts are as they should be.
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
        icc_chunk(1, 1, b"whole"),
        icc_chunk(1, 2, b"first"),
        icc_chunk(2, 2, b"second"),
    ]);
    let marker = prop_oneof![4 => 0xE0..=0xEF_u8, 2 => Just(0xFE), 1 => 0xC0..=0xFE_u8];
    let off_by = prop_oneof![9 => Just(0), 1 => -4..400_i32];
    let made_up = (marker, vec(any::<u8>(), 0..40), off_by).prop_map(|(marker, payload, off_by)| {
        let mut segment = segment(marker, &payload);
        let length = (payload.len() as i32 + 2 + off_by).max(0) as u16;
        segment[2..4].copy_from_slice(&length.to_be_bytes());
        segment
    });
    let part = prop_oneof![16 => tables.clone(), 16 => metadata, 16 => made_up, 1 => noise.clone()];
    let parts = prop_oneof![vec(tables, 1..4), vec(part, 1..4)].prop_map(|parts| parts.concat());
    let put_in = vec((any::<Index>(), parts), 0..3);
    let replaced = prop_oneof![3 => Just(Vec::new()), 1 => vec((any::<Index>(), noise.clone()), 1..3)];
    let trailer = prop_oneof![Just(Vec::new()), noise];
    (pictures(), replaced, put_in, trailer).prop_map(|(mut parts, replaced, put_in, trailer)| {
        for (index, bytes) in replaced {
            let index = index.index(parts.len());
            parts[index] = bytes;
        }
        for (index, bytes) in put_in {
            parts.insert(index.index(parts.len()), bytes);
        }
        [SOI, &parts.concat(), &trailer].concat()
    })
}

/// The parts of a picture in every coding, the arithmetic ones with data that means nothing.
fn pictures() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let codings = [0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA].map(picture);
    select([&codings[..], &[interleaved(3), parts().split_off(5)]].concat())
}

#[test]
fn no_bytes_make_scrubber_or_verifier_panic_or_disagree() {
    let cases = 20_000;
    let scrubbed = RefCell::new(BTreeMap::new());
    let verified = RefCell::new(BTreeMap::new());
    let count = |counts: &RefCell<BTreeMap<String, u32>>, outcome: String| {
        *counts.borrow_mut().entry(outcome).or_default() += 1;
    };
    let run = |photo: Vec<u8>| {
        let verified_as = verify(&photo, &as_stored());
        // A violation's name, without the offsets.
        let name = |violation| format!("{violation:?}").split(' ').next().map(str::to_owned).unwrap();
        count(&verified, verified_as.map_or_else(name, |()| "accepted".into()));
        match scrub(&photo) {
            Ok(clean) => {
                prop_assert!(verified_as.is_err() || clean.photo == photo, "an accepted photo was changed");
                prop_assert!(private_segments(&clean.photo).is_empty(), "{}", hex(&clean.photo));
                count(&scrubbed, "cleaned".into());
            }
            Err(refusal) => {
                prop_assert!(!is_disagreement(&refusal), "{}: {}", refusal, hex(&photo));
                prop_assert!(verified_as.is_err(), "an accepted photo was refused: {}", refusal);
                count(&scrubbed, refusal.name().into());
            }
        }
        Ok(())
    };
    random(cases).run(&nearly_photos(), run).unwrap();
    let (scrubbed, verified) = (scrubbed.into_inner(), verified.into_inner());
    println!("scrubbed: {scrubbed:?}\nverified: {verified:?}");
    // Some are read to their end, and others are refused for something after the first bytes.
    assert!(scrubbed["cleaned"] > cases / 4 && verified["accepted"] > cases / 100);
    assert!(scrubbed.len() > 6 && !scrubbed.contains_key("NotAJpeg"));
}

#[test]
fn no_change_to_a_photo_makes_scrubber_or_verifier_panic_or_leaves_anything_private() {
    let byte = prop_oneof![Just(0xFF_u8), any::<u8>()];
    let changes = vec((any::<Index>(), byte), 1..12);
    let run = |changes: Vec<(Index, u8)>| {
        let mut photo = [parts(), vec![exif(6), b"trailer".to_vec()]].concat().concat();
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

/// Whether scrubber and verifier disagree about a file.
fn is_disputed(photo: &[u8]) -> bool {
    let verified = verify(photo, &as_stored());
    match scrub(photo) {
        Ok(clean) => verified.is_ok() && clean.photo != photo,
        Err(refusal) => is_disagreement(&refusal) || verified.is_ok(),
    }
}

#[test]
fn no_value_of_any_byte_of_a_picture_makes_scrubber_and_verifier_disagree() {
    let whole = |marker| [vec![SOI.to_vec()], picture(marker)].concat();
    let (mut tried, mut disputed) = (0, Vec::new());
    for parts in [parts(), whole(0xC0), whole(0xC2), whole(0xC3)] {
        let photo = parts.concat();
        let is_tried = |part: &[u8]| !matches!(part, [0xFF, 0xDB | 0xE0..=0xEF, ..]);
        for (i, part) in parts.iter().enumerate().filter(|(_, part)| is_tried(part)) {
            let start = offset_of(&parts, i);
            for (at, value) in (0..part.len()).flat_map(|at| (0..=255).map(move |value| (at, value))) {
                let mut photo = photo.clone();
                photo[start + at] = value;
                tried += 1;
                if is_disputed(&photo) {
                    disputed.push(format!("{value:02X} at {at} of {}", hex(part)));
                }
            }
        }
    }
    println!("{tried} photos");
    assert_eq!(disputed, Vec::<String>::new());
}

#[test]
fn a_baseline_frame_of_12_bits_causes_no_disagreement() {
    let mut parts = picture(0xC0);
    parts[1][4] = 12;
    let photo = [SOI, &parts.concat()].concat();
    assert!(!is_disputed(&photo), "{:?}", scrub(&photo).map(|clean| hex(&clean.photo)));
}

#[test]
fn the_end_of_a_sequential_block_has_one_code() {
    for run in 1..=14 {
        let mut parts = picture(0xC0);
        *parts[3].last_mut().unwrap() = run << 4;
        let photo = [SOI, &parts.concat()].concat();
        assert!(verify(&photo, &as_stored()).is_err(), "{:02X}", run << 4);
    }
}
