//! What was taken out of a photo: kinds and byte counts, never values.

use crate::{Kind, Orientation};

/// What was taken out of a photo.
///
/// Every byte is accounted for: the sum of `removed` is the length of the file before, less its length after, plus
/// `added`. Not so for a photo that was turned: its picture is coded anew, in more bytes or fewer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// How many bytes of each kind are gone, each kind once, in the order of their first place in the file.
    pub removed: Vec<Removed>,
    /// What became of the orientation of the photo.
    pub orientation: Orientation,
    /// Bytes written that were not there: 36 for a fresh EXIF segment with nothing but the orientation, and the few that
    /// a profile without a description is short of. Else 0.
    pub added: u64,
}

/// How many bytes of one kind are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    /// What they were.
    pub kind: Kind,
    /// How many, markers and lengths included.
    pub bytes: u64,
}

/// Adds to the count of its kind. There are only as many entries as kinds, so looking for it is cheap.
pub(crate) fn count(removed: &mut Vec<Removed>, kind: Kind, bytes: u64) {
    if bytes == 0 {
        return;
    }
    match removed.iter_mut().find(|entry| entry.kind == kind) {
        Some(entry) => entry.bytes = entry.bytes.saturating_add(bytes),
        None => removed.push(Removed { kind, bytes }),
    }
}
