//! Scans that code each block, or each sample, once and whole, and those of the DC coefficients in progressive coding.

use super::bits::Bits;
use super::huffman::{BLOCK, Lookup};
use super::outside::{Outside, Position, Positions};
use super::{Flaw, Mcus};

/// Blocks of sequential coding (ITU-T T.81, F.2.2): the tables for DC and AC coefficients of each block of an MCU.
pub(super) struct Sequential<'t> {
    pub(super) blocks: Vec<(&'t Lookup, &'t Lookup, Outside)>,
    pub(super) positions: Positions,
}

impl Mcus for Sequential<'_> {
    #[inline(always)]
    fn read(&mut self, bits: &mut Bits, count: usize) -> Result<(), Flaw> {
        for _ in 0..count {
            let position = self.positions.advance();
            if position.is_at_edge() {
                self.check_edge(*bits, position)?;
            }
            for &(dc, ac, _) in &self.blocks {
                read_block(bits, dc, ac)?;
            }
        }
        Ok(())
    }
}

impl Sequential<'_> {
    /// Each block of the next MCU that is outside must be two codes: no difference, and the end of the block.
    #[inline(never)]
    fn check_edge(&self, mut bits: Bits, position: Position) -> Result<(), Flaw> {
        for &(dc, ac, outside) in &self.blocks {
            if position.excludes(outside) {
                dc.take_zero(&mut bits)?;
                ac.take_zero(&mut bits)?;
            } else {
                read_block(&mut bits, dc, ac)?;
            }
        }
        Ok(())
    }
}

#[inline(always)]
fn read_block(bits: &mut Bits, dc: &Lookup, ac: &Lookup) -> Result<(), Flaw> {
    bits.fill_whole();
    dc.take(bits)?;
    let mut next = ac.take_several(bits, 1)?;
    while next < BLOCK {
        bits.fill_whole();
        next = ac.take_several(bits, next)?;
        if next < BLOCK {
            next = ac.take_several(bits, next)?;
        }
    }
    match next {
        // An end of the block moves past any other.
        BLOCK | 129..193 => Ok(()),
        193.. => Err(Flaw::NoSuchCode),
        _ => Err(Flaw::PastBand),
    }
}

/// Differences and nothing else: the first scan of DC coefficients (G.1.2.1), and lossless coding (H.2). The table of
/// each block, or sample, of an MCU.
pub(super) struct Differences<'t> {
    pub(super) blocks: Vec<(&'t Lookup, Outside)>,
    pub(super) positions: Positions,
}

impl Mcus for Differences<'_> {
    #[inline(always)]
    fn read(&mut self, bits: &mut Bits, count: usize) -> Result<(), Flaw> {
        for _ in 0..count {
            let position = self.positions.advance();
            for &(table, outside) in &self.blocks {
                if position.is_at_edge() && position.excludes(outside) {
                    table.take_zero(bits)?;
                } else {
                    table.take(bits)?;
                }
            }
        }
        Ok(())
    }
}

/// One more bit of each DC coefficient (G.1.2.1).
pub(super) struct DcRefinement {
    pub(super) blocks: Vec<Outside>,
    pub(super) positions: Positions,
}

impl Mcus for DcRefinement {
    #[inline(always)]
    fn read(&mut self, bits: &mut Bits, count: usize) -> Result<(), Flaw> {
        for _ in 0..count {
            let position = self.positions.advance();
            if !position.is_at_edge() {
                bits.skip(self.blocks.len())?;
                continue;
            }
            // A block that differs in nothing from the one before it has the same bits.
            let mut before = None;
            for &outside in &self.blocks {
                let bit = bits.number(1)?;
                if position.excludes(outside) && before != Some(bit) {
                    return Err(Flaw::HiddenBlock);
                }
                before = Some(bit);
            }
        }
        Ok(())
    }
}
