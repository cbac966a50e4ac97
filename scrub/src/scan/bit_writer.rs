//! Writes entropy-coded data bit by bit (ITU-T T.81, F.1.2.3).

use img_parts::jpeg::markers;

/// Entropy-coded data.
#[derive(Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    /// Bits that do not make a whole byte yet, in the lowest places.
    bits: u64,
    count: u32,
}

impl BitWriter {
    /// Adds the lowest `count` bits, at most 32.
    pub(super) fn put(&mut self, bits: u32, count: u32) {
        let mask = 1_u64.wrapping_shl(count).wrapping_sub(1);
        self.bits = self.bits.wrapping_shl(count) | u64::from(bits) & mask;
        self.count = self.count.saturating_add(count);
        while let Some(left) = self.count.checked_sub(8) {
            let byte = self.bits.wrapping_shr(left) as u8;
            self.bytes.push(byte);
            if byte == markers::P {
                self.bytes.push(0);
            }
            self.count = left;
        }
    }

    /// Copies the bits between two positions of other data, see [`BitReader::position`].
    ///
    /// [`BitReader::position`]: super::bits::BitReader::position
    pub(super) fn copy(&mut self, data: &[u8], (mut at, skipped): (usize, u32), (end, last): (usize, u32)) {
        let byte = |at: usize| u32::from(data.get(at).copied().unwrap_or_default());
        let mut from = skipped;
        while at < end {
            // The highest bits that were skipped are cut off.
            self.put(byte(at), 8_u32.saturating_sub(from));
            // A zero is stuffed after 0xFF.
            at = at.saturating_add(if byte(at) == u32::from(markers::P) { 2 } else { 1 });
            from = 0;
        }
        if at == end {
            self.put(byte(end).wrapping_shr(8_u32.saturating_sub(last)), last.saturating_sub(from));
        }
    }

    /// Ends an interval with the restart marker of this number, counted from 0.
    pub(super) fn restart(&mut self, number: u64) {
        self.pad();
        self.bytes.extend([markers::P, markers::RST0 | (number & 7) as u8]);
    }

    /// All of the data.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.pad();
        self.bytes
    }

    fn pad(&mut self) {
        self.put(u32::MAX, 8_u32.saturating_sub(self.count) % 8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_become_bytes_with_stuffed_zeros_and_padding_of_ones() {
        let mut data = BitWriter::default();
        data.put(0b101, 3);
        data.put(0xFFFF_FFFF, 32);
        data.restart(9);
        data.put(0, 8);
        data.put(0x1234_5678, 32);
        let data = data.finish();
        assert_eq!(data, b"\xBF\xFF\0\xFF\0\xFF\0\xFF\0\xFF\xD1\0\x12\x34\x56\x78");
    }
}
