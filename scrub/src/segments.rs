//! Finds one marker segment after the other, the way libjpeg-turbo's `next_marker` does: bytes that are not a
//! marker are skipped, and so are markers that have no length (ITU-T T.81, B.1.1.3 and Table B.1).

use std::ops::Range;

use img_parts::jpeg::markers;

use crate::kind::classify;
use crate::{Kind, Refusal};

/// More than this many segments are refused: real photos have dozens, a whole ICC profile has 255 at most, and
/// each costs memory.
pub(crate) const MAX_SEGMENTS: usize = 65_536;

/// A marker segment: where it lies in the file, from its 0xFF to the end of its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) marker: u8,
    pub(crate) range: Range<usize>,
}

impl Segment {
    /// The bytes behind the length.
    pub(crate) fn payload<'a>(&self, photo: &'a [u8]) -> &'a [u8] {
        photo.get(self.range.start.saturating_add(4)..self.range.end).unwrap_or_default()
    }
}

/// What comes next in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    Segment(Segment),
    /// SOI at this offset.
    Soi(usize),
    /// EOI at this offset.
    Eoi(usize),
    /// The file ends without another marker.
    End,
}

/// The first segment of this kind.
pub(crate) fn first(photo: &[u8], kind: Kind) -> Option<Segment> {
    let mut at = 2;
    loop {
        let Next::Segment(segment) = next(photo, at).ok()? else { return None };
        if classify(segment.marker, segment.payload(photo)) == kind {
            return Some(segment);
        }
        at = segment.range.end;
    }
}

/// Reads the next segment at or behind `from`. Whatever lies between `from` and its start is no part of the picture.
pub(crate) fn next(photo: &[u8], from: usize) -> Result<Next, Refusal> {
    let mut at = from;
    loop {
        let Some((start, marker)) = marker(photo, at) else { return Ok(Next::End) };
        let behind = start.saturating_add(2);
        match marker {
            markers::SOI => return Ok(Next::Soi(start)),
            markers::EOI => return Ok(Next::Eoi(start)),
            0x00..=0xBF | markers::RST0..=markers::RST7 => {
                at = behind;
                continue;
            }
            _ => {}
        }
        let cut_off = Refusal::CutOff { offset: photo.len() };
        let length = photo.get(behind..).and_then(|rest| rest.first_chunk()).ok_or(cut_off)?;
        let length = usize::from(u16::from_be_bytes(*length));
        if length < 2 {
            // libjpeg-turbo takes such a length as 2 where it has no use for the segment, and reads on.
            if !is_ignored(marker) {
                return Err(Refusal::BadLength { marker, offset: start });
            }
            at = behind.saturating_add(2);
            continue;
        }
        let end = behind.saturating_add(length);
        if end > photo.len() {
            let left = photo.len().saturating_sub(behind);
            return Err(Refusal::LengthPastEnd { marker, offset: start, length, left });
        }
        return Ok(Next::Segment(Segment { marker, range: start..end }));
    }
}

/// The first marker at or behind `from`: the offset of the 0xFF directly in front of its second byte, and that
/// byte. A second byte of 0x00 is returned too: it is a stuffed zero, not a marker.
fn marker(photo: &[u8], from: usize) -> Option<(usize, u8)> {
    let first = photo.get(from..)?.iter().position(|&byte| byte == 0xFF)?.checked_add(from)?;
    let at = photo.get(first..)?.iter().position(|&byte| byte != 0xFF)?.checked_add(first)?;
    Some((at.checked_sub(1)?, *photo.get(at)?))
}

/// Segments that no picture is coded in. Decoders skip them without a look, or know none of their kind (JPGn).
fn is_ignored(marker: u8) -> bool {
    matches!(marker, markers::APP0..=markers::APP15 | markers::COM | markers::DNL | markers::JPG0..=markers::JPG13)
}
