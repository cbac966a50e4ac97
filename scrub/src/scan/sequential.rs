//! Walks scans in which each data unit is complete: baseline and extended sequential coding (ITU-T T.81, F.2), lossless
//! coding (H.2), and the first scan of the DC coefficients in progressive coding (G.2).

use std::rc::Rc;

use super::bits::BitReader;
use super::edges::Edges;
use super::huffman::{BLOCK, HuffmanTable, is_end_of_block};
use super::tables::ComponentTables;
use super::{Fault, McuWalk, ScanHeader, Stopped};
use crate::frame::Frame;

/// The tables of a data unit: for its difference, and for its other coefficients if they are in the same scan.
type DataUnit = (Rc<HuffmanTable>, Option<Rc<HuffmanTable>>);

/// A scan, by the data units of an MCU.
pub(super) struct Sequential {
    mcu: Vec<DataUnit>,
    edges: Edges,
    /// Whether there is something in a data unit outside of the picture.
    has_hidden: bool,
}

impl McuWalk for Sequential {
    fn walk(&mut self, reader: &mut BitReader, mcus: u64, is_lenient: bool) -> Result<(), Stopped> {
        let mut bits = *reader;
        let result = self.skip(&mut bits, mcus, is_lenient);
        *reader = bits;
        result
    }

    fn has_hidden(&self) -> bool {
        self.has_hidden
    }
}

impl Sequential {
    /// With the data units of an MCU in their order (ITU-T T.81, A.2.3).
    pub(super) fn new(
        scan: &ScanHeader,
        tables: &[ComponentTables],
        frame: &Frame,
        edges: Edges,
    ) -> Option<Self> {
        let mut mcu = Vec::new();
        for (component, tables) in scan.components.iter().zip(tables) {
            let factors = frame.components.get(component.index)?;
            let units = if scan.components.len() == 1 { 1 } else { factors.h.saturating_mul(factors.v) };
            let tables = (tables.dc.clone()?, tables.ac.clone());
            mcu.extend(std::iter::repeat_n(tables, units.into()));
        }
        Some(Self { mcu, edges, has_hidden: false })
    }

    #[inline(always)]
    fn skip(&mut self, reader: &mut BitReader, mcus: u64, is_lenient: bool) -> Result<(), Stopped> {
        for mcu in 0..mcus {
            let outside = self.edges.next_mcu();
            if outside != 0 && !self.has_hidden {
                self.has_hidden = self.has_hidden_in(*reader, outside);
            }
            for (differences, coefficients) in &self.mcu {
                match skip_data_unit(reader, differences, coefficients.as_deref()) {
                    Ok(()) => {}
                    Err(fault) if fault == Fault::EndsEarly || !is_lenient => {
                        return Err(Stopped { mcu, fault });
                    }
                    Err(_) => {}
                }
            }
        }
        Ok(())
    }

    /// Whether one of these data units of the next MCU says more than it must: no difference to the one before, and no
    /// coefficients.
    #[inline(never)]
    fn has_hidden_in(&self, mut reader: BitReader, outside: u16) -> bool {
        for (unit, (differences, coefficients)) in self.mcu.iter().enumerate() {
            if outside >> unit & 1 == 1 {
                reader.refill();
                let mut blank = reader;
                let is_blank = differences.take_zero(&mut blank)
                    && coefficients.as_ref().is_none_or(|table| table.take_zero(&mut blank));
                if !is_blank {
                    return true;
                }
            }
            if skip_data_unit(&mut reader, differences, coefficients.as_deref()).is_err() {
                return false;
            }
        }
        false
    }
}

#[inline(always)]
fn skip_data_unit(
    reader: &mut BitReader,
    differences: &HuffmanTable,
    coefficients: Option<&HuffmanTable>,
) -> Result<(), Fault> {
    reader.fill();
    differences.step(reader)?;
    if let Some(coefficients) = coefficients {
        skip_coefficients(reader, coefficients)?;
    }
    if reader.ran_out() { Err(Fault::EndsEarly) } else { Ok(()) }
}

#[inline(always)]
fn skip_coefficients(reader: &mut BitReader, table: &HuffmanTable) -> Result<(), Fault> {
    let mut k = 1;
    k = table.stride(reader, k)?;
    while k < BLOCK {
        reader.fill();
        k = table.stride(reader, k)?;
        if k < BLOCK {
            k = table.stride(reader, k)?;
        }
    }
    if k == BLOCK || is_end_of_block(k) { Ok(()) } else { Err(Fault::RunPastEnd) }
}
