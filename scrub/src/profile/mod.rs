//! A colour profile is needed to draw the picture, but it may name its owner, a display and its serial number, and
//! anything hides in its private tags and gaps. So it is written anew from what a colour engine computes with, as laid
//! down by ICC.1:2022 (and ICC.1:2001-04 for version 2): bit for bit the same numbers, nothing else.

mod known;
mod luts;
mod tags;
#[cfg(test)]
mod tests;

use tags::{Cut, Entry};

/// Profiles with more tags are refused by lcms2, and so by most of what draws pictures.
const MAX_TAGS: usize = 100;
/// Length of the header (ICC.1, 7.2).
const HEADER: usize = 128;
/// Length of one entry of the tag table (ICC.1, 7.3).
const ENTRY: usize = 12;
/// The illuminant of the profile connection space, of all profiles (ICC.1, 7.2.16).
const D50: [u8; 12] = [0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D];
/// How often, on average, a byte of a profile and of each tag written may be asked for. Channels share curves; more than
/// 16 channels are none.
const MAX_USES: usize = 16;

/// Whether the profile is one of the standard ones that are the same bytes all over the world.
pub(crate) fn is_known(profile: &[u8]) -> bool {
    known::name(profile).is_some()
}

/// The profile with the same colours and nothing private. A standard one stays as it is.
///
/// `None` if no colour engine could use it, if its tags overlap to more than its own length, or if their parts are shared
/// so often that reading them costs more than a long profile.
pub(crate) fn minimal(profile: &[u8]) -> Option<Vec<u8>> {
    if is_known(profile) {
        return Some(profile.to_vec());
    }
    rewritten(profile)
}

/// The profile written anew.
fn rewritten(profile: &[u8]) -> Option<Vec<u8>> {
    let header = header(profile)?;
    let is_v4 = *profile.get(8)? >= 4;
    let mut data = Data::new(is_v4);
    let count = read_u32(profile, HEADER)?;
    if count > MAX_TAGS {
        return None;
    }
    let table = HEADER.checked_add(4)?.checked_add(count.checked_mul(ENTRY)?)?;
    let mut room = profile.len().checked_sub(table)?;
    let mut fuel = profile.len().saturating_mul(MAX_USES);
    for entry in (0..count).filter_map(|i| Entry::read(profile, i)) {
        if data.has(&entry.signature) || data.share(&entry) {
            continue;
        }
        let before = fuel;
        let cut = Cut::of(profile, &entry, &mut fuel);
        if fuel == 0 {
            return None;
        }
        let Some(cut) = cut else { continue };
        // The second reader has no more for a tag: what it turns away must not be written.
        if before.checked_sub(fuel)? > cut.len().checked_mul(MAX_USES)? {
            return None;
        }
        // Tags that overlap could make much of little.
        room = room.checked_sub(cut.len())?;
        data.push(entry.signature, Some(entry.offset), cut);
    }
    data.has_colours(profile.get(16..20)?).then_some(())?;
    data.write(header)
}

/// The header (ICC.1, 7.2) without what tells of maker, device, owner and time. Its size is still to be set.
fn header(profile: &[u8]) -> Option<Vec<u8>> {
    let field = |at: usize, length: usize| profile.get(at..at.checked_add(length)?);
    let used = matches!(field(12, 4)?, b"scnr" | b"mntr" | b"prtr" | b"spac")
        && tags::is_colour_space(field(16, 4)?)
        && matches!(field(20, 4)?, b"XYZ " | b"Lab ")
        && field(36, 4)? == b"acsp";
    if !used {
        return None;
    }
    let intent = match field(66, 2)? {
        &[0, intent @ 0..=3] => intent,
        _ => 0,
    };
    // A date of zeros is none (ICC.1, 4.2): the first second of 2000.
    let date = [0x07, 0xD0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0];
    let header = [
        &[0; 8][..],
        &version(field(8, 4)?)?,
        field(12, 12)?,
        &date,
        b"acsp",
        &[0; 7],
        &[field(47, 1)?.first()? & 0b11],
        &[0; 16],
        &[0, 0, 0, intent],
        &D50,
        &[0; 48],
    ];
    Some(header.concat())
}

