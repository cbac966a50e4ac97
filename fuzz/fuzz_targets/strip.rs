//! Any file: no two readers disagree on it, and what comes out stays as it is when it is cleaned again.
#![no_main]

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    fuzz::clean(file);
});
