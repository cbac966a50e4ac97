//! Every segment that the picture is not coded in has exactly the shape that this crate writes.

use super::{Check, Segment, Violation, marker};

/// The payload that an EXIF segment starts with: TIFF header, one entry, the orientation tag, a SHORT.
const EXIF_START: &[u8] =
    b"Exif\x00\x00MM\x00\x2A\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00";

pub(super) struct SegmentShape;

impl Check for SegmentShape {
    fn segment(&mut self, segment: &Segment) -> Result<(), Violation> {
        let &Segment { marker, offset, payload } = segment;
        if has_shape(marker, payload) { Ok(()) } else { Err(Violation::Shape { marker, offset }) }
    }
}

fn has_shape(marker: u8, payload: &[u8]) -> bool {
    match (marker, payload) {
        // Version 1.02, the shape of a pixel, no thumbnail (ITU-T T.871, 10.1).
        (marker::JFIF, &[b'J', b'F', b'I', b'F', 0, 1, 2, 0, 0, x, 0, y, 0, 0]) => are_in_lowest_terms(x, y),
        (marker::EXIF, [start @ .., 2..=8, 0, 0, 0, 0, 0, 0]) => start == EXIF_START,
        // The profile in it has a check of its own.
        (marker::ICC, _) => true,
        // Which transform, the number of components decides.
        (marker::ADOBE, [b'A', b'd', b'o', b'b', b'e', 0, 100, 0, 0, 0, 0, 0..=2]) => true,
        // What the picture is coded in has a check of its own.
        (marker::SOF0..=marker::SOF3 | marker::DHT | marker::DQT | marker::DRI | marker::SOS, _) => true,
        (marker::EOI, []) => true,
        _ => false,
    }
}

/// Whether neither number is 0 and nothing but 1 divides both.
fn are_in_lowest_terms(a: u8, b: u8) -> bool {
    let (mut a, mut b) = (a, b);
    let has_both = a > 0 && b > 0;
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    has_both && a == 1
}
