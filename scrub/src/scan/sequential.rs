//! Walks scans in which each data unit is complete: baseline and extended sequential coding (ITU-T T.81, F.2), lossless
//! coding (H.2), and the first scan of the DC coefficients in progressive coding (G.2).

use std::rc::Rc;

use super::bits::BitReader;
use super::huffman::{BLOCK, HuffmanTable, is_end_of_block};
use super::{Fault, McuWalk, Stopped};

/// The tables of a data unit: for its difference, and for its other coefficients if they are in the same scan.
pub(super) type DataUnit = (Rc<HuffmanTable>, Option<Rc<HuffmanTable>>);

/// A scan, by the data units of an MCU.
pub(super) struct Sequential {
    pub(super) mcu: Vec<DataUnit>,
}

impl McuWalk for Sequential {
    fn walk(&mut self, reader: &mut BitReader, mcus: u64, is_lenient: bool) -> Result<(), Stopped> {
        let mut bits = *reader;
        let result = self.skip(&mut bits, mcus, is_lenient);
        *reader = bits;
        result
    }
}

impl Sequential {
    #[inline(always)]
    fn skip(&self, reader: &mut BitReader, mcus: u64, is_lenient: bool) -> Result<(), Stopped> {
        for mcu in 0..mcus {
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
