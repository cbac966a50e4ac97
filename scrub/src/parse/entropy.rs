//! Finds the end of entropy-coded data that cannot be walked: the marker of the next segment.
//!
//! Inside entropy-coded data 0xFF is followed by 0x00 (a stuffed zero) or by a restart marker (ITU-T T.81, B.1.1.5).
//! A search for each 0xFF would start 65,000 times in a photo of 16.8 MB. Testing whole blocks for "0xFF followed by
//! neither" needs no search and compiles to vector instructions.

use std::ops::Range;

use img_parts::jpeg::markers;

const BLOCK: usize = 256;

/// Offset of the marker that ends the entropy-coded data starting at `from`, or of the first fill byte before that
/// marker. None if there is no such marker.
///
/// Stuffed zeros and restart markers belong to the data. So do the reserved markers 0xFF01 to 0xFFBF: no encoder
/// writes them, but decoders resynchronise over them in damaged photos, so they have to stay where they are.
pub(super) fn end_of_data(photo: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        while let Some(block) = photo.get(at..)?.first_chunk() {
            if !is_plain(block) {
                break;
            }
            at = at.checked_add(BLOCK)?;
        }
        let stop = at.checked_add(BLOCK)?;
        while at < stop {
            let first = photo.get(at..)?.iter().position(|&byte| byte == 0xFF)?.checked_add(at)?;
            let last = photo.get(first..)?.iter().position(|&byte| byte != 0xFF)?.checked_add(first)?;
            match photo.get(last)? {
                0x00..=0xBF | markers::RST0..=markers::RST7 => at = last.checked_add(1)?,
                _ => return Some(first),
            }
        }
    }
}

/// Where damaged data ends for a decoder. It reads up to a reserved marker and goes on at the next restart marker, if
/// there are any in this scan; libjpeg-turbo fails at a reserved marker that it meets after the scan.
pub(super) fn end_of_damaged_data(photo: &[u8], data: Range<usize>, has_restarts: bool) -> usize {
    let bytes = photo.get(data.clone()).unwrap_or_default();
    let marker = |pair: &[u8]| match pair {
        &[0xFF, marker @ (0x01..=0xBF | markers::RST0..=markers::RST7)] => Some(marker),
        _ => None,
    };
    let is_restart = |pair: &[u8]| marker(pair).is_some_and(|marker| marker >= markers::RST0);
    let last_restart =
        bytes.windows(2).rposition(is_restart).filter(|_| has_restarts).map_or(0, |at| at.saturating_add(2));
    let rest = bytes.get(last_restart..).unwrap_or_default();
    let end = rest.windows(2).position(|pair| marker(pair).is_some());
    let end = end.and_then(|end| data.start.checked_add(last_restart)?.checked_add(end));
    end.unwrap_or(data.end)
}

/// Whether every 0xFF in the block is followed by 0x00 or a restart marker. The last byte is read only as the follower
/// of the one before it.
fn is_plain(block: &[u8; BLOCK + 1]) -> bool {
    let mut odd = 0;
    for (&byte, &next) in block.iter().zip(block.iter().skip(1)) {
        let is_restart = (markers::RST0..=markers::RST7).contains(&next);
        odd |= u8::from(byte == 0xFF) & u8::from(next != 0x00) & u8::from(!is_restart);
    }
    odd == 0
}
