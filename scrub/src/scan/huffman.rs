//! Huffman tables, made for finding out how long a code and the bits after it are (ITU-T T.81, C and F.2.2.3). What the
//! bits say is of little interest here, so one look at the data is enough for both.

use super::Fault;
use super::bits::BitReader;
use super::strides::{Stride, strides};

/// Bits of data that the first look is at. Longer codes are rare.
pub(super) const LOOK: u32 = 12;
/// The longest code.
const LONGEST: u32 = 16;
/// Coefficients of a block.
pub(super) const BLOCK: u32 = 64;

/// What a table's values mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    /// Sizes of differences of DC coefficients (F.1.2.1), or of samples (H.1.2.2), up to the largest that is drawn
    /// whole. A table with a larger one than libjpeg-turbo accepts is none, even if that is not used.
    Differences { largest: u8, accepted: u8 },
    /// Runs of zeros, and sizes of the coefficients after them (F.1.2.2), up to the largest that is drawn whole.
    Coefficients { largest: u8 },
    /// The same, of coefficients that one more bit makes 1 or -1: their size is 1 (G.1.2.3).
    Refinements,
}

impl Values {
    /// Whether a value can be coded.
    fn include(self, symbol: u8) -> bool {
        match self {
            Values::Differences { largest, .. } => symbol <= largest,
            Values::Coefficients { largest } => symbol & 15 <= largest,
            Values::Refinements => symbol & 15 <= 1,
        }
    }
}

/// What a code does: how many bits it takes with the value after it, and how far it moves the index of the coefficient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step(pub(super) u32);

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
            (_, run, 0) => (0, false, Self::END_OF_BLOCK | 1 | run << 8),
            _ => (size, true, run.saturating_add(1)),
        };
        Step(length.saturating_add(bits) | u32::from(is_coefficient) << 5 | advance << 8)
    }

    /// An advance that leads out of every block, and differs from any other way there. It is followed by 1 more: see
    /// [`Stride::fits`].
    pub(super) const END_OF_BLOCK: u32 = 1 << 7;

    /// Bits of the code, and of the value after it.
    #[inline(always)]
    pub(super) fn bits(self) -> u32 {
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
    /// For each look, the steps of all codes in it.
    strides: Box<[Stride; 1 << LOOK]>,
    /// For each length from 1: one more than its last code, and what has to be added to a code to get its index.
    lengths: [(u32, u32); LONGEST as usize],
    symbols: Vec<u8>,
    /// The first code of each value that is the size of a difference, or the end of a block, and its length.
    codes: [Option<(u32, u32)>; 17],
    values: Values,
}

