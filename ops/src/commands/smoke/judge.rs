//! Whether what came out of bucket B is what should have come out.

use std::collections::BTreeSet;

use bytes::Bytes;
use scrub::{Options, OrientationMode};
use serde::Serialize;

use super::photos::{Expected, Photo};
use super::{Arrival, Sent};
use crate::compare::compare;
use crate::removed::{RemovedPart, removed_parts};
use crate::stack_session::CleanPhoto;

/// The result for one photo: a line of `--json`, a row of the table.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row<'a> {
    pub(super) key: &'a str,
    pub(super) file: &'a str,
    /// `clean`, `refused` or `failed`.
    pub(super) outcome: &'static str,
    pub(super) reason: Option<&'static str>,
    /// What should have been removed, with the settings that the object names.
    pub(super) removed: Vec<RemovedPart>,
    pub(super) bytes_in: u64,
    /// 0 if nothing came out.
    pub(super) bytes_out: u64,
    pub(super) same_key: bool,
    pub(super) same_picture: Option<&'static str>,
    pub(super) orientation: Option<String>,
    /// From the start of the upload to the last byte of the clean photo, in milliseconds. None if nothing came out.
    pub(super) ms: Option<u64>,
    /// The reason as a sentence, for people.
    #[serde(skip)]
    pub(super) why: String,
}

/// Why a photo failed: the name for programs, and the sentence for people.
struct Fault(&'static str, String);

/// Judges one photo by what came out and by the keys in bucket B.
pub(super) fn judge<'a>(sent: &'a Sent, arrival: &Arrival, in_b: &BTreeSet<String>) -> Row<'a> {
    let photo = &sent.photo;
    let same_key = in_b.contains(&sent.key);
    let mut row = Row {
        key: &sent.key,
        file: &photo.name,
        outcome: "clean",
        reason: None,
        removed: Vec::new(),
        bytes_in: photo.bytes.len() as u64,
        bytes_out: 0,
        same_key,
        same_picture: None,
        orientation: None,
        ms: None,
        why: String::new(),
    };
    let fault = match (&photo.expected, arrival) {
        (Expected::Refused(name, why), _) if !same_key => {
            row.outcome = "refused";
            (row.reason, row.why) = (Some(*name), why.clone());
            return row;
        }
        (Expected::Refused(name, _), _) => {
            Some(Fault("NotRefused", format!("it is in bucket B, but should have been refused ({name})")))
        }
        (Expected::Clean, None) => {
            Some(Fault("NotThere", "it was not in bucket B in time; the function's log says why".to_owned()))
        }
        (Expected::Clean, Some((clean, time))) => {
            row.bytes_out = clean.bytes.len() as u64;
            // A u64 holds more milliseconds than any run takes.
            row.ms = Some(u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
            examine(photo, clean, &mut row).err()
        }
    };
    if let Some(Fault(name, why)) = fault {
        row.outcome = "failed";
        (row.reason, row.why) = (Some(name), why);
    }
    row
}

