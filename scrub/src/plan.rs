//! What is written: the new header, and which bytes of the file follow it. The allow-list decides, part by part.

use std::ops::Range;
use std::rc::Rc;

use bytes::{BufMut, Bytes, BytesMut};
use img_parts::jpeg::{JpegSegment, markers};

use crate::allow_list::{self, Decision};
use crate::icc::Chunk;
use crate::orientation::Stored;
use crate::parse::{ParsedFile, ParsedPart};
use crate::report::add;
use crate::scan::{self, Edit};
use crate::{Action, Kind, Options, OrientationMode, Part, Recoded, Report};

/// How a clean photo is put together. Holds no handle to the original's buffer.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The new header, from SOI to the first scan.
    pub(crate) header: Bytes,
    /// What follows it, from the first SOS segment to EOI.
    pub(crate) body: Vec<Piece>,
    /// Every part of the original, and what happens to it.
    pub(crate) parts: Vec<Part>,
    /// How the picture is stored.
    pub(crate) orientation: Stored,
    /// Why the picture has to be coded again, if it has to: then this plan is for what libjpeg-turbo reads.
    pub(crate) recoded: Option<Recoded>,
    /// Bytes written that have no counterpart in the original.
    added: usize,
}

/// A piece of the clean photo after its header, and where in the original it comes from.
#[derive(Debug)]
pub(crate) enum Piece {
    /// Bytes of the original.
    Copy(Range<usize>),
    /// Entropy-coded data of the original, with changes.
    Data(Range<usize>, Rc<[Edit]>),
    /// New bytes in the place of old ones.
    Write(Range<usize>, Bytes),
}

impl Piece {
    /// Where in the original it starts.
    pub(crate) fn start(&self) -> usize {
        let (Piece::Copy(range) | Piece::Data(range, _) | Piece::Write(range, _)) = self;
        range.start
    }
}

/// Plans what is written for a photo.
pub(crate) fn plan(photo: &Bytes, file: &ParsedFile, options: &Options) -> Plan {
    let (decisions, orientation) = allow_list::decide(photo, file, options);
    new_plan(photo, file, decisions, orientation)
}

/// Plans what is written for a photo that libjpeg-turbo has written.
pub(crate) fn plan_transformed(
    photo: &Bytes,
    file: &ParsedFile,
    options: &Options,
    original: &ParsedFile,
) -> Plan {
    let (decisions, orientation) = allow_list::decide_transformed(photo, file, options, original);
    new_plan(photo, file, decisions, orientation)
}

fn new_plan(photo: &Bytes, file: &ParsedFile, decisions: Vec<Decision>, orientation: Stored) -> Plan {
    let mut header = Vec::new();
    let mut plan = Plan {
        header: Bytes::new(),
        body: Vec::new(),
        parts: Vec::new(),
        orientation,
        recoded: file.recoded,
        added: 0,
    };
    let mut has_eoi = false;
    for (i, (part, decision)) in file.parts.iter().zip(decisions).enumerate() {
        plan.count(photo, part, &decision);
        has_eoi |= decision.kind == Kind::Eoi && decision.action == Action::Keep;
        if i < file.first_scan {
            header.extend(header_segments(photo, part, decision));
        } else {
            plan.body.extend(pieces(part, decision));
        }
    }
    for (class, number) in &file.used.undefined {
        let table = scan::standard_table(*class, *number);
        plan.added = plan.added.saturating_add(table.len()).saturating_add(4);
        header.push((Kind::Dht, JpegSegment::new_with_contents(markers::DHT, table.into())));
    }
    if !has_eoi {
        let end = photo.len();
        plan.body.push(Piece::Write(end..end, Bytes::from_static(&[markers::P, markers::EOI])));
        plan.added = plan.added.saturating_add(2);
    }
    plan.header = encode(header);
    plan
}

/// What is written for a part after the header.
fn pieces(part: &ParsedPart, decision: Decision) -> Vec<Piece> {
    let range = part.range.clone();
    let segment = |payload| JpegSegment::new_with_contents(part.marker, payload).encoder().bytes();
    match decision.action {
        Action::Keep => vec![Piece::Copy(range)],
        Action::Remove => Vec::new(),
        Action::Rewrite if part.kind == Kind::EntropyCodedData => {
            vec![Piece::Data(range, Rc::clone(&part.edits))]
        }
        Action::Rewrite => {
            let payloads = decision.payloads.into_iter();
            payloads.map(|payload| Piece::Write(range.clone(), segment(payload))).collect()
        }
    }
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
    /// Counts what is removed of a part, and what is added for it. What is left of JFIF, Adobe, tables and a profile
    /// was there before; EXIF is removed altogether, and the segment with the orientation is new.
    fn count(&mut self, photo: &[u8], part: &ParsedPart, decision: &Decision) {
        let old = part.range.len();
        let new = decision.payloads.iter().map(|payload| payload.len().saturating_add(4));
        let new = new.fold(0, usize::saturating_add);
        let (removed, added) = match decision.action {
            Action::Keep => (0, 0),
            Action::Remove => (old, 0),
            Action::Rewrite if decision.kind == Kind::Exif => (old, new),
            Action::Rewrite if decision.kind == Kind::EntropyCodedData => changed(&part.edits),
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
        let orientation = self.orientation.not_rotated(mode);
        Report { removed, orientation, added: self.added as u64, recoded: self.recoded }
    }
}

/// How many bytes edits remove, and how many they add.
fn changed(edits: &[Edit]) -> (usize, usize) {
    let sum = |of: fn(usize, usize) -> usize| {
        let each = edits.iter().map(|edit| of(edit.removed.len(), edit.bytes().len()));
        each.fold(0, usize::saturating_add)
    };
    (sum(|old, new| old.saturating_sub(new)), sum(|old, new| new.saturating_sub(old)))
}
