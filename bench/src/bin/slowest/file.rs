//! Makes a file of genes, as large as it may be within the limits of the photo core.

use std::sync::OnceLock;

use bench::drawing::exif_with_orientation;
use fastrand::Rng;
use samples::jpeg::{EOI, SOI, segment};

use super::genes::{Gene, Genes};
use super::scans::{Step, Table, Writer, steps};

/// Sampling factors of the components.
const SAMPLINGS: [&[(usize, usize)]; 5] =
    [&[(1, 1)], &[(1, 1); 3], &[(2, 2), (1, 1), (1, 1)], &[(1, 1); 4], &[(4, 2), (1, 1), (1, 1)]];
/// Longest side, in pixels, that libjpeg-turbo takes.
const LONGEST: usize = 65_500;
/// The limits in `scrub/src/parse/scans.rs`.
const BLOCKS_PER_BYTE: f64 = 64.0;
const FEW_BLOCKS: f64 = 4e6;
const MAX_BLOCKS: f64 = 400e6;
const MAX_PROGRESSIVE: f64 = (1 << 24) as f64;
/// MCUs of a first try, which shows how many bytes they take.
const TRY: usize = 2_000;

/// A file.
pub(crate) struct File {
    pub(crate) bytes: Vec<u8>,
    /// Blocks, or samples of lossless coding, over all scans.
    pub(crate) blocks: usize,
}

impl File {
    /// About as many bytes as asked for, or fewer.
    pub(crate) fn new(genes: &Genes, size: usize) -> File {
        let shape = Shape::new(genes);
        let header = header(genes, size);
        let room = size.saturating_sub(header.len()).max(1_000) as f64;
        let (columns, rows) = shape.grid(TRY);
        let bytes_per_mcu =
            shape.picture(genes, columns, rows, size).0.len() as f64 / (columns * rows) as f64;
        let blocks_per_mcu = shape.blocks_per_mcu() as f64;
        let mut mcus = (MAX_BLOCKS / blocks_per_mcu).min(room / bytes_per_mcu);
        if blocks_per_mcu > BLOCKS_PER_BYTE * bytes_per_mcu {
            mcus = mcus.min(FEW_BLOCKS / (blocks_per_mcu - BLOCKS_PER_BYTE * bytes_per_mcu));
        }
        if shape.is_progressive {
            mcus = mcus.min(MAX_PROGRESSIVE / shape.units.iter().sum::<usize>() as f64);
        }
        let (columns, rows) = shape.grid(mcus as usize >> genes.get(Gene::Halved));
        let (picture, blocks) = shape.picture(genes, columns, rows, size);
        File { bytes: [header, picture, EOI.to_vec()].concat(), blocks }
    }
}

/// What all pictures of the same genes have in common.
struct Shape {
    /// Side of a data unit.
    unit: usize,
    sampling: &'static [(usize, usize)],
    /// Data units of each component in an MCU.
    units: Vec<usize>,
    largest: (usize, usize),
    steps: Vec<Step>,
    is_progressive: bool,
    width: usize,
}

impl Shape {
    fn new(genes: &Genes) -> Shape {
        let coding = genes.get(Gene::Coding);
        let mut sampling = SAMPLINGS[genes.get(Gene::Sampling) as usize];
        if coding == 2 && genes.get(Gene::Sampling) > 1 {
            sampling = SAMPLINGS[1];
        }
        let largest = sampling[0];
        let unit = if coding == 2 { 1 } else { 8 };
        Shape {
            unit,
            sampling,
            units: sampling.iter().map(|(h, v)| h * v).collect(),
            largest,
            steps: steps(genes, sampling.len()),
            is_progressive: matches!(coding, 1 | 4),
            width: LONGEST / (unit * largest.0) * (genes.get(Gene::Width) as usize + 1) / 16,
        }
    }

    /// Columns and rows of about so many MCUs.
    fn grid(&self, mcus: usize) -> (usize, usize) {
        let most_rows = LONGEST / (self.unit * self.largest.1);
        let columns = self.width.max(mcus / most_rows + 1).min(LONGEST / (self.unit * self.largest.0));
        let columns = columns.min(mcus).max(1);
        (columns, (mcus / columns).clamp(1, most_rows))
    }

    fn blocks_per_mcu(&self) -> usize {
        self.steps.iter().flat_map(|step| &step.components).map(|&component| self.units[component]).sum()
    }

