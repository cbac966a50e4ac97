//! The scans: entropy-coded data, and what may come between. img-parts returns all of it as one block, with the end of
//! the picture and whatever follows, so it is cut here.
//!
//! A decoder stops reading entropy-coded data at the first marker that is not a restart marker, and skips whatever is
//! between that segment and the next (libjpeg-turbo, `read_markers`). So those bytes can go, and in a damaged photo
//! they have to: next to the data before the marker, they would be drawn.

use img_parts::jpeg::markers;

use super::segments::{MAX_SEGMENTS, Next, next_segment};
use super::{Parts, entropy, segment_check};
use crate::frame::Frame;
use crate::kind::{classify, unsupported_coding};
use crate::{Kind, Refusal};

/// A file with more scans is refused: encoders write a dozen, and decoders go over the whole picture for each.
const MAX_SCANS: usize = 1000;

/// Cuts into parts what follows the first SOS segment, to the end of the file.
pub(super) fn parse_scans(parts: &mut Parts, frame: &Frame) -> Result<(), Refusal> {
    let photo = parts.photo;
    let cut_off = || Refusal::CutOff { offset: photo.len() };
    let mut at = parts.list.last().map_or(0, |first| first.range.end);
    let mut in_scan = true;
    let (mut scans, mut segments): (usize, usize) = (1, 0);
    loop {
        if in_scan {
            let end = entropy::end_of_data(photo, at).ok_or_else(cut_off)?;
            parts.push(Kind::EntropyCodedData, at..end);
            at = end;
        }
        let segment = match next_segment(photo, at)? {
            Next::Segment(segment) => segment,
            Next::Eoi(offset) => {
                let end = offset.saturating_add(2);
                parts.push_gap(at..offset);
                parts.push(Kind::Eoi, offset..end);
                push_trailer(parts, end);
                return Ok(());
            }
            Next::Soi(offset) => return Err(Refusal::SecondImage { offset }),
            Next::End => return Err(cut_off()),
        };
        let (marker, offset, payload) = (segment.marker, segment.range.start, segment.payload(photo));
        let kind = classify(marker, payload);
        if kind == Kind::Sof {
            return Err(match unsupported_coding(marker) {
                Some(coding) => Refusal::UnsupportedCoding { coding, offset },
                None => Refusal::SecondFrame { offset },
            });
        }
        in_scan = kind == Kind::Sos;
        scans = scans.saturating_add(usize::from(in_scan));
        if scans > MAX_SCANS {
            return Err(Refusal::TooManyScans { limit: MAX_SCANS, offset });
        }
        if segments >= MAX_SEGMENTS {
            return Err(Refusal::TooManySegments { limit: MAX_SEGMENTS, offset });
        }
        segments = segments.saturating_add(1);
        // A DAC that nothing is coded with is removed, whatever is in it.
        if kind != Kind::Dac || frame.is_arithmetic() {
            segment_check::check(marker, payload, offset)?;
        }
        parts.push_gap(at..offset);
        at = segment.range.end;
        parts.push_segment(kind, segment);
    }
}

/// Adds what follows EOI, if anything does.
fn push_trailer(parts: &mut Parts, from: usize) {
    let photo = parts.photo;
    let Some(trailer) = photo.get(from..).filter(|trailer| !trailer.is_empty()) else { return };
    // Some writers pad the picture with zeros.
    let padding = trailer.iter().take_while(|&&byte| byte == 0).count();
    let after_padding = trailer.get(padding..).unwrap_or_default();
    let kind = if after_padding.starts_with(&[markers::P, markers::SOI, markers::P]) {
        Kind::TrailingJpeg
    } else if trailer.get(4..8) == Some(b"ftyp") {
        Kind::TrailingVideo
    } else {
        Kind::Trailer
    };
    parts.push(kind, from..photo.len());
}
