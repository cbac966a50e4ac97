//! Everything that the picture is coded in: frame, tables and scans, and the coded data of each scan.

use super::coded_data::{CodedData, Lookup, Lookups, Purpose};
use super::frame::{Frame, Process};
use super::live_tables::{Class, LiveTables};
use super::script::{Coding, Scan, Script};
use super::{Segment, Violation, marker};

/// All scans together have at most this many blocks for each byte of the file: a photo has 21. Small photos are exempt.
const BLOCKS_PER_BYTE: usize = 64;
const BLOCKS_EXEMPT: usize = 40_000_000;
/// And at most this many in all.
const MOST_BLOCKS: usize = 400_000_000;
/// A picture in progressive coding has at most this many blocks, because each takes 8 bytes of memory.
const MOST_HISTORY: usize = 1 << 24;

#[derive(Default)]
pub(super) struct Picture<'a> {
    /// Offset and transform of the Adobe segment.
    adobe: Option<(usize, u8)>,
    frame: Option<Frame>,
    /// Marker and offset of its segment.
    frame_segment: Option<(u8, usize)>,
    tables: LiveTables<'a>,
    script: Script,
    /// Blocks in the scans so far.
    blocks: usize,
    /// For each component the blocks of progressive coding: a bit for each coefficient that is not zero.
    history: Vec<Vec<u64>>,
}

impl<'a> Picture<'a> {
    /// A segment that is not a scan header.
    pub(super) fn segment(&mut self, segment: &Segment<'a>) -> Result<(), Violation> {
        let &Segment { marker, offset, payload } = segment;
        match marker {
            marker::ADOBE => {
                self.adobe = payload.last().map(|&transform| (offset, transform));
                Ok(())
            }
            marker::DQT | marker::DHT | marker::DRI => self.tables.define(segment),
            marker::SOF0..=marker::SOF3 => {
                let frame = Frame::read(marker, payload).ok_or(Violation::Shape { marker, offset })?;
                let components = frame.components.len();
                self.history = vec![Vec::new(); components];
                self.frame = Some(frame);
                self.frame_segment = Some((marker, offset));
                match (self.adobe, components) {
                    (None, _) | (Some((_, 0 | 1)), 3) | (Some((_, 0 | 2)), 4) => Ok(()),
                    (Some((offset, _)), _) => Err(Violation::Shape { marker: marker::ADOBE, offset }),
                }
            }
            marker::EOI => {
                self.check_components_without_scan()?;
                self.tables.end()
            }
            _ => Ok(()),
        }
    }

    /// Nothing uses the quantisation table of a component that no scan has coded: its number must be 0.
    fn check_components_without_scan(&self) -> Result<(), Violation> {
        let components = self.frame.iter().flat_map(|frame| &frame.components).enumerate();
        let mut unused = components.filter(|(number, _)| self.script.is_new(*number));
        match self.frame_segment.filter(|_| unused.any(|(_, component)| component.quantisation != 0)) {
            Some((marker, offset)) => Err(Violation::Shape { marker, offset }),
            None => Ok(()),
        }
    }

    /// A scan header, and the coded data that starts at `start`. Returns where that ends.
    pub(super) fn scan(
        &mut self,
        segment: &Segment<'a>,
        photo: &'a [u8],
        start: usize,
    ) -> Result<usize, Violation> {
        let &Segment { marker, offset, payload } = segment;
        let shape = Violation::Shape { marker, offset };
        let frame = self.frame.take().ok_or(shape)?;
        let scan = Scan::read(payload, &frame).ok_or(shape)?;
        for component in &scan.components {
            // A decoder keeps the quantisation table that is in force when a component's first scan starts.
            if frame.process != Process::Lossless && self.script.is_new(component.number) {
                let number = frame.components.get(component.number).ok_or(shape)?.quantisation;
                self.tables.quantisation(number).ok_or(Violation::MissingTable { offset })?;
            }
        }
        self.script.add(&scan, &frame).ok_or(Violation::Script { offset })?;
        let size = scan.size(&frame).ok_or(shape)?;
        let mcus = size.0.saturating_mul(size.1);
        let blocks = scan.blocks(&frame);
        let interval = self.tables.interval(mcus);
        self.count_blocks(mcus.saturating_mul(blocks.len()), photo.len())
            .ok_or(Violation::TooMuch { offset })?;
        let lookups = self.lookups(&scan, &frame, offset)?;
        let history = self.history(&scan, mcus).ok_or(Violation::TooMuch { offset })?;
        let data = CodedData { photo, offset: start, size, interval };
        let end = data.end(&scan, blocks.into_iter(), &lookups, history).ok_or(shape)?;
        self.frame = Some(frame);
        end
    }

