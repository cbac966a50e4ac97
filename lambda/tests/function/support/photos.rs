//! Very small photos, each with its own picture and a secret.

use bytes::Bytes;
use samples::jpeg::{EOI, SOI, segment};

/// A grey baseline JPEG of 8 x 8 pixels whose picture differs with `picture` (0 to 255) and whose comment is `secret`.
pub(crate) fn photo(picture: u8, secret: &str) -> Bytes {
    // A table with one code, a single 0 bit.
    let huffman_table =
        |class: u8, value: u8| segment(0xC4, &[&[class][..], &[1], &[0; 15], &[value]].concat());
    [
        SOI.to_vec(),
        segment(0xFE, secret.as_bytes()),
        segment(0xDB, &[&[0][..], &[1; 64]].concat()),
        segment(0xC0, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]),
        huffman_table(0x00, 8),
        huffman_table(0x10, 0),
        segment(0xDA, &[1, 1, 0, 0, 63, 0]),
        // The block: the code of a DC coefficient of eight bits, these bits, the code of EOB, and padding.
        vec![picture >> 1, picture << 7 | 0x3F],
        EOI.to_vec(),
    ]
    .concat()
    .into()
}

/// Photo number `version`, with a secret.
pub(crate) fn version(version: u8) -> Bytes {
    photo(version, "secret place")
}

/// Another original that has the same clean form as `version`.
pub(crate) fn twin(version: u8) -> Bytes {
    photo(version, "another secret")
}

/// What bucket B should have for a photo.
pub(crate) fn clean(photo: &Bytes) -> Bytes {
    scrub::scrub(Bytes::copy_from_slice(photo), &scrub::Options::default()).unwrap().photo
}
