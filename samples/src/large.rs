//! Photos of any size, to measure with.

use crate::jpeg::EOI;

/// A camera's header, then entropy-coded data in which every 256th byte, on average, is 0xFF, as in real photos.
/// `bytes` long in all. The data is random, so this is for measuring only: it shows no picture.
pub fn large(bytes: usize) -> Vec<u8> {
    let camera = crate::all().into_iter().find(|sample| sample.name == "camera");
    let mut photo = camera.map(|sample| sample.bytes).unwrap_or_default();
    photo.truncate(photo.len().saturating_sub(EOI.len()));
    photo.reserve(bytes.saturating_sub(photo.len()) + 16);
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    while photo.len() < bytes {
        // xorshift64 (Marsaglia 2003)
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        for byte in state.to_le_bytes() {
            photo.push(byte);
            if byte == 0xFF {
                photo.push(0x00);
            }
        }
    }
    photo.truncate(bytes - EOI.len() - 1);
    // In case the cut split a stuffed 0xFF from its zero.
    photo.push(0x00);
    photo.extend(EOI);
    photo
}
