//! Any colour profile in a whole photo: what is left of it is verified, and as small as it gets.
#![no_main]

libfuzzer_sys::fuzz_target!(|profile: &[u8]| {
    let payload = [b"ICC_PROFILE\0\x01\x01", profile].concat();
    if let Some(photo) = fuzz::with_segment(0xE2, &payload) {
        fuzz::clean(&photo);
    }
});
