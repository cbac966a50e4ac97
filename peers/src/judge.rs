//! What is wrong with a photo that a stripper made. Uses none of the photo core's code.

use crate::exiftool::Tags;
use crate::files::File;
use crate::picture::{Change, Pixels, compare};
use crate::walk::Walk;

/// Above this mean difference of samples, of 255, colours are wrong, not only rounded.
const WRONG_COLOURS: f64 = 10.0;

/// Something that is wrong with a photo: a column of the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Finding {
    Exif,
    Gps,
    OtherMetadata,
    Secret,
    Trailing,
    Pixels,
    /// The original cannot be decoded, and the coded bytes differ: it counts neither as changed nor as the same.
    PixelsUnknown,
    Sideways,
    ProfileLost,
    ProfileName,
    AdobeLost,
}

/// Judges what happened to a photo, from both files and what ExifTool finds in them.
pub(crate) fn judge(photo: &File, before: &Tags, clean: &[u8], after: &Tags) -> Vec<Finding> {
    let (walk, original) = (Walk::new(clean), Walk::new(&photo.bytes));
    let change = compare(&photo.bytes, clean, before.orientation);
    let findings = [
        (Finding::Exif, after.has_exif() || walk.has_exif_between_scans()),
        (Finding::Gps, after.has_gps()),
        (Finding::OtherMetadata, after.has_other() || walk.has_other_metadata()),
        (Finding::Secret, photo.secrets.iter().any(|secret| contains(clean, secret))),
        (Finding::Trailing, walk.trailing > 0),
        (Finding::Pixels, matches!(change.pixels, Pixels::Changed(_))),
        (Finding::PixelsUnknown, change.pixels == Pixels::Unknown),
        (Finding::Sideways, is_sideways(&change, before, after)),
        (Finding::ProfileLost, original.has_profile() && !walk.has_profile()),
        (Finding::ProfileName, after.has_profile_name()),
        (Finding::AdobeLost, is_adobe_lost(&original, &walk, &change)),
    ];
    findings.into_iter().filter_map(|(finding, is_so)| is_so.then_some(finding)).collect()
}

/// Whether a photo that needed rotating is neither rotated nor tagged.
fn is_sideways(change: &Change, before: &Tags, after: &Tags) -> bool {
    change.rotated.is_some_and(|rotated| after.orientation != if rotated { 1 } else { before.orientation })
}

/// Whether the colours of a photo depend on its Adobe segment: with it CMYK is inverted, and without it RGB is read as
/// YCbCr.
fn needs_adobe(walk: &Walk<'_>) -> bool {
    matches!((walk.components(), walk.adobe()), (Some(4), Some(_)) | (Some(3), Some(0)))
}

fn is_adobe_lost(original: &Walk<'_>, walk: &Walk<'_>, change: &Change) -> bool {
    let colours_are_wrong = matches!(change.pixels, Pixels::Changed(by) if by > WRONG_COLOURS);
    needs_adobe(original)
        && walk.adobe().is_none()
        // CMYK that was converted to RGB does not need it any more.
        && walk.components() == original.components()
        && (walk.components() == Some(4) || colours_are_wrong)
}

