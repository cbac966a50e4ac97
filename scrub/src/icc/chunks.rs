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

/// The first whole series of these chunks, which are as in the file, with what comes with each: the first chunk says
/// how many there are, each follows once, in any order. Chromium applies it, and stops there. It gives up at a chunk
/// that does not fit before the series is whole. (Firefox applies a profile only where nothing else follows.)
pub(crate) fn first_series<'a, T>(
    chunks: impl IntoIterator<Item = (T, Chunk<'a>)>,
) -> Option<Vec<(T, Chunk<'a>)>> {
    let mut series: Vec<(T, Chunk<'a>)> = Vec::new();
    for (with, chunk) in chunks {
        let has_place = (1..=chunk.count).contains(&chunk.number);
        let fits = |(_, other): &(T, Chunk)| other.count == chunk.count && other.number != chunk.number;
        if !has_place || !series.iter().all(fits) {
            return None;
        }
        let count = usize::from(chunk.count);
        series.push((with, chunk));
        if series.len() == count {
            series.sort_by_key(|(_, chunk)| chunk.number);
            return Some(series);
        }
    }
    None
}

/// The profile in these chunks, which are in order.
pub(crate) fn join<T>(chunks: &[(T, Chunk)]) -> Vec<u8> {
    chunks.iter().flat_map(|(_, chunk)| chunk.data).copied().collect()
}

/// The payloads of the chunks of a profile. None if it takes more than 255.
pub(crate) fn split(profile: &[u8]) -> Option<Vec<Bytes>> {
    let chunks = profile.chunks(LONGEST_CHUNK);
    let count = u8::try_from(chunks.len()).ok()?;
    let payload = |(number, data): (u8, &[u8])| [SIGNATURE, &[number, count], data].concat().into();
    Some((1..=count).zip(chunks).map(payload).collect())
}
