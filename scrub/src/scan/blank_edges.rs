//! Writes the data of a scan again, with nothing in the blocks outside of the picture. Some encoders fill them with
//! the pixels at the edge, and what was there before a crop can be in them: in one photo of 35, too many to have
//! libjpeg-turbo code them all again.
//!
//! Such a block becomes no difference and, where the scan has all coefficients, the end of the block (ITU-T T.81, F.1.2
//! and G.1.2.1). The next block of its component then differs from another one, so its difference is written again.
//! Where a scan adds a bit to each DC coefficient, such a block gets that of the block before it.

use std::rc::Rc;

use super::bit_writer::BitWriter;
use super::bits::BitReader;
use super::edges::Edges;
use super::huffman::{BLOCK, HuffmanTable, is_end_of_block};
use super::progressive::DcRefinement;
use super::sequential::Sequential;
use super::tables::ComponentTables;
use super::{Fault, McuWalk, ScanHeader, Stopped};
use crate::frame::Frame;

/// Walks a scan, and keeps what is to be written in its place.
pub(super) struct BlankEdges {
    blocks: Blocks,
    edges: Edges,
    /// Walks MCUs that are copied as they are.
    others: Box<dyn McuWalk>,
    /// Restart intervals so far.
    intervals: u64,
    data: BitWriter,
}

/// The blocks of an MCU.
enum Blocks {
    /// Each has a difference, and perhaps coefficients. For each component of the scan `ahead` is by how much the DC
    /// coefficient was higher after the last block than what is written.
    Coded { mcu: Vec<Block>, ahead: Vec<i32> },
    /// So many, each with one more bit.
    Bits(u32),
}

/// A block of an MCU.
struct Block {
    /// The place of its component in the scan.
    component: usize,
    differences: Rc<HuffmanTable>,
    coefficients: Option<Rc<HuffmanTable>>,
}

impl BlankEdges {
    /// For a scan of DCT coefficients, with the tables of its components.
    pub(super) fn new(scan: &ScanHeader, tables: &[ComponentTables], frame: &Frame) -> Option<BlankEdges> {
        let edges = Edges::new(scan, frame);
        let (blocks, others): (_, Box<dyn McuWalk>) = match frame.is_progressive() && scan.high > 0 {
            true => {
                let blocks = scan.data_units(frame);
                let others = DcRefinement { blocks, edges: Edges::none(), has_hidden: false };
                (Blocks::Bits(u32::try_from(blocks).ok()?), Box::new(others))
            }
            false => {
                let blocks = Blocks::coded(scan, tables, frame)?;
                (blocks, Box::new(Sequential::new(scan, tables, frame, Edges::none())?))
            }
        };
        Some(BlankEdges { blocks, edges, others, intervals: 0, data: BitWriter::default() })
    }

    /// The new data.
    pub(super) fn finish(self) -> Vec<u8> {
        self.data.finish()
    }

    /// Copies as many of these MCUs as come before the next edge. Returns how many.
    fn copy_others(&mut self, reader: &mut BitReader, mcus: u64) -> Result<u64, Stopped> {
        if !self.blocks.are_level() {
            return Ok(0);
        }
        let count = self.edges.until_next().min(mcus);
        let from = reader.position();
        self.others.walk(reader, count, false)?;
        self.data.copy(reader.data(), from, reader.position());
        self.edges.skip(count);
        Ok(count)
    }
}

impl McuWalk for BlankEdges {
    /// Writes an interval. A code that the tables do not have is a fault.
    fn walk(&mut self, reader: &mut BitReader, mcus: u64, _: bool) -> Result<(), Stopped> {
        if let Some(before) = self.intervals.checked_sub(1) {
            self.data.restart(before);
        }
        self.intervals = self.intervals.saturating_add(1);
        if let Blocks::Coded { ahead, .. } = &mut self.blocks {
            ahead.fill(0);
        }
        let mut mcu = 0;
        while mcu < mcus {
            let others = self.copy_others(reader, mcus.saturating_sub(mcu));
            mcu = mcu.saturating_add(others.map_err(|stopped| stopped.after(mcu))?);
            if mcu < mcus {
                let outside = self.edges.next_mcu();
                let copied = self.blocks.copy(reader, outside, &mut self.data);
                copied.map_err(|fault| Stopped { mcu, fault })?;
                mcu = mcu.saturating_add(1);
            }
        }
        Ok(())
    }
}

