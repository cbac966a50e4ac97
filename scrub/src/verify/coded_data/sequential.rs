//! Scans that code each block, or each sample, once and whole, and those of the DC coefficients in progressive coding.

use super::bits::Bits;
use super::huffman::{BLOCK, Lookup};
use super::{Flaw, Mcus};

/// Blocks of sequential coding (ITU-T T.81, F.2.2): the tables for DC and AC coefficients of each block of an MCU.
pub(super) struct Sequential<'t>(pub(super) Vec<(&'t Lookup, &'t Lookup)>);

impl Mcus for Sequential<'_> {
    #[inline(always)]
    fn read(&mut self, bits: &mut Bits, count: usize) -> Result<(), Flaw> {
        for _ in 0..count {
            for &(dc, ac) in &self.0 {
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
                    BLOCK | 129..193 => {}
                    193.. => return Err(Flaw::NoSuchCode),
                    _ => return Err(Flaw::PastBand),
                }
            }
        }
        Ok(())
    }
}

/// Differences and nothing else: the first scan of DC coefficients (G.1.2.1), and lossless coding (H.2). The table of
/// each block, or sample, of an MCU.
pub(super) struct Differences<'t>(pub(super) Vec<&'t Lookup>);

impl Mcus for Differences<'_> {
    #[inline(always)]
    fn read(&mut self, bits: &mut Bits, count: usize) -> Result<(), Flaw> {
        for _ in 0..count {
            for table in &self.0 {
                table.take(bits)?;
            }
        }
        Ok(())
    }
}

/// One more bit of each DC coefficient (G.1.2.1). How many blocks an MCU has.
pub(super) struct DcRefinement(pub(super) usize);

impl Mcus for DcRefinement {
    #[inline(always)]
    fn read(&mut self, bits: &mut Bits, count: usize) -> Result<(), Flaw> {
        bits.skip(count.saturating_mul(self.0))
    }
}
