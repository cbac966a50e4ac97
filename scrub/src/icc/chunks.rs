//! An ICC profile comes in chunks, one per segment (ICC.1, Annex B.4).

use bytes::Bytes;

const SIGNATURE: &[u8] = b"ICC_PROFILE\0";
/// The most of a profile that fits into a segment, after signature, number and count.
const LONGEST_CHUNK: usize = 65_533 - 14;

/// A chunk of a profile.
#[derive(Debug)]
pub(crate) struct Chunk<'a> {
    /// Counted from 1.
    pub(crate) number: u8,
    /// How many chunks the profile says it has.
    pub(crate) count: u8,
    data: &'a [u8],
}

impl Chunk<'_> {
    /// The chunk in a payload, if it is one.
    pub(crate) fn parse(payload: &[u8]) -> Option<Chunk<'_>> {
        let (&[number, count], data) = payload.strip_prefix(SIGNATURE)?.split_first_chunk()?;
        Some(Chunk { number, count, data })
    }
}

/// The chunks sorted, if each of 1 to n is there once and each says n: the rule of libjpeg-turbo's
/// `jpeg_read_icc_profile`. Decoders ignore any other series.
pub(crate) fn in_order(mut chunks: Vec<Chunk<'_>>) -> Option<Vec<Chunk<'_>>> {
    chunks.sort_by_key(|chunk| (chunk.number, chunk.count));
    let count = chunks.len();
    let found = chunks.iter().map(|chunk| (usize::from(chunk.number), usize::from(chunk.count)));
    found.eq((1..=count).map(|number| (number, count))).then_some(chunks)
}

/// The profile in these chunks, which are in order.
pub(crate) fn join(chunks: &[Chunk]) -> Vec<u8> {
    chunks.iter().flat_map(|chunk| chunk.data).copied().collect()
}

/// The payloads of the chunks of a profile. None if it takes more than 255.
pub(crate) fn split(profile: &[u8]) -> Option<Vec<Bytes>> {
    let chunks = profile.chunks(LONGEST_CHUNK);
    let count = u8::try_from(chunks.len()).ok()?;
    let payload = |(number, data): (u8, &[u8])| [SIGNATURE, &[number, count], data].concat().into();
    Some((1..=count).zip(chunks).map(payload).collect())
}