/// Examines a photo that came out. What is worst is reported first.
fn examine(photo: &Photo, clean: &CleanPhoto, row: &mut Row<'_>) -> Result<(), Fault> {
    let after = &clean.bytes;
    let options = settings(clean)?;
    let (removed, orientation) = expected_with(&photo.bytes, &options)?;
    row.removed = removed;
    scrub::verify(after, &options)
        .map_err(|violation| Fault("NotClean", format!("what came out is not clean: {violation}")))?;
    let inspection = scrub::inspect(after, &options)
        .map_err(|refusal| Fault("NotAPhoto", format!("what came out is not a photo: {refusal}")))?;
    if let Some(part) = inspection.parts.iter().find(|part| !part.removed.is_empty()) {
        let (kind, offset) = (part.kind, part.offset);
        return Err(Fault("NotClean", format!("what came out still has {kind} at offset {offset}")));
    }
    let (shown, rotated) = match (orientation, inspection.orientation) {
        (1, 1) => ("upright".to_owned(), false),
        (before, after) if before == after => (format!("tag {after} kept"), false),
        (before, 1) if options.orientation == OrientationMode::Drop => {
            (format!("tag {before} dropped"), false)
        }
        (before, 1) => (format!("rotated from {before}"), true),
        _ => return Err(Fault("NotUpright", "what came out is rotated differently".to_owned())),
    };
    row.orientation = Some(shown);
    let rotated_from = if rotated { orientation } else { 1 };
    let same_picture = compare(&photo.bytes, after, rotated_from, &options).map_err(|refusal| {
        Fault("OtherPicture", format!("what came out cannot be compared with the photo: {refusal}"))
    })?;
    row.same_picture = same_picture.map(Into::into);
    if photo.secrets.iter().any(|secret| after.windows(secret.len().max(1)).any(|bytes| bytes == secret)) {
        return Err(Fault(
            "SecretLeft",
            "what came out contains a secret from the sample's metadata".to_owned(),
        ));
    }
    if row.same_picture.is_none() {
        return Err(Fault("OtherPicture", "what came out is not the same picture".to_owned()));
    }
    if !row.same_key {
        return Err(Fault("NotListed", "bucket B does not list it under its key".to_owned()));
    }
    Ok(())
}

/// The settings that the photo was scrubbed with, as the object's metadata says after the photo core's version.
fn settings(clean: &CleanPhoto) -> Result<Options, Fault> {
    let settings = clean.scrubbed_with.as_deref().and_then(|text| text.split_once(' '));
    let (_, settings) = settings.ok_or_else(|| {
        Fault("NotOurs", "what came out does not say which version and settings made it".to_owned())
    })?;
    settings.parse().map_err(|error| Fault("NotOurs", format!("what came out names {settings:?}, {error}")))
}

/// What the photo core on this machine removes from a photo with these settings, and the photo's orientation, 1 to 8.
fn expected_with(photo: &Bytes, options: &Options) -> Result<(Vec<RemovedPart>, u8), Fault> {
    let expected = scrub::scrub(photo.clone(), options).and_then(|clean| {
        Ok((removed_parts(&clean.report.removed), scrub::inspect(photo, options)?.orientation))
    });
    expected.map_err(|refusal| {
        Fault("NotRefused", format!("it is in bucket B, but should have been refused: {refusal}"))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

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
        let row = judge(&sent, &arrival(&clean), &in_b);
        println!("{row:?}");
        assert_eq!(
            (row.outcome, row.reason, row.same_key, row.same_picture),
            ("clean", None, true, Some("pixels, rotated"))
        );
        assert_eq!((row.bytes_in, row.bytes_out), (sent.photo.bytes.len() as u64, clean.len() as u64));
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
            let row = judge(&sent, &arrival_with(&clean, &options), &in_b);
            println!("{icc}: {:?} {}", row.removed, row.why);
            // A profile that is kept contains the secrets that were planted in it.
            assert_eq!(row.reason, (icc == IccMode::Keep).then_some("SecretLeft"));
            assert_eq!(row.removed.iter().any(|part| part.kind == "ICC profile"), profile_removed);
            assert!(row.removed.iter().any(|part| part.kind == "EXIF"));
        }
    }

    #[test]
    fn each_fault_is_found() {
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
            let row = judge(&sent, arrival, in_b);
            println!("{reason}: {}", row.why);
            assert_eq!((row.outcome, row.reason), ("failed", Some(*reason)));
        }
    }

    #[test]
    fn another_picture_and_a_secret_left_are_found() {
        let (mut sent, clean, in_b) = sent();
        // Another quantization table makes another picture of the same size, and is not metadata. Its first element
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
        let row = judge(&sent, &None, &BTreeSet::new());
        assert_eq!((row.outcome, row.reason), ("refused", Some("CutOff")));
        let row = judge(&sent, &None, &in_b);
        assert_eq!((row.outcome, row.reason), ("failed", Some("NotRefused")));
    }
}
