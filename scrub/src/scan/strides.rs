//! Moves past several codes of coefficients by one look at the data: most are short.

use super::huffman::{BLOCK, LOOK, Step};

/// The most bits of a stride: they are there after 56 bits were, and one code and its value, or another stride, were
/// taken.
const STRIDE: u32 = 24;

/// Several steps at once. In two bytes: the tables must fit into the L1 cache.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stride {
    /// Bits of all of them.
    pub(super) bits: u8,
    /// How far they move the index.
    pub(super) advance: u8,
}

impl Stride {
    /// Not even one step is known.
    pub(super) const UNKNOWN: Self = Self { bits: 0, advance: 127 };

    /// Whether all steps are part of the block that is at this index. An end of a block counts as 1: it is not part of
    /// it if the block is complete before.
    #[inline(always)]
    pub(super) fn fits(self, k: u32) -> bool {
        k.wrapping_add(u32::from(self.advance) & 127) <= BLOCK
    }
}

/// The strides for the looks of a table, of which the lengths of the first codes are known.
pub(super) fn strides(looks: &[u16; 1 << LOOK], code_lengths: &[u32; 1 << LOOK]) -> Box<[Stride; 1 << LOOK]> {
    let mut strides = Box::new([Stride::UNKNOWN; 1 << LOOK]);
    for (look, stride) in (0_u32..).zip(strides.iter_mut()) {
        let (mut bits, mut advance) = (0, 0);
        while bits < LOOK && advance & Step::END_OF_BLOCK == 0 {
            let rest = (look << bits & ((1 << LOOK) - 1)) as usize;
            let (Some(&step), Some(&length)) = (looks.get(rest), code_lengths.get(rest)) else { break };
            let step = Step(step.into());
            let end = bits.saturating_add(step.bits());
            if step.bits() == 0 || bits.saturating_add(length) > LOOK || end > STRIDE || advance >= BLOCK {
                break;
            }
            (bits, advance) = (end, advance.saturating_add(step.advance()));
        }
        if bits > 0
            && let (Ok(bits), Ok(advance)) = (bits.try_into(), advance.try_into())
        {
            *stride = Stride { bits, advance };
        }
    }
    strides
}
