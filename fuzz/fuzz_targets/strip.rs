//! Any file: what comes out is verified, and clean.
#![no_main]

libfuzzer_sys::fuzz_target!(|file: &[u8]| fuzz::clean(file));
