//! Copies from a tag's data the bytes that its type gives a meaning (ICC.1, 10), and nothing else.

use super::read_u32;
use super::tags::TagEntry;

/// The bytes of a tag's data that are used, with zeros between them.
pub(super) struct UsedBytes<'a> {
    /// From the start of the tag to the end of the profile: sizes in the table cannot be relied on.
    data: &'a [u8],
    kept: Vec<u8>,
    /// How many more bytes may be copied: limits the cost of ranges that are used many times. 0 once the limit is
    /// reached.
    byte_budget: &'a mut usize,
}

impl<'a> UsedBytes<'a> {
    /// Copies the used bytes of a tag. None if it is cut off or no colour engine can read it.
    pub(super) fn copy(profile: &'a [u8], entry: &TagEntry, byte_budget: &'a mut usize) -> Option<Vec<u8>> {
        let mut used = UsedBytes { data: profile.get(entry.offset..)?, kept: Vec::new(), byte_budget };
        match &used.signature(0)? {
            b"XYZ " => used.keep(8, 12)?,
            b"cicp" => used.keep(8, 4)?,
            // Nine numbers, as chad is the only tag of this type here; the size alone gives their count.
            b"sf32" if entry.size >= 44 => used.keep(8, 36)?,
            b"curv" | b"para" => used.curve(0).map(drop)?,
            b"mft1" => used.table_lut(1)?,
            b"mft2" => used.table_lut(2)?,
            b"mAB " => used.curve_lut(true)?,
            b"mBA " => used.curve_lut(false)?,
            b"mpet" => used.elements()?,
            _ => return None,
        }
        Some(used.kept)
    }

    /// Keeps a range.
    pub(super) fn keep(&mut self, at: usize, length: usize) -> Option<()> {
        let end = at.checked_add(length)?;
        let used = self.data.get(at..end)?;
        *self.byte_budget = self.byte_budget.saturating_sub(length);
        if *self.byte_budget == 0 {
            return None;
        }
        self.kept.resize(end.max(self.kept.len()), 0);
        self.kept.get_mut(at..end)?.copy_from_slice(used);
        Some(())
    }

    /// Keeps a signature.
    pub(super) fn signature(&mut self, at: usize) -> Option<[u8; 4]> {
        self.keep(at, 4)?;
        self.data.get(at..)?.first_chunk().copied()
    }

    /// Keeps a number of one byte.
    pub(super) fn byte(&mut self, at: usize) -> Option<usize> {
        self.keep(at, 1)?;
        self.data.get(at).copied().map(usize::from)
    }

    /// Keeps a number of two bytes.
    pub(super) fn short(&mut self, at: usize) -> Option<usize> {
        self.keep(at, 2)?;
        self.data.get(at..)?.first_chunk().map(|bytes| usize::from(u16::from_be_bytes(*bytes)))
    }

    /// Keeps a number of four bytes.
    pub(super) fn long(&mut self, at: usize) -> Option<usize> {
        self.keep(at, 4)?;
        read_u32(self.data, at)
    }

    /// Keeps a curveType or parametricCurveType (ICC.1, 10.6 and 10.18). Returns its end.
    pub(super) fn curve(&mut self, at: usize) -> Option<usize> {
        let kind = self.signature(at)?;
        let (start, count) = (at.checked_add(8)?, at.checked_add(12)?);
        let length = match &kind {
            b"curv" => self.long(start)?.checked_mul(2)?,
            b"para" => match self.short(start)? {
                0 => 4,
                1 => 12,
                2 => 16,
                3 => 20,
                4 => 28,
                _ => return None,
            },
            _ => return None,
        };
        self.keep(count, length)?;
        count.checked_add(length)
    }
}
