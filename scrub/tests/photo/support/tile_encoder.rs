//! A tiny encoder of tiles of one colour each, for what no other encoder here writes: any number of components with any
//! sampling, scans of one component each, restart markers in every coding, 12 bits a sample, 16 in lossless coding.

use super::{EOI, SOI, segment};

/// How a picture of tiles is coded.
struct Tiles {
    /// Second byte of the frame header's marker: SOF0 to SOF3.
    marker: u8,
    /// Bits a sample.
    precision: u8,
    /// Horizontal and vertical sampling factor of each component.
    sampling: Vec<(u8, u8)>,
    /// Whether all components share a scan.
    interleaved: bool,
    /// Whether there are restart markers in the data.
    restarts: bool,
}

/// Not multiples of a block, so that there are partial blocks, and no symmetry.
const WIDTH: usize = 133;
const HEIGHT: usize = 101;
/// MCUs between two restart markers.
const RESTART: usize = 3;

/// All of them, each with a description.
pub(crate) fn all() -> Vec<(String, Vec<u8>)> {
    let samplings: [&[(u8, u8)]; 10] = [
        &[(1, 1)],
        &[(2, 2)],
        &[(1, 1); 2],
        &[(2, 2), (1, 1)],
        &[(1, 1); 3],
        &[(2, 1), (1, 1), (1, 1)],
        &[(2, 2), (1, 1), (1, 1)],
        &[(1, 2), (1, 1), (1, 1)],
        &[(4, 1), (1, 1), (1, 1)],
        &[(1, 1); 4],
    ];
    let mut all = Vec::new();
    for (marker, precision) in
        [(0xC0, 8), (0xC1, 12), (0xC2, 8), (0xC2, 12), (0xC3, 8), (0xC3, 12), (0xC3, 16)]
    {
        for sampling in samplings {
            if marker == 0xC3 && sampling.iter().any(|&factors| factors != (1, 1)) {
                continue; // decoders read lossless coding only without subsampling
            }
            for interleaved in [true, false] {
                for restarts in [false, true] {
                    let tiles =
                        Tiles { marker, precision, sampling: sampling.to_vec(), interleaved, restarts };
                    let factors: Vec<String> = sampling.iter().map(|(h, v)| format!("{h}x{v}")).collect();
                    let scans = if interleaved { "one scan" } else { "a scan each" };
                    let restarts = if restarts { ", restarts" } else { "" };
                    let name = format!("tiles {}, {scans}{restarts}", factors.join(" "));
                    all.push((name, tiles.encode()));
                }
            }
        }
    }
    all
}

impl Tiles {
    /// The file.
    fn encode(&self) -> Vec<u8> {
        let components = self.sampling.len() as u8;
        let mut frame = vec![self.precision, 0, HEIGHT as u8, 0, WIDTH as u8, components];
        frame.extend((1..).zip(&self.sampling).flat_map(|(id, &(h, v))| [id, h << 4 | v, 0]));
        // A quantiser of 8 makes a step of the DC coefficient one step of the samples (ITU-T T.81, A.3.3).
        let dqt = segment(0xDB, &[&[0][..], &[8; 64]].concat());
        let mut file = [SOI, &dqt, &segment(self.marker, &frame), &tables()].concat();
        if self.restarts {
            let interval = if self.marker == 0xC3 { WIDTH * RESTART } else { RESTART };
            file.extend(segment(0xDD, &(interval as u16).to_be_bytes()));
        }
        let all: Vec<usize> = (0..self.sampling.len()).collect();
        let scans: Vec<&[usize]> = if self.interleaved { vec![&all] } else { all.chunks(1).collect() };
        for scan in &scans {
            let (start, end) = match self.marker {
                0xC2 => (0, 0),
                0xC3 => (1, 0),
                _ => (0, 63),
            };
            file.extend(header(scan, start, end));
            file.extend(if self.marker == 0xC3 { self.samples(scan) } else { self.blocks(scan, true) });
        }
        if self.marker == 0xC2 {
            for scan in all.chunks(1) {
                file.extend(header(scan, 1, 63));
                file.extend(self.blocks(scan, false));
            }
        }
        file.extend(EOI);
        file
    }

    /// The level of a tile, relative to the middle. Each differs from its neighbours.
    fn tile(&self, component: usize, x: usize, y: usize) -> i32 {
        let level = ((x * 37 + y * 91 + component * 53 + x * y * 7) % 251) as i32 - 125;
        level << (self.precision - 8).min(6)
    }

