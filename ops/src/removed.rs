//! What was removed from a photo, as `--json` and the tables show it.

use serde::Serialize;

use crate::text;

/// How many bytes of one kind were removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct RemovedPart {
    pub(crate) kind: String,
    pub(crate) bytes: u64,
}

/// The photo core's counts, ready to print.
pub(crate) fn removed_parts(removed: &[scrub::Removed]) -> Vec<RemovedPart> {
    removed.iter().map(|part| RemovedPart { kind: part.kind.to_string(), bytes: part.bytes }).collect()
}

/// `EXIF 1.20 KiB, XMP 300 B`; empty if nothing was removed.
pub(crate) fn removed_text(removed: &[RemovedPart]) -> String {
    let parts: Vec<_> =
        removed.iter().map(|part| format!("{} {}", part.kind, text::size(part.bytes))).collect();
    parts.join(", ")
}
