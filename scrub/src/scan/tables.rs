//! The tables in force while a file is read, and which of their definitions are used. A definition that a later one
//! replaces before it is used, or that nothing uses, could carry anything.

use std::ops::Range;
use std::rc::Rc;

use super::header::{ScanComponent, ScanHeader};
use super::huffman::{HuffmanTable, Values};
use super::standard;
use crate::frame::Frame;

/// What a Huffman table is for (ITU-T T.81, Table B.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TableClass {
    Dc,
    Ac,
}

/// Decoders keep a coefficient in 16 bits with its sign, so a value of more bits is not drawn whole.
const COEFFICIENT_BITS: u8 = 15;
/// The most bits of a sample (H.1.2.2).
const SAMPLE_BITS: u8 = 16;

/// What a table number refers to. Ranges are in the file, from the byte that has the table's number.
#[derive(Debug)]
pub(super) struct Tables<'a> {
    photo: &'a [u8],
    quantisation: [Option<Range<usize>>; 4],
    huffman: [[Option<Range<usize>>; 4]; 2],
    /// Definitions that are used.
    used: Vec<Range<usize>>,
    /// Standard tables that are used without a definition.
    undefined: Vec<(TableClass, u8)>,
}

impl<'a> Tables<'a> {
    pub(super) fn new(photo: &'a [u8]) -> Self {
        let (quantisation, huffman) = Default::default();
        Self { photo, quantisation, huffman, used: Vec::new(), undefined: Vec::new() }
    }

    /// Takes the tables of a DQT segment (B.2.4.1).
    pub(super) fn define_quantisation(&mut self, payload: Range<usize>) {
        for (number, table) in quantisation_tables(self.photo, payload) {
            if let Some(slot) = self.quantisation.get_mut(usize::from(number)) {
                *slot = Some(table);
            }
        }
    }

    /// Takes the tables of a DHT segment (B.2.4.2).
    pub(super) fn define_huffman(&mut self, payload: Range<usize>) {
        for (class, number, table) in huffman_tables(self.photo, payload) {
            let class = self.huffman.get_mut(class as usize);
            if let Some(slot) = class.and_then(|tables| tables.get_mut(usize::from(number))) {
                *slot = Some(table);
            }
        }
    }

    /// Decoders use the quantisation table that is in force at a component's first scan. False if there is none, or if
    /// something is coded of which it draws nothing.
    pub(super) fn use_quantisation(&mut self, number: u8) -> bool {
        let table = self.quantisation.get(usize::from(number)).cloned().flatten();
        self.used.extend(table.clone());
        table.is_some_and(|table| !has_zero(self.photo.get(table).unwrap_or_default()))
    }

    /// The Huffman tables of a scan's components. None if one does not exist, or cannot be one.
    pub(super) fn use_huffman(&mut self, scan: &ScanHeader, frame: &Frame) -> Option<Vec<ComponentTables>> {
        let mut cache = Vec::new();
        let mut of_component = |component: &ScanComponent| {
            let mut tables = ComponentTables::default();
            for key in scan.tables(component, frame) {
                let known = cache.iter().find(|(known, _)| *known == key).map(|(_, table)| Rc::clone(table));
                let table = match known {
                    Some(table) => table,
                    None => Rc::new(self.build(key, scan, frame)?),
                };
                cache.push((key, Rc::clone(&table)));
                match key.0 {
                    TableClass::Dc => tables.dc = Some(table),
                    TableClass::Ac => tables.ac = Some(table),
                }
            }
            Some(tables)
        };
        scan.components.iter().map(&mut of_component).collect()
    }

    fn build(&mut self, key: (TableClass, u8), scan: &ScanHeader, frame: &Frame) -> Option<HuffmanTable> {
        let (largest, accepted) = match frame.is_dct() {
            // What is coded is moved up by the bits that later scans code.
            true => (COEFFICIENT_BITS.saturating_sub(scan.low), COEFFICIENT_BITS),
            // A prediction can be out of the range of samples by as much as they are in it (Table H.1).
            false => {
                (frame.precision.saturating_sub(scan.low).saturating_add(1).min(SAMPLE_BITS), SAMPLE_BITS)
            }
        };
        let values = match key.0 {
            TableClass::Ac if scan.high > 0 => Values::Refinements,
            TableClass::Ac => Values::Coefficients { largest },
            TableClass::Dc => Values::Differences { largest, accepted },
        };
        let slot = self.huffman.get(key.0 as usize)?.get(usize::from(key.1))?.clone();
        if let Some(range) = slot {
            self.used.push(range.clone());
            return HuffmanTable::new(self.photo.get(range)?.get(1..)?, values);
        }
        // The frames of Motion JPEG have no DHT: the tables of T.81, K.3 are meant.
        let definition =
            standard::huffman(key.0, key.1).filter(|_| frame.is_dct() && !frame.is_progressive())?;
        if !self.undefined.contains(&key) {
            self.undefined.push(key);
        }
        HuffmanTable::new(&definition, values)
    }

    /// The definitions that are used, in the order of the file, and the standard tables that are used undefined.
    pub(super) fn finish(mut self) -> (Vec<Range<usize>>, Vec<(TableClass, u8)>) {
        self.used.sort_by_key(|range| range.start);
        self.used.dedup();
        (self.used, self.undefined)
    }
}

/// The tables of a component in a scan, as far as the scan needs them.
#[derive(Default)]
pub(super) struct ComponentTables {
    pub(super) dc: Option<Rc<HuffmanTable>>,
    pub(super) ac: Option<Rc<HuffmanTable>>,
}

/// Whether a step of a quantisation table is 0 (B.2.4.1 forbids it): whatever is coded there, nothing of it is drawn.
fn has_zero(table: &[u8]) -> bool {
    match table.split_first() {
        Some((0..=0x0F, steps)) => steps.contains(&0),
        Some((_, steps)) => steps.as_chunks().0.contains(&[0, 0]),
        None => true,
    }
}

/// The tables of a DQT segment: number and range.
fn quantisation_tables(photo: &[u8], payload: Range<usize>) -> impl Iterator<Item = (u8, Range<usize>)> {
    let mut at = payload.start;
    std::iter::from_fn(move || {
        let first = *photo.get(at..payload.end)?.first()?;
        let start = at;
        at = at.saturating_add(if first >> 4 == 0 { 65 } else { 129 });
        Some((first & 0xF, start..at))
    })
}

/// The tables of a DHT segment: class, number and range.
fn huffman_tables(
    photo: &[u8],
    payload: Range<usize>,
) -> impl Iterator<Item = (TableClass, u8, Range<usize>)> {
    let mut at = payload.start;
    std::iter::from_fn(move || {
        let (&first, rest) = photo.get(at..payload.end)?.split_first()?;
        let codes: usize = rest.get(..16)?.iter().map(|&count| usize::from(count)).sum();
        let start = at;
        at = at.saturating_add(17).saturating_add(codes);
        let class = if first >> 4 == 0 { TableClass::Dc } else { TableClass::Ac };
        Some((class, first & 0xF, start..at))
    })
}
