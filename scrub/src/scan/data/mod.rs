//! Walks the data of one scan, interval by interval: finds its end, and what in it is not drawn (ITU-T T.81, B.1.1.5,
//! F.1.2.3 and E.2.4).

use std::ops::Range;

use bytes::Bytes;
use img_parts::jpeg::markers;

use super::bits::{BitReader, End};
use super::{Fault, McuWalk, Stopped};

/// Bytes of the file that are not copied, and what takes their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) removed: Range<usize>,
    pub(super) new: New,
}

/// What takes the place of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum New {
    Nothing,
    /// A zero is stuffed after it if it is 0xFF.
    Byte(u8),
    Data(Bytes),
}

impl Edit {
    /// What is written.
    pub(crate) fn bytes(&self) -> &[u8] {
        match &self.new {
            New::Nothing => &[],
            New::Byte(0xFF) => &[0xFF, 0],
            New::Byte(byte) => std::slice::from_ref(byte),
            New::Data(data) => data,
        }
    }
}

/// The data of a scan, in a file.
pub(super) struct ScanData<'a> {
    pub(super) photo: &'a [u8],
    /// Where it starts.
    pub(super) at: usize,
    pub(super) mcus: u64,
    /// MCUs between two restart markers; 0 if there are none.
    pub(super) interval: u64,
    /// How many edits it may take.
    pub(super) max_edits: usize,
}

impl<'a> ScanData<'a> {
    /// Walks all of it. Returns what has been read up to the last bit, and adds what has to be changed before.
    pub(super) fn walk(
        &self,
        scan: &mut dyn McuWalk,
        edits: &mut Vec<Edit>,
    ) -> Result<BitReader<'a>, Stopped> {
        let mut at = self.at;
        let mut done: u64 = 0;
        for number in 0.. {
            let mcus = self.mcus_of(done);
            let mut reader = BitReader::new(self.photo, at);
            scan.walk(&mut reader, mcus, false).map_err(|stopped| stopped.after(done))?;
            done = done.saturating_add(mcus);
            let end = reader.end();
            let mut next = end.at;
            if done < self.mcus {
                next = find_marker(self.photo, end.at)
                    .filter(|&(_, marker)| marker == restart_marker(number))
                    .map(|(offset, _)| offset)
                    .ok_or(Stopped { mcu: done, fault: Fault::RestartMarker })?;
            }
            edits.extend(edit(self.photo, end, next));
            at = next.saturating_add(2);
            if edits.len() > self.max_edits {
                return Err(Stopped { mcu: done, fault: Fault::TooManyEdits });
            }
            if done >= self.mcus {
                return Ok(reader);
            }
        }
        Err(Stopped { mcu: done, fault: Fault::RestartMarker })
    }

    /// How many more MCUs than the picture has are in its data, of which `reader` has read the picture. 0 if what
    /// follows is not MCUs to its end. `interval` is that of the restart markers in a picture of any height. No more
    /// than `enough` are counted.
    pub(super) fn count_more(
        &self,
        scan: &mut dyn McuWalk,
        mut reader: BitReader<'a>,
        interval: u64,
        enough: u64,
    ) -> u64 {
        let mut done = self.mcus;
        let end = done.saturating_add(enough);
        while done < end {
            let since_restart = done.checked_rem(interval);
            if since_restart == Some(0) {
                let number = done.checked_div(interval).unwrap_or(0).saturating_sub(1);
                let marker = find_marker(self.photo, reader.end().at);
                match marker.filter(|&(_, marker)| marker == restart_marker(number)) {
                    Some((at, _)) => reader = BitReader::new(self.photo, at.saturating_add(2)),
                    None => break,
                }
            }
            let left = end.saturating_sub(done);
            let mcus = since_restart.map_or(left, |since| left.min(interval.saturating_sub(since)));
            match scan.walk(&mut reader, mcus, false) {
                Ok(()) => done = done.saturating_add(mcus),
                Err(Stopped { mcu, fault: Fault::EndsEarly }) => {
                    done = done.saturating_add(mcu);
                    break;
                }
                Err(_) => return 0,
            }
        }
        done.saturating_sub(self.mcus)
    }

    /// How many MCUs a decoder finds in damaged data: it draws what it reads, whatever it is, and goes on at the next
    /// restart marker, as libjpeg-turbo does (`jpeg_resync_to_restart`).
    pub(super) fn count_present(&self, scan: &mut dyn McuWalk) -> u64 {
        let (mut at, mut done, mut present) = (self.at, 0_u64, 0_u64);
        for number in 0.. {
            let mcus = self.mcus_of(done);
            let mut reader = BitReader::new(self.photo, at);
            let found = match scan.walk(&mut reader, mcus, true) {
                Ok(()) => mcus,
                Err(stopped) => stopped.mcu,
            };
            present = present.saturating_add(found);
            done = done.saturating_add(mcus);
            if done >= self.mcus {
                break;
            }
            match resynchronise(self.photo, reader.end().at, number) {
                Some(next) => at = next,
                None => break,
            }
        }
        present
    }

    /// How many MCUs there are before the next restart marker, or before the end.
    fn mcus_of(&self, done: u64) -> u64 {
        let left = self.mcus.saturating_sub(done);
        if self.interval == 0 { left } else { left.min(self.interval) }
    }
}

/// What has to be changed where the bits end, so that padding follows them, and then at once what is at `next`.
fn edit(photo: &[u8], end: End, next: usize) -> Option<Edit> {
    // A byte of ones has no wrong padding.
    let byte = photo.get(end.last).copied().filter(|&byte| end.padding & !byte != 0);
    let removed = if byte.is_some() { end.last..next } else { end.at..next };
    let is_needed = byte.is_some() || !removed.is_empty();
    let new = byte.map_or(New::Nothing, |byte| New::Byte(byte | end.padding));
    is_needed.then_some(Edit { removed, new })
}

/// Second byte of the restart marker with this number, counted from 0.
fn restart_marker(number: u64) -> u8 {
    markers::RST0 | (number & 7) as u8
}

/// The next marker, at or after `from`: the offset of the 0xFF directly before its second byte, and that byte.
fn find_marker(photo: &[u8], from: usize) -> Option<(usize, u8)> {
    let mut at = from;
    loop {
        let first = photo.get(at..)?.iter().position(|&byte| byte == 0xFF)?.checked_add(at)?;
        let second = photo.get(first..)?.iter().position(|&byte| byte != 0xFF)?.checked_add(first)?;
        match *photo.get(second)? {
            0 => at = second,
            marker => return Some((second.checked_sub(1)?, marker)),
        }
    }
}

/// Where a decoder goes on that expects the restart marker with this number. None if no more data comes.
fn resynchronise(photo: &[u8], from: usize, number: u64) -> Option<usize> {
    let mut at = from;
    loop {
        let (offset, marker) = find_marker(photo, at)?;
        let after = offset.checked_add(2)?;
        let early_by = u64::from(marker).wrapping_sub(number) & 7;
        match marker {
            // Not a marker that data can contain, or one that should have come before.
            0x01..=0xBF => at = after,
            markers::RST0..=markers::RST7 => match early_by {
                6 | 7 => at = after,
                // The data up to here is missing: the marker is left for the next interval.
                1 | 2 => return Some(offset),
                _ => return Some(after),
            },
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests;
