//! Follows a file as a decoder does, from one scan to the next.

use std::ops::Range;

use super::blank_edges::BlankEdges;
use super::data::{Edit, New, ScanData};
use super::edges::Edges;
use super::progressive::{AcBand, DcRefinement};
use super::restart_interval::RestartIntervals;
use super::script::Script;
use super::sequential::Sequential;
use super::tables::{ComponentTables, Tables};
use super::{McuWalk, ScanHeader, Used, Walked};
use crate::frame::Frame;

/// A file with more edits is coded again instead: each takes memory. One has 90,000 if it has 24 megapixels and 4:2:0,
/// padding of zeros and a restart marker after each MCU.
const MAX_EDITS: usize = 1 << 18;
/// The most blocks that are written again here, and bytes of data, in all scans of a file together: 350 megapixels with
/// a quarter of the colour samples, and 48 MiB. That takes time, and memory that the function has beside such a photo.
const MAX_REWRITTEN: (u64, usize) = (1 << 23, 3 << 24);
/// How many rows of MCUs below the picture are looked for.
const ENOUGH_ROWS: u64 = 16;

/// What is in force where a file has been read to, and how far the picture is coded.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    photo: &'a [u8],
    frame: &'a Frame,
    tables: Tables<'a>,
    intervals: RestartIntervals,
    script: Script,
    /// How many edits its data takes so far.
    edits: usize,
    /// Blocks and bytes of data that were written again.
    rewritten: (u64, usize),
    /// For each component of a progressive picture, which coefficients of its blocks are not 0.
    history: Vec<Vec<u64>>,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(photo: &'a [u8], frame: &'a Frame) -> Self {
        Self {
            photo,
            frame,
            tables: Tables::new(photo),
            intervals: RestartIntervals::new(),
            script: Script::new(frame),
            edits: 0,
            rewritten: (0, 0),
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
        let max_edits = MAX_EDITS.saturating_sub(self.edits);
        let data =
            ScanData { photo: self.photo, at, mcus, interval: self.intervals.in_scan(mcus), max_edits };
        let (in_force, row, is_sequential) =
            (self.interval(), scan.size(self.frame).0, !self.frame.is_progressive());
        let Some(mut walk) = self.mcu_walk(scan, &tables) else { return Walked::Unusual };
        let mut edits = Vec::new();
        let stopped = match data.walk(&mut *walk, &mut edits) {
            Ok(reader) => {
                let mut has_hidden_blocks = walk.has_hidden();
                let enough = if is_sequential { row.saturating_mul(ENOUGH_ROWS) } else { 0 };
                let more = data.count_more(&mut *walk, reader, in_force, enough);
                let has_more_rows = more > 0 && more.checked_rem(row) == Some(0);
                drop(walk);
                let end = reader.end().at;
                if has_hidden_blocks && let Some(edit) = self.blank_edges(scan, &tables, &data, end) {
                    (edits, has_hidden_blocks) = (vec![edit], false);
                }
                self.edits = self.edits.saturating_add(edits.len());
                return Walked::Complete { end, edits, has_more_rows, has_hidden_blocks };
            }
            Err(stopped) => stopped,
        };
        drop(walk);
        let present = match self.mcu_walk(scan, &tables).filter(|_| is_sequential) {
            Some(mut walk) => data.count_present(&mut *walk),
            None => stopped.mcu,
        };
        let percent = present.saturating_mul(100).checked_div(mcus).unwrap_or(0);
        Walked::Damaged { fault: stopped.fault, percent: u8::try_from(percent).unwrap_or(100) }
    }

    /// The data up to `end` with nothing in blocks outside of the picture. None where libjpeg-turbo has to write it.
    fn blank_edges(
        &mut self,
        scan: &ScanHeader,
        tables: &[ComponentTables],
        data: &ScanData,
        end: usize,
    ) -> Option<Edit> {
        let removed = data.at..end;
        let blocks = self.rewritten.0.saturating_add(scan.blocks(self.frame));
        let bytes = self.rewritten.1.saturating_add(removed.len());
        if !self.frame.is_dct() || blocks > MAX_REWRITTEN.0 || bytes > MAX_REWRITTEN.1 {
            return None;
        }
        self.rewritten = (blocks, bytes);
        let mut blank = BlankEdges::new(scan, tables, self.frame)?;
        data.walk(&mut blank, &mut Vec::new()).ok()?;
        Some(Edit { removed, new: New::Data(blank.finish().into()) })
    }

    /// The file that is read.
    pub(crate) fn photo(&self) -> &'a [u8] {
        self.photo
    }

    /// Blocks and bytes of data that were written again so far.
    pub(crate) fn rewritten(&self) -> (u64, usize) {
        self.rewritten
    }

    /// MCUs between two restart markers, or 0 if none is in force.
    pub(crate) fn interval(&self) -> u64 {
        self.intervals.in_force()
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
    fn mcu_walk<'b>(
        &'b mut self,
        scan: &ScanHeader,
        tables: &[ComponentTables],
    ) -> Option<Box<dyn McuWalk + 'b>> {
        let is_progressive = self.frame.is_progressive();
        if is_progressive && scan.start == 0 && scan.high > 0 {
            let (blocks, edges) = (scan.data_units(self.frame), Edges::new(scan, self.frame));
            return Some(Box::new(DcRefinement { blocks, edges, has_hidden: false }));
        }
        if !is_progressive || scan.start == 0 {
            let walk = Sequential::new(scan, tables, self.frame, Edges::new(scan, self.frame));
            return walk.map(|walk| Box::new(walk) as Box<dyn McuWalk>);
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

#[cfg(test)]
mod tests;
