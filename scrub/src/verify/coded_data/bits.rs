//! Reads entropy-coded data bit by bit (ITU-T T.81, F.2.2.5): several bytes at once where none of them is 0xFF.

use super::Flaw;
use crate::verify::{Violation, marker};

/// After [`Bits::fill`] at least as many bits are there, unless the data ends before.
pub(super) const FILLED: u32 = 32;

/// The same after [`Bits::fill_whole`].
pub(super) const FILLED_WHOLE: u32 = 56;

/// A copy costs nothing. Nothing takes it by reference that is not inlined, so that it stays in registers.
#[derive(Clone, Copy)]
pub(super) struct Bits<'a> {
    photo: &'a [u8],
    /// Of the first byte that is not in the window.
    at: usize,
    /// The next bits, from the highest on. After those that are held there are zeros, or bits of the byte at `at`.
    window: u64,
    /// How many bits in the window were taken from bytes before `at`.
    held: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(photo: &'a [u8], at: usize) -> Self {
        Self { photo, at, window: 0, held: 0 }
    }

    #[inline(always)]
    pub(super) fn fill(&mut self) {
        if self.held < FILLED {
            self.fill_whole();
        }
    }

    /// Gets as many bits as there is room for.
    #[inline(always)]
    pub(super) fn fill_whole(&mut self) {
        let next = self.photo.get(self.at..).and_then(|rest| rest.first_chunk());
        let word = next.map_or(u64::MAX, |&bytes| u64::from_be_bytes(bytes));
        // Whether a byte of `!word` is zero.
        let has_ff = (!word).wrapping_sub(0x0101_0101_0101_0101) & word & 0x8080_8080_8080_8080 != 0;
        if has_ff {
            if self.held < FILLED_WHOLE {
                *self = self.filled_by_bytes();
            }
            return;
        }
        self.window |= word.wrapping_shr(self.held);
        self.at = self.at.wrapping_add((63_u32.wrapping_sub(self.held) / 8) as usize);
        self.held |= 56;
    }

    /// Takes bytes one by one, and of 0xFF only those with a stuffed zero after them (B.1.1.5).
    #[inline(never)]
    fn filled_by_bytes(mut self) -> Self {
        while self.held < FILLED_WHOLE {
            let (byte, length) = match self.rest() {
                [0xFF, 0, ..] => (0xFF, 2),
                [0xFF, ..] | [] => break,
                [byte, ..] => (*byte, 1),
            };
            self.window |= u64::from(byte).wrapping_shl(56_u32.wrapping_sub(self.held));
            self.at = self.at.saturating_add(length);
            self.held = self.held.wrapping_add(8);
        }
        self
    }

    fn rest(&self) -> &'a [u8] {
        self.photo.get(self.at..).unwrap_or_default()
    }

    /// The next bits, those of the code first. Past the end there are zeros.
    #[inline(always)]
    pub(super) fn window(&self) -> u64 {
        self.window
    }

    /// Whether there are at least `count` bits after [`Bits::fill`].
    pub(super) fn has(&self, count: u32) -> bool {
        self.held >= count
    }

    /// Takes up to [`FILLED`] bits that must be there.
    #[inline(always)]
    pub(super) fn take(&mut self, count: u32) -> Result<(), Flaw> {
        self.held = self.held.checked_sub(count).ok_or(Flaw::EndsEarly)?;
        self.window = self.window.wrapping_shl(count);
        Ok(())
    }

    /// The number that the next `count` bits are, at most 14.
    pub(super) fn number(&mut self, count: u32) -> Result<usize, Flaw> {
        self.fill();
        // In two steps: a shift by 64 is not possible.
        let number = (self.window >> 1).wrapping_shr(63_u32.wrapping_sub(count)) as usize;
        self.take(count)?;
        Ok(number)
    }

    /// Takes any number of bits.
    #[inline(always)]
    pub(super) fn skip(&mut self, mut count: usize) -> Result<(), Flaw> {
        while count > 0 {
            self.fill();
            let now = count.min(FILLED as usize);
            self.take(now as u32)?;
            count = count.wrapping_sub(now);
        }
        Ok(())
    }

    /// Where the data goes on after the bits that were taken and those that fill up their last byte, which must be 1
    /// (F.1.2.3).
    fn after_padding(self) -> Result<usize, Flaw> {
        let padding = self.held % 8;
        if self.window.leading_ones() < padding {
            return Err(Flaw::Padding);
        }
        Ok(self.byte_before_held(self.held / 8))
    }

    /// Of the byte with the next bit.
    fn offset(self) -> usize {
        self.byte_before_held(self.held.div_ceil(8))
    }

    /// Of the byte that comes `count` bytes before the first that is not in the window. Stuffed zeros do not count.
    fn byte_before_held(self, count: u32) -> usize {
        (0..count).fold(self.at, |at, _| {
            let is_stuffed = matches!(self.photo.get(..at), Some([.., 0xFF, 0]));
            at.saturating_sub(if is_stuffed { 2 } else { 1 })
        })
    }

    /// A flaw with the offset at which it was found.
    pub(super) fn violation(self, flaw: Flaw) -> Violation {
        match flaw {
            // The rest of the window is too short for what had to be there.
            Flaw::EndsEarly => self.ended_at(self.filled_by_bytes().at),
            flaw => Violation::CodedData { offset: self.offset(), flaw },
        }
    }

    fn ended_at(self, offset: usize) -> Violation {
        match self.photo.get(offset..) {
            Some([_, _, ..]) => Violation::CodedData { offset, flaw: Flaw::EndsEarly },
            _ => Violation::CutOff { offset: self.photo.len() },
        }
    }

    /// Goes on after the restart marker with this number, which must come now.
    pub(super) fn restart(self, number: u8) -> Result<Self, Violation> {
        let offset = self.after_padding().map_err(|flaw| self.violation(flaw))?;
        let flaw = match self.photo.get(offset..).unwrap_or_default() {
            [0xFF, second, ..] if *second == marker::RST0 | number => {
                return Ok(Self::new(self.photo, offset.saturating_add(2)));
            }
            [0xFF, marker::RST0..=marker::RST7, ..] => Flaw::WrongRestartMarker,
            [0xFF, 0xFF, ..] => Flaw::FillByte,
            [0xFF, 1..=0xFF, ..] | [0xFF] | [] => return Err(self.ended_at(offset)),
            _ => Flaw::NoRestartMarker,
        };
        Err(Violation::CodedData { offset, flaw })
    }

    /// Where the marker after the scan is. Nothing may come before it.
    pub(super) fn end(self) -> Result<usize, Violation> {
        let offset = self.after_padding().map_err(|flaw| self.violation(flaw))?;
        let flaw = match self.photo.get(offset..).unwrap_or_default() {
            [0xFF, marker::RST0..=marker::RST7, ..] => Flaw::NeedlessRestartMarker,
            [0xFF, 0xFF, ..] => Flaw::FillByte,
            [0xFF, 1..=0xFF, ..] => return Ok(offset),
            [0xFF] | [] => return Err(self.ended_at(offset)),
            _ => Flaw::Surplus,
        };
        Err(Violation::CodedData { offset, flaw })
    }
}
