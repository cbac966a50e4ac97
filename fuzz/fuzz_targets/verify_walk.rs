//! Any file: what the verifier accepts is not changed, and libjpeg-turbo draws it without a warning.
#![no_main]

libfuzzer_sys::fuzz_target!(|file: &[u8]| fuzz::check_verified(file));
