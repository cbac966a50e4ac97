//! A picture in any coding, changed as the input says: what is written is verified and drawn as before, and what
//! libjpeg-turbo draws without a warning is not refused, nor taken for damaged.
#![no_main]

libfuzzer_sys::fuzz_target!(|choices: &[u8]| {
    fuzz::check(&samples::coded::mutated(choices));
});
