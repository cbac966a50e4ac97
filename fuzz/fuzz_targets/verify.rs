//! Any file: what the second reader accepts, the first would not change, but for a profile that is good for nothing.
#![no_main]

use scrub::{Bytes, IccMode, Kind, Options, OrientationMode};
use strum::VariantArray;

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    for &icc in IccMode::VARIANTS {
        let options = Options { orientation: OrientationMode::Tag, icc, ..Options::default() };
        if scrub::verify(file, &options).is_ok()
            && let Ok(clean) = scrub::scrub(Bytes::copy_from_slice(file), &options)
        {
            // The second reader asks whether a profile is private, the first whether it is any use as well.
            let useless = |removed: &scrub::Removed| removed.kind == Kind::UnreadableIcc;
            let is_useless = !clean.report.removed.is_empty() && clean.report.removed.iter().all(useless);
            assert!(clean.photo == file || is_useless, "a verified photo is clean: {:?}", clean.report);
        }
    }
});
