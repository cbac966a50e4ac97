//! The tag table (ICC.1, 7.3): which tags are kept, and of which types they may be (ICC.1, 9).

use std::collections::HashSet;

use super::header::{HEADER, IgnoredBy};
use super::{fields, read_u32};

/// Length in bytes of one entry of the table.
pub(super) const ENTRY: usize = 12;

/// Tags that lead from the device's colours to the profile connection space. Each is enough by itself.
pub(super) const TO_PCS: [&[u8; 4]; 7] = [b"A2B0", b"A2B1", b"A2B2", b"D2B0", b"D2B1", b"D2B2", b"D2B3"];

/// An entry of the tag table that may be kept: its signature is on the list, and its type is one that this tag may
/// have.
pub(super) struct TagEntry {
    pub(super) signature: [u8; 4],
    pub(super) offset: usize,
    pub(super) size: usize,
}

/// The signature of an entry that is not kept.
pub(super) struct Unreadable(pub(super) [u8; 4]);

impl TagEntry {
    /// The entry with this number, counted from 0. As in lcms2, one that is not inside the profile is ignored.
    pub(super) fn parse(profile: &[u8], number: usize) -> Result<TagEntry, Unreadable> {
        let Some((signature, offset, size)) = read(profile, number) else { return Err(Unreadable(*b"none")) };
        let is_inside = offset.checked_add(size).is_some_and(|end| end <= profile.len());
        let is_kept = || {
            let kind = fields::bytes(profile, offset)?;
            // The specification aligns its curves relative to the tag, lcms2 relative to the file.
            let is_aligned = offset.is_multiple_of(4) || !matches!(&kind, b"mAB " | b"mBA ");
            (size >= 8 && is_inside && may_be(&signature, &kind) && is_aligned).then_some(())
        };
        is_kept().map(|()| TagEntry { signature, offset, size }).ok_or(Unreadable(signature))
    }
}

/// Signature, offset and size of the entry with this number. None if the table has fewer.
fn read(profile: &[u8], number: usize) -> Option<([u8; 4], usize, usize)> {
    if number >= read_u32(profile, HEADER)? {
        return None;
    }
    let at = HEADER.checked_add(4)?.checked_add(number.checked_mul(ENTRY)?)?;
    let (offset, size) = (read_u32(profile, at.checked_add(4)?)?, read_u32(profile, at.checked_add(8)?)?);
    Some((fields::bytes(profile, at)?, offset, size))
}

/// What the tag table says about tags, whatever is in them.
pub(super) struct Overview {
    /// Whether a tag comes twice among the entries that lcms2 reads: it ignores the profile then.
    pub(super) has_tag_twice: bool,
    has_a2b0: bool,
    has_b2a0: bool,
}

impl Overview {
    pub(super) fn of(profile: &[u8]) -> Overview {
        let mut overview = Overview { has_tag_twice: false, has_a2b0: false, has_b2a0: false };
        let mut names = HashSet::new();
        for (name, offset, size) in (0..).map_while(|number| read(profile, number)) {
            overview.has_a2b0 |= name == *b"A2B0";
            overview.has_b2a0 |= name == *b"B2A0";
            let is_inside = offset.checked_add(size).is_some_and(|end| end <= profile.len());
            if is_inside && offset != 0 && size != 0 {
                overview.has_tag_twice |= !names.insert(name);
            }
        }
        overview
    }

    /// Whether Chromium reads the tag, as far as its size goes and no further. Firefox and lcms2 read on to the end of
    /// the profile.
    pub(super) fn is_read_by_chromium(&self, signature: &[u8; 4]) -> bool {
        match signature {
            b"A2B1" => !self.has_a2b0,
            b"B2A1" => !self.has_b2a0,
            b"A2B0" | b"B2A0" | b"cicp" | [_, b'X', b'Y', b'Z'] | [_, b'T', b'R', b'C'] => true,
            _ => false,
        }
    }
}

/// Notes which browsers ignore the whole profile because this entry, of whatever tag, is not inside it.
pub(super) fn note_bounds(profile: &[u8], number: usize, ignored: &mut IgnoredBy) -> Option<()> {
    let (_, offset, size) = read(profile, number)?;
    ignored.chromium |= size < 4 || offset.checked_add(size)? > profile.len();
    ignored.firefox |= offset > profile.len();
    Some(())
}

/// Notes which browsers ignore the whole profile because they cannot read this tag, of which at least the type is right
/// or not. None where no engine applies the profile. Chromium reads no table but the first that is there: number 0, or
/// else number 1.
pub(super) fn note_unreadable(
    signature: &[u8; 4],
    is_type_right: bool,
    overview: &Overview,
    space: &[u8],
    ignored: &mut IgnoredBy,
) -> Option<()> {
    match signature {
        b"A2B0" if is_type_right => return None,
        b"A2B0" => ignored.chromium = true,
        [b'r' | b'g' | b'b', b'X', b'Y', b'Z'] | [b'r' | b'g' | b'b', b'T', b'R', b'C']
            if space == b"RGB " =>
        {
            return None;
        }
        b"kTRC" if space == b"GRAY" => return None,
        b"B2A0" => {
            ignored.chromium = true;
            ignored.firefox |= is_type_right;
        }
        b"A2B1" | b"B2A1" | b"cicp" => ignored.chromium |= overview.is_read_by_chromium(signature),
        b"chad" => ignored.firefox = true,
        _ => {}
    }
    Some(())
}

/// Whether a tag is read where the profile is that of a picture. What leads back to the device's colours is for
/// printing, and stays only where that is what the profile is made for.
pub(super) fn is_needed(signature: &[u8; 4], space: &[u8]) -> bool {
    space == b"CMYK" || !matches!(signature, b"gamt" | [b'B', b'2', b'A' | b'D', _])
}

/// Whether colours need the tag, and it may be of this type (ICC.1, 9.2).
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
