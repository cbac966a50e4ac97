//! Multi-picture files (CIPA DC-007): a second photo after the end of the first, found through an MPF segment.

use crate::exif::{ByteOrder, Value, ifd};
use crate::jpeg::{Jpeg, segment};

/// Appends a second photo, and puts the MPF segment that points to it after the JFIF segment.
pub(crate) fn with_second_photo(first: Jpeg, second: &[u8]) -> Vec<u8> {
    // The segment has the same length whatever the numbers in it.
    let length = first.bytes().len() + mpf(0, 0, 0).len();
    let with_mpf = |mpf| first.after_jfif([mpf]).bytes();
    // Offsets count from the TIFF header in the MPF segment: SOI, JFIF (18 bytes), marker, length, "MPF\0".
    let header_at = 2 + 18 + 2 + 2 + 4;
    let mut photo = with_mpf(mpf(length, second.len(), length - header_at));
    photo.extend_from_slice(second);
    photo
}

fn mpf(first: usize, second: usize, offset: usize) -> Vec<u8> {
    let order = ByteOrder::Big;
    let image = |attribute: usize, size: usize, offset: usize| {
        [order.long(attribute), order.long(size), order.long(offset), [0; 4]].concat()
    };
    let entries = [
        (0xB000, Value::Bytes(b"0100".to_vec())),
        (0xB001, Value::Long(2)),
        (0xB002, Value::Bytes([image(0x0003_0000, first, 0), image(0, second, offset)].concat())),
    ];
    let tiff = [order.header(), ifd(order, 8, &entries, Vec::new(), 0)].concat();
    segment(0xE2, &[b"MPF\0".to_vec(), tiff].concat())
}
