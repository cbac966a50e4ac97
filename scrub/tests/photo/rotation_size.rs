//! A rotated photo is not larger than it was, but for 1 %: it is written with Huffman tables of its own. Codes are
//! ordered by columns after a rotation and by rows before, so that the same coefficients never take quite the same
//! bits.

use crate::support::{SOI, as_stored, exif};
use samples::shared_photos;
use scrub::{Bytes, NotRotated, Options, Orientation};
use turbojpeg::{Compressor, Image, PixelFormat, Subsamp};

/// How much larger than the photo with a small tag the rotated one is, in percent. None if it is not rotated.
fn growth(photo: &[u8], orientation: u8) -> Option<f64> {
    let sideways = Bytes::from([SOI, &exif(orientation), &photo[2..]].concat());
    let tagged = scrub::scrub(sideways.clone(), &as_stored()).ok()?;
    let rotated = scrub::scrub(sideways, &Options::default()).ok()?;
    if let Orientation::Tagged { not_rotated: Some(NotRotated::Larger { rotated, tagged }), .. } =
        rotated.report.orientation
    {
        assert!(rotated * 100 > tagged * 101, "{rotated} bytes, not {tagged}");
        return None;
    }
    let before = tagged.photo.len() as f64;
    matches!(rotated.report.orientation, Orientation::Rotated { .. })
        .then_some((rotated.photo.len() as f64 / before - 1.0) * 100.0)
}

/// A picture of waves with noise, as a sensor has it: neither smooth nor random.
fn noisy(width: usize, height: usize) -> Vec<u8> {
    let mut state = 0x1234_5678_u32;
    let mut noise = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state % 25) as f32 - 12.0
    };
    let wave = |x: usize, y: usize, c: usize| {
        let (x, y, c) = (x as f32, y as f32, c as f32);
        128.0 + 60.0 * (x * 0.007 + c).sin() + 50.0 * (y * 0.011 + x * 0.002 * c).cos()
    };
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    pixels.flat_map(|(x, y)| [0, 1, 2].map(|c| (wave(x, y, c) + noise()) as u8)).collect()
}

/// Rotates a picture of this size in every quality, sampling and coding.
fn assert_not_larger(width: usize, height: usize, orientations: &[u8]) {
    let pixels = noisy(width, height);
    let image = Image { pixels: &pixels[..], width, pitch: 3 * width, height, format: PixelFormat::RGB };
    let (mut tried, mut tagged, mut worst) = (0, 0, (f64::MIN, String::new()));
    for quality in [75, 80, 90, 98] {
        for sampling in [Subsamp::None, Subsamp::Sub2x1, Subsamp::Sub2x2] {
            for (optimized, progressive) in [(false, false), (true, false), (true, true)] {
                let mut compressor = Compressor::new().unwrap();
                compressor.set_quality(quality).unwrap();
                compressor.set_subsamp(sampling).unwrap();
                compressor.set_optimize(optimized).unwrap();
                compressor.set_progressive(progressive).unwrap();
                let photo = compressor.compress_to_vec(image).unwrap();
                for &orientation in orientations {
                    let what = format!(
                        "quality {quality}, {sampling:?}, optimised {optimized}, progressive {progressive}, \
                         {} bytes, orientation {orientation}",
                        photo.len()
                    );
                    let Some(growth) = growth(&photo, orientation) else {
                        // Tables that were optimised for the picture fit the rotated one less well.
                        assert!(optimized && width > 1000, "{what}: not rotated");
                        tagged += 1;
                        continue;
                    };
                    assert!(growth <= 1.0, "{what}: {growth:.2} % larger");
                    tried += 1;
                    if growth > worst.0 {
                        worst = (growth, what);
                    }
                }
            }
        }
    }
    println!("{tried} rotated, {tagged} tagged; the largest: {:.2} % ({})", worst.0, worst.1);
}

#[test]
fn a_rotated_photo_is_at_most_1_percent_larger() {
    assert_not_larger(640, 480, &[2, 3, 4, 5, 6, 7, 8]);
}

#[test]
#[ignore = "takes minutes: photos of 12 megapixels"]
fn a_rotated_photo_of_12_megapixels_is_at_most_1_percent_larger() {
    assert_not_larger(4000, 3000, &[3, 6]);
}

#[test]
fn a_rotated_real_photo_is_at_most_1_percent_larger() {
    let (mut tried, mut larger) = (0, Vec::new());
    let mut worst = f64::MIN;
    for (name, photo) in shared_photos() {
        for orientation in 2..=8 {
            // Arithmetic coding becomes Huffman coding, which takes more.
            let is_arithmetic = photo.windows(2).any(|pair| pair == [0xFF, 0xCC]);
            let Some(growth) = growth(&photo, orientation).filter(|_| !is_arithmetic) else { continue };
            tried += 1;
            worst = worst.max(growth);
            if growth > 1.0 {
                larger.push(format!("{name}, orientation {orientation}: {growth:.2} %"));
            }
        }
    }
    println!("{tried} rotations; the largest is {worst:.2} % larger than before");
    assert!(larger.is_empty(), "larger: {larger:#?}");
}
