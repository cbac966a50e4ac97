//! How many bytes of which kinds are in a segment that is removed. Containers are opened only as far as it takes to
//! name their contents; values are never read.

use crate::report::{Removed, add};
use crate::{Kind, exif};

/// Divides the `length` bytes that are removed of a part among its kind and those of its contents.
pub(crate) fn removed_by_kind(kind: Kind, length: usize, payload: &[u8]) -> Vec<Removed> {
    let kind = match kind {
        Kind::EntropyCodedData => Kind::SurplusData,
        Kind::Dht | Kind::Dqt | Kind::Dri | Kind::Dac => Kind::UnusedTable,
        kind => kind,
    };
    let contents = match kind {
        Kind::Exif => exif::tiff_data(payload).map(exif::contents).unwrap_or_default(),
        Kind::Photoshop => photoshop(payload),
        Kind::Jfif => jfif(payload),
        _ => Vec::new(),
    };
    let named = contents.iter().map(|&(_, bytes)| bytes).fold(0, usize::saturating_add);
    let mut removed = Vec::new();
    add(&mut removed, kind, length.saturating_sub(named) as u64);
    for (kind, bytes) in contents {
        add(&mut removed, kind, bytes as u64);
    }
    removed
}

/// The thumbnail in a JFIF segment: 3 bytes per pixel (ITU-T T.871, 10.1).
fn jfif(payload: &[u8]) -> Vec<(Kind, usize)> {
    let Some((&[width, height], pixels)) = payload.get(12..).and_then(|rest| rest.split_first_chunk()) else {
        return Vec::new();
    };
    let size = usize::from(width).saturating_mul(usize::from(height)).saturating_mul(3);
    vec![(Kind::Thumbnail, size.min(pixels.len()))]
}

/// The image resources of a Photoshop segment ("Adobe Photoshop File Formats Specification", Image Resource Blocks)
/// that have a name of their own.
fn photoshop(payload: &[u8]) -> Vec<(Kind, usize)> {
    let mut contents = Vec::new();
    let mut rest = payload.strip_prefix(b"Photoshop 3.0\0").unwrap_or_default();
    while let Some((kind, length, after)) = resource(rest) {
        contents.extend(kind.map(|kind| (kind, length)));
        rest = after;
    }
    contents
}

/// One resource: signature, id, name and data, name and data each padded to an even length.
fn resource(block: &[u8]) -> Option<(Option<Kind>, usize, &[u8])> {
    let (&id, rest) = block.strip_prefix(b"8BIM")?.split_first_chunk()?;
    let name = usize::from(*rest.first()?).checked_add(1)?.checked_next_multiple_of(2)?;
    let (&data, rest) = rest.get(name..)?.split_first_chunk()?;
    let data = usize::try_from(u32::from_be_bytes(data)).ok()?.checked_next_multiple_of(2)?;
    let after = rest.get(data..).unwrap_or_default();
    let kind = match u16::from_be_bytes(id) {
        0x0404 => Some(Kind::Iptc),
        0x0409 | 0x040C => Some(Kind::Thumbnail),
        0x0422 | 0x0423 => Some(Kind::Exif),
        0x0424 => Some(Kind::Xmp),
        _ => None,
    };
    Some((kind, block.len().saturating_sub(after.len()), after))
}
