//! Which scans may come, and in which order (ITU-T T.81, B.2.3 and G.1.1.1): every scan codes what was not coded yet.

use super::coded_data::Outside;
use super::frame::{Frame, Process};

/// No photo has more. Each scan costs time, even if it codes little.
const MOST_SCANS: usize = 100;
/// An MCU of several components has at most this many blocks (B.2.3).
const MOST_BLOCKS: usize = 10;

/// What a scan codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Sequential,
    Lossless,
    DcFirst,
    DcRefinement,
    AcFirst,
    AcRefinement,
}

pub(super) struct ScanComponent {
    /// Its number in the frame, from 0.
    pub(super) number: usize,
    pub(super) dc_table: u8,
    pub(super) ac_table: u8,
}

/// A scan header.
pub(super) struct Scan {
    pub(super) coding: Coding,
    pub(super) components: Vec<ScanComponent>,
    /// First and last coefficient, in zigzag order.
    pub(super) band: (u8, u8),
    /// Bit positions of the approximation before this scan and after it.
    high: u8,
    low: u8,
}

impl Scan {
    /// The scan header in a segment. None if it is not one that a clean photo with this frame has.
    pub(super) fn read(payload: &[u8], frame: &Frame) -> Option<Self> {
        let (&count @ 1..=4, rest) = payload.split_first()? else { return None };
        let (pairs, parameters) = rest.split_at_checked(usize::from(count).checked_mul(2)?)?;
        let &[start, end, bits] = parameters else { return None };
        let (high, low) = (bits / 16, bits % 16);
        let component = |pair: &[u8]| {
            let &[id, tables] = pair else { return None };
            let number = frame.components.iter().position(|component| component.id == id)?;
            let (dc_table @ 0..=3, ac_table @ 0..=3) = (tables / 16, tables % 16) else { return None };
            Some(ScanComponent { number, dc_table, ac_table })
        };
        let components: Vec<ScanComponent> = pairs.chunks(2).map(component).collect::<Option<_>>()?;
        let coding = coding(frame, [start, end, high, low], components.len())?;
        let scan = Self { coding, components, band: (start, end), high, low };
        let is_ascending = scan.components.is_sorted_by(|a, b| a.number < b.number);
        (is_ascending && scan.fits_an_mcu(frame) && scan.names_only_its_tables()).then_some(scan)
    }

    /// The blocks of an MCU in their order (A.2.3), each with its component.
    pub(super) fn blocks(&self, frame: &Frame) -> Vec<(&ScanComponent, Outside)> {
        let mut blocks = Vec::new();
        let (columns, rows) = self.size(frame).unwrap_or_default();
        for component in &self.components {
            let Some(of_frame) = frame.components.get(component.number) else { continue };
            let factors = if self.components.len() == 1 { (1, 1) } else { of_frame.factors };
            let (own_columns, own_rows) = frame.blocks_of(of_frame);
            // Whether this block of the last MCU comes after the last block of the component.
            let is_after = |own: usize, mcus: usize, factor: u8, at: u8| {
                let missing = mcus.saturating_mul(factor.into()).saturating_sub(own);
                usize::from(at) >= usize::from(factor).saturating_sub(missing)
            };
            for y in 0..factors.1 {
                for x in 0..factors.0 {
                    let in_last_column = is_after(own_columns, columns, factors.0, x);
                    let in_last_row = is_after(own_rows, rows, factors.1, y);
                    blocks.push((component, Outside { in_last_column, in_last_row }));
                }
            }
        }
        blocks
    }

    fn fits_an_mcu(&self, frame: &Frame) -> bool {
        self.blocks(frame).len() <= MOST_BLOCKS
    }

    pub(super) fn uses_dc_tables(&self) -> bool {
        matches!(self.coding, Coding::Sequential | Coding::Lossless | Coding::DcFirst)
    }

    pub(super) fn uses_ac_tables(&self) -> bool {
        matches!(self.coding, Coding::Sequential | Coding::AcFirst | Coding::AcRefinement)
    }

