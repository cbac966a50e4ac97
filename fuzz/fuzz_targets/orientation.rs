//! Any EXIF segment in a whole photo: the photo is turned or tagged, and nothing of the segment is left but an
//! orientation.
#![no_main]

/// Length of an EXIF segment with nothing but an orientation in it.
const ORIENTATION: usize = 36;

libfuzzer_sys::fuzz_target!(|exif: &[u8]| {
    let payload = [b"Exif\0\0", exif].concat();
    let Some(photo) = fuzz::with_segments(0xE1, &[payload]) else { return };
    for finished in fuzz::clean(&photo) {
        let left = fuzz::segments(&finished, 0xE1);
        assert!(left.len() <= 1, "{} EXIF segments are left", left.len());
        assert!(left.iter().all(|segment| segment.len() == ORIENTATION), "more than an orientation is left");
    }
});
