//! Whether what came out of bucket B is what should have come out.

use std::collections::BTreeSet;

use bytes::Bytes;
use scrub::{Options, Orientation, OrientationMode, Report};
use serde::Serialize;

use super::photos::{Expected, Photo};
use super::{Arrival, Sent};
use crate::compare::compare;
use crate::removed::{RemovedKind, removed_kinds};
use crate::stack_session::CleanPhoto;

/// The result for one photo: a line of `--json` or a row of the table.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Judged<'a> {
    pub(super) key: &'a str,
    pub(super) file: &'a str,
    /// `clean`, `refused` or `failed`.
    pub(super) outcome: &'static str,
    pub(super) reason: Option<&'static str>,
    /// What should have been removed, with the settings that the object names.
    pub(super) removed: Vec<RemovedKind>,
    pub(super) bytes_in: u64,
    /// 0 if nothing came out.
    pub(super) bytes_out: u64,
    pub(super) same_key: bool,
    pub(super) same_picture: Option<&'static str>,
    pub(super) orientation: Option<String>,
    /// Why the same coefficients were coded again.
    pub(super) recoded: Option<String>,
    /// From the start of the upload to the last byte of the clean photo, in milliseconds. None if nothing came out.
    pub(super) ms: Option<u64>,
    /// The reason as a sentence, for people.
    #[serde(skip)]
    pub(super) why: String,
}

/// Why a photo failed: the name for programs, and the sentence for people.
struct Failed(&'static str, String);

/// Judges one photo by what came out and by the keys in bucket B.
pub(super) fn judge<'a>(sent: &'a Sent, arrival: &Arrival, in_b: &BTreeSet<String>) -> Judged<'a> {
    let photo = &sent.photo;
    let same_key = in_b.contains(&sent.key);
    let mut judged = Judged {
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
        recoded: None,
        ms: None,
        why: String::new(),
    };
    let failed = match (&photo.expected, arrival) {
        (Expected::Refused(name, why), _) if !same_key => {
            judged.outcome = "refused";
            (judged.reason, judged.why) = (Some(*name), why.clone());
            return judged;
        }
        (Expected::Refused(name, _), _) => {
            Some(Failed("NotRefused", format!("it is in bucket B, but should have been refused ({name})")))
        }
        (Expected::Clean, None) => {
            Some(Failed("NotThere", "it was not in bucket B in time; the function's log says why".to_owned()))
        }
        (Expected::Clean, Some((clean, time))) => {
            judged.bytes_out = clean.bytes.len() as u64;
            // A u64 holds more milliseconds than any run takes.
            judged.ms = Some(u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
            examine(photo, clean, &mut judged).err()
        }
    };
    if let Some(Failed(name, why)) = failed {
        judged.outcome = "failed";
        (judged.reason, judged.why) = (Some(name), why);
    }
    judged
}

/// Examines a photo that came out. What is worst is reported first.
fn examine(photo: &Photo, clean: &CleanPhoto, judged: &mut Judged<'_>) -> Result<(), Failed> {
    let after = &clean.bytes;
    let options = settings(clean)?;
    let (report, orientation) = expected_with(&photo.bytes, &options)?;
    judged.removed = removed_kinds(&report.removed);
    judged.recoded = report.recoded.map(|reason| reason.to_string());
    scrub::verify(after, &options)
        .map_err(|violation| Failed("NotClean", format!("what came out is not clean: {violation}")))?;
    let inspection = scrub::inspect(after, &options)
        .map_err(|refusal| Failed("NotAPhoto", format!("what came out is not a photo: {refusal}")))?;
    if let Some(part) = inspection.parts.iter().find(|part| !part.removed.is_empty()) {
        let (kind, offset) = (part.kind, part.offset);
        return Err(Failed("NotClean", format!("what came out still has {kind} at offset {offset}")));
    }
    let (shown, rotated) = match (orientation, inspection.orientation) {
        (1, 1) if report.orientation == Orientation::Unreadable => ("unreadable".to_owned(), false),
        (1, 1) => ("upright".to_owned(), false),
        (before, after) if before == after => (format!("tag {after} kept"), false),
        (before, 1) if options.orientation == OrientationMode::Drop => {
            (format!("tag {before} dropped"), false)
        }
        (before, 1) => (format!("rotated from {before}"), true),
        _ => return Err(Failed("NotUpright", "what came out is rotated differently".to_owned())),
    };
    judged.orientation = Some(shown);
    let rotated_from = if rotated { orientation } else { 1 };
    let same_picture = compare(&photo.bytes, after, rotated_from, &options).map_err(|refusal| {
        Failed("OtherPicture", format!("what came out cannot be compared with the photo: {refusal}"))
    })?;
    judged.same_picture = same_picture.map(Into::into);
    if photo.secrets.iter().any(|secret| after.windows(secret.len().max(1)).any(|bytes| bytes == secret)) {
        return Err(Failed(
            "SecretLeft",
            "what came out contains a secret from the sample's metadata".to_owned(),
        ));
    }
    if judged.same_picture.is_none() {
        return Err(Failed("OtherPicture", "what came out is not the same picture".to_owned()));
    }
    if !judged.same_key {
        return Err(Failed("NotListed", "bucket B does not list it under its key".to_owned()));
    }
    Ok(())
}

/// The settings that the photo was scrubbed with, as the object's metadata says after the photo core's version.
fn settings(clean: &CleanPhoto) -> Result<Options, Failed> {
    let settings = clean.scrubbed_with.as_deref().and_then(|text| text.split_once(' '));
    let (_, settings) = settings.ok_or_else(|| {
        Failed("NotOurs", "what came out does not say which version and settings made it".to_owned())
    })?;
    settings.parse().map_err(|error| Failed("NotOurs", format!("what came out names {settings:?}, {error}")))
}

/// What the photo core on this machine does to a photo with these settings, and the photo's orientation, 1 to 8:
/// viewers may differ on it.
fn expected_with(photo: &Bytes, options: &Options) -> Result<(Report, u8), Failed> {
    let expected = scrub::scrub(photo.clone(), options)
        .and_then(|clean| Ok((clean.report, scrub::inspect(photo, options)?.orientation)));
    expected.map_err(|refusal| {
        Failed("NotRefused", format!("it is in bucket B, but should have been refused: {refusal}"))
    })
}

#[cfg(test)]
mod tests;
