//! ICC profiles come in chunks (ICC.1, Annex B.4). Decoders ignore a series that is not whole, so it goes; one that
//! is whole is kept in its order.

/// Sequence number, from 1, and number of chunks, of the payload of an ICC chunk.
pub(crate) fn chunk(payload: &[u8]) -> Option<(u8, u8)> {
    let &[number, count] = payload.strip_prefix(b"ICC_PROFILE\0")?.first_chunk()?;
    Some((number, count))
}

/// Whether the chunks are each of 1 to n once, and each says so: the rule of libjpeg-turbo's `jpeg_read_icc_profile`.
pub(crate) fn is_whole(chunks: &[(u8, u8)]) -> bool {
    let mut numbers: Vec<u8> = chunks.iter().map(|&(number, _)| number).collect();
    numbers.sort_unstable();
    chunks.iter().all(|&(_, count)| usize::from(count) == chunks.len())
        && numbers.into_iter().map(usize::from).eq(1..=chunks.len())
}
