//! The header: everything up to the first SOS segment.

use img_parts::jpeg::markers;

use super::segments::{MAX_SEGMENTS, Next, next_segment};
use super::{Parts, segment_check};
use crate::frame::Frame;
use crate::kind::{classify, unsupported_coding};
use crate::{Kind, Refusal};

/// Cuts the header into parts, the first SOS segment last. Returns the frame header and its offset.
pub(super) fn parse_header(parts: &mut Parts) -> Result<(Frame, usize), Refusal> {
    let photo = parts.photo;
    match photo {
        [] => return Err(Refusal::Empty),
        [markers::P, markers::SOI, ..] => parts.push(Kind::Soi, 0..2),
        _ => return Err(Refusal::NotAJpeg),
    }
    let mut frame = None;
    let mut segments: usize = 0;
    let mut at = 2;
    loop {
        let segment = match next_segment(photo, at)? {
            Next::Segment(segment) => segment,
            Next::Soi(offset) => return Err(Refusal::SecondImage { offset }),
            Next::Eoi(offset) => return Err(Refusal::NoScan { offset }),
            Next::End => return Err(Refusal::CutOff { offset: photo.len(), percent: 0 }),
        };
        let (marker, offset, payload) = (segment.marker, segment.range.start, segment.payload(photo));
        if let Some(coding) = unsupported_coding(marker) {
            return Err(Refusal::UnsupportedCoding { coding, offset });
        }
        let kind = classify(marker, payload);
        // Nothing of a DAC is written: libjpeg-turbo reads it where the picture is coded with it.
        if kind != Kind::Dac {
            segment_check::check(marker, payload, offset)?;
        }
        if kind == Kind::Sof {
            if frame.is_some() {
                return Err(Refusal::SecondFrame { offset });
            }
            frame = Some((parse_frame(marker, payload, offset)?, offset));
        }
        if kind != Kind::Sos && segments >= MAX_SEGMENTS {
            return Err(Refusal::TooManySegments { limit: MAX_SEGMENTS, offset });
        }
        segments = segments.saturating_add(1);
        parts.push_gap(at..offset);
        at = segment.range.end;
        parts.push_segment(kind, segment);
        if kind == Kind::Sos {
            return frame.ok_or(Refusal::NoFrame { offset });
        }
    }
}

fn parse_frame(marker: u8, payload: &[u8], offset: usize) -> Result<Frame, Refusal> {
    // The height may be 0: DNL after the first scan gives it then (ITU-T T.81, B.2.5).
    if matches!(payload, [_, _, _, 0, 0, ..] | [_, _, _, _, _, 0, ..]) {
        return Err(Refusal::EmptyPicture { offset });
    }
    Frame::parse(marker, payload).ok_or(Refusal::BadFrame { offset })
}
