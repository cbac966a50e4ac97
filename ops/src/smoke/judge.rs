//! Whether what came out of bucket B is what should have come out.

use std::collections::BTreeSet;

use scrub::{Options, OrientationMode};
use serde::Serialize;

use super::{Came, Sent};
use crate::live::Arrived;
use crate::photos::{Expected, Photo};
use crate::same::{self, Same};
use crate::strip::RemovedPart;

/// What became of one photo: a line of `--json`, a row of the table.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row<'a> {
    pub(super) key: &'a str,
    pub(super) file: &'a str,
    /// `clean`, `refused` or `failed`.
    pub(super) outcome: &'static str,
    pub(super) reason: Option<&'static str>,
    pub(super) removed: &'a [RemovedPart],
    pub(super) bytes_in: u64,
    /// 0 where nothing came out.
    pub(super) bytes_out: u64,
    pub(super) same_key: bool,
    pub(super) same_picture: Option<&'static str>,
    pub(super) orientation: Option<String>,
    /// From the start of the upload to the clean photo in hand, in milliseconds; none where nothing came out.
    pub(super) ms: Option<u64>,
    /// The reason as a sentence, for people.
    #[serde(skip)]
    pub(super) why: String,
}

/// Why a photo failed: the name for programs, and the sentence for people.
struct Fault(&'static str, String);

/// Judges one photo by what came back and by the keys that bucket B has.
pub(super) fn judge<'a>(sent: &'a Sent, came: &Came, in_b: &BTreeSet<String>) -> Row<'a> {
    let photo = &sent.photo;
    let same_key = in_b.contains(&sent.key);
    let mut row = Row {
        key: &sent.key,
        file: &photo.name,
        outcome: "clean",
        reason: None,
        removed: &[],
        bytes_in: photo.bytes.len() as u64,
        bytes_out: 0,
        same_key,
        same_picture: None,
        orientation: None,
        ms: None,
        why: String::new(),
    };
    let fault = match (&photo.expected, came) {
        (Expected::Refused(name, why), _) if !same_key => {
            row.outcome = "refused";
            (row.reason, row.why) = (Some(*name), why.clone());
            return row;
        }
        (Expected::Refused(name, _), _) => {
            Some(Fault("NotRefused", format!("bucket B has it, though it was to be refused ({name})")))
        }
        (Expected::Clean(..), None) => Some(Fault(
            "NotThere",
            "it did not come out of bucket B in time; the function's log says why".to_owned(),
        )),
        (Expected::Clean(removed, orientation), Some((arrived, time))) => {
            row.removed = removed;
            row.bytes_out = arrived.photo.len() as u64;
            row.ms = Some(u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
            examine(photo, *orientation, arrived, &mut row).err()
        }
    };
    if let Some(Fault(name, why)) = fault {
        row.outcome = "failed";
        (row.reason, row.why) = (Some(name), why);
    }
    row
}

/// Looks at a photo that came out; the worst that is wrong with it comes first.
fn examine(photo: &Photo, orientation: u8, arrived: &Arrived, row: &mut Row<'_>) -> Result<(), Fault> {
    let after = &arrived.photo;
    let options = settings(arrived)?;
    scrub::verify(after, &options)
        .map_err(|violation| Fault("NotClean", format!("what came out is not clean: {violation}")))?;
    let inspection = scrub::inspect(after, &options)
        .map_err(|refusal| Fault("NotAPhoto", format!("what came out is not a photo: {refusal}")))?;
    if let Some(part) = inspection.parts.iter().find(|part| !part.removed.is_empty()) {
        let (kind, offset) = (part.kind, part.offset);
        return Err(Fault("NotClean", format!("what came out still has {kind} at offset {offset}")));
    }
    let (shown, turned) = match (orientation, inspection.orientation) {
        (1, 1) => ("upright".to_owned(), false),
        (before, after) if before == after => (format!("tag {after} kept"), false),
        (before, 1) if options.orientation == OrientationMode::Drop => {
            (format!("tag {before} dropped"), false)
        }
        (before, 1) => (format!("turned from {before}"), true),
        _ => return Err(Fault("NotUpright", "what came out is turned another way".to_owned())),
    };
    row.orientation = Some(shown);
    let turn = if turned { orientation } else { 1 };
    row.same_picture = same::compare(&photo.bytes, after, turn).map(Same::as_str);
    if photo.secrets.iter().any(|secret| after.windows(secret.len().max(1)).any(|bytes| bytes == secret)) {
        return Err(Fault("SecretLeft", "what came out holds a secret of the sample's metadata".to_owned()));
    }
    if row.same_picture.is_none() {
        return Err(Fault("OtherPicture", "what came out is not the same picture".to_owned()));
    }
    if !row.same_key {
        return Err(Fault("NotListed", "bucket B does not list it under its key".to_owned()));
    }
    Ok(())
}

