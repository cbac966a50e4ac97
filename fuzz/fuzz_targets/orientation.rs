//! Any EXIF segment in a whole photo: the photo is turned, or tagged, and nothing of the segment is left.
#![no_main]

libfuzzer_sys::fuzz_target!(|exif: &[u8]| {
    let payload = [b"Exif\0\0", exif].concat();
    if let Some(photo) = fuzz::with_segment(0xE1, &payload) {
        fuzz::clean(&photo);
    }
});
