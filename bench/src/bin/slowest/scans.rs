//! The scans of a file, and their data bit by bit (ITU-T T.81, F.1.2, G.1.2 and H.1.2).

use fastrand::Rng;

use super::genes::{Gene, Genes};

/// A scan header, without the numbers of tables, which are all 0.
#[derive(Clone)]
pub(crate) struct Step {
    pub(crate) components: Vec<usize>,
    pub(crate) band: (u32, u32),
    pub(crate) high: u32,
    pub(crate) low: u32,
}

/// The scans that the genes ask for, of so many components.
pub(crate) fn steps(genes: &Genes, components: usize) -> Vec<Step> {
    let all: Vec<usize> = (0..components).collect();
    let groups: Vec<Vec<usize>> = match genes.get(Gene::Split) {
        0 => vec![all.clone()],
        _ => all.iter().map(|&component| vec![component]).collect(),
    };
    let of = |groups: &[Vec<usize>], band, high, low| -> Vec<Step> {
        groups.iter().map(|group| Step { components: group.clone(), band, high, low }).collect()
    };
    let mut steps = match genes.get(Gene::Coding) {
        0 | 3 => of(&groups, (0, 63), 0, 0),
        2 => of(&groups, (1, 0), 0, 0),
        _ => {
            let (dc_low, ac_low) = (genes.get(Gene::DcLow), genes.get(Gene::AcLow));
            let mut steps = of(&groups, (0, 0), 0, dc_low);
            let each: Vec<Vec<usize>> = all.iter().map(|&component| vec![component]).collect();
            let count = genes.get(Gene::Bands);
            let bands: Vec<(u32, u32)> =
                (0..count).map(|i| (1 + 63 * i / count, 63 * (i + 1) / count)).collect();
            steps.extend(bands.iter().flat_map(|&band| of(&each, band, 0, ac_low)));
            for low in (0..dc_low.max(ac_low)).rev() {
                let refined = bands.iter().filter(|_| low < ac_low);
                steps.extend(refined.flat_map(|&band| of(&each, band, low + 1, low)));
                if low < dc_low {
                    steps.extend(of(&groups, (0, 0), low + 1, low));
                }
            }
            steps
        }
    };
    let most = genes.get(Gene::Scans).max(1) as usize;
    if genes.get(Gene::Again) == 1 {
        steps = steps.into_iter().cycle().take(most).collect();
    }
    steps.truncate(most);
    steps
}

/// Entropy-coded data under construction.
#[derive(Default)]
pub(crate) struct Bits {
    pub(crate) bytes: Vec<u8>,
    pending: u64,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u64, length: u32) {
        self.pending = self.pending << length | value & ((1 << length) - 1);
        self.count += length;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.pending >> self.count) as u8;
            self.bytes.push(byte);
            if byte == 0xFF {
                self.bytes.push(0);
            }
        }
    }

    fn pad(&mut self, bit: u64) {
        if self.count > 0 {
            self.put(if bit == 1 { 0xFF } else { 0 }, 8 - self.count);
        }
    }
}

/// A table in which all codes are equally long.
pub(crate) struct Table {
    length: u32,
    symbols: Vec<u8>,
    codes: [u64; 256],
}

impl Table {
    pub(crate) fn new(mut symbols: Vec<u8>, shortest: u32) -> Table {
        symbols.sort_unstable();
        symbols.dedup();
        // The code of ones alone is none (C.2).
        let length = shortest.max(usize::BITS - symbols.len().leading_zeros());
        let mut codes = [0; 256];
        for (code, &symbol) in (0..).zip(&symbols) {
            codes[usize::from(symbol)] = code;
        }
        Table { length, symbols, codes }
    }

    /// What DHT says, for a class.
    pub(crate) fn definition(&self, class: u8) -> Vec<u8> {
        let mut counts = [0; 16];
        counts[self.length as usize - 1] = self.symbols.len() as u8;
        [&[class << 4][..], &counts, &self.symbols].concat()
    }
}

/// Writes the data of scans.
pub(crate) struct Writer<'a> {
    pub(crate) genes: &'a Genes,
    pub(crate) dc: Table,
    pub(crate) ac: Table,
    pub(crate) rng: Rng,
    /// For each component and block, which coefficients are not 0.
    pub(crate) history: Vec<Vec<u64>>,
}

