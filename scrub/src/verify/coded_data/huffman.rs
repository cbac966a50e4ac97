//! Huffman tables as lookup tables (ITU-T T.81, C.2 and F.2.2.3): code and the bits of the value after it in one step.

use super::Flaw;
use super::bits::{Bits, FILLED, FILLED_WHOLE};

/// Codes up to this length are looked up at once.
const LOOKUP: u32 = 12;
const LONGEST: u32 = 16;
/// Codes with more bits, those of their values included, are not joined.
const JOINED: u32 = 24;
/// Coefficients of a block.
pub(super) const BLOCK: u32 = 64;

/// What a scan uses a table for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::verify) enum Purpose {
    /// Differences of DC coefficients.
    Dc,
    /// Differences of samples in lossless coding, which may have 16 bits.
    Lossless,
    SequentialAc,
    ProgressiveAc,
}

/// What a code means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Symbol(u16);

impl Symbol {
    /// How far a code for AC coefficients moves on that ends the block: to 129 to 192, which no sum of others reaches.
    const END_OF_BLOCK: u16 = 129;
    /// The same for a code that means nothing: to 193 or more.
    const UNDEFINED: u16 = 193;

    /// A code that may be in a table, but not in the data. It has no bits.
    const UNUSABLE: Self = Self(1 << 8);

    /// A value of a table, which must be one that the purpose knows, after a code of this length. With a larger size
    /// than `largest` a decoder does not draw all bits of the value.
    fn new(value: u8, length: u32, purpose: Purpose, largest: u8) -> Option<Self> {
        let (run, size) = (u16::from(value >> 4), u16::from(value & 0xF));
        let is_sample = purpose == Purpose::Lossless;
        let bits_of_value = if is_sample { value } else { value & 0xF };
        let (bits, meaning) = match (purpose, value) {
            // F.1.2.1 and, for 16, H.1.2.2: it is the only difference of its size.
            (Purpose::Dc | Purpose::Lossless, 0..=15) => (size, 0),
            (Purpose::Lossless, 16) => (0, 0),
            (Purpose::Dc | Purpose::Lossless, _) => return None,
            // F.1.2.2: 16 zeros, and the end of the block. A size of 0 with another run is not defined.
            (Purpose::SequentialAc, 0xF0) => (0, 16),
            (Purpose::SequentialAc, 0x00) => (0, Self::END_OF_BLOCK),
            (Purpose::SequentialAc, _) if size == 0 => (0, Self::UNDEFINED),
            (Purpose::SequentialAc, _) => (size, run.saturating_add(1)),
            // The bits that belong to the end of a band (G.1.2.2) are a number, and read as such.
            (Purpose::ProgressiveAc, _) => (size, u16::from(value)),
        };
        if bits_of_value > largest {
            return Some(Self::UNUSABLE);
        }
        let total = u16::try_from(length).ok()?.checked_add(bits)?;
        Some(Self(meaning << 8 | total))
    }

    /// Bits of code and value together, at most 31. 0 only if there is no such code.
    #[inline(always)]
    fn bits(self) -> u32 {
        u32::from(self.0 & 0x1F)
    }

    /// By how many coefficients a code for AC coefficients of sequential coding moves on.
    #[inline(always)]
    pub(super) fn step(self) -> u32 {
        u32::from(self.0 >> 8)
    }

    /// Run and size of a code for AC coefficients of progressive coding.
    #[inline(always)]
    pub(super) fn run_and_size(self) -> (u32, u32) {
        (u32::from(self.0 >> 12), u32::from(self.0 >> 8 & 0xF))
    }
}

/// What the codes in one look mean together, in a sequential scan. In two bytes: the tables must fit into the L1 cache.
#[derive(Clone, Copy)]
struct Codes {
    /// Bits of all of them and of their values.
    bits: u8,
    /// By how many coefficients they move on.
    step: u8,
}

impl Codes {
    /// Not even one code is known. The step does not fit into any block.
    const UNKNOWN: Self = Self { bits: 0, step: 127 };

    /// Whether the block has room for all of them from the coefficient `next` on. An end of the block counts as 1: it
    /// is not there if the block is complete before it.
    #[inline(always)]
    fn fit(self, next: u32) -> bool {
        next.wrapping_add(u32::from(self.step) & 127) <= BLOCK
    }
}

/// A table, ready for use.
pub(in crate::verify) struct Lookup {
    /// By the next bits. A symbol of no bits where the code is longer or there is none.
    short: [Symbol; 1 << LOOKUP],
    /// By the next bits, for coefficients of sequential coding.
    several: [Codes; 1 << LOOKUP],
    /// The first code of the value 0, and its length.
    zero: Option<(u32, u32)>,
    /// In the order of their codes, which is that of their lengths.
    all: [Symbol; 256],
    /// For each length over [`LOOKUP`] the first code that is larger than those of this length, as 16 bits, and what to
    /// add to a code of this length for its place in `all`.
    long: [(u32, u32); (LONGEST - LOOKUP) as usize],
}

