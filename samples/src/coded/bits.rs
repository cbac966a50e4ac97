//! Writes entropy-coded data bit by bit.

/// Entropy-coded data under construction.
pub(super) struct Bits {
    bytes: Vec<u8>,
    pending: u64,
    count: u32,
    /// What the padding is made of. Empty for the 1 bits that the standard prescribes (ITU-T T.81, F.1.2.3).
    padding: Vec<u8>,
    padded: usize,
}

impl Bits {
    pub(super) fn new(padding: &[u8]) -> Bits {
        Bits { bytes: Vec::new(), pending: 0, count: 0, padding: padding.to_vec(), padded: 0 }
    }

    /// The last `length` bits of `value`, at most 16.
    pub(super) fn put(&mut self, value: u32, length: u32) {
        let value = u64::from(value) & ((1 << length) - 1);
        self.pending = self.pending << length | value;
        self.count += length;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.pending >> self.count) as u8;
            self.bytes.push(byte);
            if byte == 0xFF {
                self.bytes.push(0); // a stuffed zero
            }
        }
        self.pending &= (1 << self.count) - 1;
    }

    /// The bits after the code of a value's size; those of a negative value are of the value less 1 (F.1.2.1).
    pub(super) fn magnitude(&mut self, value: i32, size: u8) {
        self.put(if value < 0 { value - 1 } else { value } as u32, size.into());
    }

    /// The restart marker after this many others of the scan.
    pub(super) fn restart(&mut self, before: usize) {
        self.pad();
        self.bytes.extend([0xFF, 0xD0 + (before % 8) as u8]);
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.pad();
        self.bytes
    }

    fn pad(&mut self) {
        while self.count > 0 {
            let bit = match self.padding.len() {
                0 => 1,
                length => u32::from(self.padding[self.padded / 8 % length] >> (self.padded % 8)) & 1,
            };
            self.padded += 1;
            self.put(bit, 1);
        }
    }
}

/// How many bits the magnitude of a value takes.
pub(super) fn size(value: i32) -> u8 {
    (u32::BITS - value.unsigned_abs().leading_zeros()) as u8
}
