//! Colour profiles. A profile is needed to draw the picture, but it may name its owner, a display and its serial
//! number, and anything can hide in its private tags and gaps. So it is written again from what a colour engine
//! computes with, as ICC.1:2022 says (ICC.1:2001-04 for version 2): the same numbers bit for bit, and nothing else.

mod chunks;
mod fields;
mod header;
mod luts;
mod new_profile;
mod standard;
mod tags;
#[cfg(test)]
mod tests;
mod used_bytes;

use header::{HEADER, IgnoredBy, minimal_header};
use new_profile::NewProfile;
use tags::{ENTRY, Overview, TagEntry, Unreadable};
use used_bytes::UsedBytes;

pub(crate) use chunks::{Chunk, first_series, join, split};
pub(crate) use header::fits;
pub(crate) use standard::STANDARD_PROFILES;

/// lcms2 ignores a profile with more tags. Browsers do not: Firefox reads up to 1024, Chromium all.
const MAX_TAGS: usize = 100;
const MAX_TAGS_IN_FIREFOX: usize = 1024;
/// How often, on average, a byte of a profile and of each tag written may be read. Channels share curves, and there are
/// at most 16 channels.
const MAX_USES: usize = 16;

/// The profile with the same colours and nothing private. A standard one stays as it is. A profile that a browser
/// ignores is written so that it still does; `has_surplus` says that chunks follow it that are not part of it, and for
/// which Firefox ignores it.
///
/// None if no colour engine could use it, if its tags overlap so much that their data is longer than the profile, or if
/// their parts are shared so often that reading them costs more than a long profile.
pub(crate) fn minimal(profile: &[u8], has_surplus: bool) -> Option<Vec<u8>> {
    if standard::is_standard(profile) && !has_surplus {
        return Some(profile.to_vec());
    }
    rewritten(profile, has_surplus)
}

fn rewritten(profile: &[u8], has_surplus: bool) -> Option<Vec<u8>> {
    // What follows the size in the header is not read by any engine.
    let profile = read_u32(profile, 0).and_then(|size| profile.get(..size)).unwrap_or(profile);
    let is_v4 = *profile.get(8)? >= 4;
    let space = profile.get(16..20)?;
    let mut new = NewProfile::new(is_v4);
    let count = read_u32(profile, HEADER)?;
    let table = HEADER.checked_add(4)?.checked_add(count.checked_mul(ENTRY)?)?;
    let mut bytes_left = profile.len().checked_sub(table)?;
    let overview = Overview::of(profile);
    let mut ignored = IgnoredBy {
        chromium: false,
        firefox: has_surplus || count > MAX_TAGS_IN_FIREFOX,
        lcms2: count > MAX_TAGS || overview.has_tag_twice,
    };
    let mut byte_budget = profile.len().saturating_mul(MAX_USES);
    for i in 0..count {
        tags::note_bounds(profile, i, &mut ignored)?;
        let entry = match TagEntry::parse(profile, i) {
            Ok(entry) if new.has(&entry.signature) => continue,
            Ok(entry) => entry,
            // Of two tags with one name engines read the first.
            Err(Unreadable(signature)) if new.has(&signature) => continue,
            Err(Unreadable(signature)) => {
                tags::note_unreadable(&signature, false, &overview, space, &mut ignored)?;
                continue;
            }
        };
        let is_longer = |length| length > entry.size && overview.is_read_by_chromium(&entry.signature);
        if let Some(length) = new.share(&entry, space) {
            ignored.chromium |= is_longer(length);
            continue;
        }
        let before = byte_budget;
        let used = UsedBytes::copy(profile, &entry, &mut byte_budget);
        if byte_budget == 0 {
            return None;
        }
        let Some(used) = used else {
            tags::note_unreadable(&entry.signature, true, &overview, space, &mut ignored)?;
            continue;
        };
        ignored.chromium |= is_longer(used.len());
        if !tags::is_needed(&entry.signature, space) {
            continue;
        }
        // The verifier allows no more for a tag: what it would reject must not be written.
        if before.checked_sub(byte_budget)? > used.len().checked_mul(MAX_USES)? {
            return None;
        }
        // Tags that overlap could make a long profile of a short one.
        bytes_left = bytes_left.checked_sub(used.len())?;
        new.push(entry.signature, Some(entry.offset), used);
    }
    new.has_colours(space).then_some(())?;
    if ignored.lcms2 {
        new.repeat_copyright();
    }
    new.write(minimal_header(profile, ignored)?)
}

/// A uInt32Number (ICC.1, 4.8), as a length or an offset.
fn read_u32(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(fields::read_u32(bytes, at)?).ok()
}