    /// None if these are too many.
    fn count_blocks(&mut self, blocks: usize, file: usize) -> Option<()> {
        let most = file.saturating_mul(BLOCKS_PER_BYTE).saturating_add(BLOCKS_EXEMPT).min(MOST_BLOCKS);
        self.blocks = self.blocks.saturating_add(blocks);
        (self.blocks <= most).then_some(())
    }

    /// The Huffman tables that a scan uses.
    fn lookups(&mut self, scan: &Scan, frame: &Frame, offset: usize) -> Result<Lookups, Violation> {
        let mut lookups = Lookups::default();
        let (dc, ac) = match scan.coding {
            Coding::Lossless => (Purpose::Lossless, Purpose::SequentialAc),
            Coding::Sequential => (Purpose::Dc, Purpose::SequentialAc),
            _ => (Purpose::Dc, Purpose::ProgressiveAc),
        };
        for component in &scan.components {
            for (class, purpose, number, is_used, slots) in [
                (Class::Dc, dc, component.dc_table, scan.uses_dc_tables(), &mut lookups.dc),
                (Class::Ac, ac, component.ac_table, scan.uses_ac_tables(), &mut lookups.ac),
            ] {
                let Some(slot @ None) = slots.get_mut(usize::from(number)).filter(|_| is_used) else {
                    continue;
                };
                let table = self.tables.huffman(class, number).ok_or(Violation::MissingTable { offset })?;
                let shape = Violation::Shape { marker: marker::DHT, offset: table.offset };
                *slot = Some(Lookup::new(table.content, purpose, scan.largest_size(frame)).ok_or(shape)?);
            }
        }
        Ok(lookups)
    }

    /// The blocks of the component that a scan of AC coefficients is of, none for other scans.
    fn history(&mut self, scan: &Scan, mcus: usize) -> Option<&mut [u64]> {
        if !matches!(scan.coding, Coding::AcFirst | Coding::AcRefinement) {
            return Some(&mut []);
        }
        let component = scan.components.first()?.number;
        let others = self.history.iter().map(Vec::len).fold(0_usize, usize::saturating_add);
        let blocks = self.history.get_mut(component)?;
        if blocks.is_empty() {
            if others.saturating_add(mcus) > MOST_HISTORY {
                return None;
            }
            *blocks = vec![0; mcus];
        }
        Some(blocks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_blocks_of_a_progressive_picture_take_a_bounded_amount_of_memory() {
        let payload = [8, 0, 8, 0, 8, 2, 1, 0x11, 0, 2, 0x11, 0];
        let frame = Frame::read(marker::SOF2, &payload).expect("a frame header");
        let scan = |id| Scan::read(&[1, id, 0, 1, 63, 0], &frame).expect("a scan header");
        let blocks = |sizes: [usize; 2]| {
            let mut picture = Picture { history: vec![Vec::new(); 2], ..Picture::default() };
            let lengths = [(1, sizes[0]), (2, sizes[1])]
                .map(|(id, mcus)| picture.history(&scan(id), mcus).map(|blocks| blocks.len()));
            println!("{sizes:?} blocks: {lengths:?}");
            lengths
        };
        assert_eq!(blocks([MOST_HISTORY, 0]), [Some(MOST_HISTORY), Some(0)]);
        assert_eq!(blocks([MOST_HISTORY - 5, 5]), [Some(MOST_HISTORY - 5), Some(5)]);
        assert_eq!(blocks([MOST_HISTORY + 1, 5]), [None, Some(5)]);
        assert_eq!(blocks([MOST_HISTORY - 5, 6]), [Some(MOST_HISTORY - 5), None]);
    }
}
