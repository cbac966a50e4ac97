//! The sample photos, scrubbed: nothing private is left, the picture is as it was.

use crate::support::decoders;
use crate::support::{as_stored, assert_same, contains, orientation_tag, private_segments, scrub, segments};
use scrub::{Action, Bytes, Options, Recoded};

#[test]
fn no_secret_of_a_sample_is_left() {
    let mut secrets = 0;
    for sample in samples::all() {
        let clean = scrub::scrub(sample.bytes.clone().into(), &Options::default()).unwrap();
        for secret in &sample.secrets {
            let text = String::from_utf8_lossy(secret);
            assert!(contains(&sample.bytes, secret), "{}: {text:?} is not even in the sample", sample.name);
            assert!(!contains(&clean.photo, secret), "{}: {text:?} is left", sample.name);
            secrets += 1;
        }
    }
    println!("{secrets} secrets in {} samples", samples::all().len());
}

#[test]
fn a_decoder_gives_the_same_pixels_before_and_after() {
    let mut decoded = 0;
    for sample in samples::all() {
        let before = decoders::zune(&sample.bytes).unwrap_or_else(|| panic!("{}: not decoded", sample.name));
        let after = decoders::zune(&scrub(&sample.bytes).unwrap().photo).unwrap();
        let first = before.samples[0];
        assert!(before.samples.iter().any(|&sample| sample != first), "{}: one colour", sample.name);
        assert_eq!((before.width, before.height), (after.width, after.height), "{}", sample.name);
        assert!(before == after, "{}: other pixels", sample.name);
        decoded += 1;
    }
    println!("{decoded} samples decoded, each twice");
}

#[test]
fn scrubbing_twice_changes_nothing() {
    let samples = samples::all();
    for sample in &samples {
        let once = scrub(&sample.bytes).unwrap();
        let twice = scrub(&once.photo).unwrap();
        assert_same(&twice.photo, &once.photo, sample.name);
        assert_eq!(twice.report.removed, [], "{}", sample.name);
        assert_eq!(twice.report.orientation, once.report.orientation, "{}", sample.name);
    }
    println!("{} samples", samples.len());
}

#[test]
fn a_photo_without_anything_private_comes_out_byte_for_byte() {
    let clean = samples::all().into_iter().find(|sample| sample.name == "clean").unwrap();
    assert_same(&scrub(&clean.bytes).unwrap().photo, &clean.bytes, "clean");
}

#[test]
fn the_only_handle_is_cleaned_in_place_and_any_other_is_copied_with_the_same_result() {
    let samples = samples::all();
    for sample in &samples {
        let copied = scrub::scrub(Bytes::from(sample.bytes.clone()).clone(), &as_stored()).unwrap();

        let only = Bytes::from(sample.bytes.clone());
        let buffer = only.as_ptr_range();
        let in_place = scrub::scrub(only, &as_stored()).unwrap();
        let result = in_place.photo.as_ptr_range();
        assert!(buffer.start <= result.start && result.end <= buffer.end, "{}: copied", sample.name);

        let shared = Bytes::from(sample.bytes.clone());
        let second = shared.clone();
        let from_shared = scrub::scrub(shared, &as_stored()).unwrap();
        assert_same(&second, &sample.bytes, "a shared buffer must not change");
        assert_same(&in_place.photo, &from_shared.photo, sample.name);
        assert_same(&in_place.photo, &copied.photo, sample.name);
        assert_eq!(in_place.report, from_shared.report);
    }
    println!("{} samples", samples.len());
}

#[test]
fn the_report_accounts_for_every_byte() {
    for sample in samples::all() {
        let clean = scrub(&sample.bytes).unwrap();
        let report = &clean.report;
        let removed: u64 = report.removed.iter().map(|removed| removed.bytes).sum();
        assert_eq!(
            sample.bytes.len() as u64 + report.added,
            clean.photo.len() as u64 + removed,
            "{}",
            sample.name
        );
        let kinds: Vec<_> = report.removed.iter().map(|r| format!("{} {}", r.kind, r.bytes)).collect();
        println!("{:14} {:?} {}", sample.name, report.orientation, kinds.join(", "));
    }
}

