//! Walks scans of progressive coding that hold a band of AC coefficients, or one more bit of coefficients that an
//! earlier scan began (ITU-T T.81, G.1.2 and G.2). The first scan of the DC coefficients is in `sequential`.

use std::rc::Rc;

use super::bits::BitReader;
use super::huffman::HuffmanTable;
use super::{Fault, Interval, Stopped};

/// One more bit of the DC coefficient of each block (G.1.2.1).
pub(super) struct DcRefinement {
    /// Blocks of an MCU.
    pub(super) blocks: u64,
}

impl Interval for DcRefinement {
    fn walk(&mut self, reader: &mut BitReader, mcus: u64, _: bool) -> Result<(), Stopped> {
        let bits = mcus.saturating_mul(self.blocks);
        match reader.skip(bits) {
            0 => Ok(()),
            missing => {
                let mcu = bits.saturating_sub(missing).checked_div(self.blocks).unwrap_or(0);
                Err(Stopped { mcu, fault: Fault::EndsEarly })
            }
        }
    }
}

/// A band of AC coefficients of one component.
pub(super) struct AcBand<'a> {
    pub(super) table: Rc<HuffmanTable>,
    /// Indexes of its first and last coefficient.
    pub(super) start: u32,
    pub(super) end: u32,
    /// Whether it is one more bit of coefficients of which an earlier scan coded the higher ones.
    pub(super) is_refinement: bool,
    /// For each block, from the next one on, which of its coefficients are not 0: a bit for each index.
    pub(super) history: std::slice::IterMut<'a, u64>,
}

impl Interval for AcBand<'_> {
    fn walk(&mut self, reader: &mut BitReader, mcus: u64, _: bool) -> Result<(), Stopped> {
        // How many more blocks end where they begin.
        let mut run = 0;
        let mut mcu = 0;
        while mcu < mcus {
            let stopped = |fault| Stopped { mcu, fault };
            if run > 0 && !self.is_refinement {
                // Nothing is coded for them.
                let blocks = mcus.saturating_sub(mcu).min(run);
                self.history.nth(usize::try_from(blocks).unwrap_or(usize::MAX).saturating_sub(1));
                run = run.saturating_sub(blocks);
                mcu = mcu.saturating_add(blocks);
                continue;
            }
            let Some(history) = self.history.next() else { return Err(stopped(Fault::EndsEarly)) };
            let mut block = *history;
            let result = match self.is_refinement {
                true => self.skip_refinement(reader, &mut block, run),
                false => self.skip_first(reader, &mut block),
            };
            *history = block;
            run = result.map_err(stopped)?;
            if reader.ran_out() {
                return Err(stopped(Fault::EndsEarly));
            }
            mcu = mcu.saturating_add(1);
        }
        match run {
            0 => Ok(()),
            _ => Err(Stopped { mcu, fault: Fault::RunPastEnd }),
        }
    }
}

impl AcBand<'_> {
    /// Moves past the band of a block in its first scan (G.1.2.2). Returns how many more blocks have nothing in it.
    #[inline(always)]
    fn skip_first(&self, reader: &mut BitReader, block: &mut u64) -> Result<u64, Fault> {
        let mut k = self.start;
        while k <= self.end {
            reader.refill();
            let step = self.table.step(reader)?;
            if let Some(n) = step.block_run() {
                return Ok(read_run(reader, n));
            }
            k = k.wrapping_add(step.advance());
            *block |= u64::from(step.is_coefficient()).wrapping_shl(k.wrapping_sub(1));
        }
        if k.wrapping_sub(1) == self.end { Ok(0) } else { Err(Fault::RunPastEnd) }
    }

    /// Moves past one more bit of each coefficient of a block that is not 0, and past those that become 1 or -1
    /// (G.1.2.3). `run` is for how many more blocks nothing else is coded. Returns how many are left of them.
    fn skip_refinement(&self, reader: &mut BitReader, block: &mut u64, run: u64) -> Result<u64, Fault> {
        let band = (u64::MAX << self.start) & (u64::MAX >> (63_u32.saturating_sub(self.end)));
        let mut k = self.start;
        let mut run = run;
        let mut new = 0;
        while run == 0 && k <= self.end {
            reader.refill();
            let step = self.table.step(reader)?;
            if let Some(n) = step.block_run() {
                run = read_run(reader, n).saturating_add(1);
                break;
            }
            // Only a coefficient that was 0 can be coded, and only as 1 or -1: its sign is the one bit of its value.
            let zeros = !*block & band & u64::MAX.checked_shl(k).unwrap_or_default();
            let at = nth_one(zeros, step.advance().saturating_sub(1)).ok_or(Fault::RunPastEnd)?;
            let passed = *block & band & (u64::MAX << k) & !(u64::MAX << at);
            reader.skip(passed.count_ones().into());
            new |= u64::from(step.is_coefficient()) << at;
            k = at.saturating_add(1);
        }
        let left = *block & band & u64::MAX.checked_shl(k).unwrap_or_default();
        reader.skip(left.count_ones().into());
        *block |= new;
        Ok(run.saturating_sub(1))
    }
}

/// Reads the n bits of a run of blocks. Returns how many more blocks than one it is for (G.1.2.2).
fn read_run(reader: &mut BitReader, n: u32) -> u64 {
    reader.refill();
    let more = if n == 0 { 0 } else { reader.peek(n) };
    reader.consume(n);
    (1_u64 << (n & 15)).saturating_add(more.into()).saturating_sub(1)
}

/// The index of the bit that is 1 and has `n` such bits below it.
fn nth_one(bits: u64, n: u32) -> Option<u32> {
    let mut bits = bits;
    for _ in 0..n {
        bits &= bits.wrapping_sub(1);
    }
    (bits != 0).then(|| bits.trailing_zeros())
}
