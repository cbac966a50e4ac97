//! Where something can be put into a photo.

use super::parts;

/// Positions, by the index of the part they come before. The last one is after EOI.
pub(crate) const IN_HEADER: [usize; 9] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
pub(crate) const BETWEEN_SCANS: [usize; 4] = [11, 12, 13, 15];
pub(crate) const AFTER_EOI: usize = 16;

/// The photo of `parts` with something put into this position.
pub(crate) fn with(new: &[u8], position: usize) -> Vec<u8> {
    let mut parts = parts();
    parts.insert(position, new.to_vec());
    parts.concat()
}

pub(crate) fn positions() -> impl Iterator<Item = usize> {
    IN_HEADER.into_iter().chain(BETWEEN_SCANS).chain([AFTER_EOI])
}
