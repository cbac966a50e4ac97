//! Finds the marker segments one by one, as libjpeg-turbo's `next_marker` does: bytes that are not a marker are
//! skipped, and so are markers that have no length (ITU-T T.81, B.1.1.3 and Table B.1).

use std::ops::Range;

use img_parts::jpeg::markers;

use crate::kind::classify;
use crate::{Kind, Refusal};

/// A file with more segments is refused: real photos have dozens, a whole ICC profile has at most 255, and each costs
/// memory.
pub(super) const MAX_SEGMENTS: usize = 65_536;

/// A marker segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    /// Second byte of its marker.
    pub(crate) marker: u8,
    /// From the 0xFF of its marker to the end of its payload.
    pub(crate) range: Range<usize>,
}

impl Segment {
    /// The bytes after the length.
    pub(crate) fn payload<'a>(&self, photo: &'a [u8]) -> &'a [u8] {
        photo.get(self.payload_range()).unwrap_or_default()
    }

    /// Where the bytes after the length are.
    pub(super) fn payload_range(&self) -> Range<usize> {
        self.range.start.saturating_add(4)..self.range.end
    }
}

/// What comes next in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    Segment(Segment),
    /// SOI at this offset.
    Soi(usize),
    /// EOI at this offset.
    Eoi(usize),
    /// The file ends without another marker.
    End,
}

/// The first segment of this kind.
pub(crate) fn first_segment(photo: &[u8], kind: Kind) -> Option<Segment> {
    let mut at = 2;
    loop {
        let Next::Segment(segment) = next_segment(photo, at).ok()? else { return None };
        if classify(segment.marker, segment.payload(photo)) == kind {
            return Some(segment);
        }
        at = segment.range.end;
    }
}

/// The next segment at or after `from`. What is between `from` and its start is not part of the picture.
pub(super) fn next_segment(photo: &[u8], from: usize) -> Result<Next, Refusal> {
    let mut at = from;
    loop {
        let Some((start, marker)) = next_marker(photo, at) else { return Ok(Next::End) };
        let after = start.saturating_add(2);
        match marker {
            markers::SOI => return Ok(Next::Soi(start)),
            markers::EOI => return Ok(Next::Eoi(start)),
            0x00..=0xBF | markers::RST0..=markers::RST7 => {
                at = after;
                continue;
            }
            _ => {}
        }
        let cut_off = Refusal::CutOff { offset: photo.len(), percent: 0 };
        let length = photo.get(after..).and_then(|rest| rest.first_chunk()).ok_or(cut_off)?;
        let length = usize::from(u16::from_be_bytes(*length));
        if length < 2 {
            // libjpeg-turbo treats it as 2 in a segment that it ignores, and reads on.
            if !is_ignored(marker) {
                return Err(Refusal::BadLength { marker, offset: start });
            }
            at = after.saturating_add(2);
            continue;
        }
        let end = after.saturating_add(length);
        if end > photo.len() {
            let left = photo.len().saturating_sub(after);
            return Err(Refusal::LengthPastEnd { marker, offset: start, length, left });
        }
        return Ok(Next::Segment(Segment { marker, range: start..end }));
    }
}

/// The first marker at or after `from`: the offset of the 0xFF directly before its second byte, and that byte. A second
/// byte of 0x00 is returned too: it is a stuffed zero, not a marker.
fn next_marker(photo: &[u8], from: usize) -> Option<(usize, u8)> {
    let first = photo.get(from..)?.iter().position(|&byte| byte == 0xFF)?.checked_add(from)?;
    let at = photo.get(first..)?.iter().position(|&byte| byte != 0xFF)?.checked_add(first)?;
    Some((at.checked_sub(1)?, *photo.get(at)?))
}

/// Segments that no picture is coded in. Decoders skip them unread, or do not know their kind (JPGn).
fn is_ignored(marker: u8) -> bool {
    matches!(marker, markers::APP0..=markers::APP15 | markers::COM | markers::DNL | markers::JPG0..=markers::JPG13)
}
