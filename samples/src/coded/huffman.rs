//! Two Huffman tables that have a code for every value. They do not depend on the picture, so that two files that
//! differ in hidden parts of it have the same tables.

use crate::jpeg::segment;

/// A table: how many codes there are of each length, the values in the order of their codes (ITU-T T.81, B.2.4.2).
pub(super) struct Huffman {
    counts: [u8; 16],
    values: Vec<u8>,
    /// Code and length, by value.
    codes: [(u32, u32); 256],
}

impl Huffman {
    /// The sizes of DC differences (or of samples, up to 16 in lossless coding), with codes of 5 bits.
    pub(super) fn sizes(largest: u8) -> Huffman {
        let mut counts = [0; 16];
        counts[4] = largest + 1;
        Huffman::new(counts, (0..=largest).collect())
    }

    /// Runs and sizes of AC coefficients: codes of 1 to 6 bits for frequent ones, 14 bits for all others.
    pub(super) fn runs() -> Huffman {
        let frequent = [0x00, 0x01, 0x02, 0x11, 0x03, 0x21];
        let mut counts = [0; 16];
        counts[..frequent.len()].fill(1);
        counts[13] = (256 - frequent.len()) as u8;
        let others = (0..=255).filter(|value| !frequent.contains(value));
        Huffman::new(counts, frequent.into_iter().chain(others).collect())
    }

    fn new(counts: [u8; 16], values: Vec<u8>) -> Huffman {
        let mut codes = [(0, 0); 256];
        let (mut code, mut next) = (0, values.iter());
        for (length, &count) in (1..).zip(&counts) {
            for &value in next.by_ref().take(count.into()) {
                codes[usize::from(value)] = (code, length);
                code += 1;
            }
            code <<= 1; // C.2
        }
        Huffman { counts, values, codes }
    }

    /// Code and length of a value's code.
    pub(super) fn code(&self, value: u8) -> (u32, u32) {
        self.codes[usize::from(value)]
    }

    /// The segment that defines it, for a class (0 for DC, 1 for AC) and a slot.
    pub(super) fn segment(&self, class: u8, slot: u8) -> Vec<u8> {
        segment(0xC4, &[&[class << 4 | slot][..], &self.counts, &self.values].concat())
    }
}
