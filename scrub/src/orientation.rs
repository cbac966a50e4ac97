//! Keeps a photo upright after its EXIF is gone. Cameras store the picture as the sensor lay and note in EXIF how to
//! turn it; without the note the photo would lie on its side.

use std::fmt;

use bytes::Bytes;

use crate::exif;
use crate::tiff::{SHORT, Tiff};

/// What became of the orientation of a photo. The numbers are those of Exif 2.32, tag 0x0112.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Orientation {
    /// The picture is stored upright: there was nothing to do.
    #[default]
    Upright,
    /// The picture had an orientation of 2 to 8 and is stored upright now. What did not fill a whole unit of the
    /// coding at an edge, at most 31 pixels and with the codings cameras use 15, had to go.
    Rotated {
        /// The orientation it had.
        from: u8,
        /// How many columns of the upright picture are gone.
        trimmed_columns: u16,
        /// How many rows of the upright picture are gone.
        trimmed_rows: u16,
    },
    /// A fresh EXIF segment holds the orientation and nothing else.
    Tagged {
        /// The orientation, 2 to 8.
        orientation: u8,
        /// Why the picture was not turned. None if nobody asked for it.
        not_rotated: Option<NotRotated>,
    },
    /// The picture is stored with an orientation of 2 to 8, and nothing says so any more.
    Dropped {
        /// The orientation it had.
        from: u8,
    },
}

impl fmt::Display for Orientation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Orientation::Upright => f.write_str("upright"),
            Orientation::Rotated { from, trimmed_columns: 0, trimmed_rows: 0 } => {
                write!(f, "rotated from {from}")
            }
            Orientation::Rotated { from, trimmed_columns, trimmed_rows } => {
                write!(f, "rotated from {from}, {trimmed_columns} columns and {trimmed_rows} rows trimmed")
            }
            Orientation::Tagged { orientation, not_rotated: None } => write!(f, "tagged {orientation}"),
            Orientation::Tagged { orientation, not_rotated: Some(reason) } => {
                write!(f, "tagged {orientation}: {reason}")
            }
            Orientation::Dropped { from } => write!(f, "dropped {from}"),
        }
    }
}

/// Why a photo keeps its orientation as a tag, though it was to be turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotRotated {
    /// Lossless or 12-bit coding, or a height that only DNL gives.
    #[error("its coding cannot be turned without decoding it")]
    Coding,
    /// Turning would take more memory than was given.
    #[error("turning it takes {needs} bytes of memory and {given} are given")]
    Memory {
        /// How much it takes, in bytes.
        needs: u64,
        /// How much was given, in bytes.
        given: u64,
    },
    /// More scans than turning can go over in reasonable time.
    #[error("it has more than {limit} scans")]
    Scans {
        /// How many can be turned.
        limit: usize,
    },
    /// The picture is smaller than one unit of its coding: nothing would be left of it.
    #[error("it is too small to be turned without decoding it")]
    TooSmall,
    /// libjpeg-turbo does not read the photo without a warning.
    #[error("its picture data is damaged or unusual")]
    Damaged,
    /// What libjpeg-turbo wrote is not the clean, turned picture it has to be. No fault of the photo.
    #[error("what turning it gave did not pass verification: please report this file's structure as a bug")]
    Failed,
}

const TAG: u16 = 0x0112;

/// Reads the orientation, 1 to 8, from the payload of an EXIF segment, as browsers do: a SHORT in IFD0. Anything else
/// is 1, upright.
pub(crate) fn read(payload: &[u8]) -> u8 {
    let find = || {
        let (tiff, ifd0) = Tiff::read(exif::tiff(payload)?)?;
        let entry = tiff.entries(ifd0).find(|entry| entry.tag == TAG)?;
        (entry.format == SHORT && entry.count == 1).then(|| tiff.short(entry.value.start))?
    };
    match find() {
        Some(value @ 2..=8) => value.to_be_bytes()[1],
        _ => 1,
    }
}

/// The payload of an EXIF segment that holds this orientation and nothing else: 36 bytes on the wire.
pub(crate) fn exif(orientation: u8) -> Bytes {
    let mut exif = b"Exif\0\0MM\0\x2A\0\0\0\x08".to_vec();
    exif.extend(b"\0\x01\x01\x12\0\x03\0\0\0\x01"); // one entry: the tag, a SHORT, one of them
    exif.extend([0, orientation, 0, 0]);
    exif.extend([0; 4]); // no further IFD
    exif.into()
}
