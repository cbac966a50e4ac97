//! What the fuzz targets share: what has to hold for every file, whatever is in it.

use scrub::{Bytes, IccMode, NotRotated, Options, Orientation, OrientationMode, Refusal};
use strum::VariantArray;

/// Memory for turning. A fuzzer finds pictures of 65,500 x 65,500 pixels soon, and the bound is what is tried.
const ROTATE_MEMORY: u64 = 64 << 20;

/// Cleans a file with every setting, and panics where one of the promises is broken. Returns the finished photos.
pub fn clean(file: &[u8]) -> Vec<Bytes> {
    let mut finished = Vec::new();
    for &orientation in OrientationMode::VARIANTS {
        for &icc in IccMode::VARIANTS {
            let options = Options { orientation, icc, rotate_memory: ROTATE_MEMORY };
            let clean = match scrub::scrub(Bytes::copy_from_slice(file), &options) {
                Ok(clean) => clean,
                Err(refusal @ Refusal::Unverified(_)) => panic!("the two readers disagree: {refusal}"),
                Err(_) => continue,
            };
            if let Orientation::Tagged { not_rotated: Some(NotRotated::Failed), .. } = clean.report.orientation
            {
                panic!("turned, it is not clean");
            }
            let twice = scrub::scrub(clean.photo.clone(), &options).expect("a finished photo is clean");
            assert_eq!(twice.photo, clean.photo, "cleaning twice changes nothing");
            assert!(twice.report.removed.is_empty(), "nothing is left to remove");
            finished.push(clean.photo);
        }
    }
    finished
}

/// A whole photo with segments behind SOI, of this marker and with these payloads.
pub fn with_segments(marker: u8, payloads: &[Vec<u8>]) -> Option<Vec<u8>> {
    let mut photo = vec![0xFF, 0xD8];
    for payload in payloads {
        let length = u16::try_from(payload.len() + 2).ok()?;
        photo.extend([0xFF, marker]);
        photo.extend(length.to_be_bytes());
        photo.extend(payload);
    }
    photo.extend(&plain()[2..]);
    Some(photo)
}

/// The segments of a photo with this marker in front of its first scan, markers and lengths included.
pub fn segments(photo: &[u8], marker: u8) -> Vec<&[u8]> {
    let mut segments = Vec::new();
    let mut rest = &photo[2..];
    while rest[1] != 0xDA {
        let (segment, behind) = rest.split_at(2 + usize::from(u16::from_be_bytes([rest[2], rest[3]])));
        if segment[1] == marker {
            segments.push(segment);
        }
        rest = behind;
    }
    segments
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
