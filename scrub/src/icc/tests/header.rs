//! Which fields of the header stay in a profile, and which become the same in all.

use super::allowed::{matrix, patched, rgb};
use super::build::all;
use super::colours::colours;
use super::{is_minimal, minimal};

#[test]
fn header_fields_that_colours_depend_on_stay() {
    let profile = rgb(&matrix());
    for (field, new_field) in [([0, 0], [0, 0]), ([0, 3], [0, 3]), ([0, 4], [0, 4]), ([1, 1], [0, 4])] {
        let new = minimal(&patched(&profile, 66, &field)).unwrap();
        assert_eq!(new[64..68], [0, 0, new_field[0], new_field[1]], "rendering intent {field:?}");
    }
    for flags in [0x00, 0x01, 0x02, 0x03, 0xFC, 0xFF] {
        let new = minimal(&patched(&profile, 47, &[flags])).unwrap();
        assert_eq!(new[44..48], [0, 0, 0, flags & 3], "flags {flags:02X}");
    }
    let new = minimal(&profile).unwrap();
    assert_eq!(new[12..24], profile[12..24], "class and colour spaces");
    for (at, bytes) in [(47, &[4][..]), (67, &[5]), (66, &[1]), (10, &[1]), (11, &[2]), (79 + 1, &[1])] {
        assert!(!is_minimal(&patched(&new, at, bytes)), "{bytes:?} at {at}");
    }
}

#[test]
fn the_illuminant_is_d50_or_stays_invalid_and_no_colour_changes() {
    let d50: [u32; 3] = [0xF6D6, 0x10000, 0xD32D];
    let d50 = d50.map(u32::to_be_bytes).concat();
    let d65 = b"\0\0\xF3\x51\0\x01\0\0\0\x01\x16\xCC";
    for profile in [rgb(&matrix()), all().swap_remove(3).1] {
        let expected = colours(&patched(&profile, 68, &d50));
        assert!(expected.transforms() >= 8);
        for illuminant in [&d50[..], &[0; 12], &[0xFF; 12], d65, b"Ada Lovelace"] {
            let other = patched(&profile, 68, illuminant);
            let new = minimal(&other).unwrap();
            let is_d50 = illuminant == d50;
            assert_eq!(new[68..80], if is_d50 { d50[..].to_vec() } else { vec![0; 12] }, "{illuminant:02X?}");
            assert!(colours(&other) == expected && colours(&new) == expected, "{illuminant:02X?}");
            let may = is_d50 || illuminant == [0; 12];
            assert_eq!(is_minimal(&patched(&new, 68, illuminant)), may, "{illuminant:02X?}");
        }
    }
}

#[test]
fn every_version_becomes_one_of_five_and_no_colour_changes() {
    // What each becomes.
    let versions: [(&[u8; 4], Option<[u8; 2]>); 15] = [
        (&[0, 0, 0, 0], Some([2, 0x40])),
        (&[0, 0, 0, 1], Some([1, 0])),
        (&[0, 0x10, 0, 0], Some([1, 0])),
        (&[1, 0, 0, 0], Some([1, 0])),
        (&[1, 0xFF, 0xFF, 0xFF], Some([1, 0])),
        (&[2, 0, 0, 0], Some([2, 0x40])),
        (&[2, 0xFF, 0xFF, 0xFF], Some([2, 0x40])),
        (&[3, 0xFF, b'm', b'e'], Some([2, 0x40])),
        (&[4, 0, 0, 0], Some([4, 0x40])),
        (&[4, 0xFF, 0xFF, 0xFF], Some([4, 0x40])),
        (&[5, 0, 0, 0], Some([5, 0])),
        (&[5, 0, 0xFF, 0xFF], Some([5, 0])),
        (&[5, 1, 0, 0], Some([6, 0])),
        (&[6, 0, 0, 0], Some([6, 0])),
        (&[0xFF; 4], None),
    ];
    let mut read = 0;
    for (name, profile) in
        all().into_iter().filter(|(name, _)| ["v2 grey", "v2 matrix", "v4 tables"].contains(name))
    {
        for (version, expected) in versions {
            let profile = patched(&profile, 8, version);
            let before = colours(&profile);
            let what = format!("{name}, version {version:02X?}");
            let Some(new) = minimal(&profile) else {
                assert!(expected.is_none() && before.transforms() == 0, "{what} is refused");
                continue;
            };
            assert_eq!(Some([new[8], new[9]]), expected, "{what}");
            assert_eq!(new[10..12], [0, u8::from(version[2..] != [0, 0])], "{what}: Firefox wants zeros");
            assert!(is_minimal(&new) && before == colours(&new), "{what}");
            read += before.transforms();
            // The verifier accepts two or three of the five: the blank texts differ between versions below 4 and from
            // 4 on.
            let all = (0..=u16::MAX).map(u16::to_be_bytes);
            let accepted = all.filter(|other| is_minimal(&patched(&new, 8, other))).collect::<Vec<_>>();
            let alike = if new[8] < 4 { vec![[1, 0], [2, 0x40]] } else { vec![[4, 0x40], [5, 0], [6, 0]] };
            assert_eq!(accepted, alike, "{what}");
        }
    }
    println!("{read} transforms");
    assert!(read > 200);
}

