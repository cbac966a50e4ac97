#![allow(clippy::unwrap_used)]

mod allowed;
mod build;
mod colours;
mod header;
mod numbers;
mod tables;
mod tag_table;
mod verifier;

use build::{all, owned_matrix, with_tags};
use bytes::Bytes;
use colours::colours;
use img_parts::ImageICC;
use img_parts::jpeg::Jpeg;
use proptest::prelude::*;
use samples::random;

use super::standard::is_standard;
use crate::verify::is_minimal_profile as is_minimal;

fn minimal(profile: &[u8]) -> Option<Vec<u8>> {
    super::minimal(profile, false)
}

/// The minimal profile, with everything checked that must be true of it.
#[track_caller]
fn checked(profile: &[u8], name: &str) -> Vec<u8> {
    let new = minimal(profile).unwrap_or_else(|| panic!("{name} is refused"));
    assert!(new.len() <= profile.len() + 512, "{name}: {} bytes of {}", new.len(), profile.len());
    assert!(minimal(&new).as_ref() == Some(&new), "{name}: a second time changes it");
    assert!(is_minimal(&new), "{name}: the verifier does not accept it");
    new
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn no_colour_changes() {
    for (name, profile) in all() {
        let new = checked(&profile, name);
        let before = colours(&profile);
        assert!(before.transforms() >= 8, "{name}: lcms2 makes {} transforms", before.transforms());
        assert!(before == colours(&new), "{name}: colours differ");
        println!(
            "{name}: {} bytes, minimal {}, {} transforms",
            profile.len(),
            new.len(),
            before.transforms()
        );
    }
}

#[test]
fn descriptions_and_copyrights_are_there_and_empty() {
    for (name, profile) in all() {
        let new = lcms2::Profile::new_icc(&minimal(&profile).unwrap()).unwrap();
        for info in [lcms2::InfoType::Description, lcms2::InfoType::Copyright] {
            assert_eq!(new.info(info, lcms2::Locale::none()).unwrap_or_default(), "", "{name}");
        }
        for tag in [lcms2::TagSignature::ProfileDescriptionTag, lcms2::TagSignature::CopyrightTag] {
            assert!(!new.read_tag(tag).is_none(), "{name}: lcms2 cannot read {tag:?}");
        }
    }
}

#[test]
fn what_names_the_owner_is_gone() {
    for (name, profile) in all() {
        let new = minimal(&profile).unwrap();
        for secret in build::SECRETS {
            assert!(contains(&profile, secret.as_bytes()) || name != "v2 matrix", "{secret} was never there");
            assert!(!contains(&new, secret.as_bytes()), "{name} still says {secret}");
        }
    }
}

#[test]
fn tags_that_share_their_data_still_share_it() {
    let new = minimal(&owned_matrix()).unwrap();
    let place = |tag: &[u8]| {
        let at = new[132..].chunks(12).find(|entry| entry.starts_with(tag)).unwrap();
        at[4..].to_vec()
    };
    assert_eq!(place(b"rTRC"), place(b"gTRC"));
    assert_eq!(place(b"rTRC"), place(b"bTRC"));
    assert_ne!(place(b"rXYZ"), place(b"gXYZ"));
}

#[test]
fn a_profile_that_no_engine_reads_is_refused() {
    let good = owned_matrix();
    let changed = |at: usize, bytes: &[u8]| {
        let mut bad = good.clone();
        bad[at..at + bytes.len()].copy_from_slice(bytes);
        bad
    };
    let bad = [
        good[..131].to_vec(),
        Vec::new(),
        good[..140].to_vec(),
        changed(36, b"ascp"),
        changed(16, b"EVIL"),
        changed(20, b"RGB "),
        changed(128, &1000_u32.to_be_bytes()),
        changed(128, &u32::MAX.to_be_bytes()),
        with_tags(2, b"mntr", b"RGB ", b"XYZ ", &[(b"wtpt", build::xyz(1, 2, 3))]),
    ];
    for (i, bad) in bad.iter().enumerate() {
        assert_eq!(minimal(bad), None, "number {i}");
        assert!(!is_minimal(bad), "number {i}");
    }
}

#[test]
fn a_standard_profile_stays_byte_for_byte() {
    let known = b"a profile only the tests know";
    assert!(is_standard(known) && is_minimal(known));
    assert_eq!(minimal(known).unwrap(), known);
    for other in [&known[..28], b"a profile only the tests knoW", b"a profile only the tests know."] {
        assert!(!is_standard(other) && !is_minimal(other));
        assert_eq!(minimal(other), None);
    }
}

#[test]
fn a_profile_as_long_as_a_standard_one_is_not_taken_for_it() {
    // sRGB as Hewlett-Packard made it has 3144 bytes.
    let mut profile = owned_matrix();
    profile.resize(3144, b'!');
    profile[..4].copy_from_slice(&3144_u32.to_be_bytes());
    assert!(!is_standard(&profile));
    assert!(!is_minimal(&profile));
    assert_eq!(minimal(&profile), minimal(&owned_matrix()));
}

#[test]
fn overlapping_tags_do_not_multiply() {
    // Each table starts 12 bytes after the one before it and reaches to the end.
    let signatures = [b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2", b"gamt"];
    let mut profile = with_tags(2, b"prtr", b"CMYK", b"Lab ", &signatures.map(|s| (s, vec![0; 12])));
    let start = profile.len();
    profile.resize(4_000_000, 0);
    for (i, table) in profile[start..].chunks_mut(64).take(7).enumerate() {
        let entries = u16::try_from(30_000 - 20 * i).unwrap();
        table[..4].copy_from_slice(b"mft2");
        table[8..11].copy_from_slice(&[16, 16, 0]);
        table[48..50].copy_from_slice(&entries.to_be_bytes());
        table[50..52].copy_from_slice(&entries.to_be_bytes());
    }
    for i in 0..7 {
        let at = u32::try_from(start + 64 * i).unwrap();
        profile[132 + 12 * i + 4..][..4].copy_from_slice(&at.to_be_bytes());
    }
    let size = u32::try_from(profile.len()).unwrap();
    profile[..4].copy_from_slice(&size.to_be_bytes());
    assert_eq!(minimal(&profile), None);
}

#[test]
fn damage_never_panics_and_never_grows() {
    let mut runner = random(20_000);
    let profiles: Vec<Vec<u8>> = all().into_iter().map(|(_, profile)| profile).collect();
    let edit = (any::<bool>(), any::<prop::sample::Index>(), any::<[u8; 4]>(), 0_usize..5);
    let strategy = (0..profiles.len(), prop::collection::vec(edit, 1..8), any::<prop::sample::Index>());
    let mut kept = 0;
    let run = runner.run(&strategy, |(which, edits, cut)| {
        let mut bad = profiles[which].clone();
        for (early, at, bytes, length) in edits {
            let at = at.index(if early { 400 } else { bad.len() - 4 });
            bad[at..at + length.min(4)].copy_from_slice(&bytes[..length.min(4)]);
        }
        if cut.index(10) == 0 {
            bad.truncate(cut.index(bad.len()));
        }
        if let Some(new) = minimal(&bad) {
            prop_assert!(new.len() <= bad.len() + 512);
            prop_assert!(is_minimal(&new));
            prop_assert_eq!(minimal(&new), Some(new));
        }
        Ok(())
    });
    for profile in &profiles {
        kept += usize::from(minimal(profile).is_some());
    }
    assert!(run.is_ok() && kept == profiles.len(), "{run:?}");
}

#[test]
fn profiles_of_real_photos_keep_their_colours() {
    let mut files = samples::shared_photos();
    // A folder of profiles, or of more photos.
    if let Some(folder) = std::env::var_os("PROFILES") {
        let paths = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        files.extend(paths.filter(|path| path.is_file()).map(|path| {
            (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap())
        }));
    }
    let mut profiles = Vec::new();
    for (name, bytes) in files {
        let bytes = Bytes::from(bytes);
        if bytes.get(36..40) == Some(b"acsp") {
            profiles.push((name, bytes));
        } else if let Some(profile) = Jpeg::from_bytes(bytes).ok().and_then(|jpeg| jpeg.icc_profile()) {
            profiles.push((name, profile));
        }
    }
    let (mut known, mut minimised, mut refused) = (0, 0, 0);
    for (name, profile) in &profiles {
        let before = colours(profile);
        if minimal(profile).is_none() {
            assert_eq!(before.transforms(), 0, "{name} is refused");
            refused += 1;
            continue;
        }
        known += usize::from(is_standard(profile));
        minimised += usize::from(!is_standard(profile));
        // Standard profiles too, as if they were not standard.
        let new = super::rewritten(profile, false).unwrap();
        assert!(before == colours(&new), "{name}: colours differ");
        assert!(is_minimal(&new) && super::rewritten(&new, false) == Some(new.clone()), "{name}");
        checked(profile, name);
        println!(
            "{name}: {} bytes, rewritten {}, {} transforms",
            profile.len(),
            new.len(),
            before.transforms()
        );
    }
    println!("{} profiles tried: {known} known, {minimised} minimised, {refused} refused", profiles.len());
}
