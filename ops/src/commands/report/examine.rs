//! What the page shows of one photo.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use bytes::Bytes;
use scrub::{Action, Clean, IccMode, Inspection, Kind, Options, Refusal};

use crate::metadata_values::{self, Value};
use crate::photo_file::read_photo;
use crate::removed::{happened_text, removed_kinds};

/// A photo before and after.
#[derive(Debug)]
pub(super) struct Examined {
    pub(super) name: String,
    pub(super) original: Bytes,
    /// How long scrubbing it took.
    pub(super) time: Duration,
    /// Whether it is known what is inside; some refused photos have no list of parts.
    pub(super) inspected: bool,
    pub(super) values: Vec<Value>,
    pub(super) places: Vec<String>,
    pub(super) result: Result<CleanCopy, Refusal>,
}

/// A clean copy, and what an inspection of its own found in it.
#[derive(Debug)]
pub(super) struct CleanCopy {
    pub(super) photo: Bytes,
    /// What happened to the photo, in one line.
    pub(super) happened: String,
    pub(super) left: Left,
}

/// What is in a clean copy.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Left {
    /// Whatever is not the picture.
    pub(super) metadata: Vec<String>,
    /// What the file consists of, each kind once.
    pub(super) kinds: Vec<String>,
}

/// Reads and scrubs a photo; nothing is written.
pub(super) fn examine(source: &Path, options: &Options) -> io::Result<Examined> {
    let original = Bytes::from(read_photo(source)?);
    let started = Instant::now();
    let result = scrub::scrub(original.clone(), options);
    let time = started.elapsed();
    let inspection = scrub::inspect(&original, options);
    let inspected = inspection.is_ok();
    let parts = inspection.map(|inspection| inspection.parts).unwrap_or_default();
    Ok(Examined {
        name: source.to_string_lossy().into_owned(),
        time,
        inspected,
        values: metadata_values::of_photo(&original, &parts),
        places: metadata_values::places(&original, &parts),
        result: result.map(|clean| CleanCopy::new(clean, options)),
        original,
    })
}

impl CleanCopy {
    fn new(clean: Clean, options: &Options) -> Self {
        let report = &clean.report;
        let orientation = report.orientation.to_string();
        let recoded = report.recoded.map(|reason| reason.to_string());
        let happened = happened_text(
            &removed_kinds(&report.removed),
            Some(orientation.as_str()).filter(|orientation| *orientation != "upright"),
            recoded.as_deref(),
        );
        Self { left: Left::of(&clean.photo, options), happened, photo: clean.photo }
    }
}

impl Left {
    /// Looks at the bytes of a clean copy as at those of any file.
    pub(super) fn of(photo: &[u8], options: &Options) -> Self {
        let (parts, mut metadata) = match scrub::inspect(photo, options) {
            Ok(Inspection { parts, .. }) => (parts, Vec::new()),
            Err(refusal) => (Vec::new(), vec![format!("unknown: {refusal}")]),
        };
        metadata.extend(scrub::verify(photo, options).err().map(|violation| violation.to_string()));
        metadata.extend(metadata_values::of_photo(photo, &parts).into_iter().map(|value| value.name));
        let removable = parts.iter().filter(|part| part.action == Action::Remove);
        metadata.extend(removable.map(|part| part.kind.to_string()));
        if options.icc == IccMode::Keep && parts.iter().any(|part| part.kind == Kind::IccProfile) {
            metadata.push("the whole ICC profile, as --icc keep asks for".to_owned());
        }
        let mut kinds = Vec::new();
        for kind in parts.iter().map(|part| part.kind.to_string()) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        Self { metadata, kinds }
    }
}
