//! Keeps a photo upright after its EXIF is gone. Cameras store the picture as the sensor lay and note in EXIF how to
//! turn it; without the note the photo would lie on its side.

use bytes::Bytes;

use crate::exif;
use crate::tiff::{SHORT, Tiff};

/// How the orientation of a photo is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Orientation {
    /// The picture is stored upright: there is nothing to keep.
    #[default]
    Upright,
    /// A fresh EXIF segment holds the orientation 2 to 8 (Exif 2.32, tag 0x0112) and nothing else.
    Tagged(u8),
}

const TAG: u16 = 0x0112;

impl Orientation {
    /// Reads the orientation from the payload of an EXIF segment, as browsers do: a SHORT in IFD0. Anything else,
    /// and any number outside 2 to 8, is upright.
    pub(crate) fn read(payload: &[u8]) -> Orientation {
        let find = || {
            let (tiff, ifd0) = Tiff::read(exif::tiff(payload)?)?;
            let entry = tiff.entries(ifd0).find(|entry| entry.tag == TAG)?;
            (entry.format == SHORT && entry.count == 1).then(|| tiff.short(entry.value.start))?
        };
        match find() {
            Some(value @ 2..=8) => Orientation::Tagged(value.to_be_bytes()[1]),
            _ => Orientation::Upright,
        }
    }

    /// The payload of an EXIF segment that holds this orientation and nothing else: 36 bytes on the wire.
    pub(crate) fn exif(self) -> Option<Bytes> {
        let Orientation::Tagged(value) = self else { return None };
        let mut exif = b"Exif\0\0MM\0\x2A\0\0\0\x08".to_vec();
        exif.extend(b"\0\x01\x01\x12\0\x03\0\0\0\x01"); // one entry: the tag, a SHORT, one of them
        exif.extend([0, value, 0, 0]);
        exif.extend([0; 4]); // no further IFD
        Some(exif.into())
    }
}