fn contains(bytes: &[u8], secret: &[u8]) -> bool {
    bytes.windows(secret.len()).any(|window| window == secret)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::HashMap;
    use std::io::Write;
    use std::path::Path;

    use zune_jpeg::JpegDecoder;
    use zune_jpeg::zune_core::bytestream::ZCursor;

    use super::*;
    use crate::{exiftool, files};

    fn written(photos: &[(String, Vec<u8>)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in photos {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        folder
    }

    /// What is found after `scrub` has run on the samples of these names.
    fn findings(names: &[&str], scrub: impl Fn(&[u8]) -> Vec<u8>) -> Option<HashMap<String, Vec<Finding>>> {
        let program = std::env::var_os("EXIFTOOL").unwrap_or_else(|| "exiftool".into());
        let program = Path::new(&program);
        let version = std::process::Command::new(program).arg("-ver").output();
        if !version.is_ok_and(|output| output.status.success()) {
            // The test harness captures what macros print, and shows nothing from a test that passes.
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: no exiftool, so the judge of `just peers` is not tested"
            );
            return None;
        }
        let files: Vec<_> =
            files::samples().into_iter().filter(|file| names.contains(&file.name.as_str())).collect();
        assert_eq!(files.len(), names.len());
        let named = |i: usize, bytes: Vec<u8>| (format!("{i}.jpg"), bytes);
        let before: Vec<_> = files.iter().enumerate().map(|(i, file)| named(i, file.bytes.clone())).collect();
        let after: Vec<_> = files.iter().enumerate().map(|(i, file)| named(i, scrub(&file.bytes))).collect();
        let tags = |photos| exiftool::tags_of(program, written(photos).path()).unwrap();
        let (tags_before, tags_after) = (tags(&before), tags(&after));
        let judged = files.iter().zip(&after).map(|(file, (name, clean))| {
            (file.name.clone(), judge(file, &tags_before[name], clean, &tags_after[name]))
        });
        Some(judged.collect())
    }

    #[test]
    fn what_was_planted_is_found_and_an_untouched_picture_is_the_same() {
        use Finding::{Exif, Gps, OtherMetadata, ProfileName, Secret, Trailing};
        let expected: [(&str, &[Finding]); 16] = [
            ("camera", &[Exif, Gps, OtherMetadata, Secret]),
            ("sideways", &[Exif, Gps, OtherMetadata, Secret]),
            ("between-scans", &[Exif, Gps, OtherMetadata, Secret]),
            ("press", &[Exif, Gps, OtherMetadata, Secret]),
            ("cmyk", &[OtherMetadata, Secret]),
            ("ycck", &[OtherMetadata, Secret]),
            ("letter", &[OtherMetadata, Secret]),
            ("two-photos", &[Exif, Gps, OtherMetadata, Secret, Trailing]),
            ("motion", &[Exif, Gps, OtherMetadata, Secret, Trailing]),
            ("credentials", &[OtherMetadata, Secret]),
            ("old-camera", &[OtherMetadata, Secret]),
            ("vendors", &[OtherMetadata, Secret, Trailing]),
            ("wide-profile", &[Exif, Gps, Secret, ProfileName]),
            ("rgb", &[OtherMetadata, Secret, ProfileName]),
            ("long-xmp", &[OtherMetadata, Secret]),
            ("clean", &[]),
        ];
        let Some(found) = findings(&expected.map(|(name, _)| name), <[u8]>::to_vec) else { return };
        for (name, findings) in expected {
            assert_eq!(found[name], findings, "{name}");
        }
        println!("{} files, {} findings", found.len(), found.values().map(Vec::len).sum::<usize>());
    }

    #[test]
    fn an_encoder_that_keeps_nothing_changes_pixels_loses_profiles_and_leaves_photos_sideways() {
        let names = ["clean", "clean, orientation 8", "camera", "rgb", "wide-profile, orientation 8"];
        let Some(found) = findings(&names, |photo| {
            let mut decoder = JpegDecoder::new(ZCursor::new(photo));
            let pixels = decoder.decode().unwrap();
            let (width, height) = decoder.dimensions().unwrap();
            let mut clean = Vec::new();
            let encoder = jpeg_encoder::Encoder::new(&mut clean, 95);
            encoder.encode(&pixels, width as u16, height as u16, jpeg_encoder::ColorType::Rgb).unwrap();
            clean
        }) else {
            return;
        };
        println!("{found:?}");
        use Finding::{Pixels, ProfileLost, Sideways};
        let expected: [&[Finding]; 5] = [
            &[Pixels],
            &[Pixels, Sideways],
            &[Pixels],
            &[Pixels, ProfileLost],
            &[Pixels, Sideways, ProfileLost],
        ];
        for (name, findings) in names.iter().zip(expected) {
            assert_eq!(found[*name], findings, "{name}");
        }
    }

    #[test]
    fn a_picture_that_is_rotated_without_loss_is_the_same() {
        let names = ["sideways", "camera, orientation 3", "cmyk, orientation 8", "vendors, orientation 8"];
        let Some(found) = findings(&names, |photo| {
            scrub::scrub(photo.to_vec().into(), &scrub::Options::default()).unwrap().photo.to_vec()
        }) else {
            return;
        };
        println!("{found:?}");
        assert!(found.values().all(Vec::is_empty));
    }

    #[test]
    fn the_loss_of_an_adobe_segment_that_colours_depend_on_is_found() {
        let names = ["cmyk", "rgb", "clean"];
        let Some(found) = findings(&names, |photo| {
            let mut without = photo.to_vec();
            while let Some(at) =
                without.windows(9).position(|w| w.starts_with(b"\xFF\xEE") && w.ends_with(b"Adobe"))
            {
                let length = usize::from(without[at + 2]) << 8 | usize::from(without[at + 3]);
                without.drain(at..at + 2 + length);
            }
            without
        }) else {
            return;
        };
        println!("{found:?}");
        let lost = names.map(|name| found[name].contains(&Finding::AdobeLost));
        assert_eq!(lost, [true, true, false]);
    }
}
