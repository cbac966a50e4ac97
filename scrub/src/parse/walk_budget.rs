//! How long the walks of the scans may take, at most. Each scan covers the whole picture, however little data it has,
//! so the length of a file alone does not bound it.
//!
//! The figures are nanoseconds of both walks together, on one core of an ordinary machine, for the worst picture that
//! was found (`just slowest`).

use crate::Refusal;
use crate::frame::Frame;
use crate::scan::ScanHeader;

/// A file with more scans is refused: encoders write a dozen.
const MAX_SCANS: usize = 100;
/// The longest that both walks may take.
const MAX_NANOSECONDS: u64 = 3_000_000_000;

/// A block of sequential coding: it has at least a code for each table.
const SEQUENTIAL_BLOCK: u64 = 12;
/// A block of progressive coding, or a sample of lossless coding.
const OTHER_BLOCK: u64 = 8;
/// The data after a restart marker: the walks start again.
const RESTART: u64 = 64;
/// A block that is written again, and a byte of its data.
const REWRITTEN_BLOCK: u64 = 30;
const REWRITTEN_BYTE: u64 = 14;
/// A byte of sequential coding.
const SEQUENTIAL_BYTE: u64 = 8;
/// A byte of progressive coding: its codes are short.
const PROGRESSIVE_BYTE: u64 = 34;

/// Blocks that may be walked for a byte of data. Of 2,682 real photos none has more than 21.
const BLOCKS_PER_BYTE: u64 = 64;
/// Blocks that any file may have beside: a blank photo of 24 megapixels, progressive, has 11 million in a few
/// kilobytes.
const FEW_BLOCKS: u64 = 40_000_000;
/// Blocks that no progressive picture may have: each takes 8 bytes of memory.
const MAX_PROGRESSIVE: u64 = 1 << 24;

/// The scans so far, and what they take.
pub(super) struct WalkBudget<'a> {
    frame: &'a Frame,
    scans: usize,
    blocks: u64,
    restarts: u64,
    /// Bytes of entropy-coded data.
    data: u64,
    /// What writing some of it again takes.
    rewriting: u64,
}

impl<'a> WalkBudget<'a> {
    pub(super) fn new(frame: &'a Frame) -> Self {
        Self { frame, scans: 0, blocks: 0, restarts: 0, data: 0, rewriting: 0 }
    }

    /// Adds a scan, before it is walked: its data is the `rest` of the file at most. `interval` is that of its restart
    /// markers, or 0. Refuses it if that is too much.
    pub(super) fn add_scan(
        &mut self,
        scan: &ScanHeader,
        interval: u64,
        rest: usize,
        offset: usize,
    ) -> Result<(), Refusal> {
        self.scans = self.scans.saturating_add(1);
        if self.scans > MAX_SCANS {
            return Err(Refusal::TooManyScans { limit: MAX_SCANS, offset });
        }
        self.blocks = self.blocks.saturating_add(scan.blocks(self.frame));
        let restarts = scan.mcus(self.frame).checked_div(interval).unwrap_or(0);
        self.restarts = self.restarts.saturating_add(restarts);
        self.check(self.data.saturating_add(rest as u64), offset)?;
        let is_remembered = self.frame.is_progressive() && !self.frame.is_arithmetic();
        match is_remembered && self.frame.blocks() > MAX_PROGRESSIVE {
            true => {
                let bytes = |blocks: u64| blocks.saturating_mul(8);
                let (needs, given) = (bytes(self.frame.blocks()), bytes(MAX_PROGRESSIVE));
                Err(Refusal::TooMuchMemory { needs, given, offset })
            }
            false => Ok(()),
        }
    }

    /// Adds the data of a scan. Refuses it if it is too little for its blocks.
    pub(super) fn add_data(&mut self, bytes: usize, offset: usize) -> Result<(), Refusal> {
        self.data = self.data.saturating_add(bytes as u64);
        self.check(self.data, offset)
    }

    /// Takes how many blocks and bytes of data were written again in all scans so far. Refuses the file if its time is
    /// over.
    pub(super) fn set_rewritten(
        &mut self,
        (blocks, bytes): (u64, usize),
        offset: usize,
    ) -> Result<(), Refusal> {
        let data = (bytes as u64).saturating_mul(REWRITTEN_BYTE);
        self.rewriting = blocks.saturating_mul(REWRITTEN_BLOCK).saturating_add(data);
        refuse_above(self.nanoseconds(), MAX_NANOSECONDS, offset)
    }

    /// How long both walks of the scans so far take, and writing some again, in nanoseconds.
    pub(super) fn nanoseconds(&self) -> u64 {
        self.walking().saturating_add(self.rewriting)
    }

    fn walking(&self) -> u64 {
        let blocks = self.blocks.saturating_mul(self.block());
        let restarts = self.restarts.saturating_mul(RESTART);
        blocks.saturating_add(restarts).saturating_add(self.bytes())
    }

    /// Whether the scans so far are walked in time, if they have so much data.
    fn check(&self, data: u64, offset: usize) -> Result<(), Refusal> {
        let blocks = data.saturating_mul(BLOCKS_PER_BYTE).saturating_add(FEW_BLOCKS);
        let given = blocks.saturating_mul(self.block()).saturating_add(self.bytes()).min(MAX_NANOSECONDS);
        refuse_above(self.walking(), given, offset)
    }

    /// What a block takes.
    fn block(&self) -> u64 {
        if self.frame.is_dct() && !self.frame.is_progressive() { SEQUENTIAL_BLOCK } else { OTHER_BLOCK }
    }

    /// What the data takes, as far as it is known.
    fn bytes(&self) -> u64 {
        self.data.saturating_mul(if self.frame.is_progressive() { PROGRESSIVE_BYTE } else { SEQUENTIAL_BYTE })
    }
}

/// Refuses a file that needs more nanoseconds than it is given.
fn refuse_above(needs: u64, given: u64, offset: usize) -> Result<(), Refusal> {
    let milliseconds = |nanoseconds: u64| nanoseconds.div_ceil(1_000_000);
    match needs > given {
        true => Err(Refusal::TooMuchWork { needs: milliseconds(needs), given: milliseconds(given), offset }),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many progressive scans of all blocks of one component are walked, each with this many bytes of data.
    fn scans_walked((width, height): (u16, u16), bytes: usize) -> usize {
        let [h1, h0, w1, w0] = [height.to_be_bytes(), width.to_be_bytes()].concat()[..] else { return 0 };
        let Some(frame) = Frame::parse(0xC2, &[8, h1, h0, w1, w0, 1, 1, 0x11, 0]) else { return 0 };
        let scan = ScanHeader::of_ac_coefficients();
        let mut budget = WalkBudget::new(&frame);
        (1..=MAX_SCANS)
            .take_while(|_| budget.add_scan(&scan, 0, bytes, 0).is_ok() && budget.add_data(bytes, 0).is_ok())
            .count()
    }

    #[test]
    fn a_blank_photo_is_read_and_a_kilobyte_that_describes_gigapixels_is_not() {
        let blank = scans_walked((6000, 4000), 40);
        let huge = scans_walked((65_500, 16_000), 1);
        let photo = scans_walked((6000, 4000), 1_000_000);
        println!("{blank} scans of a blank photo of 24 megapixels, {huge} of 1 gigapixel, {photo} with data");
        assert!(blank >= 100 && huge <= 2 && photo >= 80);
    }
}
