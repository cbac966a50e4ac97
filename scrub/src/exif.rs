//! What an EXIF segment holds: how many of its bytes say where the photo was taken, are the maker's own, or are a
//! second, smaller picture.

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

/// The TIFF data of an EXIF segment's payload. The byte behind `Exif\0` is 0, but readers do not ask for it.
pub(crate) fn tiff(payload: &[u8]) -> Option<&[u8]> {
    payload.strip_prefix(b"Exif\0").and_then(|rest| rest.get(1..))
}

/// How many bytes of the TIFF data of an EXIF segment are of a kind of their own. No byte is counted twice.
pub(crate) fn contents(data: &[u8]) -> Vec<(Kind, usize)> {
    let mut places = Vec::new();
    find(data, &mut places);
    places.sort_by_key(|(_, place)| place.start);
    let mut counted = 0;
    let mut contents = Vec::new();
    for (kind, place) in places {
        let start = place.start.max(counted);
        counted = place.end.min(data.len()).max(counted);
        contents.push((kind, counted.saturating_sub(start)));
    }
    contents
}

fn find(data: &[u8], places: &mut Vec<(Kind, Range<usize>)>) -> Option<()> {
    let (tiff, ifd0) = Tiff::read(data)?;
    // Only the first of each, or entries that all point to one long IFD would make this quadratic.
    let pointer = |tag| tiff.offset(tiff.entries(ifd0).find(|entry| entry.tag == tag)?.value.start);
    if let Some(camera) = pointer(IFD0_EXIF) {
        let note = tiff.entries(camera).find(|entry| entry.tag == EXIF_MAKER_NOTE);
        places.extend(note.map(|note| (Kind::MakerNote, note.value)));
    }
    if let Some(gps) = pointer(IFD0_GPS) {
        places.extend(tiff.ifd(gps).map(|(ifd, _)| (Kind::Gps, ifd)));
        places.extend(tiff.entries(gps).map(|entry| (Kind::Gps, entry.value)));
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
            places.push((Kind::Thumbnail, start..start.saturating_add(length)));
        }
    }
    Some(())
}
