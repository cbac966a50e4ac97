//! ICC profiles come in chunks (ICC.1, Annex B.4). Decoders ignore a series that is not whole, so it goes; one that
//! is whole is kept in its order.

use img_parts::jpeg::JpegSegment;

use crate::Kind;
use crate::kind::classify;

/// Sequence number, from 1, and number of chunks, if the segment is an ICC chunk.
pub(crate) fn chunk(segment: &JpegSegment) -> Option<(u8, u8)> {
    if classify(segment.marker(), segment.contents()) != Kind::IccProfile {
        return None;
    }
    let &[number, count] = segment.contents().get(12..)?.first_chunk()?;
    Some((number, count))
}

/// Whether the chunks are each of 1 to n once, and each says so: the rule of libjpeg-turbo's `jpeg_read_icc_profile`.
pub(crate) fn is_whole(chunks: impl Iterator<Item = (u8, u8)>) -> bool {
    let mut chunks: Vec<(u8, u8)> = chunks.collect();
    chunks.sort_unstable();
    let count = chunks.len();
    chunks
        .into_iter()
        .map(|(number, of)| (usize::from(number), usize::from(of)))
        .eq((1..=count).map(|i| (i, count)))
}
