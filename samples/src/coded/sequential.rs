//! Sequential coding, baseline and extended (ITU-T T.81, F.1.2), and lossless coding (H.1.2).

use super::bits::{Bits, size};
use super::frame::Frame;
use super::huffman::Huffman;
use super::picture::Picture;

/// What every coding of a scan needs.
pub(super) struct ScanWriter {
    pub(super) frame: Frame,
    pub(super) picture: Picture,
    /// MCUs between two restart markers; 0 for none.
    pub(super) interval: usize,
    pub(super) sizes: Huffman,
    pub(super) runs: Huffman,
    /// See [`Bits`].
    pub(super) padding: Vec<u8>,
}

impl ScanWriter {
    /// Whether there is a restart marker before an MCU, and how many came before it.
    pub(super) fn restart(&self, mcu: usize) -> Option<usize> {
        let is_restart = self.interval > 0 && mcu > 0 && mcu.is_multiple_of(self.interval);
        is_restart.then(|| mcu / self.interval - 1)
    }

    pub(super) fn put(&self, bits: &mut Bits, table: &Huffman, value: u8) {
        let (code, length) = table.code(value);
        bits.put(code, length);
    }

    /// The difference to a prediction. A size of 16 has no more bits (H.1.2.2).
    pub(super) fn difference(&self, bits: &mut Bits, difference: i32) {
        let size = size(difference);
        self.put(bits, &self.sizes, size);
        bits.magnitude(difference, if size == 16 { 0 } else { size });
    }

    /// The data of a scan of sequential coding.
    pub(super) fn sequential(&self, scan: &[usize]) -> Vec<u8> {
        let mut bits = Bits::new(&self.padding);
        let mut before = vec![0; self.frame.sampling.len()];
        for (mcu, units) in self.frame.units(scan).enumerate() {
            if let Some(number) = self.restart(mcu) {
                bits.restart(number);
                before.fill(0);
            }
            for (unit, block) in units.iter().zip(self.picture.blocks(&units)) {
                let before = &mut before[unit.component];
                self.difference(&mut bits, block[0] - *before);
                *before = block[0];
                self.block(&mut bits, &block);
            }
        }
        bits.finish()
    }

    /// The AC coefficients of a block (F.1.2.2).
    fn block(&self, bits: &mut Bits, block: &[i32; 64]) {
        if self.coefficients(bits, block[1..].iter().copied()) {
            self.put(bits, &self.runs, 0x00);
        }
    }

    /// Coefficients up to the last that is not 0, each with the run of zeros before it. Returns whether zeros follow.
    pub(super) fn coefficients(&self, bits: &mut Bits, values: impl Iterator<Item = i32>) -> bool {
        let mut zeros = 0;
        for value in values {
            if value == 0 {
                zeros += 1;
                continue;
            }
            while zeros > 15 {
                self.put(bits, &self.runs, 0xF0);
                zeros -= 16;
            }
            let size = size(value);
            self.put(bits, &self.runs, zeros << 4 | size);
            bits.magnitude(value, size);
            zeros = 0;
        }
        zeros > 0
    }

    /// The data of a lossless scan, all components with the same sampling.
    pub(super) fn lossless(&self, scan: &[usize], predictor: u8) -> Vec<u8> {
        let middle = 1 << (self.picture.precision - 1);
        let (columns, _) = self.frame.mcus(scan);
        let mut bits = Bits::new(&self.padding);
        for (mcu, units) in self.frame.units(scan).enumerate() {
            if let Some(number) = self.restart(mcu) {
                bits.restart(number);
            }
            // Restart markers are only at the start of a row here: libjpeg-turbo reads no others.
            let is_first_row = mcu < columns || self.restart(mcu - mcu % columns).is_some();
            for unit in units {
                let sample = |left, up| self.picture.sample(unit.component, unit.x - left, unit.y - up);
                let predicted = match (unit.x, is_first_row) {
                    (0, true) => middle,
                    (_, true) => sample(1, 0),
                    (0, false) => sample(0, 1),
                    _ => predict(predictor, sample(1, 0), sample(0, 1), sample(1, 1)),
                };
                // Modulo 65,536 (H.1.2.1).
                let difference = i32::from((sample(0, 0) - predicted) as i16);
                self.difference(&mut bits, difference);
            }
        }
        bits.finish()
    }
}

/// Table H.1.
fn predict(predictor: u8, left: i32, up: i32, both: i32) -> i32 {
    match predictor {
        1 => left,
        2 => up,
        3 => both,
        4 => left + up - both,
        5 => left + ((up - both) >> 1),
        6 => up + ((left - both) >> 1),
        _ => (left + up) >> 1,
    }
}
