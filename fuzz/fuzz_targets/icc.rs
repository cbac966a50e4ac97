//! Any colour profile in a whole photo, in as many chunks as it takes: no two readers disagree on it, and what is left
//! of it stays as it is when it is cleaned again.
#![no_main]

/// The most of a profile that fits into a segment.
const CHUNK: usize = 65_519;

libfuzzer_sys::fuzz_target!(|profile: &[u8]| {
    let Ok(of) = u8::try_from(profile.len().div_ceil(CHUNK).max(1)) else { return };
    let chunk = |number: u8| {
        let start = usize::from(number - 1) * CHUNK;
        let data = &profile[start..profile.len().min(start + CHUNK)];
        [b"ICC_PROFILE\0", &[number, of][..], data].concat()
    };
    if let Some(photo) = fuzz::with_segments(0xE2, &(1..=of).map(chunk).collect::<Vec<_>>()) {
        fuzz::clean(&photo);
    }
});