impl Lookup {
    /// The table in a DHT segment: 16 counts and the values. None if its codes are not a valid prefix code, or a value
    /// is not one that the purpose knows. `largest` is the most bits that a value may have.
    pub(in crate::verify) fn new(content: &[u8], purpose: Purpose, largest: u8) -> Option<Box<Self>> {
        let (counts, values) = content.split_at_checked(LONGEST as usize)?;
        let empty = Symbol::default();
        let mut table = Box::new(Self {
            short: [empty; 1 << LOOKUP],
            several: [Codes::UNKNOWN; 1 << LOOKUP],
            zero: None,
            all: [empty; 256],
            long: Default::default(),
        });
        let mut lengths = [0; 1 << LOOKUP];
        let mut values = values.iter().enumerate();
        let (mut code, mut place) = (0_u32, 0_u32);
        for (length, &count) in (1..=LONGEST).zip(counts) {
            let first = code;
            for (number, &value) in values.by_ref().take(usize::from(count)) {
                let symbol = Symbol::new(value, length, purpose, largest)?;
                *table.all.get_mut(number)? = symbol;
                if value == 0 {
                    table.zero.get_or_insert((code, length));
                }
                if let Some(free) = LOOKUP.checked_sub(length) {
                    let start = code.checked_shl(free)? as usize;
                    let end = start.checked_add(1_usize.checked_shl(free)?)?;
                    table.short.get_mut(start..end)?.fill(symbol);
                    lengths.get_mut(start..end)?.fill(length);
                }
                code = code.checked_add(1)?;
            }
            if code > 1_u32.checked_shl(length)? {
                return None;
            }
            if let Some(long) = length.checked_sub(LOOKUP.checked_add(1)?) {
                let end = code.checked_shl(LONGEST.checked_sub(length)?)?;
                *table.long.get_mut(long as usize)? = (end, place.wrapping_sub(first));
            }
            place = place.checked_add(u32::from(count))?;
            code = code.checked_shl(1)?;
        }
        if purpose == Purpose::SequentialAc {
            table.join(&lengths)?;
        }
        Some(table)
    }

    /// Puts together as many codes as are whole in each look. `lengths` are those of the first code in each.
    fn join(&mut self, lengths: &[u32; 1 << LOOKUP]) -> Option<()> {
        for (look, joined) in self.several.iter_mut().enumerate() {
            let (mut bits, mut step) = (0_u32, 0_u32);
            while bits < LOOKUP && step < BLOCK {
                let rest = look.checked_shl(bits)? & ((1 << LOOKUP) - 1);
                let (symbol, length) = (*self.short.get(rest)?, *lengths.get(rest)?);
                let end = bits.checked_add(symbol.bits())?;
                let is_known = symbol.bits() > 0 && symbol.step() != Symbol::UNDEFINED.into();
                if !is_known || bits.checked_add(length)? > LOOKUP || end > JOINED {
                    break;
                }
                (bits, step) = (end, step.checked_add(symbol.step())?);
                *joined = Codes { bits: u8::try_from(bits).ok()?, step: u8::try_from(step).ok()? };
            }
        }
        Some(())
    }

    /// Takes codes for coefficients of sequential coding, `next` being the first, and the bits of their values. Returns
    /// the coefficient after them. Since [`Bits::fill_whole`] only one code, or one call of this, may have been taken.
    #[inline(always)]
    pub(super) fn take_several(&self, bits: &mut Bits, next: u32) -> Result<u32, Flaw> {
        let index = (bits.window() >> (u64::BITS - LOOKUP)) as usize;
        let codes = self.several.get(index).copied().unwrap_or(Codes::UNKNOWN);
        if codes.fit(next) {
            bits.take(codes.bits.into())?;
            return Ok(next.wrapping_add(codes.step.into()));
        }
        Ok(next.wrapping_add(self.take(bits)?.step()))
    }

    /// Takes a code and the bits of its value.
    #[inline(always)]
    pub(super) fn take(&self, bits: &mut Bits) -> Result<Symbol, Flaw> {
        bits.fill();
        let index = (bits.window() >> (u64::BITS - LOOKUP)) as usize;
        let mut symbol = self.short.get(index).copied().unwrap_or_default();
        if symbol.bits() == 0 {
            symbol = self.long_code(*bits, symbol)?;
        }
        bits.take(symbol.bits())?;
        Ok(symbol)
    }

    /// Takes the code of the value 0, which must come next: no difference, or the end of a block.
    pub(super) fn take_zero(&self, bits: &mut Bits) -> Result<(), Flaw> {
        let (code, length) = self.zero.ok_or(Flaw::HiddenBlock)?;
        bits.fill();
        if bits.window().checked_shr(u64::BITS.wrapping_sub(length)) != Some(code.into()) {
            return Err(Flaw::HiddenBlock);
        }
        bits.take(length)
    }

    #[inline(never)]
    fn long_code(&self, bits: Bits, short: Symbol) -> Result<Symbol, Flaw> {
        if short == Symbol::UNUSABLE {
            return Err(Flaw::NoSuchCode);
        }
        let code = (bits.window() >> (u64::BITS - LONGEST)) as u32;
        for (&(end, place), unused) in self.long.iter().zip((0..const { LONGEST - LOOKUP }).rev()) {
            if code < end {
                let place = (code >> unused).wrapping_add(place) as usize;
                let symbol = self.all.get(place).copied();
                return symbol.filter(|&symbol| symbol != Symbol::UNUSABLE).ok_or(Flaw::NoSuchCode);
            }
        }
        // With fewer bits there is no telling.
        Err(if bits.has(LONGEST) { Flaw::NoSuchCode } else { Flaw::EndsEarly })
    }
}

// A code and its value are there after one call of `fill`. After one of `fill_whole`, joined codes are there as well.
const _: () = assert!(LONGEST + 15 <= FILLED && LONGEST + 15 + JOINED <= FILLED_WHOLE);
