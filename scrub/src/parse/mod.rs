//! Cuts a file into parts: segments, entropy-coded data, and bytes that are neither. Every byte of the file is in
//! exactly one part. What no decoder draws is refused here; what happens to each part is decided later, by the plan.

mod entropy;
mod header;
mod scans;
mod segment_check;
mod segments;

use std::ops::Range;

use crate::frame::Frame;
use crate::{Kind, Refusal};

pub(crate) use segments::{Segment, first_segment};

/// A file that decoders draw, cut into parts.
#[derive(Debug)]
pub(crate) struct ParsedFile {
    /// In the order of the file, SOI first.
    pub(crate) parts: Vec<ParsedPart>,
    /// Index of the first SOS segment: the parts before it are the header.
    pub(crate) first_scan: usize,
    /// As it is in the file. Its height is 0 if DNL gives it.
    pub(crate) frame: Frame,
}

impl ParsedFile {
    /// The parts before the first scan. Most of what is private is here.
    pub(crate) fn header(&self) -> &[ParsedPart] {
        self.parts.get(..self.first_scan).unwrap_or_default()
    }

    /// How many scans the picture has.
    pub(crate) fn scans(&self) -> usize {
        self.parts.iter().filter(|part| part.kind == Kind::Sos).count()
    }
}

/// A part of a file, before anything is decided about it.
#[derive(Debug)]
pub(crate) struct ParsedPart {
    pub(crate) kind: Kind,
    /// From its first byte to its last, including marker and length field.
    pub(crate) range: Range<usize>,
    /// Second byte of its marker. 0 for a part that has none.
    pub(crate) marker: u8,
}

impl ParsedPart {
    /// What follows marker and length. Empty for a part that is not a segment.
    pub(crate) fn payload<'a>(&self, photo: &'a [u8]) -> &'a [u8] {
        let Self { marker, range, .. } = self;
        match marker {
            0 => &[],
            &marker => Segment { marker, range: range.clone() }.payload(photo),
        }
    }
}

/// The parts found so far.
struct Parts<'a> {
    photo: &'a [u8],
    list: Vec<ParsedPart>,
}

impl Parts<'_> {
    fn push(&mut self, kind: Kind, range: Range<usize>) {
        self.list.push(ParsedPart { kind, range, marker: 0 });
    }

    fn push_segment(&mut self, kind: Kind, Segment { marker, range }: Segment) {
        self.list.push(ParsedPart { kind, range, marker });
    }

    /// Adds bytes between two segments, if there are any.
    fn push_gap(&mut self, range: Range<usize>) {
        if let Some(gap) = self.photo.get(range.clone()).filter(|gap| !gap.is_empty()) {
            let is_fill = gap.iter().all(|&byte| byte == 0xFF);
            self.push(if is_fill { Kind::FillBytes } else { Kind::StrayBytes }, range);
        }
    }
}

/// Cuts a photo into parts.
pub(crate) fn parse(photo: &[u8]) -> Result<ParsedFile, Refusal> {
    let mut parts = Parts { photo, list: Vec::new() };
    let (frame, offset) = header::parse_header(&mut parts)?;
    let first_scan = parts.list.len().saturating_sub(1);
    scans::parse_scans(&mut parts, &frame)?;
    let parts = parts.list;
    let height = match frame.height {
        0 => dnl_height(photo, parts.iter().skip(first_scan)).ok_or(Refusal::EmptyPicture { offset })?,
        height => height,
    };
    let data = parts.iter().filter(|part| part.kind == Kind::EntropyCodedData);
    let data = data.map(|part| part.range.len() as u64).fold(0, u64::saturating_add);
    Frame { height, ..frame.clone() }.check_data(data, offset)?;
    Ok(ParsedFile { parts, first_scan, frame })
}

/// The height that DNL gives, if it gives one (ITU-T T.81, B.2.5).
fn dnl_height<'a>(photo: &[u8], mut parts: impl Iterator<Item = &'a ParsedPart>) -> Option<u16> {
    let height = parts.find_map(|part| match part.kind {
        Kind::Dnl => <[u8; 2]>::try_from(part.payload(photo)).ok(),
        _ => None,
    })?;
    Some(u16::from_be_bytes(height)).filter(|&height| height != 0)
}
