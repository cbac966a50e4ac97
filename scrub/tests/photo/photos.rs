//! Real photos, where they are at hand: hard ones out of decoders' and metadata tools' own test suites. They belong
//! to others and are no part of the project; without them these tests say so and pass.

use std::collections::BTreeMap;
use std::path::Path;

use crate::draw;
use crate::support::{as_stored, assert_same, is_disagreement, private_segments, scrub, skipped};
use scrub::{Options, Orientation};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

pub(crate) fn photos() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/photos");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        skipped("no folder ../shared/photos beside the repository, no real photos tried");
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|e| ["jpg", "jpeg", "mpo"].contains(&&*e.to_ascii_lowercase().to_string_lossy()))
    });
    paths.sort();
    paths
        .iter()
        .map(|path| (path.file_name().unwrap().to_string_lossy().into(), std::fs::read(path).unwrap()))
        .collect()
}

fn decode(photo: &[u8]) -> Option<Vec<u8>> {
    JpegDecoder::new(ZCursor::new(photo)).decode().ok()
}

#[test]
fn every_real_photo_is_cleaned_or_refused_with_a_reason() {
    let photos = photos();
    let mut refused: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut cleaned, mut turned, mut not_rotated) = (0, 0, 0);
    for (name, photo) in &photos {
        match scrub(photo) {
            Ok(clean) => {
                for options in [as_stored(), Options::default()] {
                    let clean = scrub::scrub(photo.clone().into(), &options).unwrap();
                    assert!(private_segments(&clean.photo).is_empty(), "{name}: a private segment is left");
                    let twice = scrub::scrub(clean.photo.clone(), &options).unwrap();
                    assert_same(&twice.photo, &clean.photo, name);
                    match clean.report.orientation {
                        Orientation::Rotated { .. } => turned += 1,
                        Orientation::Tagged { not_rotated: Some(reason), .. } => {
                            println!("{name}: {reason}");
                            not_rotated += 1;
                        }
                        _ => {}
                    }
                }
                let removed: u64 = clean.report.removed.iter().map(|removed| removed.bytes).sum();
                assert_eq!(
                    photo.len() as u64 + clean.report.added,
                    clean.photo.len() as u64 + removed,
                    "{name}"
                );
                cleaned += 1;
            }
            Err(refusal) => {
                println!("{name}: {}: {refusal}", refusal.name());
                *refused.entry(refusal.name()).or_default() += 1;
                assert!(!is_disagreement(&refusal), "{name}: {refusal}");
            }
        }
    }
    println!("{} real photos: {cleaned} cleaned, refused: {refused:?}", photos.len());
    println!("{turned} of them turned upright, {not_rotated} could not be");
    assert!(photos.is_empty() || cleaned > photos.len() / 2, "most of them are whole");
}

#[test]
fn a_decoder_draws_every_real_photo_as_before() {
    let photos = photos();
    let (mut same, mut undrawn) = (0, Vec::new());
    for (name, photo) in &photos {
        let Ok(clean) = scrub(photo) else { continue };
        match decode(photo) {
            Some(pixels) => {
                assert!(decode(&clean.photo) == Some(pixels), "{name}: other pixels");
                same += 1;
            }
            None => undrawn.push(name),
        }
    }
    println!("{same} drawn as before; {} this decoder does not draw at all: {undrawn:?}", undrawn.len());
}

/// libjpeg-turbo draws damaged photos as far as they go, with a warning. Its API hands out the picture even so, unless
/// the warning is about the header; then, and where samples have more than 8 bits, its `djpeg` is asked.
#[test]
fn libjpeg_turbo_draws_every_real_photo_as_before_and_none_it_does_not_warn_of_is_refused() {
    let photos = photos();
    let (mut drawn, mut warned, mut same) = (0, 0, 0);
    for (name, photo) in &photos {
        let by_api = draw::turbojpeg(photo, false).ok();
        let by_tool = if by_api.is_none() { draw::djpeg(photo) } else { None };
        let has_warning = match (&by_api, &by_tool) {
            (Some((_, warning)), _) => warning.is_some(),
            (None, Some((_, is_warned))) => *is_warned,
            (None, None) => {
                println!("{name}: not drawn");
                continue;
            }
        };
        drawn += 1;
        warned += usize::from(has_warning);
        match scrub(photo) {
            Ok(clean) => {
                let is_same = match by_api {
                    Some((before, _)) => {
                        draw::turbojpeg(&clean.photo, false).is_ok_and(|(after, _)| after == before)
                    }
                    None => {
                        draw::djpeg(&clean.photo).map(|(after, _)| after) == by_tool.map(|(before, _)| before)
                    }
                };
                assert!(is_same, "{name}: other pixels");
                same += 1;
            }
            Err(refusal) => {
                assert!(has_warning, "{name} is drawn without a warning and refused: {refusal}");
                println!("{name}: drawn with a warning, refused: {refusal}");
            }
        }
    }
    println!(
        "{} photos, {drawn} drawn by libjpeg-turbo ({warned} of them with a warning), {same} of these cleaned and drawn the same",
        photos.len()
    );
}
