//! Profiles that some engines ignore for their tag table, or for a tag that they cannot read, and others do not: each
//! still does after scrubbing.

use super::allowed::{matrix, patched, tags};
use super::build::{Tag, curve, text, xyz};
use super::colours::colours;
use super::header::valid;
use super::tables::table_16;
use super::{is_minimal, minimal};

#[test]
fn a_profile_of_more_tags_than_an_engine_reads_stays_ignored_by_it() {
    let names: Vec<[u8; 4]> = (0..2000_u32).map(u32::to_be_bytes).collect();
    let many = |count: usize| {
        let others = names.iter().take(count - 6).map(|name| (name, text("SN-4711-0815")));
        valid(&matrix().into_iter().chain(others).collect::<Vec<Tag>>())
    };
    let expected = minimal(&valid(&matrix())).unwrap();
    assert_eq!(minimal(&many(99)).as_ref(), Some(&expected));
    assert_eq!(minimal(&many(100)).as_ref(), Some(&expected));
    let not_by_lcms2 = with_copyright_twice(&expected);
    assert!(colours(&many(100)).transforms() >= 8 && colours(&expected).transforms() >= 8);
    for count in [101, 1024] {
        assert_eq!(minimal(&many(count)).as_ref(), Some(&not_by_lcms2), "{count} tags");
        // moxcms reads it.
        assert_eq!(colours(&many(count)).transforms(), 1);
        assert!(colours(&many(count)) == colours(&not_by_lcms2), "{count} tags");
    }
    let not_by_firefox = patched(&not_by_lcms2, 64, &[0, 0, 0, 4]);
    assert_eq!(minimal(&many(1025)), Some(not_by_firefox), "1025 tags");
    assert!(is_minimal(&not_by_lcms2));
}

#[test]
fn a_profile_with_a_tag_that_comes_twice_stays_ignored_by_lcms2() {
    let expected = with_copyright_twice(&minimal(&valid(&matrix())).unwrap());
    for (name, data) in [(b"rTRC", curve(9, 3)), (b"gXYZ", text("a")), (b"rXYZ", xyz(1, 2, 3))] {
        let twice = valid(&matrix().into_iter().chain([(name, data)]).collect::<Vec<Tag>>());
        assert_eq!(minimal(&twice).as_ref(), Some(&expected), "{name:?}: the first one stays");
        assert!(lcms2::Profile::new_icc(&twice).is_err() && lcms2::Profile::new_icc(&expected).is_err());
    }
    let unknown = [(b"SN42", text("SN-4711-0815")), (b"SN42", text("another"))];
    let twice = valid(&matrix().into_iter().chain(unknown).collect::<Vec<Tag>>());
    assert_eq!(minimal(&twice).as_ref(), Some(&expected), "a tag that does not stay");
    // lcms2 does not read an entry that is not inside the profile.
    let at = 132 + 12 * 7 + 4;
    let once = patched(&twice, at, &[0x7F; 4]);
    let outside = minimal(&once).unwrap();
    assert!(lcms2::Profile::new_icc(&once).is_ok() && lcms2::Profile::new_icc(&outside).is_ok());
}

#[test]
fn the_verifier_accepts_no_entry_twice_but_that_of_the_copyright_at_the_end() {
    let once = minimal(&valid(&matrix())).unwrap();
    let twice = with_copyright_twice(&once);
    assert!(is_minimal(&once) && is_minimal(&twice));
    let entries: Vec<Vec<u8>> = tags(&twice).map(<[u8]>::to_vec).collect();
    let last = 132 + 12 * (entries.len() - 1);
    let others = entries.iter().filter(|entry| !entry.starts_with(b"cprt"));
    for entry in others {
        assert!(!is_minimal(&patched(&twice, last, entry)), "{}", entry[..4].escape_ascii());
    }
    // Another one of the same name.
    for (at, byte) in [(4, 1), (7, 4), (8, 1), (11, 4)] {
        let mut other = entries[entries.len() - 1].clone();
        other[at] ^= byte;
        assert!(!is_minimal(&patched(&twice, last, &other)), "byte {at} of the entry");
    }
    println!("{} entries", entries.len());
}

