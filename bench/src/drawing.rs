//! Photos drawn and encoded by code, because `samples::large` has no real coded picture.

use std::error::Error;

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// A photo of 24 megapixels with orientation 6: it needs rotating by 90 degrees. A quarter of the colour samples, as
/// cameras write it.
///
/// # Errors
/// If the encoder fails.
pub fn sideways_24_mp() -> Result<Vec<u8>, Box<dyn Error>> {
    photo(6000, 4000, 4, &exif_with_orientation(6))
}

/// A photo with `noise_bits` bits of noise in each sample, and `segments` after SOI.
///
/// # Errors
/// If the encoder fails.
pub fn photo(width: u16, height: u16, noise_bits: u32, segments: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut state = 1_u32;
    let mut noise = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> (u32::BITS - noise_bits)) as f32
    };
    let mut pixels = Vec::with_capacity(usize::from(width) * usize::from(height) * 3);
    for y in 0..height {
        for x in 0..width {
            let (x, y) = (f32::from(x), f32::from(y));
            let light = 120.0 + 60.0 * (x * 0.011).sin() + 40.0 * (y * 0.017 + x * 0.003).cos();
            pixels.extend([0.0, 12.0, -20.0].map(|tint| (light + tint + noise()) as u8));
        }
    }
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, 90);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.encode(&pixels, width, height, ColorType::Rgb)?;
    jpeg.splice(2..2, segments.iter().copied());
    Ok(jpeg)
}

/// An EXIF segment that contains only the orientation (Exif 2.32, tag 0x0112), big-endian.
#[must_use]
pub fn exif_with_orientation(orientation: u8) -> [u8; 36] {
    let mut exif = *b"\xFF\xE1\0\x22Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    exif[29] = orientation;
    exif
}
