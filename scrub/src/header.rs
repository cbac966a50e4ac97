//! The header: everything in front of the first scan. Most of what is private lies here.

use bytes::{BufMut, Bytes, BytesMut};
use img_parts::jpeg::{JpegSegment, markers};

use crate::frame::Frame;
use crate::inspect::Part;
use crate::keep::{self, Verdict};
use crate::kind::classify;
use crate::segments::{self, MAX_SEGMENTS, Next, Segment};
use crate::{Kind, Options, Refusal, icc, shape};

/// A header, read and decided on.
pub(crate) struct Header {
    /// Every part, in the order of the file, SOI first.
    pub(crate) parts: Vec<Part>,
    /// What is to be written in its place, SOI first.
    pub(crate) written: Bytes,
    /// The segment of the first scan.
    pub(crate) scan: Segment,
    /// The frame header, and where it stands.
    pub(crate) frame: (Frame, usize),
    /// 1 to 8.
    pub(crate) orientation: u8,
    /// Bytes written that have no counterpart in the file: those of a fresh EXIF segment, as a rule.
    pub(crate) added: usize,
}

/// Reads the header of a photo and decides what of it stays. Keeps no handle to the photo's buffer.
pub(crate) fn read(photo: &Bytes, options: &Options) -> Result<Header, Refusal> {
    let Places { places, scan, frame } = places(photo)?;
    let whole =
        |place: &Segment| JpegSegment::new_with_contents(place.marker, photo.slice_ref(place.payload(photo)));
    let segments: Vec<_> = places.iter().map(whole).collect();
    let (verdicts, orientation) = keep::decide(&segments, frame.0.is_arithmetic(), options);

    let mut parts = vec![Part::kept(Kind::Soi, 0..2)];
    let mut kept = Vec::new();
    let mut added: usize = 0;
    let mut at = 2;
    for ((place, segment), (kind, verdict)) in places.iter().zip(segments).zip(verdicts) {
        parts.extend(Part::gap(photo, at..place.range.start));
        at = place.range.end;
        let part = Part::kept(kind, place.range.clone());
        parts.push(match verdict {
            Verdict::Keep => {
                kept.push((kind, segment));
                part
            }
            Verdict::Rewrite(payloads) => {
                let new: Vec<_> = payloads
                    .into_iter()
                    .map(|payload| JpegSegment::new_with_contents(segment.marker(), payload))
                    .collect();
                let length = new.iter().map(JpegSegment::len).fold(0, usize::saturating_add);
                let (part, new_bytes) = part.rewritten(segment.contents(), length);
                added = added.saturating_add(new_bytes);
                kept.extend(new.into_iter().map(|new| (kind, new)));
                part
            }
            Verdict::Remove => part.removed(segment.contents()),
        });
    }
    parts.extend(Part::gap(photo, at..scan.range.start));
    kept.sort_by_key(|(kind, segment)| (keep::rank(*kind), icc::chunk(segment)));
    let written = encode(kept.into_iter().map(|(_, segment)| segment));
    Ok(Header { parts, written, scan, frame, orientation, added })
}

/// What stands where.
struct Places {
    /// The segments in front of the first scan.
    places: Vec<Segment>,
    /// The first scan's own segment.
    scan: Segment,
    /// The frame header, and where it stands.
    frame: (Frame, usize),
}

fn places(photo: &[u8]) -> Result<Places, Refusal> {
    match photo {
        [] => return Err(Refusal::Empty),
        [markers::P, markers::SOI, ..] => {}
        _ => return Err(Refusal::NotAJpeg),
    }
    let mut places = Vec::new();
    let mut frame = None;
    let mut at = 2;
    loop {
        let place = match segments::next(photo, at)? {
            Next::Segment(place) => place,
            Next::Soi(offset) => return Err(Refusal::SecondImage { offset }),
            Next::Eoi(offset) => return Err(Refusal::NoScan { offset }),
            Next::End => return Err(Refusal::CutOff { offset: photo.len() }),
        };
        let (marker, offset) = (place.marker, place.range.start);
        if let Some(coding) = keep::unsupported(marker) {
            return Err(Refusal::UnsupportedCoding { coding, offset });
        }
        let payload = place.payload(photo);
        if marker != markers::DNL {
            shape::check(marker, payload, offset)?;
        }
        if classify(marker, payload) == Kind::Sof {
            if frame.is_some() {
                return Err(Refusal::SecondFrame { offset });
            }
            // The height may be 0: DNL behind the first scan gives it then (ITU-T T.81, B.2.5).
            if matches!(payload, [_, _, _, 0, 0, ..] | [_, _, _, _, _, 0, ..]) {
                return Err(Refusal::EmptyPicture { offset });
            }
            frame = Some((Frame::read(marker, payload).ok_or(Refusal::BadFrame { offset })?, offset));
        }
        if marker == markers::SOS {
            let frame = frame.ok_or(Refusal::NoFrame { offset })?;
            return Ok(Places { places, scan: place, frame });
        }
        if places.len() >= MAX_SEGMENTS {
            return Err(Refusal::TooManySegments { limit: MAX_SEGMENTS, offset });
        }
        at = place.range.end;
        places.push(place);
    }
}

fn encode(segments: impl Iterator<Item = JpegSegment>) -> Bytes {
    let mut written = BytesMut::from(&[markers::P, markers::SOI][..]);
    for segment in segments {
        written.put(segment.encoder().bytes());
    }
    written.freeze()
}
