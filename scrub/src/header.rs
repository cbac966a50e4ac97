//! The header: everything in front of the first scan. Most of what is private lies here.

use bytes::{BufMut, Bytes, BytesMut};
use img_parts::jpeg::{Jpeg, JpegSegment, markers};

use crate::inspect::{Fate, Part};
use crate::segments::{self, MAX_SEGMENTS, Next, Segment};
use crate::{Kind, Orientation, Refusal, Violation, icc, inside, keep, shape};

/// A header, read and decided on.
pub(crate) struct Header {
    /// Every part, in the order of the file, SOI first.
    pub(crate) parts: Vec<Part>,
    /// What is to be written in its place, SOI first.
    pub(crate) written: Bytes,
    /// The segment of the first scan.
    pub(crate) scan: Segment,
    pub(crate) orientation: Orientation,
    /// Bytes written that have no counterpart in the file.
    pub(crate) added: usize,
}

/// Reads the header of a photo and decides what of it stays.
pub(crate) fn read(photo: &[u8]) -> Result<Header, Refusal> {
    let (places, scan) = places(photo)?;
    let segments = parse(photo, &places)?;
    let kinds: Vec<Kind> = segments.iter().map(|s| keep::classify(s.marker(), s.contents())).collect();

    let first = |kind| kinds.iter().position(|&k| k == kind);
    let jfif = first(Kind::Jfif);
    let exif = first(Kind::Exif);
    // libjpeg-turbo takes the last Adobe segment it sees.
    let adobe = kinds.iter().rposition(|&kind| kind == Kind::Adobe);
    let chunks: Vec<_> = segments.iter().filter_map(icc_chunk).collect();
    let icc_is_whole = icc::is_whole(&chunks);
    let orientation =
        exif.and_then(|i| segments.get(i)).map_or(Orientation::Upright, |s| Orientation::read(s.contents()));
    let tag = orientation.exif();
    let tag_is_there = exif.and_then(|i| segments.get(i)).is_some_and(|s| tag.as_ref() == Some(s.contents()));

    let mut parts = vec![Part::kept(Kind::Soi, 0..2)];
    let mut profile = Vec::new();
    let mut coding = Vec::new();
    let mut fresh_jfif = None;
    let mut fresh_adobe = None;
    let mut at = 2;
    for (i, ((place, segment), &kind)) in places.iter().zip(&segments).zip(&kinds).enumerate() {
        parts.extend(Part::gap(photo, at..place.range.start));
        at = place.range.end;
        let contents = segment.contents();
        let part = Part::kept(kind, place.range.clone());
        let part = match kind {
            Kind::Jfif if jfif == Some(i) => {
                fresh_jfif = keep::jfif(contents).map(|c| JpegSegment::new_with_contents(markers::APP0, c));
                part.rewritten(fresh_jfif.as_ref(), contents, Kind::Thumbnail)
            }
            Kind::Adobe if adobe == Some(i) => {
                fresh_adobe =
                    keep::adobe(contents).map(|c| JpegSegment::new_with_contents(markers::APP14, c));
                part.rewritten(fresh_adobe.as_ref(), contents, Kind::Adobe)
            }
            Kind::IccProfile if icc_is_whole => {
                profile.push((icc_chunk(segment), segment.clone()));
                part
            }
            Kind::IccProfile => Part { kind: Kind::IncompleteIcc, ..part }.removed(contents),
            Kind::Exif if exif == Some(i) && tag_is_there => part,
            Kind::Exif if exif == Some(i) && tag.is_some() => {
                Part { fate: Fate::Rewritten, ..part.removed(contents) }
            }
            _ if keep::codes_the_picture(kind) && shape::fits(segment.marker(), contents) => {
                coding.push(segment.clone());
                part
            }
            _ => part.removed(contents),
        };
        parts.push(part);
    }
    parts.extend(Part::gap(photo, at..scan.range.start));

    let added = tag.as_ref().filter(|_| !tag_is_there).map_or(0, |tag| tag.len().saturating_add(4));
    profile.sort_by_key(|(chunk, _)| *chunk);
    let fresh_exif = tag.map(|tag| JpegSegment::new_with_contents(markers::APP1, tag));
    let kept = (fresh_jfif.into_iter().chain(fresh_exif))
        .chain(profile.into_iter().map(|(_, segment)| segment))
        .chain(fresh_adobe)
        .chain(coding);
    Ok(Header { parts, written: encode(kept), scan, orientation, added })
}

/// Finds the segments in front of the first scan, and the first scan's own.
fn places(photo: &[u8]) -> Result<(Vec<Segment>, Segment), Refusal> {
    match photo {
        [] => return Err(Refusal::Empty),
        [markers::P, markers::SOI, ..] => {}
        _ => return Err(Refusal::NotAJpeg),
    }
    let mut places = Vec::new();
    let mut has_frame = false;
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
        let is_frame = keep::classify(marker, &[]) == Kind::Sof;
        if is_frame && has_frame {
            return Err(Refusal::SecondFrame { offset });
        }
        has_frame |= is_frame;
        // libjpeg-turbo skips DNL whatever its length; of a wrong length it is no part of the picture.
        if marker != markers::DNL && !shape::fits(marker, place.payload(photo)) {
            return Err(Refusal::BadLength { marker, offset });
        }
        if marker == markers::SOS {
            return if has_frame { Ok((places, place)) } else { Err(Refusal::NoFrame { offset }) };
        }
        if places.len() >= MAX_SEGMENTS {
            return Err(Refusal::TooManySegments { limit: MAX_SEGMENTS, offset });
        }
        at = place.range.end;
        places.push(place);
    }
}

/// Has img-parts parse the segments. It is given a copy of them, so that it holds no handle to the photo's buffer,
/// without the bytes between them: it does not forgive a length below 2, as libjpeg-turbo does.
fn parse(photo: &[u8], places: &[Segment]) -> Result<Vec<JpegSegment>, Refusal> {
    let mut copy = BytesMut::from(&[markers::P, markers::SOI][..]);
    for place in places {
        copy.put(photo.get(place.range.clone()).unwrap_or_default());
    }
    copy.put(&[markers::P, markers::EOI][..]);
    let mut jpeg = Jpeg::from_bytes(copy.freeze()).map_err(|_| Violation::HeaderMisread)?;
    let segments = std::mem::take(jpeg.segments_mut());
    let agree = segments.len() == places.len()
        && segments
            .iter()
            .zip(places)
            .all(|(s, place)| s.marker() == place.marker && s.len() == place.range.len());
    if agree { Ok(segments) } else { Err(Violation::HeaderMisread.into()) }
}

fn icc_chunk(segment: &JpegSegment) -> Option<(u8, u8)> {
    (segment.marker() == markers::APP2).then(|| icc::chunk(segment.contents()))?
}

fn encode(segments: impl Iterator<Item = JpegSegment>) -> Bytes {
    let mut written = BytesMut::from(&[markers::P, markers::SOI][..]);
    for segment in segments {
        written.put(segment.encoder().bytes());
    }
    written.freeze()
}

impl Part {
    /// This part, cut down to what `fresh` holds. What it is longer is of the kind `rest`.
    fn rewritten(mut self, fresh: Option<&JpegSegment>, contents: &[u8], rest: Kind) -> Part {
        let Some(fresh) = fresh else { return self };
        if fresh.contents() != contents {
            self.fate = Fate::Rewritten;
            self.removed = inside::open(rest, self.length.saturating_sub(fresh.len()), &[]);
        }
        self
    }
}
