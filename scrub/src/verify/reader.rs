//! Reads a photo segment by segment, with nothing skipped: each marker must be exactly where the last segment ended.

use super::{Violation, marker};

/// A segment of a photo. EOI counts as one with an empty payload.
pub(super) struct Segment<'a> {
    /// Second byte of its marker.
    pub(super) marker: u8,
    /// Of its marker.
    pub(super) offset: usize,
    /// What follows the length.
    pub(super) payload: &'a [u8],
}

pub(super) struct Reader<'a> {
    photo: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn after_soi(photo: &'a [u8]) -> Result<Self, Violation> {
        match photo {
            [0xFF, marker::SOI, ..] => Ok(Self { photo, at: 2 }),
            _ => Err(Violation::NoSoi),
        }
    }

    /// Takes the marker that must be next. Returns its second byte, and its offset.
    pub(super) fn marker(&mut self) -> Result<(u8, usize), Violation> {
        let offset = self.at;
        match self.rest() {
            [0xFF, marker, ..] => {
                self.at = offset.saturating_add(2);
                Ok((*marker, offset))
            }
            [] | [0xFF] => Err(self.cut_off()),
            _ => Err(Violation::NoMarker { offset }),
        }
    }

    /// Takes length and payload of the segment whose marker was taken last.
    pub(super) fn segment(&mut self, marker: u8, offset: usize) -> Result<Segment<'a>, Violation> {
        if marker == marker::EOI {
            return Ok(Segment { marker, offset, payload: &[] });
        }
        let [high, low, after @ ..] = self.rest() else { return Err(self.cut_off()) };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let shape = Violation::Shape { marker, offset };
        let payload = after.get(..length.checked_sub(2).ok_or(shape)?).ok_or(self.cut_off())?;
        self.at = self.at.saturating_add(length);
        Ok(Segment { marker, offset, payload })
    }

    /// Goes on at the offset that `end` finds, from the offset where the last segment ended.
    pub(super) fn skip(
        &mut self,
        end: impl FnOnce(usize) -> Result<usize, Violation>,
    ) -> Result<(), Violation> {
        self.at = end(self.at)?;
        Ok(())
    }

    /// Nothing may be left.
    pub(super) fn end(&self) -> Result<(), Violation> {
        match self.rest() {
            [] => Ok(()),
            _ => Err(Violation::Trailer { offset: self.at }),
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.photo.get(self.at..).unwrap_or_default()
    }

    fn cut_off(&self) -> Violation {
        Violation::CutOff { offset: self.photo.len() }
    }
}
