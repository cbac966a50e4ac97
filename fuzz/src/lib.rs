//! What the fuzz targets share: what must hold for every file, whatever is in it.

/// The tests check the same promises.
#[path = "../../scrub/tests/photo/support/promises.rs"]
mod promises;

use samples::jpeg::SOI;
use scrub::{Bytes, IccMode, NotRotated, Options, Orientation, OrientationMode, Refusal};
use strum::VariantArray;

/// Panics if a promise about any file is broken, or one about what the verifier accepts.
pub fn check(file: &[u8]) {
    if let Err(promise) = promises::check(file) {
        panic!("{promise}");
    }
    check_verified(file);
}

/// Panics if a promise about what the verifier accepts is broken.
pub fn check_verified(file: &[u8]) {
    if let Err(promise) = promises::check_verified(file) {
        panic!("{promise}");
    }
}

/// Memory for rotation. A fuzzer soon finds pictures of 65,500 x 65,500 pixels, and the limit has to stop them.
const MEMORY: u64 = 64 << 20;

/// Scrubs a file with every setting, and panics if one of the promises is broken. Returns the clean photos.
pub fn clean(file: &[u8]) -> Vec<Bytes> {
    let mut photos = Vec::new();
    for &orientation in OrientationMode::VARIANTS {
        for &icc in IccMode::VARIANTS {
            let options = Options { orientation, icc, memory: MEMORY };
            let clean = match scrub::scrub(Bytes::copy_from_slice(file), &options) {
                Ok(clean) => clean,
                Err(refusal @ Refusal::Unverified(_)) => {
                    panic!("the verifier refused what was written: {refusal}")
                }
                Err(_) => continue,
            };
            if let Orientation::Tagged { not_rotated: Some(NotRotated::Failed), .. } =
                clean.report.orientation
            {
                panic!("the rotated photo is not clean");
            }
            let twice = scrub::scrub(clean.photo.clone(), &options).expect("a clean photo is not refused");
            assert_eq!(twice.photo, clean.photo, "scrubbing twice changes nothing");
            assert!(twice.report.removed.is_empty(), "nothing is left to remove");
            photos.push(clean.photo);
        }
    }
    photos
}

/// A whole photo with these segments after SOI.
pub fn with_segments(segments: &[Vec<u8>]) -> Vec<u8> {
    [&SOI[..], &segments.concat(), &plain()[SOI.len()..]].concat()
}

/// A baseline photo of a few blocks, so that the time goes into the segment.
fn plain() -> &'static [u8] {
    static PLAIN: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    PLAIN.get_or_init(|| small(false))
}

/// A photo of a few blocks.
pub fn small(progressive: bool) -> Vec<u8> {
    let pixels: Vec<u8> = (0..40 * 24 * 3).map(|i| (i * 7 % 251) as u8).collect();
    let mut photo = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut photo, 90);
    encoder.set_progressive(progressive);
    encoder
        .encode(&pixels, 40, 24, jpeg_encoder::ColorType::Rgb)
        .expect("the picture has a size and its data fits it");
    photo
}
