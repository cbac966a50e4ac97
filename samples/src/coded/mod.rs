//! An encoder from coefficients (or samples, for lossless coding) to JPEG, and files with a payload at every place that
//! decoders skip.
//!
//! Other encoders do not let a test choose scans, tables, restart markers and padding, and none writes all codings. The
//! picture depends on nothing but its coding, so each file is the same every time.

mod bits;
mod colour;
mod expected;
mod frame;
mod huffman;
mod parts;
mod picture;
mod planting;
mod progressive;
mod sequential;
#[cfg(test)]
mod tests;

pub use colour::Colour;
pub use planting::{Expected, Planted, planted};

use frame::Frame;
use huffman::Huffman;
use parts::Parts;
use picture::{Picture, quantiser};
use progressive::{Step, script};
use sequential::ScanWriter;
use turbojpeg::{Transform, Transformer};

use crate::jpeg::{EOI, SOI, segment};

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

/// What a file contains that its coding does not say.
#[derive(Clone, Default)]
struct Content {
    /// The picture: 0 is that of the plain files.
    seed: u64,
    /// How many rows of it the frame header declares, if not all, and the seed of the others.
    hidden: Option<(usize, u64)>,
    /// Bits that are the padding of all coded data, instead of 1.
    padding: Vec<u8>,
    /// Fewer rows, if not 0.
    height: usize,
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

    fn frame(&self) -> Frame {
        let unit = if self.process == Process::Lossless { 1 } else { 8 };
        Frame { width: WIDTH, height: HEIGHT, unit, sampling: self.colour.sampling.clone() }
    }

    fn picture(&self, content: &Content) -> Picture {
        Picture { precision: self.precision, seed: content.seed, hidden: content.hidden }
    }

    /// The slot of a component's tables.
    fn slot(&self, component: usize) -> u8 {
        component.min(1) as u8
    }

    fn predictor(&self) -> u8 {
        1 + (self.colour.name.len() + usize::from(self.has_restarts)) as u8 % 7
    }

    /// The scans, in their order. Without bands unless progressive.
    fn scans(&self) -> Vec<Step> {
        let all: Vec<usize> = (0..self.colour.sampling.len()).collect();
        let (band, approximation) = match self.process {
            Process::Progressive | Process::ArithmeticProgressive => {
                return script(all.len(), self.is_interleaved);
            }
            Process::Lossless => ((self.predictor(), 0), (0, 0)),
            _ => ((0, 63), (0, 0)),
        };
        let scans: Vec<&[usize]> = if self.is_interleaved { vec![&all] } else { all.chunks(1).collect() };
        let step = |scan: &[usize]| Step { components: scan.to_vec(), band, approximation };
        scans.into_iter().map(step).collect()
    }

    /// The parts of a file.
    fn parts(&self, content: &Content) -> Parts {
        let writer = self.writer(content);
        let mut parts = self.headers(content);
        if self.has_restarts {
            parts.push(segment(0xDD, &(writer.interval as u16).to_be_bytes()));
        }
        let mut defined = Vec::new();
        for step in self.scans() {
            for table in self.tables(&step) {
                if !defined.contains(&table) {
                    let huffman = if table.0 == 0 { &writer.sizes } else { &writer.runs };
                    parts.push(huffman.segment(table.0, table.1));
                    defined.push(table);
                }
            }
            parts.extend(self.scan(&writer, &step));
        }
        parts.push(EOI.to_vec());
        let parts = Parts(parts);
        if self.process.is_arithmetic() { Parts::of(&by_arithmetic(self, &parts.bytes())) } else { parts }
    }

    fn writer(&self, content: &Content) -> ScanWriter {
        ScanWriter {
            frame: self.frame_of(content),
            picture: self.picture(content),
            interval: match self.process {
                _ if !self.has_restarts => 0,
                Process::Lossless => WIDTH * INTERVAL,
                _ => INTERVAL,
            },
            sizes: Huffman::sizes(if self.process == Process::Lossless { 16 } else { 15 }),
            runs: Huffman::runs(),
            padding: content.padding.clone(),
        }
    }

    /// The header and the data of a scan.
    fn scan(&self, writer: &ScanWriter, step: &Step) -> [Vec<u8>; 2] {
        let data = match self.process {
            Process::Progressive | Process::ArithmeticProgressive => writer.progressive(step),
            Process::Lossless => writer.lossless(&step.components, step.band.0),
            _ => writer.sequential(&step.components),
        };
        [self.scan_header(step), data]
    }

    fn frame_of(&self, content: &Content) -> Frame {
        let frame = self.frame();
        Frame { height: if content.height > 0 { content.height } else { frame.height }, ..frame }
    }

    /// All before the first scan but Huffman tables.
    fn headers(&self, content: &Content) -> Vec<Vec<u8>> {
        let mut parts = vec![SOI.to_vec()];
        parts.extend(Some(self.colour.header.segment()).filter(|header| !header.is_empty()));
        let components = self.colour.sampling.len();
        let is_lossless = self.process == Process::Lossless;
        for slot in 0..components.min(2) as u8 {
            if !is_lossless {
                parts.push(segment(0xDB, &[&[slot][..], &quantiser(slot)].concat()));
            }
        }
        let height = content.hidden.map_or(self.frame_of(content).height, |(shown, _)| shown);
        let mut frame = vec![self.precision, 0, height as u8, 0, WIDTH as u8, components as u8];
        for (component, (id, (h, v))) in self.colour.ids.iter().zip(&self.colour.sampling).enumerate() {
            frame.extend([*id, h << 4 | v, if is_lossless { 0 } else { self.slot(component) }]);
        }
        let marker = match self.process {
            Process::Baseline | Process::Arithmetic => 0xC0,
            Process::Extended => 0xC1,
            Process::Progressive | Process::ArithmeticProgressive => 0xC2,
            Process::Lossless => 0xC3,
        };
        parts.push(segment(marker, &frame));
        parts
    }

    /// Class and slot of the Huffman tables that a scan uses.
    fn tables(&self, step: &Step) -> Vec<(u8, u8)> {
        let slots = step.components.iter().map(|&component| self.slot(component));
        let (dc, ac) = match self.process {
            Process::Progressive | Process::ArithmeticProgressive => {
                (step.band.0 == 0 && step.approximation.0 == 0, step.band.0 > 0)
            }
            Process::Lossless => (true, false),
            _ => (true, true),
        };
        let classes = [(dc, 0), (ac, 1)];
        let used = classes.into_iter().filter(|(is_used, _)| *is_used).map(|(_, class)| class);
        used.flat_map(|class| slots.clone().map(move |slot| (class, slot))).collect()
    }

    fn scan_header(&self, step: &Step) -> Vec<u8> {
        let tables = self.tables(step);
        let mut payload = vec![step.components.len() as u8];
        for &component in &step.components {
            let slot = self.slot(component);
            let number = |class| if tables.contains(&(class, slot)) { slot } else { 0 };
            payload.extend([self.colour.ids[component], number(0) << 4 | number(1)]);
        }
        payload.extend([step.band.0, step.band.1, step.approximation.0 << 4 | step.approximation.1]);
        segment(0xDA, &payload)
    }
}

/// The same coefficients in arithmetic coding.
fn by_arithmetic(coding: &Coding, file: &[u8]) -> Vec<u8> {
    let mut transform = Transform::default();
    (transform.arithmetic, transform.progressive) = (true, coding.process.is_progressive());
    let mut transformer = Transformer::new().expect("libjpeg-turbo starts");
    transformer.transform_to_vec(&transform, file).expect("libjpeg-turbo reads what the encoder wrote")
}
