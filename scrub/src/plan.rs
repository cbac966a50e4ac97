//! What is written: the new header, and which bytes of the file follow it. The allow-list decides, part by part.

use std::ops::Range;

use bytes::{BufMut, Bytes, BytesMut};
use img_parts::jpeg::{JpegSegment, markers};

use crate::allow_list::{self, Decision};
use crate::icc::Chunk;
use crate::orientation::Stored;
use crate::parse::{ParsedFile, ParsedPart};
use crate::report::add;
use crate::{Action, Kind, Options, OrientationMode, Part, Report};

/// How a clean photo is put together. Holds no handle to the original's buffer.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The new header, from SOI to the first scan.
    pub(crate) header: Bytes,
    /// The ranges of the original that follow it, from the first SOS segment to EOI.
    pub(crate) body: Vec<Range<usize>>,
    /// Every part of the original, and what happens to it.
    pub(crate) parts: Vec<Part>,
    /// How the picture is stored.
    pub(crate) orientation: Stored,
    /// Bytes written that have no counterpart in the original.
    added: usize,
}

/// Plans what is written for a photo.
pub(crate) fn plan(photo: &Bytes, file: &ParsedFile, options: &Options) -> Plan {
    let (decisions, orientation) = allow_list::decide(photo, file, options);
    new_plan(photo, file, decisions, orientation)
}

/// Plans what is written for a photo that libjpeg-turbo has rotated.
pub(crate) fn plan_rotated(
    photo: &Bytes,
    file: &ParsedFile,
    options: &Options,
    original: &ParsedFile,
) -> Plan {
    let (decisions, orientation) = allow_list::decide_rotated(photo, file, options, original);
    new_plan(photo, file, decisions, orientation)
}

fn new_plan(photo: &Bytes, file: &ParsedFile, decisions: Vec<Decision>, orientation: Stored) -> Plan {
    let mut header = Vec::new();
    let mut plan = Plan { header: Bytes::new(), body: Vec::new(), parts: Vec::new(), orientation, added: 0 };
    for (i, (part, decision)) in file.parts.iter().zip(decisions).enumerate() {
        plan.count(photo, part, &decision);
        if i < file.first_scan {
            header.extend(header_segments(photo, part, decision));
        } else if decision.action == Action::Keep {
            plan.body.push(copied(part));
        }
    }
    plan.header = encode(header);
    plan
}

/// The bytes of a part that are copied: all of them. Coded data is copied whole, including any bytes after the last
/// block that is drawn.
fn copied(part: &ParsedPart) -> Range<usize> {
    part.range.clone()
}

/// The segments that are written for a part of the header. SOI is written anyway.
fn header_segments(photo: &Bytes, part: &ParsedPart, decision: Decision) -> Vec<(Kind, JpegSegment)> {
    let payloads = match decision.action {
        Action::Keep if part.kind != Kind::Soi => vec![photo.slice_ref(part.payload(photo))],
        Action::Keep | Action::Remove => Vec::new(),
        Action::Rewrite => decision.payloads,
    };
    let segment = |payload| (decision.kind, JpegSegment::new_with_contents(part.marker, payload));
    payloads.into_iter().map(segment).collect()
}

/// The header in the order that readers expect.
fn encode(mut segments: Vec<(Kind, JpegSegment)>) -> Bytes {
    segments.sort_by_key(|(kind, segment)| {
        (header_order(*kind), Chunk::parse(segment.contents()).map(|chunk| chunk.number))
    });
    let mut header = BytesMut::from(&[markers::P, markers::SOI][..]);
    for (_, segment) in segments {
        header.put(segment.encoder().bytes());
    }
    header.freeze()
}

/// The order of kinds in a header: JFIF comes first (ITU-T T.871, 10.1), EXIF as early as it can (CIPA DC-008, 4.5.4);
/// what the picture is coded in keeps its own order at the end.
fn header_order(kind: Kind) -> u8 {
    match kind {
        Kind::Jfif => 0,
        Kind::Exif => 1,
        Kind::IccProfile => 2,
        Kind::Adobe => 3,
        _ => 4,
    }
}

impl Plan {
    /// Counts what is removed of a part, and what is added for it. What is left of JFIF, Adobe and a profile was there
    /// before; EXIF is removed altogether, and the segment with the orientation is new.
    fn count(&mut self, photo: &[u8], part: &ParsedPart, decision: &Decision) {
        let old = part.range.len();
        let new = decision.payloads.iter().map(|payload| payload.len().saturating_add(4));
        let new = new.fold(0, usize::saturating_add);
        let (removed, added) = match decision.action {
            Action::Keep => (0, 0),
            Action::Remove => (old, 0),
            Action::Rewrite if decision.kind == Kind::Exif => (old, new),
            Action::Rewrite => (old.saturating_sub(new), new.saturating_sub(old)),
        };
        self.added = self.added.saturating_add(added);
        let payload = part.payload(photo);
        self.parts.push(Part::new(decision.kind, &part.range, decision.action, removed, payload));
    }

    /// What is removed if the picture stays as it is stored.
    pub(crate) fn report(&self, mode: OrientationMode) -> Report {
        let mut removed = Vec::new();
        for entry in self.parts.iter().flat_map(|part| &part.removed) {
            add(&mut removed, entry.kind, entry.bytes);
        }
        Report { removed, orientation: self.orientation.not_rotated(mode), added: self.added as u64 }
    }
}
