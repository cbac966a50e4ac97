//! What is coded: coefficients, or samples for lossless coding, that depend on nothing but a seed and the position.

use super::frame::Unit;

/// A picture with detail in every component: blocks with many coefficients and blocks with none.
#[derive(Clone)]
pub(super) struct Picture {
    pub(super) precision: u8,
    pub(super) seed: u64,
    /// Rows from this one on, in pixels, have another seed.
    pub(super) hidden: Option<(usize, u64)>,
    /// The seed of blocks outside of the picture. Without one there is nothing in them.
    pub(super) outside: Option<u64>,
}

/// The block that says nothing after this one.
fn blank_after(before: &[i32; 64]) -> [i32; 64] {
    std::array::from_fn(|k| if k == 0 { before[0] } else { 0 })
}

/// Zig-zag order: row and column of each coefficient (ITU-T T.81, figure A.6).
pub(super) fn zigzag() -> [(usize, usize); 64] {
    let mut order = [(0, 0); 64];
    let mut next = order.iter_mut();
    for diagonal in 0..15_usize {
        let mut cells: Vec<_> = (0..8).filter(|row| (0..8).contains(&diagonal.wrapping_sub(*row))).collect();
        if diagonal % 2 == 0 {
            cells.reverse();
        }
        for row in cells {
            *next.next().expect("a block has 64 coefficients") = (row, diagonal - row);
        }
    }
    order
}

/// The quantisation table of a slot, in zig-zag order. A step of the DC coefficient is a step of the samples (A.3.3).
pub(super) fn quantiser(slot: u8) -> [u8; 64] {
    std::array::from_fn(|k| if k == 0 { 8 } else { 3 + slot + (k / 4) as u8 })
}

impl Picture {
    /// The blocks of an MCU, in its order.
    pub(super) fn blocks(&self, units: &[Unit]) -> Vec<[i32; 64]> {
        let mut blocks: Vec<[i32; 64]> = Vec::new();
        for unit in units {
            let blank = blocks.last().filter(|_| unit.is_outside && self.outside.is_none()).map(blank_after);
            blocks.push(blank.unwrap_or_else(|| self.block(unit)));
        }
        blocks
    }

    /// The quantised coefficients of a block, in zig-zag order.
    pub(super) fn block(&self, unit: &Unit) -> [i32; 64] {
        let &Unit { component, x, y, top, is_outside } = unit;
        let scale = 1 << (self.precision - 8);
        let seed = self.outside.filter(|_| is_outside).unwrap_or_else(|| self.seed_at(top));
        let mut coefficients = [0; 64];
        let level = (x * 37 + y * 91 + component * 53 + x * y * 7 + seed as usize % 199) % 181;
        coefficients[0] = (level as i32 - 90) * scale;
        let mut random = Random(mix(seed ^ (component << 40 | y << 20 | x) as u64));
        if random.below(4) > 0 {
            for _ in 0..1 + random.below(9) {
                // Low frequencies more often.
                let k = 1 + random.below(63) * random.below(63) / 62;
                let largest = if k < 6 { 20 } else { 5 };
                coefficients[k as usize] = (random.below(2 * largest + 1) as i32 - largest as i32) * scale;
            }
        }
        coefficients
    }

    /// A sample of lossless coding.
    pub(super) fn sample(&self, component: usize, x: usize, y: usize) -> i32 {
        let mut random = Random(mix(self.seed_at(y) ^ (component << 40 | y << 20 | x) as u64));
        let slope = (x * 3 + y * 2 + component * 50) as u64;
        let noise = random.below(1 << (self.precision - 4).min(6));
        (((slope << self.precision >> 9) + noise) % (1 << self.precision)) as i32
    }

    fn seed_at(&self, row: usize) -> u64 {
        self.hidden.filter(|(from, _)| row >= *from).map_or(self.seed, |(_, seed)| seed)
    }
}

/// The samples of a block, as the inverse transform of exact arithmetic gives them (A.3.3), by row.
pub(super) fn samples(block: &[i32; 64], slot: u8, precision: u8) -> [[i32; 8]; 8] {
    let quantiser = quantiser(slot);
    let mut coefficients = [[0.0; 8]; 8];
    for (k, (row, column)) in zigzag().into_iter().enumerate() {
        coefficients[row][column] = f64::from(block[k]) * f64::from(quantiser[k]);
    }
    let basis = |at: usize, frequency: usize| {
        let scale = if frequency == 0 { 0.5_f64.sqrt() } else { 1.0 };
        scale * ((2 * at + 1) as f64 * frequency as f64 * std::f64::consts::PI / 16.0).cos() / 2.0
    };
    let basis: [[f64; 8]; 8] = std::array::from_fn(|at| std::array::from_fn(|f| basis(at, f)));
    let rows: [[f64; 8]; 8] = std::array::from_fn(|v| {
        std::array::from_fn(|x| (0..8).map(|u| basis[x][u] * coefficients[v][u]).sum())
    });
    let middle = f64::from(1 << (precision - 1));
    let largest = f64::from((1 << precision) - 1);
    std::array::from_fn(|y| {
        std::array::from_fn(|x| {
            let sample: f64 = (0..8).map(|v| basis[y][v] * rows[v][x]).sum();
            (sample + middle).round().clamp(0.0, largest) as i32
        })
    })
}

/// A random number from any number (splitmix64).
pub(super) fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let number = (number ^ number >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ number >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ number >> 31
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = mix(self.0);
        self.0 % limit
    }
}
