//! IPTC fields: data sets of the Information Interchange Model inside Photoshop's image resources.

use super::{Pair, text};

/// The image resource that contains the IPTC data sets (Adobe Photoshop File Formats Specification, Image Resource
/// IDs).
const IPTC_RESOURCE: u16 = 0x0404;

/// The fields in a block of image resources, up to the first error in it, with a note if there is one.
pub(crate) fn iptc_fields(mut resources: &[u8]) -> Vec<Pair> {
    let mut found = Vec::new();
    while let Some((id, data, rest)) = resource(resources) {
        if id == IPTC_RESOURCE {
            let mut data = data;
            while let Some((record, number, value, rest)) = data_set(data) {
                found.push((name(record, number), text(value)));
                data = rest;
            }
            note_unreadable(data, &mut found);
        }
        resources = rest;
    }
    note_unreadable(resources, &mut found);
    found
}

/// Notes that something is left that cannot be read. NULs are padding.
fn note_unreadable(rest: &[u8], found: &mut Vec<Pair>) {
    if rest.iter().any(|&byte| byte != 0) {
        found.push(("IPTC".to_owned(), format!("the last {} bytes cannot be read", rest.len())));
    }
}

/// Splits off one image resource: "8BIM", its number, a padded name, and padded data.
fn resource(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let rest = bytes.strip_prefix(b"8BIM")?;
    let (id, rest) = rest.split_first_chunk::<2>()?;
    let name_length = usize::from(*rest.first()?) + 1;
    let rest = rest.get(name_length.next_multiple_of(2)..)?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let data = rest.get(..length)?;
    // The padding of the last resource may be missing.
    let rest = rest.get(length.checked_next_multiple_of(2)?..).unwrap_or_default();
    Some((u16::from_be_bytes(*id), data, rest))
}

/// Splits off one data set (IIM 4.2, 1.5): 0x1C, record, number, and a length of two bytes, or of as many bytes as
/// the two say when their highest bit is set.
fn data_set(bytes: &[u8]) -> Option<(u8, u8, &[u8], &[u8])> {
    let (&[0x1C, record, number, high, low], rest) = bytes.split_first_chunk::<5>()? else { return None };
    let short = u16::from_be_bytes([high, low]);
    let (length, rest) = if short & 0x8000 == 0 {
        (usize::from(short), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(short & 0x7FFF))?;
        (
            digits
                .iter()
                .try_fold(0_usize, |sum, &digit| sum.checked_mul(256)?.checked_add(usize::from(digit)))?,
            rest,
        )
    };
    let (value, rest) = rest.split_at_checked(length)?;
    Some((record, number, value, rest))
}

/// The usual name of a data set, or its numbers if it has no name here.
fn name(record: u8, number: u8) -> String {
    let name = match (record, number) {
        (1, 90) => "IPTC CodedCharacterSet",
        (2, 0) => "IPTC RecordVersion",
        (2, 5) => "IPTC ObjectName",
        (2, 25) => "IPTC Keywords",
        (2, 40) => "IPTC SpecialInstructions",
        (2, 55) => "IPTC DateCreated",
        (2, 60) => "IPTC TimeCreated",
        (2, 80) => "IPTC By-line",
        (2, 85) => "IPTC By-lineTitle",
        (2, 90) => "IPTC City",
        (2, 92) => "IPTC Sub-location",
        (2, 95) => "IPTC Province-State",
        (2, 101) => "IPTC Country",
        (2, 105) => "IPTC Headline",
        (2, 110) => "IPTC Credit",
        (2, 115) => "IPTC Source",
        (2, 116) => "IPTC CopyrightNotice",
        (2, 118) => "IPTC Contact",
        (2, 120) => "IPTC Caption-Abstract",
        (2, 122) => "IPTC Writer-Editor",
        _ => return format!("IPTC {record}:{number}"),
    };
    name.to_owned()
}
