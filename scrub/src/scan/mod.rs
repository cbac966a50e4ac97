//! Walks the entropy-coded data of every scan without decoding it, to find out which of its bits are drawn. What comes
//! after the last of them could be anything, and decoders skip it: text, a ZIP, rows that were cropped away.
//!
//! The walk also finds out which tables are used, whether the picture is complete, and whether the data is damaged.

mod bits;
mod data;
mod header;
mod huffman;
mod progressive;
mod restart_interval;
mod script;
mod sequential;
mod standard;
mod tables;

use std::ops::Range;

use bits::BitReader;
use data::ScanData;
use progressive::{AcBand, DcRefinement};
use restart_interval::RestartIntervals;
use script::Script;
use sequential::Sequential;
use tables::{ComponentTables, Tables};

use crate::frame::Frame;

pub(crate) use data::Edit;
pub(crate) use header::ScanHeader;
pub(crate) use standard::standard_table;
pub(crate) use tables::TableClass;

/// What is wrong with coded data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There are fewer bits than the picture needs.
    EndsEarly,
    /// The next bits are not a code of the table.
    NoSuchCode,
    /// A run of zeros goes past the end of the block or band, or a run of blocks past the end of the data.
    RunPastEnd,
    /// The restart marker that has to come next does not.
    RestartMarker,
    /// So much has to be changed that it takes too much memory to remember.
    TooManyEdits,
}

/// Where the walk of some data had to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stopped {
    /// How many MCUs come before.
    mcu: u64,
    fault: Fault,
}

impl Stopped {
    /// The same, if so many MCUs came before the data.
    fn after(self, mcus: u64) -> Stopped {
        Stopped { mcu: self.mcu.saturating_add(mcus), ..self }
    }
}

/// A scan, as far as it takes to walk the data between two restart markers.
trait Interval {
    /// Moves past this many MCUs. A lenient walk goes on after a fault as decoders do, as long as there are bits.
    fn walk(&mut self, reader: &mut BitReader, mcus: u64, is_lenient: bool) -> Result<(), Stopped>;
}

/// What the walk of a scan found.
#[derive(Debug)]
pub(crate) enum Walked {
    /// Every bit that is drawn is there: where the last one's byte ends, and what is to change before.
    Complete { end: usize, edits: Vec<Edit> },
    /// The data is damaged. So many of the scan's MCUs are there, in per cent.
    Damaged { fault: Fault, percent: u8 },
    /// Decoders do not agree on such a scan, or do not read it.
    Unusual,
    /// The data was not looked at.
    Skipped,
}

/// Follows a file as a decoder does: what is in force, and how far the picture is coded.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    photo: &'a [u8],
    frame: &'a Frame,
    tables: Tables<'a>,
    intervals: RestartIntervals,
    script: Script,
    /// For each component of a progressive picture, which coefficients of its blocks are not 0.
    history: Vec<Vec<u64>>,
}

/// What the picture needs of the segments around its scans.
#[derive(Debug, Default)]
pub(crate) struct Used {
    /// Ranges of the definitions of tables, in the order of the file, each with the byte of its number.
    pub(crate) tables: Vec<Range<usize>>,
    /// Standard Huffman tables that are used without a definition.
    pub(crate) undefined: Vec<(TableClass, u8)>,
    /// Offsets of DRI segments, and the intervals that they have to give.
    pub(crate) intervals: Vec<(usize, u16)>,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(photo: &'a [u8], frame: &'a Frame) -> Self {
        Self {
            photo,
            frame,
            tables: Tables::new(photo),
            intervals: RestartIntervals::new(),
            script: Script::new(frame),
            history: vec![Vec::new(); frame.components.len()],
        }
    }

    /// Takes the tables of a DQT segment, by the range of its payload.
    pub(crate) fn define_quantisation(&mut self, payload: Range<usize>) {
        self.tables.define_quantisation(payload);
    }

    /// Takes the tables of a DHT segment, by the range of its payload.
    pub(crate) fn define_huffman(&mut self, payload: Range<usize>) {
        self.tables.define_huffman(payload);
    }

    /// Takes a DRI segment, by its offset and the range of its payload.
    pub(crate) fn define_interval(&mut self, offset: usize, payload: Range<usize>) {
        if let Some(&[high, low]) = self.photo.get(payload).and_then(|payload| payload.as_array()) {
            self.intervals.define(offset, u16::from_be_bytes([high, low]));
        }
    }

    /// The header of the next scan. None if decoders do not read such a scan.
    pub(crate) fn parse_header(&self, payload: &[u8]) -> Option<ScanHeader> {
        ScanHeader::parse(payload, self.frame)
    }

    /// Takes a scan whose data is not walked.
    pub(crate) fn skip(&mut self, scan: &ScanHeader) -> Walked {
        self.use_quantisation(scan.components.iter().map(|component| component.index));
        self.script.advance(scan, self.frame);
        Walked::Skipped
    }