/// One version (ICC.1, 7.2.4) for all that colour engines treat alike. Mostly that is 2.4 or 4.4. But lcms2 takes what is
/// below 2 for 2 and 5.0 for 4, and moxcms reads neither, so these must stay what they are; it takes four zeros for 2.
/// None reads what is above 5.0.
fn version(version: &[u8]) -> Option<[u8; 4]> {
    match version {
        [0, 0, 0, 0] | [2 | 3, ..] => Some([2, 0x40, 0, 0]),
        [0 | 1, ..] => Some([1, 0, 0, 0]),
        [4, ..] => Some([4, 0x40, 0, 0]),
        [5, 0, ..] => Some([5, 0, 0, 0]),
        _ => None,
    }
}

/// The tags to be written, and where their data lies: those that shared a place share it still.
struct Data {
    tags: Vec<([u8; 4], usize)>,
    /// Offset in the profile read, if it comes from there, and the bytes.
    places: Vec<(Option<usize>, Vec<u8>)>,
}

impl Data {
    /// With the description and the copyright, which every profile has to have (ICC.1, 8.2), blank.
    fn new(is_v4: bool) -> Data {
        let mut data = Data { tags: Vec::new(), places: Vec::new() };
        if is_v4 {
            data.push(*b"desc", None, tags::blank_unicode());
            data.tags.push((*b"cprt", 0));
        } else {
            data.push(*b"desc", None, tags::blank_description());
            data.push(*b"cprt", None, tags::blank_text());
        }
        data
    }

    fn push(&mut self, signature: [u8; 4], offset: Option<usize>, bytes: Vec<u8>) {
        self.tags.push((signature, self.places.len()));
        self.places.push((offset, bytes));
    }

    fn has(&self, signature: &[u8; 4]) -> bool {
        self.tags.iter().any(|(tag, _)| tag == signature)
    }

    /// Whether the tag's data is there already; if so the tag is, too.
    fn share(&mut self, entry: &Entry) -> bool {
        let shared = self.places.iter().position(|(offset, _)| *offset == Some(entry.offset));
        self.tags.extend(shared.map(|place| (entry.signature, place)));
        shared.is_some()
    }

    /// Whether colours can be read with it (ICC.1, 8.3 to 8.6).
    fn has_colours(&self, colour_space: &[u8]) -> bool {
        let all = |tags: &[&[u8; 4]]| tags.iter().all(|tag| self.has(tag));
        tags::TO_PCS.iter().any(|tag| self.has(tag))
            || colour_space == b"GRAY" && all(&[b"kTRC"])
            || colour_space == b"RGB " && all(&[b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"])
    }

    /// The profile: the header, the tag table (ICC.1, 7.3), the data, each place at a multiple of 4.
    fn write(self, mut profile: Vec<u8>) -> Option<Vec<u8>> {
        let mut at = HEADER.checked_add(4)?.checked_add(self.tags.len().checked_mul(ENTRY)?)?;
        let mut places = Vec::with_capacity(self.places.len());
        for (_, bytes) in &self.places {
            places.push((at, bytes.len()));
            at = at.checked_add(bytes.len())?.checked_next_multiple_of(4)?;
        }
        profile.reserve_exact(at.checked_sub(HEADER)?);
        profile.get_mut(..4)?.copy_from_slice(&u32::try_from(at).ok()?.to_be_bytes());
        profile.extend(u32::try_from(self.tags.len()).ok()?.to_be_bytes());
        for (signature, place) in self.tags {
            let &(offset, length) = places.get(place)?;
            profile.extend(signature);
            profile.extend(u32::try_from(offset).ok()?.to_be_bytes());
            profile.extend(u32::try_from(length).ok()?.to_be_bytes());
        }
        for (_, bytes) in self.places {
            profile.extend(bytes);
            profile.resize(profile.len().checked_next_multiple_of(4)?, 0);
        }
        Some(profile)
    }
}

/// A uInt32Number (ICC.1, 4.8).
fn read_u32(bytes: &[u8], at: usize) -> Option<usize> {
    let number = u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?);
    usize::try_from(number).ok()
}
