//! Colour profiles. A profile is needed to draw the picture, but it may name its owner, a display and its serial
//! number, and anything can hide in its private tags and gaps. So it is written again from what a colour engine
//! computes with, as ICC.1:2022 says (ICC.1:2001-04 for version 2): the same numbers bit for bit, and nothing else.

mod chunks;
mod header;
mod luts;
mod new_profile;
mod standard;
mod tags;
#[cfg(test)]
mod tests;
mod used_bytes;

use header::{HEADER, minimal_header};
use new_profile::NewProfile;
use tags::{ENTRY, TagEntry};
use used_bytes::UsedBytes;

pub(crate) use chunks::{Chunk, in_order, join, split};
pub(crate) use standard::STANDARD_PROFILES;

/// lcms2 refuses profiles with more tags, and so do most programs that draw pictures.
const MAX_TAGS: usize = 100;
/// How often, on average, a byte of a profile and of each tag written may be read. Channels share curves, and there are
/// at most 16 channels.
const MAX_USES: usize = 16;

/// The profile with the same colours and nothing private. A standard one stays as it is.
///
/// None if no colour engine could use it, if its tags overlap so much that their data is longer than the profile, or if
/// their parts are shared so often that reading them costs more than a long profile.
pub(crate) fn minimal(profile: &[u8]) -> Option<Vec<u8>> {
    if standard::is_standard(profile) {
        return Some(profile.to_vec());
    }
    rewritten(profile)
}

fn rewritten(profile: &[u8]) -> Option<Vec<u8>> {
    let header = minimal_header(profile)?;
    let is_v4 = *profile.get(8)? >= 4;
    let mut new = NewProfile::new(is_v4);
    let count = read_u32(profile, HEADER)?;
    if count > MAX_TAGS {
        return None;
    }
    let table = HEADER.checked_add(4)?.checked_add(count.checked_mul(ENTRY)?)?;
    let mut bytes_left = profile.len().checked_sub(table)?;
    let mut byte_budget = profile.len().saturating_mul(MAX_USES);
    for entry in (0..count).filter_map(|i| TagEntry::parse(profile, i)) {
        if new.has(&entry.signature) || new.share(&entry) {
            continue;
        }
        let before = byte_budget;
        let used = UsedBytes::copy(profile, &entry, &mut byte_budget);
        if byte_budget == 0 {
            return None;
        }
        let Some(used) = used else { continue };
        // The verifier allows no more for a tag: what it would reject must not be written.
        if before.checked_sub(byte_budget)? > used.len().checked_mul(MAX_USES)? {
            return None;
        }
        // Tags that overlap could make a long profile of a short one.
        bytes_left = bytes_left.checked_sub(used.len())?;
        new.push(entry.signature, Some(entry.offset), used);
    }
    new.has_colours(profile.get(16..20)?).then_some(())?;
    new.write(header)
}

/// A uInt32Number (ICC.1, 4.8).
fn read_u32(bytes: &[u8], at: usize) -> Option<usize> {
    let number = u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?);
    usize::try_from(number).ok()
}
