//! Very small photos, each with its own picture and a secret.

use bytes::Bytes;

/// A gray baseline JPEG of 8 x 8 pixels. Each number `picture` (0 to 255) makes another picture, and the comment
/// contains `secret`.
pub(crate) fn photo(picture: u8, secret: &str) -> Bytes {
    let mut jpeg = vec![0xFF, 0xD8];
    segment(&mut jpeg, 0xFE, secret.as_bytes());
    segment(&mut jpeg, 0xDB, &[&[0][..], &[1; 64]].concat());
    segment(&mut jpeg, 0xC0, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]);
    for table in [0x00, 0x10] {
        segment(&mut jpeg, 0xC4, &[&[table][..], &[1], &[0; 15], &[0]].concat());
    }
    segment(&mut jpeg, 0xDA, &[1, 1, 0, 0, 63, 0]);
    // Two bytes of entropy-coded data, never a marker.
    jpeg.extend([picture & 0x7F, picture >> 7, 0xFF, 0xD9]);
    jpeg.into()
}

/// Photo number `version`, with a secret.
pub(crate) fn version(version: u8) -> Bytes {
    photo(version, "secret place")
}

/// What bucket B should have for a photo.
pub(crate) fn clean(photo: &Bytes) -> Bytes {
    scrub::scrub(Bytes::copy_from_slice(photo), &scrub::Options::default()).unwrap().photo
}

fn segment(jpeg: &mut Vec<u8>, marker: u8, payload: &[u8]) {
    jpeg.extend([0xFF, marker]);
    jpeg.extend(u16::try_from(payload.len() + 2).unwrap().to_be_bytes());
    jpeg.extend(payload);
}
