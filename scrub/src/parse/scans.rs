//! The scans: entropy-coded data, and what may come between. img-parts returns all of it as one block, with the end of
//! the picture and whatever follows, so it is cut here.
//!
//! A decoder reads a scan up to its last block, and skips whatever is between that and the next segment (libjpeg-turbo,
//! `read_markers`). So those bytes can go.

use img_parts::jpeg::markers;

use super::segments::{MAX_SEGMENTS, Next, Segment, next_segment};
use super::walk_budget::WalkBudget;
use super::{Parts, entropy, segment_check, trailer};
use crate::frame::Frame;
use crate::kind::{classify, unsupported_coding};
use crate::scan::{Fault, ScanHeader, Scanner, Used, Walked};
use crate::{Kind, Recoded, Refusal};

/// A scan with less of its data is refused, in per cent. Browsers draw a picture that lacks less as if it were whole.
const ENOUGH: u8 = 99;

/// The scans of a file.
pub(super) struct Scans {
    /// Why the picture has to be coded again, if it has to.
    pub(super) recoded: Option<Recoded>,
    /// The headers of the scans, each with the index of its part.
    pub(super) headers: Vec<(usize, ScanHeader)>,
    pub(super) used: Used,
    /// How long both walks take at most, in nanoseconds.
    pub(super) walk_time: u64,
    /// Index of the first part after the picture.
    pub(super) end: usize,
}

/// Cuts into parts what follows the first SOS segment, to the end of the file.
pub(super) fn parse_scans(parts: &mut Parts, frame: &Frame, frame_offset: usize) -> Result<Scans, Refusal> {
    let mut scanner = Scanner::new(parts.photo, frame);
    for part in &parts.list {
        define(&mut scanner, part.kind, &Segment { marker: part.marker, range: part.range.clone() });
    }
    let recoded = frame.is_arithmetic().then_some(Recoded::ArithmeticCoding);
    let mut reader = ScanReader {
        frame,
        frame_offset,
        scanner,
        budget: WalkBudget::new(frame),
        recoded,
        headers: Vec::new(),
        missing: None,
    };
    reader.parse_scan(parts)?;
    let mut segments: usize = 0;
    while !reader.scanner.is_complete_in_one_scan() {
        let at = parts.end();
        let (segment, kind) = match next_part(parts.photo, at, &mut segments) {
            Ok(Some(next)) => next,
            Ok(None) => break,
            // Decoders draw what they have.
            Err(_) if reader.scanner.is_complete() => break,
            Err(Refusal::CutOff { offset, .. }) if reader.missing.is_none() => {
                return Err(Refusal::CutOff { offset, percent: reader.scanner.percent() });
            }
            Err(refusal) => return Err(reader.missing.unwrap_or(refusal)),
        };
        if kind == Kind::Sos && reader.scanner.is_complete() && !reader.reads(&segment) {
            break;
        }
        parts.push_gap(at..segment.range.start);
        define(&mut reader.scanner, kind, &segment);
        parts.push_segment(kind, segment);
        if kind == Kind::Sos {
            reader.parse_scan(parts)?;
        }
    }
    let end = parts.list.len();
    trailer::push(parts);
    // Where EOI follows, decoders take the picture for whole, and so do we.
    let has_eoi = parts.list.iter().skip(end).any(|part| part.kind == Kind::Eoi);
    if let Some(missing) = reader.missing.filter(|_| !has_eoi) {
        return Err(missing);
    }
    Ok(Scans {
        recoded: reader.recoded,
        headers: reader.headers,
        walk_time: reader.budget.nanoseconds(),
        used: reader.scanner.finish(),
        end,
    })
}

/// The next segment after a scan, and its kind. None if the picture ends there.
fn next_part(photo: &[u8], at: usize, segments: &mut usize) -> Result<Option<(Segment, Kind)>, Refusal> {
    let segment = match next_segment(photo, at)? {
        Next::Segment(segment) => segment,
        Next::Eoi(_) => return Ok(None),
        Next::Soi(offset) => return Err(Refusal::SecondImage { offset }),
        Next::End => return Err(Refusal::CutOff { offset: photo.len(), percent: 0 }),
    };
    let (marker, offset, payload) = (segment.marker, segment.range.start, segment.payload(photo));
    let kind = classify(marker, payload);
    if kind == Kind::Sof {
        return Err(match unsupported_coding(marker) {
            Some(coding) => Refusal::UnsupportedCoding { coding, offset },
            None => Refusal::SecondFrame { offset },
        });
    }
    if *segments >= MAX_SEGMENTS {
        return Err(Refusal::TooManySegments { limit: MAX_SEGMENTS, offset });
    }
    *segments = segments.saturating_add(1);
    // Nothing uses a DAC: what is coded with it is coded again.
    if kind != Kind::Dac {
        segment_check::check(marker, payload, offset)?;
    }
    Ok(Some((segment, kind)))
}

