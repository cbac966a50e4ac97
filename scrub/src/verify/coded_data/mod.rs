//! Walks the entropy-coded data of a scan: it is the MCUs of the scan, and nothing else.
//!
//! Only what the code says about the length of the data is decoded, no values.

mod bits;
mod flaw;
mod huffman;
mod outside;
mod progressive;
mod sequential;

use bits::Bits;
use outside::{Grid, Positions};
use progressive::{AcFirst, AcRefinement, Band};
use sequential::{DcRefinement, Differences, Sequential};

use super::Violation;
use super::script::{Coding, Scan, ScanComponent};

pub use flaw::Flaw;
pub(super) use huffman::{Lookup, Purpose};
pub(super) use outside::Outside;

/// The coded data of a scan, and what is known of it from what comes before.
pub(super) struct CodedData<'a> {
    pub(super) photo: &'a [u8],
    /// Where it starts.
    pub(super) offset: usize,
    /// Columns and rows of its MCUs.
    pub(super) size: (usize, usize),
    /// MCUs between two restart markers, or 0 for none. One that is not shorter than the scan puts no marker into it.
    pub(super) interval: usize,
}

/// The Huffman tables of a scan, by their numbers.
#[derive(Default)]
pub(super) struct Lookups {
    pub(super) dc: [Option<Box<Lookup>>; 4],
    pub(super) ac: [Option<Box<Lookup>>; 4],
}

/// How the MCUs of a scan are coded.
trait Mcus {
    /// Reads MCUs up to the next restart marker or the end.
    fn read(&mut self, bits: &mut Bits, count: usize) -> Result<(), Flaw>;
}

impl CodedData<'_> {
    /// Walks it. `blocks` are those of an MCU, each with its component, `history` has a bit for each coefficient that
    /// is not zero in every block of the only component of a progressive scan. Returns where the data ends. None if a
    /// table is missing.
    pub(super) fn end<'s>(
        &self,
        scan: &Scan,
        mut blocks: impl Iterator<Item = (&'s ScanComponent, Outside)>,
        lookups: &Lookups,
        history: &mut [u64],
    ) -> Option<Result<usize, Violation>> {
        let dc = |component: &ScanComponent| lookup(&lookups.dc, component.dc_table);
        let ac = |component: &ScanComponent| lookup(&lookups.ac, component.ac_table);
        let (columns, rows) = self.size;
        let positions = Positions::new(Grid { columns, rows });
        let (first, last) = (u32::from(scan.band.0), u32::from(scan.band.1));
        let band = |component, blocks| Some(Band { table: ac(component)?, first, last, blocks });
        Some(match scan.coding {
            Coding::Sequential => {
                let tables =
                    blocks.map(|(component, outside)| Some((dc(component)?, ac(component)?, outside)));
                self.walk(Sequential { blocks: tables.collect::<Option<_>>()?, positions })
            }
            Coding::Lossless | Coding::DcFirst => {
                let tables = blocks.map(|(component, outside)| Some((dc(component)?, outside)));
                self.walk(Differences { blocks: tables.collect::<Option<_>>()?, positions })
            }
            Coding::DcRefinement => {
                let blocks = blocks.map(|(_, outside)| outside).collect();
                self.walk(DcRefinement { blocks, positions })
            }
            Coding::AcFirst => self.walk(AcFirst(band(blocks.next()?.0, history)?)),
            Coding::AcRefinement => self.walk(AcRefinement(band(blocks.next()?.0, history)?)),
        })
    }

    #[inline(never)]
    fn walk(&self, mut mcus: impl Mcus) -> Result<usize, Violation> {
        let mut bits = Bits::new(self.photo, self.offset);
        let mut left = self.size.0.saturating_mul(self.size.1);
        // Of the next restart marker (E.1.4).
        let mut number = 0;
        loop {
            let count = if self.interval == 0 { left } else { left.min(self.interval) };
            if let Err(flaw) = mcus.read(&mut bits, count) {
                return Err(bits.violation(flaw));
            }
            left = left.saturating_sub(count);
            if left == 0 {
                return bits.end();
            }
            bits = bits.restart(number)?;
            number = number.wrapping_add(1) & 7;
        }
    }
}

fn lookup(tables: &[Option<Box<Lookup>>; 4], number: u8) -> Option<&Lookup> {
    tables.get(usize::from(number))?.as_deref()
}
