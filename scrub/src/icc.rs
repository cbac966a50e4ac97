//! ICC profiles come in chunks (ICC.1, Annex B.4). Decoders ignore a series that is not whole, so it goes; one that
//! is whole is put together, and what colours need of it is cut into chunks again.

use bytes::Bytes;
use img_parts::jpeg::JpegSegment;

use crate::keep::Verdict;
use crate::kind::classify;
use crate::{IccMode, Kind, profile};

const SIGNATURE: &[u8] = b"ICC_PROFILE\0";
/// The most of a profile that fits into a segment, behind signature, sequence number and count.
const LONGEST_CHUNK: usize = 65_533 - 14;

/// What becomes of a profile.
pub(crate) enum Fate {
    /// The chunks stay as they are.
    Keep,
    /// Chunks with these payloads take their place.
    Rewrite(Vec<Bytes>),
    /// The chunks go. What they were.
    Remove(Kind),
}

/// Decides on the profile in a header.
pub(crate) fn decide(segments: &[JpegSegment], mode: IccMode) -> Fate {
    let mut chunks: Vec<_> = segments.iter().filter_map(|s| Some((chunk(s)?, s.contents()))).collect();
    chunks.sort_by_key(|(place, _)| *place);
    if !is_whole(chunks.iter().map(|(place, _)| *place)) {
        return Fate::Remove(Kind::IncompleteIcc);
    }
    if mode == IccMode::Keep || chunks.is_empty() {
        return Fate::Keep;
    }
    let data = chunks.iter().filter_map(|(_, payload)| payload.get(SIGNATURE.len().saturating_add(2)..));
    let whole: Vec<u8> = data.flatten().copied().collect();
    match profile::minimal(&whole) {
        None => Fate::Remove(Kind::UnreadableIcc),
        Some(minimal) if minimal == whole => Fate::Keep,
        Some(minimal) => cut(&minimal).map_or(Fate::Remove(Kind::UnreadableIcc), Fate::Rewrite),
    }
}

impl Fate {
    /// What becomes of one chunk. Those that are written take the places of those that were, as far as these go.
    pub(crate) fn verdict(&self, segment: &JpegSegment) -> (Kind, Verdict) {
        let new = match self {
            Fate::Keep => return (Kind::IccProfile, Verdict::Keep),
            Fate::Remove(kind) => return (*kind, Verdict::Remove),
            Fate::Rewrite(new) => new,
        };
        let (number, of) = chunk(segment).unwrap_or_default();
        let at = usize::from(number).saturating_sub(1);
        let end = if number == of { new.len() } else { at.saturating_add(1) };
        let verdict = match new.get(at..end) {
            None | Some([]) => Verdict::Remove,
            Some([same]) if same == segment.contents() => Verdict::Keep,
            Some(payloads) => Verdict::Rewrite(payloads.to_vec()),
        };
        (Kind::IccProfile, verdict)
    }
}

/// The payloads of the chunks of a profile. None if it takes more than 255.
fn cut(profile: &[u8]) -> Option<Vec<Bytes>> {
    let chunks = profile.chunks(LONGEST_CHUNK);
    let of = u8::try_from(chunks.len()).ok()?;
    let payload = |(number, data): (u8, &[u8])| [SIGNATURE, &[number, of], data].concat().into();
    Some((1..=of).zip(chunks).map(payload).collect())
}

/// Sequence number, from 1, and number of chunks, if the segment is an ICC chunk.
pub(crate) fn chunk(segment: &JpegSegment) -> Option<(u8, u8)> {
    if classify(segment.marker(), segment.contents()) != Kind::IccProfile {
        return None;
    }
    let &[number, count] = segment.contents().get(SIGNATURE.len()..)?.first_chunk()?;
    Some((number, count))
}

/// Whether the chunks, in order, are each of 1 to n once, and each says so: the rule of libjpeg-turbo's
/// `jpeg_read_icc_profile`.
fn is_whole(chunks: impl ExactSizeIterator<Item = (u8, u8)>) -> bool {
    let count = chunks.len();
    chunks.map(|(number, of)| (usize::from(number), usize::from(of))).eq((1..=count).map(|i| (i, count)))
}