/// This minimal profile with one more entry for its copyright.
fn with_copyright_twice(profile: &[u8]) -> Vec<u8> {
    let count = u32::from_be_bytes(*profile[128..].first_chunk().unwrap());
    let end = 132 + 12 * usize::try_from(count).unwrap();
    let mut table = profile[132..end].to_vec();
    let copyright = tags(profile).find(|entry| entry.starts_with(b"cprt")).unwrap();
    table.extend_from_slice(copyright);
    for entry in table.chunks_mut(12) {
        let offset = u32::from_be_bytes(*entry[4..].first_chunk().unwrap()) + 12;
        entry[4..8].copy_from_slice(&offset.to_be_bytes());
    }
    let size = u32::try_from(profile.len() + 12).unwrap().to_be_bytes();
    [&size, &profile[4..128], &(count + 1).to_be_bytes(), &table, &profile[end..]].concat()
}

#[test]
fn a_table_that_no_browser_reads_does_not_change_whether_it_applies_the_matrix() {
    let profile = valid(&matrix());
    let good = minimal(&profile).unwrap();
    let not_by_chromium = patched(&good, 68, &[0; 12]);
    let neither = patched(&not_by_chromium, 64, &[0, 0, 0, 4]);
    let (cut_off, wrong) = (table_16(3, 3, 2)[..60].to_vec(), text("a"));
    // As in `just browsers`: a table that is cut off, and one of a wrong type.
    let seen = [
        (b"A2B0", None, &not_by_chromium),
        (b"A2B1", Some(&not_by_chromium), &not_by_chromium),
        (b"A2B2", Some(&good), &good),
        (b"B2A0", Some(&neither), &not_by_chromium),
        (b"B2A1", Some(&not_by_chromium), &not_by_chromium),
        (b"B2A2", Some(&good), &good),
    ];
    for (name, if_cut_off, if_wrong) in seen {
        let with =
            |data: &Vec<u8>| valid(&matrix().into_iter().chain([(name, data.clone())]).collect::<Vec<Tag>>());
        let what = str::from_utf8(name).unwrap();
        assert_eq!(minimal(&with(&cut_off)).as_ref(), if_cut_off, "{what} cut off");
        assert_eq!(minimal(&with(&wrong)).as_ref(), Some(if_wrong), "{what} of a wrong type");
    }
    // Chromium reads number 1 only where there is no number 0.
    for (zero, one) in [(b"A2B0", b"A2B1"), (b"B2A0", b"B2A1")] {
        let with = |tags: &[Tag]| minimal(&valid(&[matrix(), tags.to_vec()].concat()));
        let first = with(&[(zero, table_16(3, 3, 2))]);
        assert!(first.is_some() && with(&[(one, wrong.clone()), (zero, table_16(3, 3, 2))]) == first);
    }
}

#[test]
fn a_tag_that_is_longer_than_its_size_stays_ignored_by_chromium() {
    let profile = valid(&[matrix(), vec![(b"wtpt", xyz(1, 2, 3)), (b"A2B2", table_16(3, 3, 2))]].concat());
    let good = minimal(&profile).unwrap();
    let shorter = |name: &[u8]| {
        let entry = tags(&profile).position(|entry| entry.starts_with(name)).unwrap();
        minimal(&patched(&profile, 132 + 12 * entry + 8, &[0, 0, 0, 12])).unwrap()
    };
    for name in [b"rXYZ", b"bXYZ", b"rTRC", b"bTRC"] {
        assert_eq!(shorter(name), patched(&good, 68, &[0; 12]), "{name:?}");
    }
    for name in [b"wtpt", b"A2B2"] {
        assert_eq!(shorter(name), good, "{name:?} is not read");
    }
}
