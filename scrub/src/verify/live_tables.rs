//! Every table is used: a table that no decoder needs could carry anything.

use super::{Segment, Violation, marker};

/// Length of the element that names a table, and of 64 elements of 1 or of 2 bytes.
const QUANTISATION_8: usize = 65;
const QUANTISATION_16: usize = 129;
/// Class and number of a Huffman table, and the count of codes of each length.
const HUFFMAN_HEAD: usize = 17;
/// Length of marker and length of a segment.
const HEAD: usize = 4;

/// The class of a Huffman table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Dc,
    Ac,
}

/// A table that is in force.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    pub(super) offset: usize,
    /// What follows the byte with its class or precision and its number.
    pub(super) content: &'a [u8],
    is_used: bool,
}

/// The tables in force.
#[derive(Default)]
pub(super) struct LiveTables<'a> {
    quantisation: [Option<Table<'a>>; 4],
    dc: [Option<Table<'a>>; 4],
    ac: [Option<Table<'a>>; 4],
    interval: Interval,
}

/// The restart interval in force.
#[derive(Default)]
struct Interval {
    /// MCUs between two restart markers, or 0.
    mcus: usize,
    /// What it was before.
    before: usize,
    /// Offset of the segment that gave it. None at the start.
    segment: Option<usize>,
    /// MCUs of the longest scan since.
    longest_scan: usize,
}

impl Interval {
    /// A new interval must have put a marker into some scan, or none where the one before would have put one.
    fn check_used(&self) -> Result<(), Violation> {
        let has_effect = |mcus: usize| mcus > 0 && mcus < self.longest_scan;
        let is_used = if self.mcus == 0 {
            has_effect(self.before)
        } else {
            has_effect(self.mcus) && self.mcus != self.before
        };
        match self.segment.filter(|_| !is_used) {
            Some(offset) => Err(Violation::UnusedTable { marker: marker::DRI, offset }),
            None => Ok(()),
        }
    }
}

impl<'a> LiveTables<'a> {
    /// Takes the tables in a segment of tables. Each that one of them replaces must have been used.
    pub(super) fn define(&mut self, segment: &Segment<'a>) -> Result<(), Violation> {
        let &Segment { marker, offset, payload } = segment;
        let shape = Violation::Shape { marker, offset };
        if marker == marker::DRI {
            let &[high, low] = payload else { return Err(shape) };
            self.interval.check_used()?;
            self.interval = Interval {
                mcus: u16::from_be_bytes([high, low]).into(),
                before: self.interval.mcus,
                segment: Some(offset),
                longest_scan: 0,
            };
            return Ok(());
        }
        let (mut rest, mut at) = (payload, offset.saturating_add(HEAD));
        // At least one: an empty segment has no purpose.
        loop {
            let (table, after) = split(marker, rest).ok_or(shape)?;
            let (&name, content) = table.split_first().ok_or(shape)?;
            // A decoder draws nothing of what is multiplied by 0.
            if marker == marker::DQT
                && content
                    .chunks(if name < 16 { 1 } else { 2 })
                    .any(|step| step.iter().all(|&byte| byte == 0))
            {
                return Err(shape);
            }
            let slots = match (marker, name / 16) {
                (marker::DQT, _) => &mut self.quantisation,
                (_, 0) => &mut self.dc,
                _ => &mut self.ac,
            };
            let slot = slots.get_mut(usize::from(name % 16)).ok_or(shape)?;
            if let Some(replaced) = slot.replace(Table { offset: at, content, is_used: false }) {
                replaced.check_used(marker)?;
            }
            if after.is_empty() {
                return Ok(());
            }
            (rest, at) = (after, at.saturating_add(table.len()));
        }
    }

    /// Uses a quantisation table. None if there is none.
    pub(super) fn quantisation(&mut self, number: u8) -> Option<()> {
        take(&mut self.quantisation, number).map(|_| ())
    }

    /// Uses a Huffman table. None if there is none.
    pub(super) fn huffman(&mut self, class: Class, number: u8) -> Option<Table<'a>> {
        take(if class == Class::Dc { &mut self.dc } else { &mut self.ac }, number)
    }

    /// The interval in force, or 0 for none, in a scan of `mcus`. One that is not shorter than the scan puts no marker
    /// into it.
    pub(super) fn interval(&mut self, mcus: usize) -> usize {
        self.interval.longest_scan = self.interval.longest_scan.max(mcus);
        self.interval.mcus
    }

    /// After the last scan, every table must have been used.
    pub(super) fn end(&self) -> Result<(), Violation> {
        let tables = |slots: &[Option<Table<'a>>], marker| {
            slots.iter().flatten().try_for_each(|table| table.check_used(marker))
        };
        tables(&self.quantisation, marker::DQT)?;
        tables(&self.dc, marker::DHT)?;
        tables(&self.ac, marker::DHT)?;
        self.interval.check_used()
    }
}

impl Table<'_> {
    fn check_used(&self, marker: u8) -> Result<(), Violation> {
        if self.is_used { Ok(()) } else { Err(Violation::UnusedTable { marker, offset: self.offset }) }
    }
}

fn take<'a>(slots: &mut [Option<Table<'a>>; 4], number: u8) -> Option<Table<'a>> {
    let table = slots.get_mut(usize::from(number))?.as_mut()?;
    table.is_used = true;
    Some(*table)
}

/// The first table in a payload, and what follows it (B.2.4.1 and B.2.4.2).
fn split(marker: u8, payload: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = match (marker, payload.first()?) {
        (marker::DQT, 0x00..=0x03) => QUANTISATION_8,
        (marker::DQT, 0x10..=0x13) => QUANTISATION_16,
        (marker::DHT, 0x00..=0x03 | 0x10..=0x13) => {
            let counts = payload.get(1..HUFFMAN_HEAD)?;
            let codes = counts.iter().map(|&count| usize::from(count)).sum::<usize>();
            HUFFMAN_HEAD.checked_add(codes).filter(|_| (1..=256).contains(&codes))?
        }
        _ => return None,
    };
    payload.split_at_checked(length)
}
