//! An encoder from coefficients (or samples, for lossless coding) to JPEG, and files with a payload at every place that
//! decoders skip.
//!
//! Other encoders do not let a test choose scans, tables, restart markers and padding, and none writes all codings. The
//! picture depends on nothing but its coding, so each file is the same every time.

mod bits;
mod colour;
mod expected;
mod file;
mod frame;
mod huffman;
mod mutated;
mod parts;
mod picture;
mod planting;
mod progressive;
mod sequential;
#[cfg(test)]
mod tests;

pub use colour::Colour;
pub use mutated::mutated;
pub use planting::{Expected, Planted, planted};

use file::Content;
use parts::Parts;

/// Not multiples of a block, so that there are partial blocks.
const WIDTH: usize = 77;
const HEIGHT: usize = 53;
/// MCUs between two restart markers; rows in lossless coding.
const INTERVAL: usize = 3;

/// A coding process (ITU-T T.81, 4.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Process {
    /// SOF0.
    Baseline,
    /// SOF1.
    Extended,
    /// SOF2.
    Progressive,
    /// SOF3.
    Lossless,
    /// SOF9, made of a baseline file by libjpeg-turbo.
    Arithmetic,
    /// SOF10, made of a progressive file by libjpeg-turbo.
    ArithmeticProgressive,
}

/// How a picture is coded.
#[derive(Debug, Clone)]
pub struct Coding {
    /// The coding process.
    pub process: Process,
    /// Bits a sample.
    pub precision: u8,
    /// The components.
    pub colour: Colour,
    /// Whether all components share a scan, where the process allows it.
    pub is_interleaved: bool,
    /// Whether there are restart markers in the data.
    pub has_restarts: bool,
}

impl std::fmt::Display for Coding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let process = match self.process {
            Process::Baseline => "baseline",
            Process::Extended => "extended sequential",
            Process::Progressive => "progressive",
            Process::Lossless => "lossless",
            Process::Arithmetic => "arithmetic",
            Process::ArithmeticProgressive => "arithmetic progressive",
        };
        write!(f, "{process}, {} bit, {}", self.precision, self.colour.name)?;
        let is_split = !self.is_interleaved && self.colour.sampling.len() > 1;
        let scans = if is_split { ", a scan each" } else { "" };
        write!(f, "{scans}{}", if self.has_restarts { ", restarts" } else { "" })
    }
}

const PROCESSES: [(Process, u8); 9] = [
    (Process::Baseline, 8),
    (Process::Extended, 8),
    (Process::Extended, 12),
    (Process::Progressive, 8),
    (Process::Progressive, 12),
    (Process::Lossless, 8),
    (Process::Lossless, 12),
    (Process::Arithmetic, 8),
    (Process::ArithmeticProgressive, 8),
];

/// Every coding of photos.
pub fn codings() -> Vec<Coding> {
    codings_of(&PROCESSES, &Colour::all())
}

/// The picture in every Huffman coding with every sampling, and in lossless coding of 16 bits: a name for what its
/// frame header does not say, and the file.
pub fn every_sampling() -> Vec<(String, Vec<u8>)> {
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
    let mut processes = PROCESSES.to_vec();
    processes.retain(|(process, _)| !process.is_arithmetic());
    processes.push((Process::Lossless, 16));
    let codings = codings_of(&processes, &samplings.map(Colour::plain));
    codings.iter().map(|coding| (coding.to_string(), coding.file())).collect()
}

fn codings_of(processes: &[(Process, u8)], colours: &[Colour]) -> Vec<Coding> {
    let mut codings = Vec::new();
    for &(process, precision) in processes {
        for colour in colours {
            if process == Process::Lossless && !colour.is_unsampled() {
                continue; // decoders read lossless coding only without subsampling
            }
            if process == Process::Lossless && colour.is_ycbcr && colour.header != colour::Header::None {
                continue; // nor do they convert its colours
            }
            for is_interleaved in [true, false] {
                if !is_interleaved && (colour.sampling.len() == 1 || process.is_arithmetic()) {
                    continue; // libjpeg-turbo chooses scans and writes no restart markers
                }
                for has_restarts in [false, true] {
                    if has_restarts && process.is_arithmetic() {
                        continue;
                    }
                    let colour = colour.clone();
                    codings.push(Coding { process, precision, colour, is_interleaved, has_restarts });
                }
            }
        }
    }
    codings
}

impl Process {
    /// Whether it is coded by arithmetic.
    pub fn is_arithmetic(self) -> bool {
        matches!(self, Process::Arithmetic | Process::ArithmeticProgressive)
    }

    /// Whether coefficients are coded in several scans.
    pub fn is_progressive(self) -> bool {
        matches!(self, Process::Progressive | Process::ArithmeticProgressive)
    }
}

impl Coding {
    /// The file, with nothing in it that its picture does not need.
    pub fn file(&self) -> Vec<u8> {
        self.parts(&Content::default()).bytes()
    }

    /// The pixels of the file, with exact arithmetic, and samples of colour repeated where there are fewer of them.
    pub fn pixels(&self) -> Vec<i32> {
        expected::pixels(self)
    }
}
