//! Walks the entropy-coded data of every scan without decoding it, to find out which of its bits are drawn. What comes
//! after the last of them could be anything, and decoders skip it: text, a ZIP, rows that were cropped away.
//!
//! The walk also finds out which tables are used, whether the picture is complete, and whether the data is damaged.

mod bit_writer;
mod bits;
mod blank_edges;
mod data;
mod edges;
mod header;
mod huffman;
mod progressive;
mod restart_interval;
mod scanner;
mod script;
mod sequential;
mod standard;
mod strides;
mod tables;

use std::ops::Range;

use bits::BitReader;

pub(crate) use data::Edit;
pub(crate) use header::ScanHeader;
pub(crate) use scanner::Scanner;
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

/// Walks the MCUs of a scan, from one restart marker to the next.
trait McuWalk {
    /// Moves past this many MCUs. A lenient walk goes on after a fault as decoders do, as long as there are bits.
    fn walk(&mut self, reader: &mut BitReader, mcus: u64, is_lenient: bool) -> Result<(), Stopped>;

    /// Whether there was something in blocks outside of the picture.
    fn has_hidden(&self) -> bool {
        false
    }
}

/// What the walk of a scan found.
#[derive(Debug)]
pub(crate) enum Walked {
    /// Every bit that is drawn is there: where the last one's byte ends, and what is to change before. The data may go
    /// on with more rows of MCUs than the picture has: they would be drawn if somebody raised its height. And there may
    /// be something in blocks outside of the picture, which are part of the last MCUs.
    Complete { end: usize, edits: Vec<Edit>, has_more_rows: bool, has_hidden_blocks: bool },
    /// The data is damaged. So many of the scan's MCUs are there, in per cent.
    Damaged { fault: Fault, percent: u8 },
    /// Decoders do not agree on such a scan, or do not read it.
    Unusual,
    /// The data was not looked at.
    Skipped,
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
