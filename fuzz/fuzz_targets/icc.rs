//! Any colour profile in a whole photo, in as many chunks as it needs: scrubber and verifier agree on it, and scrubbing
//! the clean photo again changes nothing.
#![no_main]

use samples::icc::{LONGEST_PROFILE, segments};

libfuzzer_sys::fuzz_target!(|profile: &[u8]| {
    if profile.len() <= LONGEST_PROFILE {
        fuzz::clean(&fuzz::with_segments(&segments(profile)));
    }
});