/// The settings the function noted beside the photo: behind the core's version.
fn settings(arrived: &Arrived) -> Result<Options, Fault> {
    let settings = arrived.core.as_deref().and_then(|core| core.split_once(' '));
    settings.and_then(|(_, settings)| settings.parse().ok()).ok_or_else(|| {
        Fault("NotOurs", "what came out does not say which version and settings made it".to_owned())
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use bytes::Bytes;

    use super::*;
    use crate::photos;

    /// A photo to send, what the function makes of it, and a bucket B that lists it.
    fn sent() -> (Sent, Bytes, BTreeSet<String>) {
        let photo = photos::gather(&[]).unwrap().into_iter().find(|photo| photo.name == "sideways").unwrap();
        let clean = scrub::scrub(photo.bytes.clone(), &scrub::Options::default()).unwrap().photo;
        let key = format!("smoke/{}", photo.key);
        (Sent { key: key.clone(), photo }, clean, BTreeSet::from([key]))
    }

    fn came(photo: &Bytes) -> Came {
        let core = format!("{} {}", scrub::VERSION, Options::default());
        Some((Arrived { photo: photo.clone(), version: None, core: Some(core) }, Duration::from_millis(7)))
    }

    #[test]
    fn what_the_function_makes_is_clean() {
        let (sent, clean, in_b) = sent();
        let row = judge(&sent, &came(&clean), &in_b);
        println!("{row:?}");
        assert_eq!(
            (row.outcome, row.reason, row.same_key, row.same_picture),
            ("clean", None, true, Some("pixels, turned"))
        );
        assert_eq!((row.bytes_in, row.bytes_out), (sent.photo.bytes.len() as u64, clean.len() as u64));
    }

    #[test]
    fn everything_that_can_be_wrong_is_found() {
        let (sent, clean, in_b) = sent();
        let upright = photos::gather(&[]).unwrap().into_iter().find(|photo| photo.name == "camera").unwrap();
        let other = scrub::scrub(upright.bytes, &scrub::Options::default()).unwrap().photo;
        let mut tagged = sent.photo.bytes.to_vec();
        // The low byte of the orientation, which is a SHORT in big-endian order.
        let entry = tagged.windows(4).position(|entry| entry == [0x01, 0x12, 0, 3]).unwrap();
        tagged[entry + 9] = 3;
        let tagged_3 = Options { orientation: OrientationMode::Tag, ..Options::default() };
        let tagged = scrub::scrub(tagged.into(), &tagged_3).unwrap().photo;
        let mut unsigned = came(&clean);
        unsigned.as_mut().unwrap().0.core = None;
        let cut = clean.slice(..clean.len() - 2);
        let trailer = Bytes::from([&clean[..], b"trailer"].concat());
        let cases = [
            ("NotClean", came(&sent.photo.bytes), &in_b),
            ("NotClean", came(&trailer), &in_b),
            ("NotClean", came(&cut), &in_b),
            ("NotClean", came(&Bytes::new()), &in_b),
            ("OtherPicture", came(&other), &in_b),
            ("NotUpright", came(&tagged), &in_b),
            ("NotOurs", unsigned, &in_b),
            ("NotThere", None, &in_b),
            ("NotListed", came(&clean), &BTreeSet::new()),
        ];
        for (reason, came, in_b) in &cases {
            let row = judge(&sent, came, in_b);
            println!("{reason}: {}", row.why);
            assert_eq!((row.outcome, row.reason), ("failed", Some(*reason)));
        }
    }

    #[test]
    fn another_picture_and_a_secret_left_are_found() {
        let (mut sent, clean, in_b) = sent();
        // A quantization table of its own makes another picture of the same size, and is no metadata. Its first element
        // scales the brightness of every block.
        let table = clean.windows(2).position(|marker| marker == [0xFF, 0xDB]).unwrap() + 5;
        let mut other = clean.to_vec();
        other[table] ^= 0x10;
        assert_eq!(judge(&sent, &came(&other.into()), &in_b).reason, Some("OtherPicture"));
        sent.photo.secrets.push(clean.slice(200..240).to_vec());
        assert_eq!(judge(&sent, &came(&clean), &in_b).reason, Some("SecretLeft"));
    }

    #[test]
    fn a_photo_to_be_refused_must_not_be_in_bucket_b() {
        let (mut sent, _, in_b) = sent();
        sent.photo.expected = Expected::Refused("CutOff", "it is cut off".to_owned());
        let row = judge(&sent, &None, &BTreeSet::new());
        assert_eq!((row.outcome, row.reason), ("refused", Some("CutOff")));
        let row = judge(&sent, &None, &in_b);
        assert_eq!((row.outcome, row.reason), ("failed", Some("NotRefused")));
    }
}