#[test]
fn the_parts_of_an_inspection_cover_the_file_without_gaps() {
    let mut parts = 0;
    for sample in samples::all() {
        let inspection = scrub::inspect(&sample.bytes, &as_stored()).unwrap();
        let mut at = 0;
        for part in &inspection.parts {
            assert_eq!(part.offset, at, "{}: {part:?}", sample.name);
            let removed: u64 = part.removed.iter().map(|removed| removed.bytes).sum();
            let whole = part.length as u64;
            match part.action {
                Action::Keep => assert_eq!(removed, 0, "{}: {part:?}", sample.name),
                Action::Remove => assert_eq!(removed, whole, "{}: {part:?}", sample.name),
                Action::Rewrite => assert!(removed <= whole, "{}: {part:?}", sample.name),
            }
            at += part.length;
            parts += 1;
        }
        assert_eq!(at, sample.bytes.len(), "{}", sample.name);
        assert_eq!(inspection.report, scrub(&sample.bytes).unwrap().report);
    }
    println!("{parts} parts in {} samples", samples::all().len());
}

#[test]
fn what_is_inside_a_segment_is_counted_by_its_own_name() {
    let kinds = |name: &str| {
        let sample = samples::all().into_iter().find(|sample| sample.name == name).unwrap();
        let report = scrub(&sample.bytes).unwrap().report;
        println!("{name}: {:?}", report.removed);
        report.removed.iter().map(|removed| removed.kind.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(kinds("camera"), ["EXIF", "MakerNote", "GPS", "thumbnail", "XMP"]);
    assert_eq!(kinds("press"), ["Photoshop", "IPTC", "comment", "EXIF", "MakerNote", "GPS", "thumbnail"]);
    assert_eq!(kinds("two-photos"), ["MPF", "EXIF", "MakerNote", "GPS", "thumbnail", "trailing JPEG"]);
    assert_eq!(kinds("motion"), ["EXIF", "MakerNote", "GPS", "thumbnail", "trailing video"]);
    assert_eq!(kinds("credentials"), ["C2PA"]);
    assert_eq!(kinds("old-camera"), ["thumbnail", "JFXX"]);
    assert_eq!(kinds("rgb"), ["Adobe"]);
}

#[test]
fn a_photo_with_an_orientation_keeps_it_and_no_other_metadata() {
    for sample in samples::all() {
        let clean = scrub(&sample.bytes).unwrap().photo;
        let mut exif = segments(&clean);
        exif.retain(|segment| segment[1] == 0xE1);
        let expected = if sample.name == "sideways" { vec![orientation_tag(6)] } else { Vec::new() };
        assert_eq!(exif, expected, "{}", sample.name);
        assert!(private_segments(&clean).is_empty(), "{}", sample.name);
    }
    // Private segments are found where there are some.
    let press = samples::all().into_iter().find(|sample| sample.name == "press").unwrap();
    let mut markers: Vec<u8> = private_segments(&press.bytes).iter().map(|segment| segment[1]).collect();
    markers.sort_unstable();
    println!("{} samples; in one as it is {markers:02X?}", samples::all().len());
    assert_eq!(markers, [0xE1, 0xED, 0xFE]);
}

#[test]
fn every_sample_cut_off_anywhere_is_refused_or_whole() {
    let [mut refused, mut survived, mut nearly_whole] = [0_usize; 3];
    let mut reasons = std::collections::BTreeSet::new();
    for sample in samples::all() {
        let whole = scrub(&sample.bytes).unwrap().photo;
        let bytes = Bytes::from(sample.bytes);
        // Every byte around markers, where what happens changes, and every 13th of the rest.
        let is_near_marker = |length: usize| {
            let around = &bytes[length.saturating_sub(6)..bytes.len().min(length + 6)];
            around.windows(2).any(|pair| matches!(pair, [0xFF, 0x01..=0xFE]))
        };
        for length in (0..bytes.len()).filter(|&length| length % 13 == 0 || is_near_marker(length)) {
            let what = format!("{} cut off at {length} of {}", sample.name, bytes.len());
            match scrub::scrub(bytes.slice(..length), &as_stored()) {
                // What comes after the picture can be missing.
                Ok(clean) if clean.photo == whole => survived += 1,
                // Or the last 1 % of its MCUs.
                Ok(clean) => {
                    assert_eq!(clean.report.recoded, Some(Recoded::DamagedData), "{what}");
                    nearly_whole += 1;
                }
                Err(refusal) => {
                    reasons.insert(refusal.name());
                    refused += 1;
                }
            }
            let verified = scrub::verify(&bytes[..length], &as_stored());
            assert!(verified.is_err() || bytes[..length] == whole, "{what}");
        }
    }
    let all = refused + survived + nearly_whole;
    println!(
        "{all} truncations: {refused} refused ({reasons:?}), {survived} survived, {nearly_whole} nearly whole"
    );
    assert!(nearly_whole < all / 50, "{nearly_whole} of {all}");
}
