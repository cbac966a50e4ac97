//! Reads image file directories (IFDs) as EXIF uses them (TIFF 6.0, section 2), as far as they can be read: what is
//! outside the data does not exist. Nothing is followed twice, so the cost is bounded by the data's length.

use std::ops::Range;

/// TIFF data, with its byte order. Offsets count from its start.
#[derive(Clone, Copy)]
pub(crate) struct Tiff<'a> {
    data: &'a [u8],
    big_endian: bool,
}

/// One entry of an IFD.
pub(crate) struct Entry {
    pub(crate) tag: u16,
    pub(crate) format: u16,
    pub(crate) count: u32,
    /// Where its value is: in the entry itself if it takes at most 4 bytes.
    pub(crate) value: Range<usize>,
}

/// The format SHORT: an unsigned number of 2 bytes.
pub(crate) const SHORT: u16 = 3;

impl<'a> Tiff<'a> {
    /// Parses the header. Also returns the offset of the first IFD.
    pub(crate) fn parse(data: &'a [u8]) -> Option<(Tiff<'a>, usize)> {
        let big_endian = match data.get(..4)? {
            b"II\x2A\0" => false,
            b"MM\0\x2A" => true,
            _ => return None,
        };
        let tiff = Tiff { data, big_endian };
        Some((tiff, tiff.offset(4)?))
    }

    /// The entries of the IFD at `at`. Those that are cut off are left out.
    pub(crate) fn entries(self, at: usize) -> impl Iterator<Item = Entry> {
        let count = self.short(at).map_or(0, usize::from);
        (0..count).map_while(move |i| self.entry(at.checked_add(2)?.checked_add(i.checked_mul(12)?)?))
    }

    /// The range of the IFD at `at`, without values stored elsewhere, and the offset of the next IFD.
    pub(crate) fn ifd(self, at: usize) -> Option<(Range<usize>, Option<usize>)> {
        let next = at.checked_add(2)?.checked_add(usize::from(self.short(at)?).checked_mul(12)?)?;
        let end = next.checked_add(4)?.min(self.data.len());
        Some((at..end, self.offset(next).filter(|&next| next != 0)))
    }

    fn entry(self, at: usize) -> Option<Entry> {
        let format = self.short(at.checked_add(2)?)?;
        let count = self.long(at.checked_add(4)?)?;
        let size = match format {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            5 | 10 | 12 => 8,
            _ => 4,
        };
        let size = usize::try_from(count).ok()?.saturating_mul(size);
        let field = at.checked_add(8)?;
        let start = if size <= 4 { field } else { self.offset(field)? };
        Some(Entry { tag: self.short(at)?, format, count, value: start..start.saturating_add(size) })
    }

    /// A number of 1 byte.
    pub(crate) fn byte(self, at: usize) -> Option<u8> {
        self.data.get(at).copied()
    }

    /// A number of 2 bytes.
    pub(crate) fn short(self, at: usize) -> Option<u16> {
        let bytes = *self.data.get(at..)?.first_chunk()?;
        Some(if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    /// A number of 4 bytes.
    pub(crate) fn long(self, at: usize) -> Option<u32> {
        let bytes = *self.data.get(at..)?.first_chunk()?;
        Some(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    /// A number of 4 bytes that is an offset or a length.
    pub(crate) fn offset(self, at: usize) -> Option<usize> {
        usize::try_from(self.long(at)?).ok()
    }
}