    /// The data of a scan of DCT coding. `dc` says whether it contains the DC coefficients.
    fn blocks(&self, scan: &[usize], dc: bool) -> Vec<u8> {
        let largest = |of: fn(&(u8, u8)) -> u8| usize::from(self.sampling.iter().map(of).max().unwrap());
        let (largest_h, largest_v) = (largest(|s| s.0), largest(|s| s.1));
        let factors = |c: usize| (usize::from(self.sampling[c].0), usize::from(self.sampling[c].1));
        // A scan of one component contains its blocks one by one, and none that only complete an MCU (A.2.2).
        let single = scan.len() == 1;
        let (columns, rows) = if single {
            let (h, v) = factors(scan[0]);
            ((WIDTH * h).div_ceil(largest_h).div_ceil(8), (HEIGHT * v).div_ceil(largest_v).div_ceil(8))
        } else {
            (WIDTH.div_ceil(8 * largest_h), HEIGHT.div_ceil(8 * largest_v))
        };
        let mut bits = Bits::default();
        let mut before = vec![0; self.sampling.len()];
        for mcu in 0..columns * rows {
            if self.restarts && mcu > 0 && mcu % RESTART == 0 {
                bits.restart(mcu / RESTART - 1);
                before.fill(0);
            }
            for &component in scan {
                let (h, v) = if single { (1, 1) } else { factors(component) };
                for block in 0..h * v {
                    let (x, y) = (mcu % columns * h + block % h, mcu / columns * v + block / h);
                    if dc {
                        let level = self.tile(component, x, y);
                        bits.difference(level - before[component]);
                        before[component] = level;
                    }
                    if !(dc && self.marker == 0xC2) {
                        bits.put(0, 1); // the one AC code: no more coefficients
                    }
                }
            }
        }
        bits.finish()
    }

    /// The data of a lossless scan, each sample predicted from the one on its left (H.1.2.1).
    fn samples(&self, scan: &[usize]) -> Vec<u8> {
        let middle = 1 << (self.precision - 1);
        let level = |c: usize, x: usize, y: usize| self.tile(c, x / 8, y / 8) + middle;
        let mut bits = Bits::default();
        for y in 0..HEIGHT {
            let restarted = self.restarts && y > 0 && y % RESTART == 0;
            if restarted {
                bits.restart(y / RESTART - 1);
            }
            for x in 0..WIDTH {
                for &c in scan {
                    let predicted = match (x, y) {
                        (0, 0) => middle,
                        (0, _) if restarted => middle,
                        (0, _) => level(c, 0, y - 1),
                        _ => level(c, x - 1, y),
                    };
                    bits.difference(level(c, x, y) - predicted);
                }
            }
        }
        bits.finish()
    }
}

/// Two Huffman tables: codes of 5 bits for the 16 sizes of a difference, and one code that says "no more coefficients".
fn tables() -> Vec<u8> {
    let sizes: Vec<u8> = (0..16).collect();
    let dc = [&[0x00, 0, 0, 0, 0, 16][..], &[0; 11], &sizes].concat();
    let ac = [&[0x10, 1][..], &[0; 15], &[0]].concat();
    segment(0xC4, &[dc, ac].concat())
}

/// A scan header. In lossless coding `start` is the predictor.
fn header(scan: &[usize], start: u8, end: u8) -> Vec<u8> {
    let mut payload = vec![scan.len() as u8];
    payload.extend(scan.iter().flat_map(|&component| [component as u8 + 1, 0]));
    payload.extend([start, end, 0]);
    segment(0xDA, &payload)
}

/// Entropy-coded data under construction.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    pending: u32,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u32, length: u32) {
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

    /// A difference: its size by the table, then its bits, those of a negative one less 1 (F.1.2.1).
    fn difference(&mut self, difference: i32) {
        let size = u32::BITS - difference.unsigned_abs().leading_zeros();
        self.put(size, 5);
        let bits = if difference < 0 { difference - 1 } else { difference };
        self.put(bits as u32 & ((1 << size) - 1), size);
    }

    fn restart(&mut self, number: usize) {
        self.pad();
        self.bytes.extend([0xFF, 0xD0 + (number % 8) as u8]);
    }

    fn pad(&mut self) {
        let free = (8 - self.count) % 8;
        self.put((1 << free) - 1, free);
    }

    fn finish(mut self) -> Vec<u8> {
        self.pad();
        self.bytes
    }
}
