//! Cuts a file into parts: segments, entropy-coded data, and bytes that are neither. Every byte of the file is in
//! exactly one part. What browsers do not draw whole is refused here; what happens to each part is decided later, by
//! the plan.

mod entropy;
mod header;
mod scans;
mod segment_check;
mod segments;
mod trailer;
mod walk_budget;

use std::ops::Range;
use std::rc::Rc;

use bytes::Bytes;
use scans::Scans;

use crate::frame::Frame;
use crate::scan::{Edit, ScanHeader, Used};
use crate::{Kind, Recoded, Refusal};

pub(crate) use segments::{Segment, first_segment};

/// A file that decoders draw, cut into parts.
#[derive(Debug)]
pub(crate) struct ParsedFile {
    /// In the order of the file, SOI first.
    pub(crate) parts: Vec<ParsedPart>,
    /// Index of the first SOS segment: the parts before it are the header.
    pub(crate) first_scan: usize,
    /// Index of the first part after the last scan that decoders draw.
    pub(crate) picture_end: usize,
    /// With the true height, whatever gives it.
    pub(crate) frame: Frame,
    /// Why the picture has to be coded again, if it has to. Then its data was not walked, or not to its end.
    pub(crate) recoded: Option<Recoded>,
    /// The headers of the scans, each with the index of its part.
    pub(crate) scan_headers: Vec<(usize, ScanHeader)>,
    /// How long walking its data, and that of the clean photo, takes at most, in nanoseconds.
    pub(crate) walk_time: u64,
    /// What the scans use of the segments around them.
    pub(crate) used: Used,
}

impl ParsedFile {
    /// The parts before the first scan. Most of what is private is here.
    pub(crate) fn header(&self) -> &[ParsedPart] {
        self.parts.get(..self.first_scan).unwrap_or_default()
    }

    /// The payload of the scan header in this part, without what has no effect.
    pub(crate) fn scan_header_payload(&self, part: usize) -> Option<Bytes> {
        let (_, header) = self.scan_headers.iter().find(|(index, _)| *index == part)?;
        Some(header.payload(&self.frame, &self.frame.written_ids()).into())
    }

    /// The tables of a DHT or DQT segment that are used. None if none is.
    pub(crate) fn used_tables(&self, photo: &[u8], part: &ParsedPart) -> Option<Bytes> {
        let used = self.used.tables.iter();
        let used = used.filter(|table| part.range.contains(&table.start));
        let used: Vec<_> = used.filter_map(|table| photo.get(table.clone())).collect();
        (!used.is_empty()).then(|| used.concat().into())
    }

    /// The interval that a DRI segment has to give. None if it is not needed.
    pub(crate) fn used_interval(&self, part: &ParsedPart) -> Option<Bytes> {
        let (_, interval) = self.used.intervals.iter().find(|(offset, _)| *offset == part.range.start)?;
        Some(Bytes::copy_from_slice(&interval.to_be_bytes()))
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
    /// What is changed in entropy-coded data, in the order of the file.
    pub(crate) edits: Rc<[Edit]>,
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
        self.list.push(ParsedPart { kind, range, marker: 0, edits: Rc::default() });
    }

    fn push_segment(&mut self, kind: Kind, Segment { marker, range }: Segment) {
        self.list.push(ParsedPart { kind, range, marker, edits: Rc::default() });
    }

    fn push_data(&mut self, range: Range<usize>, edits: Vec<Edit>) {
        self.list.push(ParsedPart { kind: Kind::EntropyCodedData, range, marker: 0, edits: edits.into() });
    }

    /// Adds bytes between two segments, if there are any.
    fn push_gap(&mut self, range: Range<usize>) {
        let Some(gap) = self.photo.get(range.clone()).filter(|gap| !gap.is_empty()) else { return };
        let is_after_data = self.list.last().is_some_and(|last| last.kind == Kind::EntropyCodedData);
        let kind = match () {
            () if gap.iter().all(|&byte| byte == 0xFF) => Kind::FillBytes,
            () if is_after_data => Kind::SurplusData,
            () => Kind::StrayBytes,
        };
        self.push(kind, range);
    }

    /// Where the last part ends.
    fn end(&self) -> usize {
        self.list.last().map_or(0, |last| last.range.end)
    }
}

/// Cuts a photo into parts.
pub(crate) fn parse(photo: &[u8]) -> Result<ParsedFile, Refusal> {
    let mut parts = Parts { photo, list: Vec::new() };
    let (mut frame, offset) = header::parse_header(&mut parts)?;
    if frame.height == 0 {
        let height = scans::height_after_first_scan(photo, parts.end());
        frame.height = height.ok_or(Refusal::EmptyPicture { offset })?;
    }
    let first_scan = parts.list.len().saturating_sub(1);
    let Scans { recoded, headers, walk_time, used, end } = scans::parse_scans(&mut parts, &frame, offset)?;
    let scanned = headers.iter().flat_map(|(_, scan)| &scan.components).map(|component| component.index);
    frame.forget_tables_but_of(&scanned.collect());
    let parts = parts.list;
    let data = parts.iter().filter(|part| part.kind == Kind::EntropyCodedData);
    let data = data.map(|part| part.range.len() as u64).fold(0, u64::saturating_add);
    frame.check_data(data, offset)?;
    Ok(ParsedFile {
        parts,
        first_scan,
        picture_end: end,
        frame,
        recoded,
        scan_headers: headers,
        walk_time,
        used,
    })
}
