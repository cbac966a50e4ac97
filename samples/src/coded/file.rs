//! Puts the parts of a file together.

use turbojpeg::{Transform, Transformer};

use super::frame::Frame;
use super::huffman::Huffman;
use super::parts::Parts;
use super::picture::{Picture, quantiser};
use super::progressive::{Step, script};
use super::sequential::ScanWriter;
use super::{Coding, HEIGHT, INTERVAL, Process, WIDTH};
use crate::jpeg::{EOI, SOI, segment};

/// What a file contains that its coding does not say.
#[derive(Clone, Default)]
pub(super) struct Content {
    /// The picture: 0 is that of the plain files.
    pub(super) seed: u64,
    /// How many rows of it the frame header declares, if not all, and the seed of the others.
    pub(super) hidden: Option<(usize, u64)>,
    /// The seed of blocks outside of the picture, if there is something in them.
    pub(super) outside: Option<u64>,
    /// Bits that are the padding of all coded data, instead of 1.
    pub(super) padding: Vec<u8>,
    /// Fewer rows, if not 0.
    pub(super) height: usize,
}

impl Coding {
    pub(super) fn frame(&self) -> Frame {
        let unit = if self.process == Process::Lossless { 1 } else { 8 };
        Frame { width: WIDTH, height: HEIGHT, unit, sampling: self.colour.sampling.clone() }
    }

    pub(super) fn picture(&self, content: &Content) -> Picture {
        Picture {
            precision: self.precision,
            seed: content.seed,
            hidden: content.hidden,
            outside: content.outside,
        }
    }

    /// The slot of a component's tables.
    pub(super) fn slot(&self, component: usize) -> u8 {
        component.min(1) as u8
    }

    fn predictor(&self) -> u8 {
        1 + (self.colour.name.len() + usize::from(self.has_restarts)) as u8 % 7
    }

    /// The scans, in their order. Without bands unless progressive.
    pub(super) fn scans(&self) -> Vec<Step> {
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
    pub(super) fn parts(&self, content: &Content) -> Parts {
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

    pub(super) fn writer(&self, content: &Content) -> ScanWriter {
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
    pub(super) fn scan(&self, writer: &ScanWriter, step: &Step) -> [Vec<u8>; 2] {
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
