//! Scans of AC coefficients in progressive coding (ITU-T T.81, G.1.2.2 and G.1.2.3).

use super::bits::Bits;
use super::huffman::Lookup;
use super::{Flaw, Mcus};

/// A run of zeros of this length, or the end of blocks.
const LONG_RUN: u32 = 15;

/// A band of coefficients of a component, and its blocks that were not read yet: for each a bit for every coefficient
/// that is not zero. A scan of one component contains its blocks row by row, however it is sampled (A.2.2).
pub(super) struct Band<'t> {
    pub(super) table: &'t Lookup,
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) blocks: &'t mut [u64],
}

impl<'t> Band<'t> {
    fn take_blocks(&mut self, count: usize) -> Result<&'t mut [u64], Flaw> {
        let blocks = std::mem::take(&mut self.blocks);
        let (now, later) = blocks.split_at_mut_checked(count).ok_or(Flaw::EndsEarly)?;
        self.blocks = later;
        Ok(now)
    }

    /// How many blocks a run of ends covers after the one that it is in.
    #[inline(always)]
    fn more_ends(bits: &mut Bits, run: u32) -> Result<usize, Flaw> {
        let number = bits.number(run)?;
        Ok(1_usize.wrapping_shl(run).wrapping_sub(1).wrapping_add(number))
    }
}

/// The first scan of a band.
pub(super) struct AcFirst<'t>(pub(super) Band<'t>);

impl Mcus for AcFirst<'_> {
    #[inline(always)]
    fn read(&mut self, bits: &mut Bits, count: usize) -> Result<(), Flaw> {
        let (table, first, last) = (self.0.table, self.0.first, self.0.last);
        let mut blocks = self.0.take_blocks(count)?.iter_mut();
        while let Some(block) = blocks.next() {
            let mut next = first;
            while next <= last {
                let (run, size) = table.take(bits)?.run_and_size();
                if size == 0 && run < LONG_RUN {
                    let more = Band::more_ends(bits, run)?;
                    if more > blocks.len() {
                        return Err(Flaw::EndOfBlocksPastEnd);
                    }
                    if let Some(last) = more.checked_sub(1) {
                        blocks.nth(last);
                    }
                    break;
                }
                next = next.wrapping_add(run);
                if next > last {
                    return Err(Flaw::PastBand);
                }
                *block |= u64::from(size != 0).wrapping_shl(next);
                next = next.wrapping_add(1);
            }
        }
        Ok(())
    }
}

/// A later scan of a band: one more bit of each coefficient that is not zero, and those that are no longer.
pub(super) struct AcRefinement<'t>(pub(super) Band<'t>);

impl Mcus for AcRefinement<'_> {
    #[inline(always)]
    fn read(&mut self, bits: &mut Bits, count: usize) -> Result<(), Flaw> {
        let (table, first, last) = (self.0.table, self.0.first, self.0.last);
        let band = from(first) & !from(last.wrapping_add(1));
        let mut blocks = self.0.take_blocks(count)?;
        while let Some((block, mut later)) = blocks.split_first_mut() {
            let mut left = band;
            while left != 0 {
                let (run, size) = table.take(bits)?.run_and_size();
                if size == 0 && run < LONG_RUN {
                    let more = Band::more_ends(bits, run)?;
                    let (ended, after) = later.split_at_mut_checked(more).ok_or(Flaw::EndOfBlocksPastEnd)?;
                    let corrected = ended.iter().map(|block| ones(block & band));
                    bits.skip(corrected.sum::<usize>().saturating_add(ones(*block & left)))?;
                    later = after;
                    break;
                }
                // Its sign follows the code, and is part of the symbol.
                if size > 1 {
                    return Err(Flaw::NotOneBit);
                }
                let nonzero = *block & left;
                let (place, passed) = after_zeros(nonzero, left.trailing_zeros().wrapping_add(run));
                if place > last {
                    return Err(Flaw::PastBand);
                }
                // Each coefficient before it that is not zero has a bit of its own.
                bits.skip(passed)?;
                *block |= u64::from(size).wrapping_shl(place);
                left &= from(place.wrapping_add(1));
            }
            blocks = later;
        }
        Ok(())
    }
}

/// The place of the coefficient after a run of zeros that would be at `place` if no other coefficients were among them,
/// and how many others are.
#[inline(always)]
fn after_zeros(nonzero: u64, place: u32) -> (u32, usize) {
    let mut passed = 0;
    loop {
        let moved = place.wrapping_add(passed);
        let others = (nonzero & !from(moved.wrapping_add(1))).count_ones();
        if others == passed {
            return (moved, others as usize);
        }
        passed = others;
    }
}

/// A bit for every coefficient from this one on.
#[inline(always)]
fn from(coefficient: u32) -> u64 {
    u64::MAX.checked_shl(coefficient).unwrap_or(0)
}

#[inline(always)]
fn ones(block: u64) -> usize {
    block.count_ones() as usize
}
