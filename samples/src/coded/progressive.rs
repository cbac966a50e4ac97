//! Progressive coding with spectral selection and successive approximation (ITU-T T.81, G.1.2).

use super::bits::Bits;
use super::frame::Unit;
use super::sequential::ScanWriter;

/// A scan of a progressive script.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) components: Vec<usize>,
    /// First and last coefficient: Ss and Se.
    pub(super) band: (u8, u8),
    /// Ah and Al.
    pub(super) approximation: (u8, u8),
}

/// A script that uses all that there is: bands, and refinements of DC and AC coefficients.
pub(super) fn script(components: usize, is_interleaved: bool) -> Vec<Step> {
    let all: Vec<usize> = (0..components).collect();
    let each = || all.chunks(1);
    let dc = |approximation| {
        let scans = if is_interleaved { vec![&all[..]] } else { each().collect() };
        scans.into_iter().map(move |scan| Step { components: scan.to_vec(), band: (0, 0), approximation })
    };
    let ac =
        |band, approximation| each().map(move |scan| Step { components: scan.to_vec(), band, approximation });
    let mut script: Vec<Step> = dc((0, 1)).collect();
    script.extend(ac((1, 5), (0, 2)));
    script.extend(ac((6, 63), (0, 2)));
    script.extend(ac((1, 63), (2, 1)));
    script.extend(dc((1, 0)));
    script.extend(ac((1, 63), (1, 0)));
    script
}

/// A run of blocks without more coefficients in the band, not written yet.
#[derive(Default)]
struct EndOfBands {
    blocks: u32,
    /// The bits that correct coefficients of these blocks.
    corrections: Vec<u32>,
}

impl ScanWriter {
    /// The data of a scan of progressive coding.
    pub(super) fn progressive(&self, step: &Step) -> Vec<u8> {
        let mut bits = Bits::new(&self.padding);
        let mut before = vec![0; self.frame.sampling.len()];
        let mut run = EndOfBands::default();
        let mut was_hidden = false;
        for (mcu, units) in self.frame.units(&step.components).enumerate() {
            // A run never reaches from rows that are shown into those that a lowered height hides.
            let is_hidden = self.picture.hidden.is_some_and(|(from, _)| units[0].top >= from);
            if is_hidden != was_hidden {
                self.end_of_bands(&mut bits, &mut run);
                was_hidden = is_hidden;
            }
            if let Some(number) = self.restart(mcu) {
                self.end_of_bands(&mut bits, &mut run);
                bits.restart(number);
                before.fill(0);
            }
            for (&Unit { component, .. }, block) in units.iter().zip(self.picture.blocks(&units)) {
                match (step.band.0, step.approximation) {
                    (0, (0, low)) => {
                        let value = block[0] >> low;
                        self.difference(&mut bits, value - before[component]);
                        before[component] = value;
                    }
                    (0, (_, low)) => bits.put((block[0] >> low) as u32, 1),
                    (_, (0, _)) => self.first(&mut bits, &mut run, step, &block),
                    _ => self.refinement(&mut bits, &mut run, step, &block),
                }
            }
        }
        self.end_of_bands(&mut bits, &mut run);
        bits.finish()
    }

    /// The first scan of a band (G.1.2.2).
    fn first(&self, bits: &mut Bits, run: &mut EndOfBands, step: &Step, block: &[i32; 64]) {
        if band(step, block).any(|value| value != 0) {
            self.end_of_bands(bits, run);
        }
        if self.coefficients(bits, band(step, block)) {
            self.add_end_of_band(bits, run, Vec::new());
        }
    }

    /// A refinement of a band (G.1.2.3, figure G.7).
    fn refinement(&self, bits: &mut Bits, run: &mut EndOfBands, step: &Step, block: &[i32; 64]) {
        let band: Vec<i32> = band(step, block).collect();
        let last_new = band.iter().rposition(|value| value.abs() == 1);
        let mut corrections = Vec::new();
        let mut zeros = 0;
        for (k, &value) in band.iter().enumerate() {
            if value == 0 {
                zeros += 1;
                continue;
            }
            while zeros > 15 && last_new.is_some_and(|last| k <= last) {
                self.end_of_bands(bits, run);
                self.put(bits, &self.runs, 0xF0);
                zeros -= 16;
                corrections.drain(..).for_each(|bit| bits.put(bit, 1));
            }
            if value.abs() > 1 {
                corrections.push(value.unsigned_abs() & 1);
                continue;
            }
            self.end_of_bands(bits, run);
            self.put(bits, &self.runs, zeros << 4 | 1);
            bits.put(u32::from(value > 0), 1);
            corrections.drain(..).for_each(|bit| bits.put(bit, 1));
            zeros = 0;
        }
        if zeros > 0 || !corrections.is_empty() {
            self.add_end_of_band(bits, run, corrections);
        }
    }

    fn add_end_of_band(&self, bits: &mut Bits, run: &mut EndOfBands, corrections: Vec<u32>) {
        const LONGEST: u32 = (1 << 15) - 1;
        run.blocks += 1;
        run.corrections.extend(corrections);
        if run.blocks == LONGEST {
            self.end_of_bands(bits, run);
        }
    }

    /// Writes the run, if there is one.
    fn end_of_bands(&self, bits: &mut Bits, run: &mut EndOfBands) {
        let run = std::mem::take(run);
        if let Some(size) = run.blocks.checked_ilog2() {
            self.put(bits, &self.runs, (size as u8) << 4);
            bits.put(run.blocks, size);
            run.corrections.into_iter().for_each(|bit| bits.put(bit, 1));
        }
    }
}

/// The coefficients of a scan's band, without the bits that later scans add (G.1.2.1).
fn band(step: &Step, block: &[i32; 64]) -> impl Iterator<Item = i32> {
    let low = step.approximation.1;
    let (first, last) = (usize::from(step.band.0), usize::from(step.band.1));
    block[first..=last].iter().map(move |&value| (value.abs() >> low) * value.signum())
}
