//! Any file: scrubbing does not change what the verifier accepts, except that it may remove an unreadable profile.
#![no_main]

use scrub::{Bytes, IccMode, Kind, Options, OrientationMode};
use strum::VariantArray;

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    for &icc in IccMode::VARIANTS {
        let options = Options { orientation: OrientationMode::Tag, icc, ..Options::default() };
        if scrub::verify(file, &options).is_ok()
            && let Ok(clean) = scrub::scrub(Bytes::copy_from_slice(file), &options)
        {
            // The verifier checks whether a profile is private, the scrubber also whether colour engines can read it.
            let is_profile = |removed: &scrub::Removed| removed.kind == Kind::UnreadableIcc;
            let removed = &clean.report.removed;
            let only_profile = !removed.is_empty() && removed.iter().all(is_profile);
            assert!(clean.photo == file || only_profile, "a verified photo is clean: {:?}", clean.report);
        }
    }
});
