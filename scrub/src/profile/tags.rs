//! Tags and their types (ICC.1, 9 and 10): which are kept, and which of their bytes mean something.

use super::{ENTRY, HEADER, read_u32};

/// Tags that lead from the device's colours to the profile connection space, each enough by itself.
pub(super) const TO_PCS: [&[u8; 4]; 7] = [b"A2B0", b"A2B1", b"A2B2", b"D2B0", b"D2B1", b"D2B2", b"D2B3"];

/// An entry of the tag table (ICC.1, 7.3) that may be kept: its signature is on the list, its type fits.
pub(super) struct Entry {
    pub(super) signature: [u8; 4],
    pub(super) offset: usize,
    size: usize,
}

impl Entry {
    /// The entry of this number, passed over by the rules of lcms2: what is not within the profile is not there.
    pub(super) fn read(profile: &[u8], number: usize) -> Option<Entry> {
        let at = HEADER.checked_add(4)?.checked_add(number.checked_mul(ENTRY)?)?;
        let signature = *profile.get(at..)?.first_chunk()?;
        let offset = read_u32(profile, at.checked_add(4)?)?;
        let size = read_u32(profile, at.checked_add(8)?)?;
        let limit = read_u32(profile, 0)?.min(profile.len());
        let kind = profile.get(offset..)?.first_chunk()?;
        let is_kept = size >= 8 && offset.checked_add(size)? <= limit && may_be(&signature, kind);
        // Its curves are aligned by the tag in the specification, by the file in lcms2.
        let is_aligned = offset.is_multiple_of(4) || !matches!(kind, b"mAB " | b"mBA ");
        (is_kept && is_aligned).then_some(Entry { signature, offset, size })
    }
}

/// Whether a tag is needed for colours, and may be of this type (ICC.1, 9.2).
fn may_be(signature: &[u8; 4], kind: &[u8; 4]) -> bool {
    match signature {
        b"wtpt" | b"bkpt" | b"rXYZ" | b"gXYZ" | b"bXYZ" => kind == b"XYZ ",
        b"rTRC" | b"gTRC" | b"bTRC" | b"kTRC" => matches!(kind, b"curv" | b"para"),
        b"chad" => kind == b"sf32",
        b"A2B0" | b"A2B1" | b"A2B2" => matches!(kind, b"mft1" | b"mft2" | b"mAB "),
        b"B2A0" | b"B2A1" | b"B2A2" | b"gamt" => matches!(kind, b"mft1" | b"mft2" | b"mBA "),
        b"D2B0" | b"D2B1" | b"D2B2" | b"D2B3" | b"B2D0" | b"B2D1" | b"B2D2" | b"B2D3" => kind == b"mpet",
        b"cicp" => kind == b"cicp",
        _ => false,
    }
}

/// Whether it is a colour space of a device (ICC.1, 7.2.6).
pub(super) fn is_colour_space(signature: &[u8]) -> bool {
    let named =
        [b"XYZ ", b"Lab ", b"Luv ", b"YCbr", b"Yxy ", b"RGB ", b"GRAY", b"HSV ", b"HLS ", b"CMYK", b"CMY "];
    match signature {
        [b'2'..=b'9' | b'A'..=b'F', rest @ ..] if rest == b"CLR" => true,
        _ => named.iter().any(|name| signature == *name),
    }
}

/// Takes out of a tag's data the bytes that are used, and leaves zeros between them.
pub(super) struct Cut<'a> {
    /// From the start of the tag to the end of the profile: sizes in the table are not to be relied on.
    data: &'a [u8],
    kept: Vec<u8>,
    /// How many more bytes may be copied, so that ranges used again and again cost no more than a long profile. 0
    /// once they did.
    fuel: &'a mut usize,
}

impl<'a> Cut<'a> {
    /// The used bytes of a tag; `None` if it is cut off or no colour engine can read it.
    pub(super) fn of(profile: &'a [u8], entry: &Entry, fuel: &'a mut usize) -> Option<Vec<u8>> {
        let mut cut = Cut { data: profile.get(entry.offset..)?, kept: Vec::new(), fuel };
        match &cut.signature(0)? {
            b"XYZ " => cut.keep(8, 12)?,
            b"cicp" => cut.keep(8, 4)?,
            // Nine numbers as chad, its only tag here; the count is not written but in the size.
            b"sf32" if entry.size >= 44 => cut.keep(8, 36)?,
            b"curv" | b"para" => cut.curve(0).map(drop)?,
            b"mft1" => cut.table_lut(1)?,
            b"mft2" => cut.table_lut(2)?,
            b"mAB " => cut.curve_lut(true)?,
            b"mBA " => cut.curve_lut(false)?,
            b"mpet" => cut.elements()?,
            _ => return None,
        }
        Some(cut.kept)
    }

    /// Keeps a range.
    pub(super) fn keep(&mut self, at: usize, length: usize) -> Option<()> {
        let end = at.checked_add(length)?;
        let used = self.data.get(at..end)?;
        *self.fuel = self.fuel.saturating_sub(length);
        if *self.fuel == 0 {
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

/// An empty textDescriptionType (ICC.1:2001-04, 6.5.17): one zero, no Unicode, no script code.
pub(super) fn blank_description() -> Vec<u8> {
    [&b"desc\0\0\0\0\0\0\0\x01\0"[..], &[0; 4 + 4 + 2 + 1 + 67]].concat()
}

/// An empty textType (ICC.1, 10.24).
pub(super) fn blank_text() -> Vec<u8> {
    b"text\0\0\0\0\0".to_vec()
}

/// A multiLocalizedUnicodeType (ICC.1, 10.15) with one record, of no characters.
pub(super) fn blank_unicode() -> Vec<u8> {
    b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0CenUS\0\0\0\0\0\0\0\x1C".to_vec()
}
