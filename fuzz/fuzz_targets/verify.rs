//! Any file: what the second reader accepts, the first would not change.
#![no_main]

use scrub::{Bytes, IccMode, Options, OrientationMode};

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    for icc in IccMode::ALL {
        let options = Options { orientation: OrientationMode::Tag, icc, ..Options::default() };
        if scrub::verify(file, &options).is_ok()
            && let Ok(clean) = scrub::scrub(Bytes::copy_from_slice(file), &options)
        {
            assert_eq!(clean.photo, file, "a verified photo is clean");
        }
    }
});
