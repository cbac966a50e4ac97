//! Walks scans of progressive coding that hold a band of AC coefficients, or one more bit of coefficients that an
//! earlier scan began (ITU-T T.81, G.1.2 and G.2). The first scan of the DC coefficients is in `sequential`.

use std::rc::Rc;

use super::bits::BitReader;
use super::edges::Edges;
use super::huffman::HuffmanTable;
use super::{Fault, McuWalk, Stopped};

/// One more bit of the DC coefficient of each block (G.1.2.1).
pub(super) struct DcRefinement {
    /// Blocks of an MCU.
    pub(super) blocks: u64,
    pub(super) edges: Edges,
    /// Whether a block outside of the picture has another bit than the one before.
    pub(super) has_hidden: bool,
}

impl McuWalk for DcRefinement {
    fn walk(&mut self, reader: &mut BitReader, mcus: u64, _: bool) -> Result<(), Stopped> {
        if !self.edges.are_straight() && !self.has_hidden {
            self.has_hidden = self.has_hidden_in(*reader, mcus);
        }
        let bits = mcus.saturating_mul(self.blocks);
        match reader.skip(bits) {
            0 => Ok(()),
            missing => {
                let mcu = bits.saturating_sub(missing).checked_div(self.blocks).unwrap_or(0);
                Err(Stopped { mcu, fault: Fault::EndsEarly })
            }
        }
    }

    fn has_hidden(&self) -> bool {
        self.has_hidden
    }
}

impl DcRefinement {
    /// Whether there is something in blocks outside of the picture, in so many MCUs. As they are no different from the
    /// blocks before them, they have the same bits.
    #[inline(never)]
    fn has_hidden_in(&mut self, mut reader: BitReader, mcus: u64) -> bool {
        for _ in 0..mcus {
            let outside = self.edges.next_mcu();
            if reader.ran_out() {
                return false;
            }
            if outside == 0 {
                reader.skip(self.blocks);
                continue;
            }
            reader.refill();
            let bits = reader.peek(self.blocks as u32);
            // The first bit is that of the first block, so the one before is the next higher.
            let first = self.blocks.saturating_sub(1) as u32;
            let differs = |block: u32| {
                let place = first.saturating_sub(block);
                (bits >> place ^ bits >> place.saturating_add(1)) & 1 == 1
            };
            if (1..=first).any(|block| outside >> block & 1 == 1 && differs(block)) {
                return true;
            }
            reader.skip(self.blocks);
        }
        false
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
    pub(super) history: &'a mut [u64],
}

impl McuWalk for AcBand<'_> {
    fn walk(&mut self, reader: &mut BitReader, mcus: u64, _: bool) -> Result<(), Stopped> {
        let count = usize::try_from(mcus).unwrap_or(usize::MAX).min(self.history.len());
        let (blocks, later) = std::mem::take(&mut self.history).split_at_mut(count);
        self.history = later;
        let mut bits = *reader;
        let (done, result) = match self.is_refinement {
            true => self.refine(&mut bits, blocks),
            false => self.begin(&mut bits, blocks),
        };
        *reader = bits;
        let fault = match result {
            Ok(()) if !reader.ran_out() => return Ok(()),
            Ok(()) => Fault::EndsEarly,
            Err(fault) => fault,
        };
        Err(Stopped { mcu: done as u64, fault })
    }
}

