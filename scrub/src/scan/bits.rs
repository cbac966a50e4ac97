//! Reads entropy-coded data bit by bit (ITU-T T.81, F.2.2.5), and knows at which byte of the file it is. All of a
//! photo's data passes through here, so this decides the speed.

/// Bits of entropy-coded data, up to the next marker. A walk works on a copy, which can stay in registers.
#[derive(Clone, Copy)]
pub(super) struct BitReader<'a> {
    data: &'a [u8],
    /// Where the first bit is. A byte before it is not data, so no zero is stuffed after it.
    start: usize,
    /// The next byte that has not been taken into the reservoir.
    at: usize,
    /// Bits that have been taken, from the top down. Zeros follow them, or bits that will be taken next.
    reservoir: u64,
    /// How many bits of the reservoir count. Negative if more were used than there are before the marker.
    bits: i32,
    /// A marker, a fill byte before one, or the end of the file is next.
    at_marker: bool,
}

/// The end of the bits that were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    /// After the last byte that holds a bit, and after the zero that is stuffed into it if it is 0xFF.
    pub(super) at: usize,
    /// Where that byte is.
    pub(super) last: usize,
    /// The bits of that byte that were not used, all 1 as padding is (F.1.2.3). 0 if every bit was used.
    pub(super) padding: u8,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(data: &'a [u8], at: usize) -> Self {
        Self { data, start: at, at, reservoir: 0, bits: 0, at_marker: false }
    }

    /// Fills the reservoir to at least 32 bits, if there are as many before the next marker.
    #[inline(always)]
    pub(super) fn refill(&mut self) {
        if self.bits < 32 {
            self.fill();
        }
    }

    /// Fills the reservoir to at least 56 bits, if there are as many before the next marker.
    #[inline(always)]
    pub(super) fn fill(&mut self) {
        // `bits` is negative only at a marker or at the end, where there is no such word.
        let next = self.data.get(self.at..).and_then(|rest| rest.first_chunk());
        if let Some(next) = next.map(|&next| u64::from_be_bytes(next))
            && !has_ff(next)
        {
            debug_assert!(self.bits >= 0, "more bits were used than were there");
            self.reservoir |= next.wrapping_shr(self.bits as u32);
            self.at = self.at.wrapping_add(((63_i32.wrapping_sub(self.bits)) >> 3) as usize);
            self.bits |= 56;
            return;
        }
        if self.bits < 56 {
            *self = self.refilled_by_bytes();
        }
    }

    #[inline(never)]
    fn refilled_by_bytes(mut self) -> Self {
        while self.bits < 56 && !self.at_marker {
            let (byte, length) = match self.data.get(self.at..) {
                Some([0xFF, 0, ..]) => (0xFF, 2),
                None | Some([0xFF, ..] | []) => {
                    self.at_marker = true;
                    break;
                }
                Some(&[byte, ..]) => (byte, 1),
            };
            let shift = 56_i32.wrapping_sub(self.bits) as u32;
            self.reservoir |= u64::from(byte).wrapping_shl(shift);
            self.at = self.at.wrapping_add(length);
            self.bits = self.bits.wrapping_add(8);
        }
        self
    }

    /// The next bits, at most 32 of them.
    #[inline(always)]
    pub(super) fn peek(&self, bits: u32) -> u32 {
        (self.reservoir >> 32) as u32 >> (32_u32.wrapping_sub(bits) & 31)
    }

    /// Uses bits that were looked at, at most 32 since the last refill.
    #[inline(always)]
    pub(super) fn consume(&mut self, bits: u32) {
        self.reservoir = self.reservoir.wrapping_shl(bits);
        self.bits = self.bits.wrapping_sub(bits as i32);
    }

    /// Uses any number of bits. Returns how many of them are missing.
    #[inline(always)]
    pub(super) fn skip(&mut self, bits: u64) -> u64 {
        let mut left = bits;
        while left > 0 && !self.ran_out() {
            self.refill();
            let some = left.min(32);
            self.consume(some as u32);
            left = left.wrapping_sub(some);
        }
        left.saturating_add(u64::from(self.bits.min(0).unsigned_abs()))
    }

    /// Whether more bits were used than there are before the next marker.
    #[inline(always)]
    pub(super) fn ran_out(&self) -> bool {
        self.bits < 0
    }

    /// Where the next bit is: the offset of its byte, and how many bits of that come before it.
    pub(super) fn position(&self) -> (usize, u32) {
        let End { at, last, padding } = self.end();
        match padding.count_ones() {
            0 => (at, 0),
            unused => (last, 8_u32.saturating_sub(unused)),
        }
    }

    /// The data that is read, from its start.
    pub(super) fn data(&self) -> &'a [u8] {
        self.data
    }

    /// Where the bits that were used end.
    pub(super) fn end(&self) -> End {
        let mut at = self.at;
        for _ in 0..self.bits.max(0) / 8 {
            at = self.before(at);
        }
        // `wrapping_shl` takes the count modulo 8.
        let padding = 1_u8.wrapping_shl(self.bits.max(0) as u32).wrapping_sub(1);
        End { at, last: self.before(at), padding }
    }

    /// Where the byte of data that ends at `at` starts. A stuffed zero belongs to the byte before it.
    fn before(&self, at: usize) -> usize {
        match self.data.get(self.start..at) {
            Some([.., 0xFF, 0]) => at.saturating_sub(2),
            _ => at.saturating_sub(1),
        }
    }
}