    /// Walks the data of a scan, which starts at `at`.
    pub(crate) fn walk(&mut self, scan: &ScanHeader, at: usize) -> Walked {
        let components = scan.components.iter().map(|component| component.index);
        let has_quantisation = !self.frame.is_dct() || self.use_quantisation(components);
        let is_next = self.script.advance(scan, self.frame);
        let Some(tables) = self.tables.use_huffman(scan, self.frame).filter(|_| has_quantisation && is_next)
        else {
            return Walked::Unusual;
        };
        let mcus = scan.mcus(self.frame);
        let data = ScanData { photo: self.photo, at, mcus, interval: self.intervals.in_scan(mcus) };
        let mut edits = Vec::new();
        let walked = match self.coded(scan, &tables) {
            Some(mut interval) => data.walk(&mut *interval, &mut edits),
            None => return Walked::Unusual,
        };
        match walked {
            Ok(end) => Walked::Complete { end, edits },
            Err(Stopped { mcu, fault }) => {
                let is_progressive = self.frame.is_progressive();
                let present = match self.coded(scan, &tables).filter(|_| !is_progressive) {
                    Some(mut interval) => data.count_present(&mut *interval),
                    None => mcu,
                };
                let percent = present.saturating_mul(100).checked_div(mcus).unwrap_or(0);
                Walked::Damaged { fault, percent: u8::try_from(percent).unwrap_or(100) }
            }
        }
    }

    /// The file that is read.
    pub(crate) fn photo(&self) -> &'a [u8] {
        self.photo
    }

    /// MCUs between two restart markers, or 0 if none is in force.
    pub(crate) fn interval(&self) -> u64 {
        self.intervals.in_force()
    }

    /// Whether the data of a sequential scan, which starts at `at`, has more rows of MCUs than the picture, and nothing
    /// else after them.
    pub(crate) fn has_more_rows(&mut self, scan: &ScanHeader, at: usize) -> bool {
        let of_height = |height| scan.mcus(&Frame { height, ..self.frame.clone() });
        let (row, mcus, all) = (of_height(1), scan.mcus(self.frame), of_height(u16::MAX));
        let tables = self.tables.use_huffman(scan, self.frame).filter(|_| !self.frame.is_progressive());
        let Some(mut interval) = tables.and_then(|tables| sequential(scan, &tables, self.frame)) else {
            return false;
        };
        let data = ScanData { photo: self.photo, at, mcus: all, interval: self.intervals.in_force() };
        match data.walk(&mut interval, &mut Vec::new()) {
            // The data ends where a row does.
            Err(Stopped { mcu, fault: Fault::EndsEarly | Fault::RestartMarker }) => {
                mcu > mcus && mcu.checked_rem(row) == Some(0)
            }
            _ => false,
        }
    }

    /// Decoders use the quantisation table that is in force at the first scan of a component.
    fn use_quantisation(&mut self, components: impl Iterator<Item = usize>) -> bool {
        let mut exist = true;
        for index in components {
            let number = self.frame.components.get(index).map(|component| component.table);
            if !self.script.has_begun(index) {
                exist &= number.is_some_and(|number| self.tables.use_quantisation(number));
            }
        }
        exist
    }

    /// What walks the data of a scan.
    fn coded<'b>(
        &'b mut self,
        scan: &ScanHeader,
        tables: &[ComponentTables],
    ) -> Option<Box<dyn Interval + 'b>> {
        let is_progressive = self.frame.is_progressive();
        if is_progressive && scan.start == 0 && scan.high > 0 {
            return Some(Box::new(DcRefinement { blocks: scan.data_units(self.frame) }));
        }
        if !is_progressive || scan.start == 0 {
            return sequential(scan, tables, self.frame).map(|scan| Box::new(scan) as Box<dyn Interval>);
        }
        let index = scan.components.first()?.index;
        let blocks = usize::try_from(scan.mcus(self.frame)).ok()?;
        let history = self.history.get_mut(index)?;
        history.resize(blocks, 0);
        Some(Box::new(AcBand {
            table: tables.first()?.ac.clone()?,
            start: scan.start.into(),
            end: scan.end.into(),
            is_refinement: scan.high > 0,
            history,
        }))
    }

    /// Whether the picture is complete, see [`Script::is_complete`].
    pub(crate) fn is_complete(&self) -> bool {
        self.script.is_complete()
    }

    /// How much of the picture is there, see [`Script::percent`].
    pub(crate) fn percent(&self) -> u8 {
        self.script.percent(self.frame)
    }

    /// Whether decoders ignore any further scan.
    pub(crate) fn is_complete_in_one_scan(&self) -> bool {
        self.script.is_complete_in_one_scan()
    }

    /// What the picture needs of the segments around its scans.
    pub(crate) fn finish(self) -> Used {
        let (tables, undefined) = self.tables.finish();
        Used { tables, undefined, intervals: self.intervals.finish() }
    }
}

/// The data units of an MCU, in their order (ITU-T T.81, A.2.3).
fn sequential(scan: &ScanHeader, tables: &[ComponentTables], frame: &Frame) -> Option<Sequential> {
    let mut mcu = Vec::new();
    for (component, tables) in scan.components.iter().zip(tables) {
        let factors = frame.components.get(component.index)?;
        let units = if scan.components.len() == 1 { 1 } else { factors.h.saturating_mul(factors.v) };
        let tables = (tables.dc.clone()?, tables.ac.clone());
        mcu.extend(std::iter::repeat_n(tables, units.into()));
    }
    Some(Sequential { mcu })
}