    /// Frame, tables and scans; and the blocks of all scans.
    fn picture(&self, genes: &Genes, columns: usize, rows: usize, size: usize) -> (Vec<u8>, usize) {
        let (width, height) = (columns * self.unit * self.largest.0, rows * self.unit * self.largest.1);
        let mut frame = vec![8, (height >> 8) as u8, height as u8, (width >> 8) as u8, width as u8];
        frame.push(self.sampling.len() as u8);
        for (id, (h, v)) in (1..).zip(self.sampling) {
            frame.extend([id, (h << 4 | v) as u8, 0]);
        }
        let coding = genes.get(Gene::Coding) as usize;
        let mcus = columns * rows;
        let mut writer = self.writer(genes, mcus);
        let mut picture = segment(0xDB, &[&[0][..], &[1; 64]].concat());
        picture.extend(segment([0xC1, 0xC2, 0xC3, 0xC9, 0xCA][coding], &frame));
        if coding < 3 {
            picture.extend(segment(0xC4, &writer.dc.definition(0)));
            picture.extend(segment(0xC4, &writer.ac.definition(1)));
        }
        match genes.get(Gene::Interval) as u16 {
            0 => {}
            interval => picture.extend(segment(0xDD, &interval.to_be_bytes())),
        }
        for (number, step) in (1..).zip(&self.steps) {
            let mut scan = vec![step.components.len() as u8];
            scan.extend(step.components.iter().flat_map(|&component| [component as u8 + 1, 0]));
            scan.extend([step.band.0 as u8, step.band.1 as u8, (step.high << 4 | step.low) as u8]);
            picture.extend(segment(0xDA, &scan));
            let units = step.components.iter().map(|&component| self.units[component]).sum();
            let (mcus, units) = if step.components.len() == 1 { (mcus * units, 1) } else { (mcus, units) };
            let mut data = match coding {
                // Any bytes are arithmetically coded data: the same or random ones here.
                3.. => {
                    let byte = genes.get(Gene::Random) as u8;
                    let bytes = size / self.steps.len() * mcus / self.most(mcus);
                    (0..bytes).map(|_| if byte < 128 { byte } else { writer.rng.u8(..0xFF) }).collect()
                }
                _ => writer.scan(step, mcus, units),
            };
            if number == self.steps.len() {
                damage(&mut data, genes.get(Gene::Damage));
            }
            picture.extend(data);
        }
        (picture, mcus * self.blocks_per_mcu())
    }

    /// Arithmetically coded data takes the size that is asked for, whatever the picture; a first try takes its share.
    fn most(&self, mcus: usize) -> usize {
        mcus.max(20_000_000 / self.blocks_per_mcu())
    }

    fn writer<'a>(&self, genes: &'a Genes, mcus: usize) -> Writer<'a> {
        let get = |gene| genes.get(gene);
        let (mut dc, mut ac) = (vec![get(Gene::DcSize) as u8], vec![0]);
        if get(Gene::Random) > 0 {
            dc.extend(0..12);
            ac.extend((0..=255).filter(|symbol| (1..=10).contains(&(symbol & 15))));
        }
        let run = if get(Gene::Size) == 0 { 15 } else { get(Gene::Run) as u8 };
        ac.extend([run << 4 | get(Gene::Size) as u8, run << 4 | get(Gene::Size).min(1) as u8]);
        if self.is_progressive {
            ac.extend((0..=get(Gene::EndRun) as u8).map(|n| n << 4));
        }
        Writer {
            genes,
            dc: Table::new(dc, get(Gene::DcCode) + 1),
            ac: Table::new(ac, get(Gene::AcCode) + 1),
            rng: Rng::with_seed(1),
            history: match self.is_progressive {
                true => self.units.iter().map(|units| vec![0; mcus * units]).collect(),
                false => Vec::new(),
            },
        }
    }
}

/// SOI, orientation, comments and profile.
fn header(genes: &Genes, size: usize) -> Vec<u8> {
    static PROFILES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    let mut header = SOI.to_vec();
    match genes.get(Gene::Orientation) as u8 {
        0 => {}
        orientation => header.extend(exif_with_orientation(orientation)),
    }
    let comments = (genes.get(Gene::Comments) as usize * 1_000).min(size / 100);
    header.extend(b"\xFF\xFE\0\x08secret".repeat(comments));
    let profile = genes.get(Gene::Profile) as usize;
    // These have 16 MB, whatever the size of the file.
    if profile > 0 && size > 20_000_000 {
        let profiles = PROFILES.get_or_init(|| {
            let files = samples::hostile().into_iter().filter(|file| file.name.contains("profile"));
            let segments = |file: samples::Hostile| {
                let all = samples::jpeg::segments(&file.bytes);
                all.into_iter()
                    .filter(|segment| segment.starts_with(&[0xFF, 0xE2]))
                    .collect::<Vec<_>>()
                    .concat()
            };
            files.map(segments).collect()
        });
        header.extend(profiles.get(profile - 1).into_iter().flatten());
    }
    header
}

/// See [`Gene::Damage`].
fn damage(data: &mut Vec<u8>, damage: u32) {
    let middle = data.len() / 2;
    match damage {
        1 => drop(data.splice(middle..middle, [0, 0xFF, 0, 0xFF, 0, 0xFF, 0])),
        2 => data.truncate(data.len() - data.len() / 150),
        3 => drop(data.splice(middle..middle, [0, 0xFF, 0xD5])),
        _ => {}
    }
}
