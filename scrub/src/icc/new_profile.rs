//! Writes a profile of the tags that are kept.

use super::header::{HEADER, NO_SIZE};
use super::tags::{ENTRY, TO_PCS, TagEntry, is_needed};

/// A profile that is being written. Tags that shared their data in the original share it here too.
pub(super) struct NewProfile {
    /// Signature, and index of its data in `blocks`.
    tags: Vec<([u8; 4], usize)>,
    /// Offset in the original, if it comes from there, and the bytes.
    blocks: Vec<(Option<usize>, Vec<u8>)>,
}

impl NewProfile {
    /// With a blank description and copyright, which every profile must have (ICC.1, 8.2).
    pub(super) fn new(is_v4: bool) -> NewProfile {
        let mut new = NewProfile { tags: Vec::new(), blocks: Vec::new() };
        if is_v4 {
            new.push(*b"desc", None, blank_unicode());
            new.tags.push((*b"cprt", 0));
        } else {
            new.push(*b"desc", None, blank_description());
            new.push(*b"cprt", None, blank_text());
        }
        new
    }

    pub(super) fn push(&mut self, signature: [u8; 4], offset: Option<usize>, bytes: Vec<u8>) {
        self.tags.push((signature, self.blocks.len()));
        self.blocks.push((offset, bytes));
    }

    pub(super) fn has(&self, signature: &[u8; 4]) -> bool {
        self.tags.iter().any(|(tag, _)| tag == signature)
    }

    /// Adds the tag if the data that it has is already there, and a picture in this colour space needs it. Returns the
    /// length of the data if it is there.
    pub(super) fn share(&mut self, entry: &TagEntry, space: &[u8]) -> Option<usize> {
        let is_shared = |(_, (offset, _)): &(usize, &(Option<usize>, Vec<u8>))| *offset == Some(entry.offset);
        let (block, (_, bytes)) = self.blocks.iter().enumerate().find(is_shared)?;
        if is_needed(&entry.signature, space) {
            self.tags.push((entry.signature, block));
        }
        Some(bytes.len())
    }

    /// Whether it has the tags that colours need (ICC.1, 8.3 to 8.6).
    pub(super) fn has_colours(&self, colour_space: &[u8]) -> bool {
        let all = |tags: &[&[u8; 4]]| tags.iter().all(|tag| self.has(tag));
        TO_PCS.iter().any(|tag| self.has(tag))
            || colour_space == b"GRAY" && all(&[b"kTRC"])
            || colour_space == b"RGB " && all(&[b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"])
    }

    /// Adds an entry that is there already: for a tag that comes twice lcms2 ignores the profile. Browsers do not.
    pub(super) fn repeat_copyright(&mut self) {
        self.tags.extend(self.tags.iter().find(|(signature, _)| signature == b"cprt").copied());
    }

    /// The whole profile: header, tag table (ICC.1, 7.3), and each block of data at a multiple of 4.
    pub(super) fn write(self, mut profile: Vec<u8>) -> Option<Vec<u8>> {
        let mut at = HEADER.checked_add(4)?.checked_add(self.tags.len().checked_mul(ENTRY)?)?;
        let mut offsets = Vec::with_capacity(self.blocks.len());
        for (_, bytes) in &self.blocks {
            offsets.push((at, bytes.len()));
            at = at.checked_add(bytes.len())?.checked_next_multiple_of(4)?;
        }
        profile.reserve_exact(at.checked_sub(HEADER)?);
        let size = profile.get_mut(..4)?;
        if size != NO_SIZE {
            size.copy_from_slice(&u32::try_from(at).ok()?.to_be_bytes());
        }
        profile.extend(u32::try_from(self.tags.len()).ok()?.to_be_bytes());
        for (signature, block) in self.tags {
            let &(offset, length) = offsets.get(block)?;
            profile.extend(signature);
            profile.extend(u32::try_from(offset).ok()?.to_be_bytes());
            profile.extend(u32::try_from(length).ok()?.to_be_bytes());
        }
        for (_, bytes) in self.blocks {
            profile.extend(bytes);
            profile.resize(profile.len().checked_next_multiple_of(4)?, 0);
        }
        Some(profile)
    }
}

/// An empty textDescriptionType (ICC.1:2001-04, 6.5.17): one zero, no Unicode, no script code.
fn blank_description() -> Vec<u8> {
    [&b"desc\0\0\0\0\0\0\0\x01\0"[..], &[0; 4 + 4 + 2 + 1 + 67]].concat()
}

/// An empty textType (ICC.1, 10.24).
fn blank_text() -> Vec<u8> {
    b"text\0\0\0\0\0".to_vec()
}

/// A multiLocalizedUnicodeType (ICC.1, 10.15) with one record, of no characters.
fn blank_unicode() -> Vec<u8> {
    b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0CenUS\0\0\0\0\0\0\0\x1C".to_vec()
}
