//! Any EXIF segment in a whole photo: the photo is rotated or tagged, and nothing of the segment is left except an
//! orientation.
#![no_main]

use samples::jpeg::{LONGEST_PAYLOAD, segment, segments};

/// Length of an EXIF segment that contains nothing but an orientation.
const ORIENTATION: usize = 36;

libfuzzer_sys::fuzz_target!(|exif: &[u8]| {
    let payload = [b"Exif\0\0", exif].concat();
    if payload.len() > LONGEST_PAYLOAD {
        return;
    }
    for clean in fuzz::clean(&fuzz::with_segments(&[segment(0xE1, &payload)])) {
        let mut left = segments(&clean);
        left.retain(|segment| segment[1] == 0xE1);
        assert!(left.len() <= 1, "{} EXIF segments are left", left.len());
        assert!(left.iter().all(|segment| segment.len() == ORIENTATION), "more than an orientation is left");
    }
});
