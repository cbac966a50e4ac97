//! Any file: scrubber and verifier agree on it, and scrubbing the clean photo again changes nothing.
#![no_main]

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    fuzz::clean(file);
});
