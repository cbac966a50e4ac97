//! Huffman tables, made for finding out how long a code and the bits after it are (ITU-T T.81, C and F.2.2.3). What the
//! bits say is of little interest here, so one look at the data is enough for both.

use super::Fault;
use super::bits::BitReader;

/// Bits of data that the first look is at. Longer codes are rare.
const LOOK: u32 = 11;
/// The longest code.
const LONGEST: u32 = 16;

/// What a table's values mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    /// Sizes of differences of DC coefficients (F.1.2.1), or of samples (H.1.2.2), up to the largest that there is.
    Differences { largest: u8 },
    /// Runs of zeros, and sizes of the coefficients after them (F.1.2.2).
    Coefficients,
    /// The same, of coefficients that one more bit makes 1 or -1: their size is 1 (G.1.2.3).
    Refinements,
}

impl Values {
    /// Whether a value can be coded.
    fn include(self, symbol: u8) -> bool {
        self != Values::Refinements || symbol & 15 <= 1
    }
}

/// What a code does: how many bits it takes with the value after it, and how far it moves the index of the coefficient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step(u32);

impl Step {
    /// The step of a code of this length.
    fn new(symbol: u8, length: u32, values: Values) -> Step {
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        let (bits, is_coefficient, advance) = match (values, run, size) {
            // A size of 16 says all: the difference is 32,768 (H.1.2.2).
            (Values::Differences { .. }, 1, 0) => (0, false, 0),
            (Values::Differences { .. }, ..) => (size, false, 0),
            // 16 zeros (F.1.2.2.2).
            (_, 15, 0) => (0, false, 16),
            (_, run, 0) => (0, false, Self::END_OF_BLOCK | run << 8),
            _ => (size, true, run.saturating_add(1)),
        };
        Step(length.saturating_add(bits) | u32::from(is_coefficient) << 5 | advance << 8)
    }

    /// An advance that leads out of every block, and differs from any other way there.
    const END_OF_BLOCK: u32 = 1 << 7;

    /// Bits of the code, and of the value after it.
    #[inline(always)]
    fn bits(self) -> u32 {
        self.0 & 31
    }

    /// Whether the last coefficient that it moves past is not 0.
    #[inline(always)]
    pub(super) fn is_coefficient(self) -> bool {
        self.0 & 32 != 0
    }

    /// How far it moves the index. The end of a block moves it out of every block.
    #[inline(always)]
    pub(super) fn advance(self) -> u32 {
        self.0 >> 8
    }

    /// The n of EOBn, if it is one: the block ends, and with it 2^n - 1 more, and as many again as the next n bits say
    /// (G.1.2.2).
    #[inline(always)]
    pub(super) fn block_run(self) -> Option<u32> {
        (self.advance() & Self::END_OF_BLOCK != 0).then_some(self.0 >> 16)
    }
}

/// A table that a scan uses.
pub(super) struct HuffmanTable {
    /// The lower half of the step for each look. 0 if the code is longer, is none, or is a rare one.
    looks: Box<[u16; 1 << LOOK]>,
    /// For each length from 1: one more than its last code, and what has to be added to a code to get its index.
    lengths: [(u32, u32); LONGEST as usize],
    symbols: Vec<u8>,
    values: Values,
}

impl HuffmanTable {
    /// Builds a table from what DHT says: 16 counts of codes, and their values. None if there are more codes of a
    /// length than there can be, or a code of ones alone (C.2), or a size of a difference that cannot be.
    pub(super) fn new(definition: &[u8], values: Values) -> Option<Self> {
        let (counts, symbols) = definition.split_first_chunk::<16>()?;
        if let Values::Differences { largest } = values
            && symbols.iter().any(|&size| size > largest)
        {
            return None;
        }
        let mut looks = Box::new([0; 1 << LOOK]);
        let mut lengths = [(0, 0); LONGEST as usize];
        let (mut code, mut index) = (0_u32, 0_u32);
        for ((length, entry), &count) in (1..).zip(&mut lengths).zip(counts) {
            *entry = (code.saturating_add(count.into()), index.wrapping_sub(code));
            for _ in 0..count {
                let symbol = *symbols.get(index as usize)?;
                if values.include(symbol) {
                    fill(&mut looks[..], code, length, Step::new(symbol, length, values));
                }
                (code, index) = (code.saturating_add(1), index.saturating_add(1));
            }
            if count > 0 && code >= 1 << length {
                return None;
            }
            code = code.saturating_mul(2);
        }
        Some(Self { looks, lengths, symbols: symbols.to_vec(), values })
    }

    /// Moves past a code and the value after it. At least 32 bits must be at hand, or all up to the marker.
    #[inline(always)]
    pub(super) fn step(&self, reader: &mut BitReader) -> Result<Step, Fault> {
        match self.looks.get(reader.peek(LOOK) as usize) {
            Some(&look) if look != 0 => {
                let step = Step(look.into());
                reader.consume(step.bits());
                Ok(step)
            }
            _ => self.rare_step(reader),
        }
    }

    #[inline(never)]
    fn rare_step(&self, reader: &mut BitReader) -> Result<Step, Fault> {
        let bits = reader.peek(LONGEST);
        for (length, &(end, offset)) in (1..).zip(&self.lengths) {
            let code = bits >> LONGEST.saturating_sub(length);
            if code < end {
                let symbol = self.symbols.get(code.wrapping_add(offset) as usize).copied();
                let symbol = symbol.filter(|&symbol| self.values.include(symbol)).ok_or(Fault::NoSuchCode)?;
                let step = Step::new(symbol, length, self.values);
                reader.consume(step.bits());
                return Ok(step);
            }
        }
        reader.consume(LONGEST);
        Err(if reader.ran_out() { Fault::EndsEarly } else { Fault::NoSuchCode })
    }
}

/// Enters a code into all looks that start with it, unless it is longer than a look, or its step is too large.
fn fill(looks: &mut [u16], code: u32, length: u32, step: Step) {
    let (Some(rest), Ok(step)) = (LOOK.checked_sub(length), u16::try_from(step.0)) else { return };
    let (first, end) = (code << rest, code.saturating_add(1) << rest);
    looks.get_mut(first as usize..end as usize).unwrap_or_default().fill(step);
}