/// Tells the walk of the scans about a table or an interval.
fn define(scanner: &mut Scanner, kind: Kind, segment: &Segment) {
    let payload = segment.payload_range();
    match kind {
        Kind::Dqt => scanner.define_quantisation(payload),
        Kind::Dht => scanner.define_huffman(payload),
        Kind::Dri => scanner.define_interval(segment.range.start, payload),
        _ => {}
    }
}

/// The height that DNL gives after the first scan, whose data starts at `at`, if it gives one (ITU-T T.81, B.2.5).
pub(super) fn height_after_first_scan(photo: &[u8], at: usize) -> Option<u16> {
    let mut at = entropy::end_of_data(photo, at)?;
    loop {
        let Next::Segment(segment) = next_segment(photo, at).ok()? else { return None };
        match segment.marker {
            markers::DNL => {
                let height = <[u8; 2]>::try_from(segment.payload(photo)).ok()?;
                return Some(u16::from_be_bytes(height)).filter(|&height| height != 0);
            }
            markers::SOS => return None,
            _ => at = segment.range.end,
        }
    }
}

/// Reads one scan after the other.
struct ScanReader<'a> {
    frame: &'a Frame,
    frame_offset: usize,
    scanner: Scanner<'a>,
    budget: WalkBudget<'a>,
    recoded: Option<Recoded>,
    headers: Vec<(usize, ScanHeader)>,
    /// The refusal if this scan, of which data is missing, is the last and no EOI follows.
    missing: Option<Refusal>,
}

impl ScanReader<'_> {
    /// Whether decoders read a scan with this header.
    fn reads(&self, sos: &Segment) -> bool {
        self.scanner.parse_header(sos.payload(self.scanner.photo())).is_some()
    }

    /// Whether all data so far was walked to its last bit.
    fn is_walked(&self) -> bool {
        matches!(self.recoded, None | Some(Recoded::HiddenBlocks))
    }

    /// Adds the data of the scan whose header is the last part.
    fn parse_scan(&mut self, parts: &mut Parts) -> Result<(), Refusal> {
        let photo = parts.photo;
        let Some(sos) = parts.list.last() else { return Ok(()) };
        let (offset, at) = (sos.range.start, sos.range.end);
        let header = self.scanner.parse_header(sos.payload(photo));
        let header = header.ok_or(Refusal::BadScan { offset })?;
        if !self.frame.can_have_tables(header.components.iter().map(|component| component.index)) {
            return Err(Refusal::BadFrame { offset: self.frame_offset });
        }
        self.budget.add_scan(&header, self.scanner.interval(), photo.len().saturating_sub(at), offset)?;
        self.missing = None;
        let walked = match self.recoded {
            // The data of a damaged sequential scan says nothing about the next.
            None | Some(Recoded::HiddenBlocks) => self.scanner.walk(&header, at),
            Some(Recoded::DamagedData) if !self.frame.is_progressive() => self.scanner.walk(&header, at),
            Some(_) => self.scanner.skip(&header),
        };
        self.headers.push((parts.list.len().saturating_sub(1), header));
        match walked {
            Walked::Complete { end, edits, has_more_rows, has_hidden_blocks } if self.is_walked() => {
                if has_hidden_blocks {
                    self.recoded = Some(Recoded::HiddenBlocks);
                }
                parts.push_data(at..end, edits);
                if has_more_rows {
                    let rows_end = entropy::end_of_data(photo, end).unwrap_or(photo.len());
                    parts.push(Kind::HiddenRows, end..rows_end);
                }
                self.budget.add_data(end.saturating_sub(at), offset)?;
                return self.budget.set_rewritten(self.scanner.rewritten(), offset);
            }
            Walked::Complete { .. } | Walked::Skipped => {}
            Walked::Unusual if self.is_walked() => self.recoded = Some(Recoded::UnusualScans),
            Walked::Unusual => {}
            Walked::Damaged { fault, percent } => {
                if self.is_walked() {
                    self.recoded = Some(Recoded::DamagedData);
                }
                if fault == Fault::EndsEarly && percent < ENOUGH {
                    self.missing = Some(Refusal::DataMissing { scan: self.headers.len(), offset, percent });
                }
            }
        }
        let end = entropy::end_of_data(photo, at).unwrap_or(photo.len());
        let end = entropy::end_of_damaged_data(photo, at..end, self.scanner.interval() > 0);
        parts.push_data(at..end, Vec::new());
        self.budget.add_data(end.saturating_sub(at), offset)
    }
}
