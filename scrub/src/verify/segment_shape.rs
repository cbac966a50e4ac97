//! Every segment has exactly the shape that this crate writes, or is exactly as long as its content says.

use super::{Check, Segment, Violation, marker};

/// The payload that an EXIF segment starts with: TIFF header, one entry, the orientation tag, a SHORT.
const EXIF_START: &[u8] =
    b"Exif\x00\x00MM\x00\x2A\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00";
/// Version and density of a JFIF segment.
const JFIF_FIXED: usize = 7;
/// Class and number of a Huffman table, and the count of codes of each length.
const HUFFMAN_HEAD: usize = 17;
/// The most codes of a Huffman table.
const HUFFMAN_CODES: u16 = 256;
/// Precision and number of a quantisation table, and its 64 elements of 1 or of 2 bytes.
const QUANTISATION_8: usize = 65;
const QUANTISATION_16: usize = 129;

pub(super) struct SegmentShape;

impl Check for SegmentShape {
    fn segment(&mut self, segment: &Segment) -> Result<(), Violation> {
        let &Segment { marker, offset, payload } = segment;
        if has_shape(marker, payload) { Ok(()) } else { Err(Violation::Shape { marker, offset }) }
    }
}

fn has_shape(marker: u8, payload: &[u8]) -> bool {
    match (marker, payload) {
        (marker::JFIF, [b'J', b'F', b'I', b'F', 0, fixed @ .., 0, 0]) => fixed.len() == JFIF_FIXED,
        (marker::EXIF, [start @ .., 2..=8, 0, 0, 0, 0, 0, 0]) => start == EXIF_START,
        // The profile in it has a check of its own.
        (marker::ICC, _) => true,
        (marker::ADOBE, [b'A', b'd', b'o', b'b', b'e', 0, 100, 0, 0, 0, 0, _transform]) => true,
        (marker::DHT, _) => consists_of(payload, after_huffman_table),
        (marker::DQT, _) => consists_of(payload, |table| match table.first()? {
            0x00..=0x03 => table.get(QUANTISATION_8..),
            0x10..=0x13 => table.get(QUANTISATION_16..),
            _ => None,
        }),
        (marker::DAC, _) => payload.chunks(2).all(|pair| match *pair {
            [0x00..=0x03, bounds] => bounds >> 4 >= bounds % 16,
            [0x10..=0x13, low] => low > 0 && low < 64,
            _ => false,
        }),
        (marker::DNL | marker::DRI, _) => matches!(payload, [_, _]),
        (marker::SOS, [components @ 1..=4, rest @ ..]) => {
            rest.len() == usize::from(*components).saturating_mul(2).saturating_add(3)
        }
        (marker::SOF0..=marker::SOF3 | marker::SOF9 | marker::SOF10, _) => is_frame(marker, payload),
        (marker::EOI, []) => true,
        _ => false,
    }
}

fn is_frame(marker: u8, payload: &[u8]) -> bool {
    let [precision, _, _, _, _, components @ 1..=10, rest @ ..] = payload else { return false };
    let is_factor = |factor| matches!(factor, 1..=4);
    matches!((marker, precision), (marker::SOF3, 2..=16) | (_, 8 | 12))
        && rest.len() == usize::from(*components).saturating_mul(3)
        && rest.chunks(3).all(|component| {
            matches!(component, [_, factors, 0..=3] if is_factor(factors / 16) && is_factor(factors % 16))
        })
}

fn after_huffman_table(payload: &[u8]) -> Option<&[u8]> {
    let (head @ [0x00..=0x03 | 0x10..=0x13, ..], values) = payload.split_at_checked(HUFFMAN_HEAD)? else {
        return None;
    };
    let codes = head.iter().skip(1).map(|&count| u16::from(count)).sum::<u16>();
    values.get(usize::from(codes)..).filter(|_| codes <= HUFFMAN_CODES)
}

/// Whether a payload is nothing but tables. `after` gives what follows the first table.
fn consists_of(mut payload: &[u8], after: impl Fn(&[u8]) -> Option<&[u8]>) -> bool {
    while !payload.is_empty() {
        let Some(rest) = after(payload) else { return false };
        payload = rest;
    }
    true
}
