//! The tag table (ICC.1, 7.3): which tags are kept, and of which types they may be (ICC.1, 9).

use super::header::HEADER;
use super::read_u32;

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

impl TagEntry {
    /// The entry with this number, counted from 0. As in lcms2, one that is not inside the profile is ignored.
    pub(super) fn parse(profile: &[u8], number: usize) -> Option<TagEntry> {
        let at = HEADER.checked_add(4)?.checked_add(number.checked_mul(ENTRY)?)?;
        let signature = *profile.get(at..)?.first_chunk()?;
        let offset = read_u32(profile, at.checked_add(4)?)?;
        let size = read_u32(profile, at.checked_add(8)?)?;
        let limit = read_u32(profile, 0)?.min(profile.len());
        let kind = profile.get(offset..)?.first_chunk()?;
        let is_allowed = size >= 8 && offset.checked_add(size)? <= limit && may_be(&signature, kind);
        // The specification aligns its curves relative to the tag, lcms2 relative to the file.
        let is_aligned = offset.is_multiple_of(4) || !matches!(kind, b"mAB " | b"mBA ");
        (is_allowed && is_aligned).then_some(TagEntry { signature, offset, size })
    }
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
