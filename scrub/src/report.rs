//! What was taken out of a photo: kinds and byte counts, never values.

use crate::{Kind, Orientation};

/// What was taken out of a photo.
///
/// Every byte is accounted for: the sum of `removed` is the length of the original, less the length of the clean photo,
/// plus `added`. This does not hold for a photo that was rotated or coded again ([`Recoded`]): its data is new,
/// in more bytes or fewer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// How many bytes of each kind are gone: each kind once, in the order in which they first come in the file.
    pub removed: Vec<Removed>,
    /// What happened to the orientation of the photo.
    pub orientation: Orientation,
    /// Bytes written that were not there: 36 for a new EXIF segment that holds only the orientation, a few for a
    /// profile that had no description, 2 for a missing EOI, one where padding becomes 0xFF, and standard Huffman
    /// tables that the file used without having them. Mostly 0.
    pub added: u64,
    /// Why the picture was coded again, if it was: from the same coefficients, in more bytes or fewer.
    pub recoded: Option<Recoded>,
}

/// Why a picture was coded again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
#[non_exhaustive]
pub enum Recoded {
    /// It was coded arithmetically. Only Huffman coding is checked to its last bit.
    #[strum(serialize = "arithmetic coding")]
    ArithmeticCoding,
    /// Its data is damaged. Decoders draw something, so what they draw was coded.
    #[strum(serialize = "damaged data")]
    DamagedData,
    /// Its scans do not follow each other as the standard asks for: some were coded twice, or not in their order.
    #[strum(serialize = "unusual scans")]
    UnusualScans,
    /// There is something in the blocks outside of the picture that its last MCUs hold, and the tables have no code for
    /// an empty one. Mostly they are emptied as the data is walked.
    #[strum(serialize = "hidden blocks")]
    HiddenBlocks,
}

/// How many bytes of one kind were removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    /// What they were.
    pub kind: Kind,
    /// How many, including markers and length fields.
    pub bytes: u64,
}

/// Adds to the count of a kind. There are only as many entries as kinds, so the search is cheap.
pub(crate) fn add(removed: &mut Vec<Removed>, kind: Kind, bytes: u64) {
    if bytes == 0 {
        return;
    }
    match removed.iter_mut().find(|entry| entry.kind == kind) {
        Some(entry) => entry.bytes = entry.bytes.saturating_add(bytes),
        None => removed.push(Removed { kind, bytes }),
    }
}

/// Why a picture that has to be coded again cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotRecoded {
    /// Lossless coding has no coefficients.
    #[error("its coding cannot be read without decoding it")]
    Coding,
    /// It takes more memory than it may.
    #[error("that takes {needs} bytes of memory and {given} are allowed")]
    Memory {
        /// How much it takes, in bytes.
        needs: u64,
        /// How much it may take, in bytes.
        given: u64,
    },
    /// It takes too long.
    #[error("that takes up to {needs} ms and {given} are allowed")]
    Work {
        /// How long it takes at most, in milliseconds.
        needs: u64,
        /// How long it may take, in milliseconds.
        given: u64,
    },
    /// libjpeg-turbo makes no whole picture of it.
    #[error("libjpeg-turbo does not make a whole picture of it")]
    Failed,
}