impl AcBand<'_> {
    /// Moves past the band of each block in its first scan (G.1.2.2). Returns at which block it stopped, too.
    #[inline(always)]
    fn begin(&self, reader: &mut BitReader, blocks: &mut [u64]) -> (usize, Result<(), Fault>) {
        let count = blocks.len();
        let mut blocks = blocks.iter_mut();
        while let Some(block) = blocks.next() {
            let run = match self.begin_block(reader, block) {
                Ok(run) if !reader.ran_out() => run,
                Ok(_) => return (count.saturating_sub(blocks.len()), Err(Fault::EndsEarly)),
                Err(fault) => return (count.saturating_sub(blocks.len()), Err(fault)),
            };
            if run > blocks.len() {
                return (count, Err(Fault::RunPastEnd));
            }
            if let Some(last) = run.checked_sub(1) {
                blocks.nth(last);
            }
        }
        (count, Ok(()))
    }

    /// Returns how many more blocks have nothing in the band.
    #[inline(always)]
    fn begin_block(&self, reader: &mut BitReader, block: &mut u64) -> Result<usize, Fault> {
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

    /// Moves past one more bit of each coefficient that is not 0, and past those that become 1 or -1 (G.1.2.3). Returns
    /// at which block it stopped, too.
    #[inline(always)]
    fn refine(&self, reader: &mut BitReader, blocks: &mut [u64]) -> (usize, Result<(), Fault>) {
        let count = blocks.len();
        let mut rest = blocks;
        while let Some((block, later)) = rest.split_first_mut() {
            let done = count.saturating_sub(later.len());
            let run = match self.refine_block(reader, block) {
                Ok(run) if !reader.ran_out() => run,
                Ok(_) => return (done, Err(Fault::EndsEarly)),
                Err(fault) => return (done, Err(fault)),
            };
            let Some((ended, later)) = later.split_at_mut_checked(run) else {
                return (count, Err(Fault::RunPastEnd));
            };
            // One bit for each of their coefficients that is not 0, and nothing else.
            let bits = ended.iter().map(|block| u64::from(ones(block & self.band())));
            reader.skip(bits.sum());
            rest = later;
        }
        (count, Ok(()))
    }

    /// Returns for how many more blocks nothing but such bits is coded.
    #[inline(always)]
    fn refine_block(&self, reader: &mut BitReader, block: &mut u64) -> Result<usize, Fault> {
        let known = *block & self.band();
        let mut k = self.start;
        let mut run = 0;
        while k <= self.end {
            reader.refill();
            let step = self.table.step(reader)?;
            if let Some(n) = step.block_run() {
                run = read_run(reader, n);
                break;
            }
            // Only a coefficient that was 0 can be coded, and only as 1 or -1: its sign is the one bit of its value.
            let (at, passed) = after_zeros(known, k, step.advance());
            if at > self.end {
                return Err(Fault::RunPastEnd);
            }
            reader.skip(passed.into());
            *block |= u64::from(step.is_coefficient()).wrapping_shl(at);
            k = at.wrapping_add(1);
        }
        reader.skip(ones(known & from(k)).into());
        Ok(run)
    }

    /// A bit for each coefficient of the band.
    #[inline(always)]
    fn band(&self) -> u64 {
        from(self.start) & !from(self.end.wrapping_add(1))
    }
}

/// Reads the n bits of a run of blocks. Returns how many more blocks than one it is for (G.1.2.2).
#[inline(always)]
fn read_run(reader: &mut BitReader, n: u32) -> usize {
    reader.refill();
    let more = if n == 0 { 0 } else { reader.peek(n) };
    reader.consume(n);
    (1_usize.wrapping_shl(n)).wrapping_add(more as usize).wrapping_sub(1)
}

/// The index of the last of so many coefficients, from `k` on, that are 0 and not `known` to be something else, and how
/// many of those are before it. The index is more than 63 if there are not as many zeros.
#[inline(always)]
fn after_zeros(known: u64, k: u32, zeros: u32) -> (u32, u32) {
    let known = known & from(k);
    let last = k.wrapping_add(zeros).wrapping_sub(1);
    let mut passed = 0;
    loop {
        // Each that is known moves the last zero on, perhaps past more of them.
        let at = last.wrapping_add(passed);
        let before = ones(known & !from(at.wrapping_add(1)));
        if before == passed {
            return (at, passed);
        }
        passed = before;
    }
}

/// How many bits are 1. There are none in most blocks, and many processors count slowly.
#[inline(always)]
fn ones(bits: u64) -> u32 {
    if bits == 0 { 0 } else { bits.count_ones() }
}

/// A bit for every coefficient from this index on.
#[inline(always)]
fn from(index: u32) -> u64 {
    u64::MAX.checked_shl(index).unwrap_or(0)
}

#[cfg(test)]
mod tests;
