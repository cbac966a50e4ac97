//! Real photos, where they are at hand (see `samples::shared_photos`). Without them these tests say so and pass.

use std::collections::BTreeMap;

use crate::support::decoders;
use crate::support::{as_stored, assert_same, is_disagreement, private_segments, scrub};
use samples::shared_photos;
use scrub::{Options, Orientation, Recoded};

#[test]
fn every_real_photo_is_cleaned_or_refused_with_a_reason() {
    let photos = shared_photos();
    let mut refused: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut cleaned, mut rotated, mut not_rotated) = (0, 0, 0);
    for (name, photo) in &photos {
        match scrub(photo) {
            Ok(clean) => {
                for options in [as_stored(), Options::default()] {
                    let clean = scrub::scrub(photo.clone().into(), &options).unwrap();
                    assert!(private_segments(&clean.photo).is_empty(), "{name}: a private segment is left");
                    let twice = scrub::scrub(clean.photo.clone(), &options).unwrap();
                    assert_same(&twice.photo, &clean.photo, name);
                    match clean.report.orientation {
                        Orientation::Rotated { .. } => rotated += 1,
                        Orientation::Tagged { not_rotated: Some(reason), .. } => {
                            println!("{name}: {reason}");
                            not_rotated += 1;
                        }
                        _ => {}
                    }
                }
                let removed: u64 = clean.report.removed.iter().map(|removed| removed.bytes).sum();
                match clean.report.recoded {
                    Some(reason) => println!("{name}: coded again: {reason}"),
                    None => assert_eq!(
                        photo.len() as u64 + clean.report.added,
                        clean.photo.len() as u64 + removed,
                        "{name}"
                    ),
                }
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
    println!("{rotated} of them rotated, {not_rotated} could not be");
    assert!(photos.is_empty() || cleaned > photos.len() / 2, "most of them are whole");
}

#[test]
fn zune_jpeg_decodes_every_real_photo_as_before() {
    let photos = shared_photos();
    let (mut same, mut undecoded) = (0, Vec::new());
    for (name, photo) in &photos {
        let Ok(clean) = scrub(photo) else { continue };
        match decoders::zune(photo) {
            // It is coded again as libjpeg-turbo draws it.
            Some(_) if clean.report.recoded == Some(Recoded::DamagedData) => {}
            Some(decoded) => {
                assert!(decoders::zune(&clean.photo) == Some(decoded), "{name}: other pixels");
                same += 1;
            }
            None => undecoded.push(name),
        }
    }
    println!(
        "{same} decoded as before; {} that zune-jpeg does not decode at all: {undecoded:?}",
        undecoded.len()
    );
}

/// libjpeg-turbo decodes damaged photos as far as they go, with a warning. Its API returns the picture nevertheless,
/// unless the warning is about the header. Then, and if samples have more than 8 bits, its `djpeg` is asked.
#[test]
fn libjpeg_turbo_decodes_every_real_photo_as_before_and_none_it_does_not_warn_about_is_refused() {
    let photos = shared_photos();
    let (mut decoded, mut warned, mut same) = (0, 0, 0);
    for (name, photo) in &photos {
        let by_api = decoders::turbojpeg(photo, false).ok();
        let by_tool = if by_api.is_none() { decoders::djpeg(photo) } else { None };
        let has_warning = match (&by_api, &by_tool) {
            (Some((_, warning)), _) => warning.is_some(),
            (None, Some((_, is_warned))) => *is_warned,
            (None, None) => {
                println!("{name}: not decoded");
                continue;
            }
        };
        decoded += 1;
        warned += usize::from(has_warning);
        match scrub(photo) {
            Ok(clean) => {
                let is_same = match by_api {
                    Some((before, _)) => {
                        decoders::turbojpeg(&clean.photo, false).is_ok_and(|(after, _)| after == before)
                    }
                    None => {
                        decoders::djpeg(&clean.photo).map(|(after, _)| after)
                            == by_tool.map(|(before, _)| before)
                    }
                };
                assert!(is_same, "{name}: other pixels");
                same += 1;
            }
            Err(refusal) => {
                assert!(has_warning, "{name} is decoded without a warning and refused: {refusal}");
                println!("{name}: decoded with a warning, refused: {refusal}");
            }
        }
    }
    println!(
        "{} photos, {decoded} decoded by libjpeg-turbo ({warned} with a warning), {same} of these cleaned and \
         decoded the same",
        photos.len()
    );
}
