//! Writes the data of a sequential scan again, with nothing in the blocks outside of the picture. Cameras and editors
//! fill them with the pixels at the edge or with what was there before a crop, in one photo of 35: too many to have
//! libjpeg-turbo code them all again.
//!
//! Such a block becomes two codes: no difference, and the end of the block (ITU-T T.81, F.1.2). The next block of its
//! component then differs from another one, so its difference is written again. All other bits stay as they are.

use std::rc::Rc;

use super::bit_writer::BitWriter;
use super::bits::BitReader;
use super::edges::Edges;
use super::huffman::{BLOCK, HuffmanTable, is_end_of_block};
use super::tables::ComponentTables;
use super::{Fault, McuWalk, ScanHeader, Stopped};
use crate::frame::Frame;

/// A block of an MCU.
struct Block {
    /// The place of its component in the scan.
    component: usize,
    differences: Rc<HuffmanTable>,
    coefficients: Rc<HuffmanTable>,
}

impl Block {
    /// Copies the next block, or writes an empty one in its place.
    fn copy(
        &self,
        reader: &mut BitReader,
        level: &mut Level,
        is_outside: bool,
        data: &mut BitWriter,
    ) -> Result<(), Fault> {
        level.old = level.old.wrapping_add(read_difference(&self.differences, reader)?);
        let new = if is_outside { level.new } else { level.old };
        write_difference(&self.differences, new.wrapping_sub(level.new), data)?;
        level.new = new;
        if is_outside {
            write(&self.coefficients, 0, data)?;
        }
        let mut k = 1;
        while k < BLOCK {
            reader.refill();
            let before = *reader;
            let step = self.coefficients.step(reader)?;
            if !is_outside {
                data.put(before.peek(step.bits()), step.bits());
            }
            k = k.wrapping_add(step.advance());
        }
        match (reader.ran_out(), k == BLOCK || is_end_of_block(k)) {
            (true, _) => Err(Fault::EndsEarly),
            (false, true) => Ok(()),
            (false, false) => Err(Fault::RunPastEnd),
        }
    }
}

/// Reads a code and the difference after it (F.2.2.1).
fn read_difference(table: &HuffmanTable, reader: &mut BitReader) -> Result<i32, Fault> {
    reader.refill();
    let size = u32::from(table.take_value(reader)?);
    if size == 0 {
        return Ok(0);
    }
    let bits = reader.peek(size) as i32;
    reader.consume(size);
    let is_positive = bits >> size.saturating_sub(1) & 1 == 1;
    Ok(if is_positive { bits } else { bits.wrapping_sub(1_i32.wrapping_shl(size)).wrapping_add(1) })
}

/// Writes a difference as its size and its bits (F.1.2.1).
fn write_difference(table: &HuffmanTable, difference: i32, data: &mut BitWriter) -> Result<(), Fault> {
    let size = i32::BITS.saturating_sub(difference.unsigned_abs().leading_zeros());
    write(table, size as u8, data)?;
    let bits = if difference < 0 { difference.wrapping_sub(1) } else { difference };
    data.put(bits as u32, size);
    Ok(())
}

/// Writes a value that the table has to have a code for.
fn write(table: &HuffmanTable, value: u8, data: &mut BitWriter) -> Result<(), Fault> {
    let (code, length) = table.code(value).ok_or(Fault::NoSuchCode)?;
    data.put(code, length);
    Ok(())
}

/// The DC coefficient of a component's last block, as it was and as it is written.
#[derive(Clone, Copy, Default)]
struct Level {
    old: i32,
    new: i32,
}

/// Walks a scan, and keeps what is to be written in its place.
pub(super) struct BlankEdges {
    /// The blocks of an MCU.
    mcu: Vec<Block>,
    edges: Edges,
    /// For each component of the scan.
    levels: Vec<Level>,
    /// Restart intervals so far.
    intervals: u8,
    data: BitWriter,
}

impl BlankEdges {
    /// For a scan of a sequential picture, with the tables of its components.
    pub(super) fn new(scan: &ScanHeader, tables: &[ComponentTables], frame: &Frame) -> Option<BlankEdges> {
        let mut mcu = Vec::new();
        for (component, (header, tables)) in scan.components.iter().zip(tables).enumerate() {
            let factors = frame.components.get(header.index)?;
            for _ in 0..factors.h.saturating_mul(factors.v) {
                let (differences, coefficients) = (tables.dc.clone()?, tables.ac.clone()?);
                mcu.push(Block { component, differences, coefficients });
            }
        }
        let levels = vec![Level::default(); scan.components.len()];
        let edges = Edges::new(scan, frame);
        Some(BlankEdges { mcu, edges, levels, intervals: 0, data: BitWriter::default() })
    }

    /// The new data.
    pub(super) fn finish(self) -> Vec<u8> {
        self.data.finish()
    }
}

impl McuWalk for BlankEdges {
    /// Writes an interval. A code that the tables do not have is a fault.
    fn walk(&mut self, reader: &mut BitReader, mcus: u64, _: bool) -> Result<(), Stopped> {
        if self.intervals > 0 {
            self.data.restart(self.intervals.wrapping_sub(1));
        }
        self.intervals = self.intervals.wrapping_add(1);
        self.levels.fill(Level::default());
        for mcu in 0..mcus {
            let outside = self.edges.next_mcu();
            for (index, block) in self.mcu.iter().enumerate() {
                let level = self.levels.get_mut(block.component).ok_or(Fault::NoSuchCode);
                let is_outside = outside >> index & 1 == 1;
                let result = level.and_then(|level| block.copy(reader, level, is_outside, &mut self.data));
                result.map_err(|fault| Stopped { mcu, fault })?;
            }
        }
        Ok(())
    }
}
