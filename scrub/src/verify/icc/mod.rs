//! Checks a colour profile: a standard one, known by its hash, or one of exactly the shape that a minimal profile must
//! have.

mod used_bytes;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use sha2::{Digest, Sha256};
use used_bytes::{UsedBytes, u32_at};

use crate::icc::STANDARD_PROFILES;

/// Fields of the header (ICC.1, 7.2), by their offset.
const SIZE: usize = 0;
const CMM: usize = 4;
const VERSION: usize = 8;
const RESERVED_VERSION: usize = 11;
const CLASS: usize = 12;
const COLOUR_SPACE: usize = 16;
const CONNECTION_SPACE: usize = 20;
const DATE: usize = 24;
const SIGNATURE: usize = 36;
const PLATFORM: usize = 40;
const FLAGS: usize = 47;
const DEVICE: usize = 48;
const INTENT: usize = 64;
const ILLUMINANT: usize = 68;
const CREATOR: usize = 80;
const TAG_COUNT: usize = 128;
const TAG_TABLE: usize = 132;
/// Length of one entry of the tag table.
const TAG_ENTRY: usize = 12;

/// Whether a profile holds nothing but colours: a standard one, or one in which every byte has a use (ICC.1, 7).
pub(crate) fn is_minimal(profile: &[u8]) -> bool {
    is_standard(profile) || (has_minimal_header(profile) && has_minimal_tags(profile).is_some())
}

fn is_standard(profile: &[u8]) -> bool {
    STANDARD_PROFILES
        .iter()
        .any(|standard| standard.length == profile.len() && has_digest(profile, standard.sha256))
}

/// Whether this is the SHA-256 of the bytes, in hexadecimal digits.
fn has_digest(bytes: &[u8], sha256: &str) -> bool {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).eq(hex_pairs(sha256))
}

/// A hexadecimal number, byte by byte.
fn hex_pairs(hex: &str) -> impl Iterator<Item = &str> {
    (0..hex.len()).step_by(2).filter_map(|at| hex.get(at..at.checked_add(2)?))
}

/// Whether the fields of the header that name maker, model, owner or time are blank, and the others have a known value:
/// a valid one or the one invalid one.
fn has_minimal_header(p: &[u8]) -> bool {
    let is = |at: usize, bytes: &[u8]| p.get(at..).is_some_and(|rest| rest.starts_with(bytes));
    let one_of = |at: usize, names: &[u8], length: usize| names.chunks(length).any(|name| is(at, name));
    let zero = |from: usize, to: usize| p.get(from..to).is_some_and(|bytes| bytes.iter().all(|&b| b == 0));
    let within = |at: usize, range: RangeInclusive<u8>| p.get(at).is_some_and(|byte| range.contains(byte));
    (u32_at(p, SIZE) == Some(p.len()) || is(SIZE, &[0xFF; 4]))
        && p.len().is_multiple_of(4)
        && zero(CMM, VERSION)
        && one_of(VERSION, b"\x01\x00\x00\x02\x40\x00\x04\x40\x00\x05\x00\x00\x06\x00\x00", 3)
        && within(RESERVED_VERSION, 0..=1)
        && one_of(CLASS, b"scnrmntrprtrspaclinkabstnmcl\0\0\0\0\xFF\xFF\xFF\xFF", 4)
        && components_of_space(p).is_some()
        && one_of(CONNECTION_SPACE, b"XYZ Lab ", 4)
        && is(DATE, &[7, 208, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0])
        && one_of(SIGNATURE, b"acsp\0\0\0\0", 4)
        && zero(PLATFORM, FLAGS)
        && within(FLAGS, 0..=3)
        && zero(DEVICE, INTENT + 3)
        && within(INTENT + 3, 0..=4)
        && (is(ILLUMINANT, b"\x00\x00\xF6\xD6\x00\x01\x00\x00\x00\x00\xD3\x2D") || zero(ILLUMINANT, CREATOR))
        && zero(CREATOR, TAG_COUNT)
}

/// Whether a picture of so many components may have this profile (ICC.1, 7.2.6). One for RGB is applied to all.
pub(crate) fn may_colour(profile: &[u8], components: u8) -> bool {
    let is_rgb = profile.get(COLOUR_SPACE..).is_some_and(|rest| rest.starts_with(b"RGB "));
    components_of_space(profile) == Some(components) || is_rgb && [1, 4].contains(&components)
}