impl Writer<'_> {
    /// The data of a scan of so many MCUs of so many data units each.
    pub(crate) fn scan(&mut self, step: &Step, mcus: usize, units: usize) -> Vec<u8> {
        let (genes, mut bits) = (self.genes, Bits::default());
        let interval = match genes.get(Gene::Interval) as usize {
            0 => mcus,
            interval => interval,
        };
        let mut done = 0;
        while done < mcus {
            let now = interval.min(mcus - done);
            match (step.band, step.high) {
                ((0, 0), 1..) => (0..now * units).for_each(|_| bits.put(self.rng.u64(..), 1)),
                ((1.., 1..), _) => self.band(&mut bits, step, done..done + now),
                ((_, end), _) => (0..now * units).for_each(|_| {
                    self.difference(&mut bits);
                    if end > 0 {
                        self.block(&mut bits);
                    }
                }),
            }
            bits.pad(u64::from(genes.get(Gene::Padding) == 0));
            if done + now < mcus {
                bits.bytes.extend(vec![b'A'; genes.get(Gene::Surplus) as usize]);
                bits.bytes.extend([0xFF, 0xD0 + (done / interval % 8) as u8]);
            }
            done += now;
        }
        bits.bytes
    }

    fn symbol(&self, bits: &mut Bits, is_dc: bool, symbol: u32) {
        let table = if is_dc { &self.dc } else { &self.ac };
        bits.put(table.codes[symbol as usize], table.length);
    }

    fn is_random(&mut self) -> bool {
        u32::from(self.rng.u8(..)) < self.genes.get(Gene::Random)
    }

    fn difference(&mut self, bits: &mut Bits) {
        let size = if self.is_random() { self.rng.u32(..12) } else { self.genes.get(Gene::DcSize) };
        self.symbol(bits, true, size);
        bits.put(self.rng.u64(..), size);
    }

    /// Coefficients to come, zeros before each, and size.
    fn coefficients(&mut self) -> (u32, u32, u32) {
        match self.is_random() {
            true => (self.rng.u32(..64), self.rng.u32(..16), self.rng.u32(1..11)),
            false => {
                let get = |gene| self.genes.get(gene);
                let size = get(Gene::Size);
                (get(Gene::Coefficients), if size == 0 { 15 } else { get(Gene::Run) }, size)
            }
        }
    }

    fn block(&mut self, bits: &mut Bits) {
        let (mut at, (count, run, size)) = (1, self.coefficients());
        for _ in 0..count {
            if at + run > 63 {
                break;
            }
            self.symbol(bits, false, run << 4 | size);
            bits.put(self.rng.u64(..), size);
            at += run + 1;
        }
        if at <= 63 {
            self.symbol(bits, false, 0);
        }
    }

    /// A band of AC coefficients in some blocks of its only component.
    fn band(&mut self, bits: &mut Bits, step: &Step, blocks: std::ops::Range<usize>) {
        let ((start, end), end_of_blocks) = (step.band, blocks.end);
        let band = u64::MAX << start & u64::MAX >> (63 - end);
        let mut ended = 0_usize;
        for number in blocks {
            let mut block = self.history[step.components[0]][number];
            let mut at = start;
            if ended == 0 {
                let (count, run, size) = self.coefficients();
                for _ in 0..count {
                    let place =
                        (at..=end).filter(|&at| step.high == 0 || block >> at & 1 == 0).nth(run as usize);
                    let Some(place) = place else { break };
                    let size = if step.high > 0 { size.min(1) } else { size };
                    self.symbol(bits, false, run << 4 | size);
                    bits.put(self.rng.u64(..), size);
                    if step.high > 0 {
                        let passed = block & u64::MAX << at & !(u64::MAX << place);
                        bits.put(self.rng.u64(..), passed.count_ones());
                    }
                    self.history[step.components[0]][number] |= u64::from(size > 0) << place;
                    at = place + 1;
                }
                if at <= end {
                    ended = ((2 << self.genes.get(Gene::EndRun)) - 1).min(end_of_blocks - number);
                    let n = ended.ilog2();
                    self.symbol(bits, false, n << 4);
                    bits.put(ended as u64, n);
                }
            }
            if step.high > 0 && at <= end {
                block &= band & u64::MAX << at;
                let ones = block.count_ones();
                bits.put(self.rng.u64(..), ones / 2);
                bits.put(self.rng.u64(..), ones - ones / 2);
            }
            ended = ended.saturating_sub(1);
        }
    }
}