/// A profile with these tags whose header every engine takes for valid.
pub(super) fn valid(tags: &[super::build::Tag]) -> Vec<u8> {
    let d50 = [0xF6D6, 0x10000, 0xD32D].map(u32::to_be_bytes).concat();
    patched(&patched(&rgb(tags), 10, &[0, 0]), 68, &d50)
}

#[test]
fn what_one_engine_ignores_a_profile_for_stays_invalid() {
    let profile = valid(&matrix());
    let good = minimal(&profile).unwrap();
    // Offset, what is there, and what is there in the minimal profile.
    let invalid: [(usize, &[u8], &[u8]); 12] = [
        (0, &[0, 1, 0, 0], &[0xFF; 4]),
        (8, &[4, 0x20, 0, 9], &[4, 0x40, 0, 1]),
        (12, b"Ada ", &[0xFF; 4]),
        (12, &[0; 4], &[0; 4]),
        (12, b"link", b"link"),
        (36, b"Ada ", &[0; 4]),
        (64, b"Ada ", &[0, 0, 0, 4]),
        (64, &[0, 1, 0, 0], &[0, 0, 0, 4]),
        (68, &[0, 0, 0xF4, 0x46], &[0; 4]),
        (68, &[0, 0, 0xF4, 0x47], &[0, 0, 0xF6, 0xD6]),
        (76, &[0, 0, 0xD5, 0xBC], &[0, 0, 0xD3, 0x2D]),
        (76, &[0, 0, 0xD5, 0xBD], &[0; 4]),
    ];
    for (at, before, after) in invalid {
        let new = minimal(&patched(&profile, at, before)).unwrap();
        let what = format!("{before:02X?} at {at}");
        assert_eq!(new[at..at + after.len()], *after, "{what}");
        assert!(is_minimal(&new) && minimal(&new).as_ref() == Some(&new), "{what}");
        let differ = good.iter().zip(&new).filter(|(a, b)| a != b).count();
        assert!(differ <= 9 && good.len() == new.len(), "{what}: {differ} bytes differ");
    }
    println!("{} invalid fields", invalid.len());
}

#[test]
fn a_profile_with_surplus_chunks_and_one_with_tags_outside_it_stay_ignored() {
    let profile = valid(&matrix());
    let good = minimal(&profile).unwrap();
    let surplus = super::super::minimal(&profile, true).unwrap();
    assert_eq!(surplus, patched(&good, 64, &[0, 0, 0, 4]), "Firefox ignores it");
    // An entry that no engine uses, which begins in the profile and ends after it, or begins after it.
    let with_text = valid(&[matrix(), vec![(b"SN42", super::build::text("a"))]].concat());
    let entry = 132 + 12 * 6;
    let longer = minimal(&patched(&with_text, entry + 8, &[0xFF; 4]));
    assert_eq!(longer, Some(patched(&good, 68, &[0; 12])), "Chromium ignores it");
    let outside = minimal(&patched(&with_text, entry + 4, &[0x7F; 4]));
    assert_eq!(outside, Some(patched(&patched(&good, 68, &[0; 12]), 64, &[0, 0, 0, 4])), "both ignore it");
}
