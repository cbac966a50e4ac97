//! Every failure is found, and nothing else is reported.
#![allow(clippy::unwrap_used)]
use std::time::Duration;

use samples::coded::Process;
use scrub::IccMode;

use super::*;
use crate::commands::smoke::photos;

/// A photo to send, what the function makes of it, and a bucket B that lists it.
fn sent() -> (Sent, Bytes, BTreeSet<String>) {
    let photo = photos::gather(&[]).unwrap().into_iter().find(|photo| photo.name == "sideways").unwrap();
    let clean = scrub::scrub(photo.bytes.clone(), &scrub::Options::default()).unwrap().photo;
    let key = format!("smoke/{}", photo.key);
    (Sent { key: key.clone(), photo }, clean, BTreeSet::from([key]))
}

fn arrival(photo: &Bytes) -> Arrival {
    arrival_with(photo, &Options::default())
}

/// A photo in bucket B whose object names these settings.
fn arrival_with(photo: &Bytes, options: &Options) -> Arrival {
    let scrubbed_with = Some(format!("{} {options}", scrub::VERSION));
    Some((CleanPhoto { bytes: photo.clone(), version: None, scrubbed_with }, Duration::from_millis(7)))
}

#[test]
fn what_the_function_writes_is_clean() {
    let (sent, clean, in_b) = sent();
    let judged = judge(&sent, &arrival(&clean), &in_b);
    println!("{judged:?}");
    assert_eq!(
        (judged.outcome, judged.reason, judged.same_key, judged.same_picture),
        ("clean", None, true, Some("pixels, rotated"))
    );
    assert_eq!((judged.bytes_in, judged.bytes_out), (sent.photo.bytes.len() as u64, clean.len() as u64));
}

#[test]
fn what_counts_as_removed_depends_on_the_settings_that_the_object_names() {
    let mut photos = photos::gather(&[]).unwrap().into_iter();
    let photo = photos.find(|photo| photo.name == "wide-profile").unwrap();
    let sent = Sent { key: format!("smoke/{}", photo.key), photo };
    let in_b = BTreeSet::from([sent.key.clone()]);
    for (icc, profile_removed) in [(IccMode::Minimal, true), (IccMode::Keep, false)] {
        let options = Options { icc, ..Options::default() };
        let clean = scrub::scrub(sent.photo.bytes.clone(), &options).unwrap().photo;
        let judged = judge(&sent, &arrival_with(&clean, &options), &in_b);
        println!("{icc}: {:?} {}", judged.removed, judged.why);
        // A profile that is kept contains the secrets that were planted in it.
        assert_eq!(judged.reason, (icc == IccMode::Keep).then_some("SecretLeft"));
        assert_eq!(judged.removed.iter().any(|part| part.kind == "ICC profile"), profile_removed);
        assert!(judged.removed.iter().any(|part| part.kind == "EXIF"));
    }
}

#[test]
fn a_photo_that_was_coded_again_says_why() {
    let coding = samples::coded::codings().into_iter().find(|coding| coding.process == Process::Arithmetic);
    let (mut sent, _, in_b) = sent();
    sent.photo.bytes = coding.unwrap().file().into();
    let clean = scrub::scrub(sent.photo.bytes.clone(), &Options::default()).unwrap().photo;
    let judged = judge(&sent, &arrival(&clean), &in_b);
    println!("{}: {:?} {}", judged.outcome, judged.recoded, judged.why);
    assert_eq!(judged.recoded.as_deref(), Some("arithmetic coding"));
}

#[test]
fn each_failure_is_found() {
    let (sent, clean, in_b) = sent();
    let upright = photos::gather(&[]).unwrap().into_iter().find(|photo| photo.name == "camera").unwrap();
    let other = scrub::scrub(upright.bytes, &scrub::Options::default()).unwrap().photo;
    let mut tagged = sent.photo.bytes.to_vec();
    // The low byte of the orientation, which is a SHORT in big-endian order.
    let entry = tagged.windows(4).position(|entry| entry == [0x01, 0x12, 0, 3]).unwrap();
    tagged[entry + 9] = 3;
    let tagged_3 = Options { orientation: OrientationMode::Tag, ..Options::default() };
    let tagged = scrub::scrub(tagged.into(), &tagged_3).unwrap().photo;
    let mut unsigned = arrival(&clean);
    unsigned.as_mut().unwrap().0.scrubbed_with = None;
    let mut unknown_setting = arrival(&clean);
    unknown_setting.as_mut().unwrap().0.scrubbed_with = Some("0.2.0 icc=blue".to_owned());
    let cut = clean.slice(..clean.len() - 2);
    let trailer = Bytes::from([&clean[..], b"trailer"].concat());
    let cases = [
        ("NotClean", arrival(&sent.photo.bytes), &in_b),
        ("NotClean", arrival(&trailer), &in_b),
        ("NotClean", arrival(&cut), &in_b),
        ("NotClean", arrival(&Bytes::new()), &in_b),
        ("OtherPicture", arrival(&other), &in_b),
        ("NotUpright", arrival(&tagged), &in_b),
        ("NotOurs", unsigned, &in_b),
        ("NotOurs", unknown_setting, &in_b),
        ("NotThere", None, &in_b),
        ("NotListed", arrival(&clean), &BTreeSet::new()),
    ];
    for (reason, arrival, in_b) in &cases {
        let judged = judge(&sent, arrival, in_b);
        println!("{reason}: {}", judged.why);
        assert_eq!((judged.outcome, judged.reason), ("failed", Some(*reason)));
    }
}

#[test]
fn another_picture_and_a_secret_left_are_found() {
    let (mut sent, clean, in_b) = sent();
    // Another quantisation table makes another picture of the same size, and is not metadata. Its first element
    // scales the brightness of every block.
    let table = clean.windows(2).position(|marker| marker == [0xFF, 0xDB]).unwrap() + 5;
    let mut other = clean.to_vec();
    other[table] ^= 0x10;
    assert_eq!(judge(&sent, &arrival(&other.into()), &in_b).reason, Some("OtherPicture"));
    sent.photo.secrets.push(clean.slice(200..240).to_vec());
    assert_eq!(judge(&sent, &arrival(&clean), &in_b).reason, Some("SecretLeft"));
}

#[test]
fn a_photo_that_should_be_refused_must_not_be_in_bucket_b() {
    let (mut sent, _, in_b) = sent();
    sent.photo.expected = Expected::Refused("CutOff", "it is truncated".to_owned());
    let judged = judge(&sent, &None, &BTreeSet::new());
    assert_eq!((judged.outcome, judged.reason), ("refused", Some("CutOff")));
    let judged = judge(&sent, &None, &in_b);
    assert_eq!((judged.outcome, judged.reason), ("failed", Some("NotRefused")));
}
