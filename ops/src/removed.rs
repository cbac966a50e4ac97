//! What was removed from a photo, as `--json` and the tables show it.

use serde::Serialize;

use crate::text;

/// How many bytes of one kind were removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct RemovedKind {
    pub(crate) kind: String,
    pub(crate) bytes: u64,
}

/// The photo core's counts, ready to print.
pub(crate) fn removed_kinds(removed: &[scrub::Removed]) -> Vec<RemovedKind> {
    removed
        .iter()
        .map(|removed| RemovedKind { kind: removed.kind.to_string(), bytes: removed.bytes })
        .collect()
}

/// `EXIF 1.20 KiB, XMP 300 B`; empty if nothing was removed.
pub(crate) fn removed_text(removed: &[RemovedKind]) -> String {
    let kinds: Vec<_> =
        removed.iter().map(|removed| format!("{} {}", removed.kind, text::size(removed.bytes))).collect();
    kinds.join(", ")
}

/// What happened to a clean photo: what was removed, and whatever else there is to say.
pub(crate) fn happened_text(
    removed: &[RemovedKind],
    orientation: Option<&str>,
    recoded: Option<&str>,
) -> String {
    let removed = if removed.is_empty() { "nothing".to_owned() } else { removed_text(removed) };
    let recoded = recoded.map(|reason| format!("recoded: {reason}"));
    let texts = [Some(removed), orientation.map(str::to_owned), recoded];
    texts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}