impl Blocks {
    fn coded(scan: &ScanHeader, tables: &[ComponentTables], frame: &Frame) -> Option<Blocks> {
        let mut mcu = Vec::new();
        for (component, (header, tables)) in scan.components.iter().zip(tables).enumerate() {
            let factors = frame.components.get(header.index)?;
            for _ in 0..factors.h.saturating_mul(factors.v) {
                let (differences, coefficients) = (tables.dc.clone()?, tables.ac.clone());
                mcu.push(Block { component, differences, coefficients });
            }
        }
        Some(Blocks::Coded { mcu, ahead: vec![0; scan.components.len()] })
    }

    /// Whether the next blocks differ from those before as they did.
    fn are_level(&self) -> bool {
        match self {
            Blocks::Coded { ahead, .. } => ahead.iter().all(|ahead| *ahead == 0),
            Blocks::Bits(_) => true,
        }
    }

    /// Copies the next MCU, in which these blocks are outside.
    fn copy(&mut self, reader: &mut BitReader, outside: u16, data: &mut BitWriter) -> Result<(), Fault> {
        match self {
            Blocks::Coded { mcu, ahead } => {
                for (index, block) in mcu.iter().enumerate() {
                    let ahead = ahead.get_mut(block.component).ok_or(Fault::NoSuchCode)?;
                    block.copy(reader, ahead, outside >> index & 1 == 1, data)?;
                }
                Ok(())
            }
            Blocks::Bits(blocks) => copy_bits(*blocks, reader, outside, data),
        }
    }
}

fn copy_bits(blocks: u32, reader: &mut BitReader, outside: u16, data: &mut BitWriter) -> Result<(), Fault> {
    reader.refill();
    let mut last = 0;
    for index in 0..blocks {
        let bit = reader.peek(1);
        reader.consume(1);
        last = if outside >> index & 1 == 1 { last } else { bit };
        data.put(last, 1);
    }
    if reader.ran_out() { Err(Fault::EndsEarly) } else { Ok(()) }
}

impl Block {
    /// Copies the next block, or writes an empty one in its place.
    fn copy(
        &self,
        reader: &mut BitReader,
        ahead: &mut i32,
        is_outside: bool,
        data: &mut BitWriter,
    ) -> Result<(), Fault> {
        let difference = ahead.wrapping_add(read_difference(&self.differences, reader)?);
        *ahead = if is_outside { difference } else { 0 };
        write_difference(&self.differences, if is_outside { 0 } else { difference }, data)?;
        if let Some(coefficients) = &self.coefficients {
            if is_outside {
                write(coefficients, 0, data)?;
            }
            copy_coefficients(coefficients, reader, if is_outside { None } else { Some(data) })?;
        }
        if reader.ran_out() { Err(Fault::EndsEarly) } else { Ok(()) }
    }
}

/// Moves past the coefficients of a block, and copies them if there is something to copy them to.
fn copy_coefficients(
    table: &HuffmanTable,
    reader: &mut BitReader,
    mut data: Option<&mut BitWriter>,
) -> Result<(), Fault> {
    let mut k = 1;
    while k < BLOCK {
        reader.refill();
        let before = *reader;
        let step = table.step(reader)?;
        if let Some(data) = &mut data {
            data.put(before.peek(step.bits()), step.bits());
        }
        k = k.wrapping_add(step.advance());
    }
    if k == BLOCK || is_end_of_block(k) { Ok(()) } else { Err(Fault::RunPastEnd) }
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