/// Whether one of 8 bytes is 0xFF: the test for a zero byte, on the complement.
#[inline(always)]
fn has_ff(bytes: u64) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const TOPS: u64 = u64::from_ne_bytes([0x80; 8]);
    (!bytes).wrapping_sub(ONES) & bytes & TOPS != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 0xFF among eight bytes, at every place.
    #[test]
    fn a_byte_of_ff_is_found_wherever_it_is() {
        for other in [0x00, 0x01, 0x7F, 0x80, 0xFE] {
            assert!(!has_ff(u64::from_be_bytes([other; 8])), "{other:02X}");
            for place in 0..8 {
                let mut bytes = [other; 8];
                bytes[place] = 0xFF;
                assert!(has_ff(u64::from_be_bytes(bytes)), "{other:02X}, at {place}");
            }
        }
    }

    #[test]
    fn bits_are_read_across_stuffed_zeros_up_to_a_marker_and_their_end_is_known() {
        let data = b"\x01\x02\xFF\x00\xFF\x00\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\xFF\xD0\x0C";
        let plain = b"\x01\x02\xFF\xFF\x03\x04\x05\x06\x07\x08\x09\x0A\x0B";
        let bits: Vec<bool> =
            plain.iter().flat_map(|byte| (0..8).rev().map(move |i| byte >> i & 1 == 1)).collect();
        let mut reader = BitReader::new(data, 0);
        let mut read = Vec::new();
        for used in 1..=bits.len() {
            reader.refill();
            read.push(reader.peek(1) == 1);
            reader.consume(1);
            let End { at, padding, .. } = reader.end();
            let stuffed = data[..at].windows(2).filter(|pair| *pair == b"\xFF\x00").count();
            assert_eq!(at - stuffed, used.div_ceil(8), "after {used} bits");
            assert_eq!(padding.count_ones() as usize, (8 - used % 8) % 8, "after {used} bits");
        }
        assert_eq!(read, bits);
        assert!(!reader.ran_out());
        reader.refill();
        reader.consume(1);
        assert!(reader.ran_out(), "a bit was read that is not there");
        println!("{} bits", bits.len());
    }

    /// A byte of 0xFF has the reservoir filled byte by byte, and then eight bytes are there at once.
    #[test]
    fn a_reservoir_can_be_filled_again_before_a_bit_is_used() {
        for used in 0..64 {
            for place in 0..16 {
                let plain: Vec<u8> = (1..=24).map(|at| if at == place + 1 { 0xFF } else { at }).collect();
                let data =
                    [&plain[..usize::from(place) + 1], &[0], &plain[usize::from(place) + 1..]].concat();
                let mut reader = BitReader::new(&data, 0);
                reader.skip(used);
                for bit in used..24 * 8 {
                    reader.refill();
                    reader.fill();
                    let expected = u32::from(plain[bit as usize / 8] >> (7 - bit % 8) & 1);
                    assert_eq!(reader.peek(1), expected, "bit {bit}, 0xFF at {place}");
                    reader.consume(1);
                }
            }
        }
        println!("64 starts, and 16 places of 0xFF");
    }
}