    /// Whether the number of each table that no data uses is 0.
    fn names_only_its_tables(&self) -> bool {
        self.components.iter().all(|component| {
            (component.dc_table == 0 || self.uses_dc_tables())
                && (component.ac_table == 0 || self.uses_ac_tables())
        })
    }

    /// The most bits of a value that a decoder draws whole. It keeps a coefficient, with the bits that later scans
    /// code, in 15 bits and its sign; a difference of samples has one bit more than they have (H.1.2.1).
    pub(super) fn largest_size(&self, frame: &Frame) -> u8 {
        match self.coding {
            Coding::Lossless => 16.min(frame.precision.saturating_sub(self.low).saturating_add(1)),
            _ => 15_u8.saturating_sub(self.low),
        }
    }

    /// Columns and rows of its MCUs.
    pub(super) fn size(&self, frame: &Frame) -> Option<(usize, usize)> {
        match &self.components[..] {
            [only] => Some(frame.blocks_of(frame.components.get(only.number)?)),
            _ => Some(frame.mcus()),
        }
    }
}

fn coding(frame: &Frame, parameters: [u8; 4], components: usize) -> Option<Coding> {
    match (frame.process, parameters) {
        (Process::Sequential, [0, 63, 0, 0]) => Some(Coding::Sequential),
        // Predictor and point transform (H.1.2).
        (Process::Lossless, [1..=7, 0, 0, shift]) if shift < frame.precision => Some(Coding::Lossless),
        (Process::Progressive, [start, end, high, low @ 0..=13]) => {
            let is_first = high == 0;
            let is_dc = match (start, end) {
                (0, 0) => true,
                (1..=63, ..=63) if start <= end && components == 1 => false,
                _ => return None,
            };
            let is_next = is_first || low.checked_add(1) == Some(high);
            is_next.then_some(match (is_dc, is_first) {
                (true, true) => Coding::DcFirst,
                (true, false) => Coding::DcRefinement,
                (false, true) => Coding::AcFirst,
                (false, false) => Coding::AcRefinement,
            })
        }
        _ => None,
    }
}

/// What the scans so far have coded.
#[derive(Default)]
pub(super) struct Script {
    scans: usize,
    /// For each component and coefficient the bit position down to which it is coded. A coding that is not progressive
    /// counts as one coefficient.
    coded: Vec<[Option<u8>; 64]>,
}

impl Script {
    /// Whether no scan of this component was added yet.
    pub(super) fn is_new(&self, component: usize) -> bool {
        self.coded.get(component).is_none_or(|coded| coded.first().copied().flatten().is_none())
    }

    /// Adds a scan. None if it may not come now.
    pub(super) fn add(&mut self, scan: &Scan, frame: &Frame) -> Option<()> {
        self.scans = self.scans.checked_add(1).filter(|&scans| scans <= MOST_SCANS)?;
        self.coded.resize(frame.components.len(), [None; 64]);
        let band = match scan.coding {
            Coding::Sequential | Coding::Lossless => 0..=0,
            _ => usize::from(scan.band.0)..=usize::from(scan.band.1),
        };
        let is_refinement = matches!(scan.coding, Coding::DcRefinement | Coding::AcRefinement);
        let before = is_refinement.then_some(scan.high);
        for component in &scan.components {
            if matches!(scan.coding, Coding::AcFirst | Coding::AcRefinement) && self.is_new(component.number)
            {
                return None;
            }
            for coefficient in self.coded.get_mut(component.number)?.get_mut(band.clone())? {
                if *coefficient != before {
                    return None;
                }
                *coefficient = Some(scan.low);
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::marker;
    use super::*;

    #[test]
    fn a_point_transform_leaves_a_bit_of_every_sample() {
        for precision in 2..=16 {
            let payload = [precision, 0, 8, 0, 8, 1, 1, 0x11, 0];
            let frame = Frame::read(marker::SOF3, &payload).expect("a frame header");
            for shift in 0..=16 {
                let expected = (shift < precision).then_some(Coding::Lossless);
                assert_eq!(coding(&frame, [1, 0, 0, shift], 1), expected, "{shift} bits of {precision}");
            }
            println!("up to {} bits of {precision}", precision - 1);
        }
    }
}