/// How many components a colour has in the profile's colour space.
fn components_of_space(profile: &[u8]) -> Option<u8> {
    let space: [u8; 4] = *profile.get(COLOUR_SPACE..)?.first_chunk()?;
    let threes = b"XYZ Lab Luv YCbrYxy RGB HSV HLS CMY ";
    match space {
        [n @ b'2'..=b'9', b'C', b'L', b'R'] => n.checked_sub(b'0'),
        [n @ b'A'..=b'F', b'C', b'L', b'R'] => n.checked_sub(b'A' - 10),
        _ if space == *b"GRAY" => Some(1),
        _ if space == *b"CMYK" => Some(4),
        _ => threes.chunks(4).any(|name| name == space).then_some(3),
    }
}

/// Whether each tag is known and whole, and they follow each other from the table to the end (ICC.1, 7.3).
fn has_minimal_tags(p: &[u8]) -> Option<()> {
    let count = u32_at(p, TAG_COUNT)?;
    let mut blocks = BTreeMap::new();
    let mut names = BTreeSet::new();
    let entries: Vec<&[u8]> = p.get(TAG_TABLE..)?.chunks_exact(TAG_ENTRY).take(count).collect();
    // The copyright may come once more, at the end: some programs ignore a profile with a tag that comes twice.
    let once = match entries.split_last() {
        Some((last, others)) if last.starts_with(b"cprt") && others.contains(last) => others,
        _ => &entries,
    };
    for entry in once {
        let name: [u8; 4] = *entry.first_chunk()?;
        let (offset, size) = (u32_at(entry, 4)?, u32_at(entry, 8)?);
        let data = p.get(offset..offset.checked_add(size)?)?;
        let leads_back = matches!(&name, b"gamt" | [b'B', b'2', ..]);
        let is_for_print = p.get(COLOUR_SPACE..)?.starts_with(b"CMYK");
        let fits = may_hold(&name, data.first_chunk()?)
            && blank(&name, data, *p.get(VERSION)?)
            && (is_for_print || !leads_back);
        let same = *blocks.entry(offset).or_insert(size) == size;
        if !(fits && same && names.insert(name)) {
            return None;
        }
    }
    let mut at = count.checked_mul(TAG_ENTRY)?.checked_add(TAG_TABLE)?;
    for (offset, size) in blocks {
        let end = offset.checked_add(size)?;
        let next = end.checked_add(3)? & !3;
        let data = p.get(offset..end)?;
        let padding_is_zero = p.get(end..next)?.iter().all(|&byte| byte == 0);
        if offset != at || !padding_is_zero || !UsedBytes::of_type(data)?.covers(data) {
            return None;
        }
        at = next;
    }
    (at == p.len() && entries.len() == count && names.contains(b"desc") && names.contains(b"cprt"))
        .then_some(())
}

/// Whether a tag may be there, with data of this type (ICC.1, 9.2).
fn may_hold(name: &[u8; 4], kind: &[u8; 4]) -> bool {
    let kinds: &[u8] = match name {
        b"desc" => b"descmluc",
        b"cprt" => b"textmluc",
        [b'r' | b'g' | b'b', b'X', b'Y', b'Z'] | b"wtpt" | b"bkpt" => b"XYZ ",
        [b'r' | b'g' | b'b' | b'k', b'T', b'R', b'C'] => b"curvpara",
        b"chad" => b"sf32",
        b"cicp" => b"cicp",
        [b'A', b'2', b'B', b'0'..=b'2'] => b"mft1mft2mAB ",
        [b'B', b'2', b'A', b'0'..=b'2'] | b"gamt" => b"mft1mft2mBA ",
        [b'D', b'2', b'B', b'0'..=b'3'] | [b'B', b'2', b'D', b'0'..=b'3'] => b"mpet",
        _ => b"",
    };
    kinds.chunks(4).any(|allowed| allowed == kind)
}

/// Whether description and copyright, which must be there, say nothing. True of every other tag.
fn blank(name: &[u8; 4], data: &[u8], version: u8) -> bool {
    let rest = |start: &[u8], length: usize| {
        data.len() == length
            && data.strip_prefix(start).is_some_and(|rest| rest.iter().all(|&byte| byte == 0))
    };
    match (name, version) {
        (b"desc", 0..4) => rest(&[b'd', b'e', b's', b'c', 0, 0, 0, 0, 0, 0, 0, 1], 91),
        (b"cprt", 0..4) => rest(b"text", 9),
        (b"desc" | b"cprt", _) => {
            data
                == b"mluc\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x0CenUS\x00\x00\x00\x00\x00\x00\x00\x1C"
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of FIPS 180-2, B.1.
    #[test]
    fn bytes_are_known_by_their_digest_and_no_others() {
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert!(has_digest(b"abc", digest));
        assert!(!has_digest(b"abd", digest) && !has_digest(b"abc", "") && !has_digest(b"abc", &digest[..62]));
        println!("abc has {digest}");
    }
}
