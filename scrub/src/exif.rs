//! What is in an EXIF segment: how many of its bytes are GPS data, a MakerNote, or a thumbnail.

use std::ops::Range;

use crate::Kind;
use crate::tiff::Tiff;

const IFD0_EXIF: u16 = 0x8769;
const IFD0_GPS: u16 = 0x8825;
const EXIF_MAKER_NOTE: u16 = 0x927C;
const IFD1_JPEG: u16 = 0x0201;
const IFD1_JPEG_LENGTH: u16 = 0x0202;
const IFD1_STRIP: u16 = 0x0111;
const IFD1_STRIP_LENGTH: u16 = 0x0117;

/// The TIFF data in an EXIF segment's payload. The byte after `Exif\0` should be 0, but readers do not check it.
pub(crate) fn tiff_data(payload: &[u8]) -> Option<&[u8]> {
    payload.strip_prefix(b"Exif\0").and_then(|rest| rest.get(1..))
}

/// The TIFF header in an EXIF segment's payload, and the offset of IFD0. None if there is no such header: viewers pass
/// over the segment then.
pub(crate) fn tiff(payload: &[u8]) -> Option<(Tiff<'_>, usize)> {
    Tiff::parse(tiff_data(payload)?)
}

/// How many bytes of EXIF's TIFF data are of a kind of their own. No byte is counted twice.
pub(crate) fn contents(data: &[u8]) -> Vec<(Kind, usize)> {
    let mut ranges = Vec::new();
    find(data, &mut ranges);
    ranges.sort_by_key(|(_, range)| range.start);
    let mut counted = 0;
    let mut contents = Vec::new();
    for (kind, range) in ranges {
        let start = range.start.max(counted);
        counted = range.end.min(data.len()).max(counted);
        contents.push((kind, counted.saturating_sub(start)));
    }
    contents
}

/// Adds the range of each MakerNote, GPS value and thumbnail that can be found.
fn find(data: &[u8], ranges: &mut Vec<(Kind, Range<usize>)>) -> Option<()> {
    let (tiff, ifd0) = Tiff::parse(data)?;
    // Only the first of each: many entries that point to one long IFD would make this quadratic.
    let pointer = |tag| tiff.offset(tiff.entries(ifd0).find(|entry| entry.tag == tag)?.value.start);
    if let Some(camera) = pointer(IFD0_EXIF) {
        let note = tiff.entries(camera).find(|entry| entry.tag == EXIF_MAKER_NOTE);
        ranges.extend(note.map(|note| (Kind::MakerNote, note.value)));
    }
    if let Some(gps) = pointer(IFD0_GPS) {
        ranges.extend(tiff.ifd(gps).map(|(ifd, _)| (Kind::Gps, ifd)));
        ranges.extend(tiff.entries(gps).map(|entry| (Kind::Gps, entry.value)));
    }
    let (_, ifd1) = tiff.ifd(ifd0)?;
    let number = |tag| {
        let entry = tiff.entries(ifd1?).find(|entry| entry.tag == tag)?;
        match entry.format {
            crate::tiff::SHORT => tiff.short(entry.value.start).map(usize::from),
            _ => tiff.offset(entry.value.start),
        }
    };
    for (start, length) in [(IFD1_JPEG, IFD1_JPEG_LENGTH), (IFD1_STRIP, IFD1_STRIP_LENGTH)] {
        if let (Some(start), Some(length)) = (number(start), number(length)) {
            ranges.push((Kind::Thumbnail, start..start.saturating_add(length)));
        }
    }
    Some(())
}