impl HuffmanTable {
    /// Builds a table from what DHT says: 16 counts of codes, and their values. None if there are more codes of a
    /// length than there can be, or a code of ones alone (C.2), or a size of a difference that cannot be.
    pub(super) fn new(definition: &[u8], values: Values) -> Option<Self> {
        let (counts, symbols) = definition.split_first_chunk::<16>()?;
        if let Values::Differences { accepted, .. } = values
            && symbols.iter().any(|&size| size > accepted)
        {
            return None;
        }
        let mut looks = Box::new([0; 1 << LOOK]);
        let mut code_lengths = [0; 1 << LOOK];
        let mut lengths = [(0, 0); LONGEST as usize];
        let mut codes = [None; 17];
        let (mut code, mut index) = (0_u32, 0_u32);
        for ((length, entry), &count) in (1..).zip(&mut lengths).zip(counts) {
            *entry = (code.saturating_add(count.into()), index.wrapping_sub(code));
            for _ in 0..count {
                let symbol = *symbols.get(index as usize)?;
                if let Some(first) = codes.get_mut(usize::from(symbol)) {
                    *first = first.or(Some((code, length)));
                }
                let step = u16::try_from(Step::new(symbol, length, values).0);
                if let Some(step) = step.ok().filter(|_| values.include(symbol)) {
                    fill(&mut looks[..], code, length, step);
                    fill(&mut code_lengths, code, length, length);
                }
                (code, index) = (code.saturating_add(1), index.saturating_add(1));
            }
            if count > 0 && code >= 1 << length {
                return None;
            }
            code = code.saturating_mul(2);
        }
        let strides = strides(&looks, &code_lengths);
        Some(Self { looks, strides, lengths, symbols: symbols.to_vec(), codes, values })
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
            _ => {
                let step = self.rare_step(reader.peek(LONGEST));
                reader.consume(step.map_or(LONGEST, Step::bits));
                step.ok_or(if reader.ran_out() { Fault::EndsEarly } else { Fault::NoSuchCode })
            }
        }
    }

    /// Moves past a code alone, and returns its value. At least 16 bits must be at hand, or all up to the marker.
    pub(super) fn take_value(&self, reader: &mut BitReader) -> Result<u8, Fault> {
        let (value, length) = self.value(reader.peek(LONGEST)).ok_or(Fault::NoSuchCode)?;
        reader.consume(length);
        Ok(value)
    }

    /// Moves past the first code of the value 0, if it comes next: no difference, or the end of a block. At least 16
    /// bits must be at hand, or all up to the marker.
    pub(super) fn take_zero(&self, reader: &mut BitReader) -> bool {
        match self.code(0) {
            Some((code, length)) if reader.peek(length) == code => {
                reader.consume(length);
                true
            }
            _ => false,
        }
    }

    /// The first code of a size of a difference, or of the end of a block, which is 0, and its length.
    pub(super) fn code(&self, value: u8) -> Option<(u32, u32)> {
        self.codes.get(usize::from(value)).copied().flatten()
    }

    /// The step of the code that these 16 bits start with. None if there is none.
    #[inline(never)]
    fn rare_step(&self, bits: u32) -> Option<Step> {
        self.value(bits).map(|(value, length)| Step::new(value, length, self.values))
    }

    /// The value of the code that these 16 bits start with, and the length of the code. None if there is none, or if
    /// the value is not drawn whole.
    fn value(&self, bits: u32) -> Option<(u8, u32)> {
        for (length, &(end, offset)) in (1..).zip(&self.lengths) {
            let code = bits >> LONGEST.saturating_sub(length);
            if code < end {
                let value = *self.symbols.get(code.wrapping_add(offset) as usize)?;
                return self.values.include(value).then_some((value, length));
            }
        }
        None
    }

    /// Moves past as many codes of coefficients as one look shows. Returns the index after them. At least 24 bits must
    /// be at hand, or all up to the marker.
    #[inline(always)]
    pub(super) fn stride(&self, reader: &mut BitReader, k: u32) -> Result<u32, Fault> {
        let stride = self.strides.get(reader.peek(LOOK) as usize).copied().unwrap_or(Stride::UNKNOWN);
        if stride.fits(k) {
            reader.consume(stride.bits.into());
            return Ok(k.wrapping_add(stride.advance.into()));
        }
        reader.refill();
        let step = self.step(reader)?;
        Ok(k.wrapping_add(step.advance()))
    }
}

/// Whether an end of block led to this index, and not one of several blocks, which only progressive coding has.
#[inline(always)]
pub(super) fn is_end_of_block(k: u32) -> bool {
    const FIRST: u32 = Step::END_OF_BLOCK | 1;
    (FIRST..FIRST.wrapping_add(BLOCK)).contains(&k)
}

/// Enters a value into all looks that start with this code, unless the code is longer than a look.
fn fill<T: Copy>(looks: &mut [T], code: u32, length: u32, value: T) {
    let Some(rest) = LOOK.checked_sub(length) else { return };
    let (first, end) = (code << rest, code.saturating_add(1) << rest);
    looks.get_mut(first as usize..end as usize).unwrap_or_default().fill(value);
}
