//! The orientation of a photo. Cameras store the picture as the sensor saw it and note in EXIF how to rotate it for
//! display. Without that note many photos would be shown sideways, so it must not go with the rest of EXIF.

use std::fmt;

use bytes::Bytes;

use crate::OrientationMode;

/// What happened to the orientation of a photo. The numbers are those of Exif 2.32, tag 0x0112.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Orientation {
    /// The picture is stored upright: there was nothing to do.
    #[default]
    Upright,
    /// The file gives an orientation that some viewers follow and others do not: a number of another type than SHORT, a
    /// tag twice with different values, only in XMP. The picture stays as it is stored, without a tag.
    Unreadable,
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
            Orientation::Unreadable => f.write_str(
                "unreadable: viewers differ on the orientation, and the picture stays as it is stored",
            ),
            Orientation::Rotated { from, trimmed_columns: 0, trimmed_rows: 0 } => {
                write!(f, "rotated from {from}")
            }
            Orientation::Rotated { from, trimmed_columns, trimmed_rows } => {
                write!(f, "rotated from {from}, {trimmed_columns} columns and {trimmed_rows} rows trimmed")
            }
            Orientation::Tagged { orientation, not_rotated: None } => {
                write!(f, "tagged {orientation}: rotating it was not asked for")
            }
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
    /// Lossless or 12-bit coding.
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
    /// Rotation takes more work than it may: many blocks, gone over many times.
    #[error("rotating it may take {needs} ms of work and {given} ms are allowed")]
    Work {
        /// How much it takes at most, in milliseconds of one core of an ordinary machine.
        needs: u64,
        /// How much it may take.
        given: u64,
    },
    /// Rotation would trim more than 1/16 of a side.
    #[error("rotating it would trim {0}: more than 1/16 of a side")]
    LargeTrim(Trim),
    /// Rotation would trim pixels, and the setting is to lose none.
    #[error("rotating it would trim {0}: none may be lost")]
    NotPerfect(Trim),
    /// The rotated photo is more than 1 % larger than the one with a tag: mostly tiny pictures, full of tables.
    #[error("rotating it would give {rotated} bytes instead of {tagged}")]
    Larger {
        /// Length of the rotated photo in bytes.
        rotated: u64,
        /// Length of the one with a tag.
        tagged: u64,
    },
    /// libjpeg-turbo reads the photo with a warning, or not at all.
    #[error("its picture data is damaged or unusual")]
    Damaged,
    /// What libjpeg-turbo wrote is not the clean, rotated picture that it has to be. Not the photo's fault.
    #[error(
        "rotating it gave a wrong result: this is a bug, please report it with the output of `ripper inspect --json`"
    )]
    Failed,
}

/// What a rotation trims of the upright picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trim {
    /// How many columns.
    pub columns: u16,
    /// How many rows.
    pub rows: u16,
    /// How many columns there are before.
    pub width: u16,
    /// How many rows there are before.
    pub height: u16,
}

impl Trim {
    /// Whether more than 1/16 of a side is trimmed: of a photo that is part of the picture, of a small one a few
    /// pixels.
    pub(crate) fn is_large(&self) -> bool {
        let is_large = |part: u16, side: u16| u32::from(part).saturating_mul(16) > u32::from(side);
        is_large(self.columns, self.width) || is_large(self.rows, self.height)
    }
}

impl fmt::Display for Trim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Trim { columns, rows, width, height } = self;
        write!(f, "{columns} of {width} columns and {rows} of {height} rows")
    }
}

/// How a photo is stored, as far as its metadata says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stored {
    Upright,
    /// Viewers differ.
    Unreadable,
    /// With an orientation of 2 to 8.
    Rotated(u8),
}

impl Stored {
    /// The orientation, 1 to 8. Without one that all viewers read, a picture is shown as it is stored: 1.
    pub(crate) fn number(self) -> u8 {
        match self {
            Stored::Upright | Stored::Unreadable => 1,
            Stored::Rotated(orientation) => orientation,
        }
    }

    /// What happens to the orientation if the picture is not rotated.
    pub(crate) fn not_rotated(self, mode: OrientationMode) -> Orientation {
        match (self, mode) {
            (Stored::Upright, _) => Orientation::Upright,
            (Stored::Unreadable, _) => Orientation::Unreadable,
            (Stored::Rotated(from), OrientationMode::Drop) => Orientation::Dropped { from },
            (Stored::Rotated(orientation), _) => Orientation::Tagged { orientation, not_rotated: None },
        }
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
