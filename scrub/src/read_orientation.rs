//! Reads how a photo is stored, as viewers do. Browsers take a SHORT in IFD0 of EXIF, other viewers are less strict,
//! and some read XMP. What not all of them show the same is not guessed at.

use crate::Kind;
use crate::exif::tiff;
use crate::orientation::Stored;
use crate::parse::ParsedPart;
use crate::tiff::{Entry, SHORT, Tiff};

/// Exif 2.32, tag 0x0112.
const TAG: u16 = 0x0112;
/// The property of XMP that repeats the tag (XMP Specification Part 2, 3.1).
const XMP_PROPERTY: &[u8] = b"tiff:Orientation";

/// How the photo with this header is stored. `used` is the EXIF segment that viewers read.
pub(crate) fn stored(photo: &[u8], header: &[ParsedPart], used: Option<usize>) -> Stored {
    let in_exif = |part: &ParsedPart| of_exif(part.payload(photo));
    if let Some(stored) = used.and_then(|i| in_exif(header.get(i)?)) {
        return stored;
    }
    // Browsers go on to the next EXIF segment, Pillow does not.
    let in_another = header.iter().filter(|part| part.kind == Kind::Exif).filter_map(in_exif);
    let mut xmp = header.iter().filter(|part| part.kind == Kind::Xmp);
    let in_xmp = xmp.next().is_some_and(|part| is_rotated_by_xmp(part.payload(photo)));
    match in_another.into_iter().any(|stored| stored != Stored::Upright) || in_xmp {
        true => Stored::Unreadable,
        false => Stored::Upright,
    }
}

/// What an EXIF segment says. None if it has no such tag.
fn of_exif(payload: &[u8]) -> Option<Stored> {
    let (tiff, ifd0) = tiff(payload)?;
    let mut entries = tiff.entries(ifd0).filter(|entry| entry.tag == TAG);
    let first = of_entry(tiff, &entries.next()?);
    // Some viewers take the first, others the last.
    match entries.all(|entry| of_entry(tiff, &entry) == first) {
        true => Some(first),
        false => Some(Stored::Unreadable),
    }
}

/// What one entry says: a SHORT is read by all viewers. Of anything else, some read what they take for the number.
fn of_entry(tiff: Tiff<'_>, entry: &Entry) -> Stored {
    let at = entry.value.start;
    let short = tiff.short(at).and_then(rotated);
    if entry.format == SHORT && entry.count == 1 {
        return short.map_or(Stored::Upright, Stored::Rotated);
    }
    let long = tiff.long(at).and_then(|value| rotated(u16::try_from(value).ok()?));
    let byte = tiff.byte(at).and_then(|value| rotated(value.into()));
    match short.or(long).or(byte) {
        Some(_) => Stored::Unreadable,
        None => Stored::Upright,
    }
}

/// An orientation that is not upright. All viewers take a number that is not one for 1.
fn rotated(value: u16) -> Option<u8> {
    u8::try_from(value).ok().filter(|value| (2..=8).contains(value))
}

/// Whether XMP gives an orientation of 2 to 8, as an attribute or as an element.
fn is_rotated_by_xmp(payload: &[u8]) -> bool {
    let after = payload.windows(XMP_PROPERTY.len()).position(|bytes| bytes == XMP_PROPERTY);
    let after = after.and_then(|at| payload.get(at.checked_add(XMP_PROPERTY.len())?..)).unwrap_or_default();
    let is_mark = |byte: &&u8| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\'' | b'>');
    after.iter().find(|byte| !is_mark(byte)).is_some_and(|digit| (b'2'..=b'8').contains(digit))
}
