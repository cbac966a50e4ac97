//! The scans: entropy-coded data, and what may stand between. img-parts hands all of it over as one piece, with the
//! end of the picture and whatever follows, so the project walks it itself.
//!
//! A decoder stops reading entropy-coded data at the first marker that is no restart marker, and skips whatever
//! stands between that segment and the next (libjpeg-turbo, `read_markers`). So those bytes can go, and in a damaged
//! photo they have to: moved up to the data in front of the marker, they would be drawn.

use img_parts::jpeg::markers;

use crate::inspect::{Action, Part};
use crate::kind::classify;
use crate::segments::{self, MAX_SEGMENTS, Next, Segment};
use crate::{Kind, Refusal, entropy, keep, shape};

/// More than this many scans are refused: encoders write a dozen, and decoders go over the whole picture for each.
const MAX_SCANS: usize = 1000;

/// Every part from the first scan's segment to the end of the file.
pub(crate) fn read(photo: &[u8], first: &Segment, is_arithmetic: bool) -> Result<Vec<Part>, Refusal> {
    let cut_off = || Refusal::CutOff { offset: photo.len() };
    let mut parts = vec![Part::kept(Kind::Sos, first.range.clone())];
    let mut at = first.range.end;
    let mut in_scan = true;
    let (mut scans, mut segments): (usize, usize) = (1, 0);
    loop {
        if in_scan {
            let end = entropy::end(photo, at).ok_or_else(cut_off)?;
            parts.push(Part::kept(Kind::EntropyCodedData, at..end));
            at = end;
        }
        let place = match segments::next(photo, at)? {
            Next::Segment(place) => place,
            Next::Eoi(offset) => {
                let end = offset.saturating_add(2);
                remove_last_tables(&mut parts);
                parts.extend(Part::gap(photo, at..offset));
                parts.push(Part::kept(Kind::Eoi, offset..end));
                parts.extend(trailer(photo, end));
                return Ok(parts);
            }
            Next::Soi(offset) => return Err(Refusal::SecondImage { offset }),
            Next::End => return Err(cut_off()),
        };
        let (marker, offset) = (place.marker, place.range.start);
        parts.extend(Part::gap(photo, at..offset));
        at = place.range.end;
        let payload = place.payload(photo);
        let kind = classify(marker, payload);
        if kind == Kind::Sof {
            return Err(match keep::unsupported(marker) {
                Some(coding) => Refusal::UnsupportedCoding { coding, offset },
                None => Refusal::SecondFrame { offset },
            });
        }
        if kind == Kind::Sos {
            scans = scans.saturating_add(1);
            if scans > MAX_SCANS {
                return Err(Refusal::TooManyScans { limit: MAX_SCANS, offset });
            }
        }
        if segments >= MAX_SEGMENTS {
            return Err(Refusal::TooManySegments { limit: MAX_SEGMENTS, offset });
        }
        segments = segments.saturating_add(1);
        let part = Part::kept(kind, place.range);
        if keep::stays(kind, payload, is_arithmetic) {
            shape::check(marker, payload, offset)?;
            parts.push(part);
        } else {
            parts.push(part.removed(payload));
        }
        in_scan = marker == markers::SOS;
    }
}

/// Takes out the tables behind the last scan: nothing is coded with them. A DNL may give that scan its height.
fn remove_last_tables(parts: &mut [Part]) {
    let behind = parts.iter_mut().rev().take_while(|part| part.kind != Kind::EntropyCodedData);
    for part in behind.filter(|part| part.action == Action::Keep && part.kind != Kind::Dnl) {
        *part = part.clone().removed(&[]);
    }
}

/// What stands behind the end of the picture.
fn trailer(photo: &[u8], from: usize) -> Option<Part> {
    let trailer = photo.get(from..).filter(|trailer| !trailer.is_empty())?;
    // Some writers pad the picture with zeros.
    let padding = trailer.iter().take_while(|&&byte| byte == 0).count();
    let kind = if trailer
        .get(padding..)
        .is_some_and(|rest| rest.starts_with(&[markers::P, markers::SOI, markers::P]))
    {
        Kind::TrailingJpeg
    } else if trailer.get(4..8) == Some(b"ftyp") {
        Kind::TrailingVideo
    } else {
        Kind::Trailer
    };
    Some(Part::kept(kind, from..photo.len()).removed(&[]))
}
