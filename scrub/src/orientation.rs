//! The orientation of a photo. Cameras store the picture as the sensor saw it and note in EXIF how to rotate it for
//! display. Without that note many photos would be shown sideways, so it must not go with the rest of EXIF.

use std::fmt;

use bytes::Bytes;

use crate::exif::tiff_data;
use crate::tiff::{SHORT, Tiff};

/// What happened to the orientation of a photo. The numbers are those of Exif 2.32, tag 0x0112.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Orientation {
    /// The picture is stored upright: there was nothing to do.
    #[default]
    Upright,
    /// The picture had an orientation of 2 to 8 and is stored upright now. At an edge, pixels that did not fill a whole
    /// MCU were trimmed: at most 31 pixels (15 with the codings that cameras use).
    Rotated {
        /// The orientation it had.
        from: u8,
        /// How many columns of the upright picture are gone.
        trimmed_columns: u16,
        /// How many rows of the upright picture are gone.
        trimmed_rows: u16,
    },
    /// A new EXIF segment holds the orientation and nothing else.
    Tagged {
        /// The orientation, 2 to 8.
        orientation: u8,
        /// Why the picture was not rotated. None if that was not asked for.
        not_rotated: Option<NotRotated>,
    },
    /// The picture is stored with an orientation of 2 to 8, which the file no longer gives.
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

/// Why a photo that was to be rotated keeps its orientation as a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotRotated {
    /// Lossless or 12-bit coding, or a height that only DNL gives.
    #[error("its coding cannot be rotated without decoding it")]
    Coding,
    /// Rotation takes more memory than it may use.
    #[error("rotating it takes {needs} bytes of memory and {given} are allowed")]
    Memory {
        /// How much it takes, in bytes.
        needs: u64,
        /// How much it may take, in bytes.
        given: u64,
    },
    /// More scans than can be rotated in reasonable time.
    #[error("it has more than {limit} scans")]
    Scans {
        /// The most that are rotated.
        limit: usize,
    },
    /// The picture is smaller than one MCU: nothing would be left of it.
    #[error("it is too small to be rotated without decoding it")]
    TooSmall,
    /// libjpeg-turbo reads the photo with a warning, or not at all.
    #[error("its picture data is damaged or unusual")]
    Damaged,
    /// What libjpeg-turbo wrote is not the clean, rotated picture that it has to be. Not the photo's fault.
    #[error(
        "rotating it gave a wrong result: this is a bug, please report it with the output of `ripper inspect --json`"
    )]
    Failed,
}

const TAG: u16 = 0x0112;

/// The orientation, 1 to 8, in the payload of an EXIF segment, as browsers read it: a SHORT in IFD0. Anything else is
/// 1, upright.
pub(crate) fn orientation_of_exif(payload: &[u8]) -> u8 {
    let find = || {
        let (tiff, ifd0) = Tiff::parse(tiff_data(payload)?)?;
        let entry = tiff.entries(ifd0).find(|entry| entry.tag == TAG)?;
        (entry.format == SHORT && entry.count == 1).then(|| tiff.short(entry.value.start))?
    };
    match find() {
        Some(value @ 2..=8) => value.to_be_bytes()[1],
        _ => 1,
    }
}

/// The payload of an EXIF segment that holds this orientation and nothing else: 36 bytes with marker and length.
pub(crate) fn orientation_exif(orientation: u8) -> Bytes {
    let mut exif = b"Exif\0\0MM\0\x2A\0\0\0\x08".to_vec();
    exif.extend(b"\0\x01\x01\x12\0\x03\0\0\0\x01"); // one entry: the tag, a SHORT, one of them
    exif.extend([0, orientation, 0, 0]);
    exif.extend([0; 4]); // no next IFD
    exif.into()
}
