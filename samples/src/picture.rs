//! Draws the picture of the samples, a house by the sea in the evening, and encodes it in every way that matters.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

pub(crate) const WIDTH: u16 = 640;
pub(crate) const HEIGHT: u16 = 480;

/// How the picture is coded.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum PictureCoding {
    /// Baseline, YCbCr.
    Baseline,
    /// Baseline with a restart marker every 40 blocks.
    Restarts,
    /// Progressive, several scans.
    Progressive,
    /// Baseline, one component.
    Grey,
    /// Four inks, inverted as Photoshop does.
    Cmyk,
    /// Four inks, three of them as YCbCr.
    Ycck,
    /// Red, green and blue as they are: only an Adobe segment says so.
    Rgb,
}

/// The picture, `width` by `height` pixels, as a JPEG with nothing in it but a JFIF segment and, for four inks, an
/// Adobe segment.
pub(crate) fn encode(coding: PictureCoding, width: u16, height: u16) -> Vec<u8> {
    draw(coding, width, height, colour)
}

/// The picture as a sensor sees it when the camera is held upright: to be shown rotated by 90 degrees clockwise
/// (orientation 6). It shows a part of the scene, in the same proportions.
pub(crate) fn encode_sideways(coding: PictureCoding, width: u16, height: u16) -> Vec<u8> {
    draw(coding, width, height, |x, y| colour(0.2 + 0.5625 * (1.0 - y), x))
}

fn draw(coding: PictureCoding, width: u16, height: u16, colour: impl Fn(f32, f32) -> [u8; 3]) -> Vec<u8> {
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let rgb = pixels.map(|(x, y)| colour(f32::from(x) / f32::from(width), f32::from(y) / f32::from(height)));
    let (data, kind): (Vec<u8>, ColorType) = match coding {
        PictureCoding::Grey => (rgb.map(|[r, g, b]| grey(r, g, b)).collect(), ColorType::Luma),
        PictureCoding::Cmyk => (rgb.flat_map(inks).collect(), ColorType::Cmyk),
        PictureCoding::Ycck => (rgb.flat_map(inks).collect(), ColorType::CmykAsYcck),
        // Called YCbCr, so that the encoder does not convert it.
        PictureCoding::Rgb => (rgb.flatten().collect(), ColorType::Ycbcr),
        _ => (rgb.flatten().collect(), ColorType::Rgb),
    };
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, 85);
    match coding {
        PictureCoding::Progressive => encoder.set_progressive(true),
        PictureCoding::Restarts => encoder.set_restart_interval(40),
        PictureCoding::Rgb => encoder.set_sampling_factor(SamplingFactor::F_1_1),
        _ => {}
    }
    encoder.encode(&data, width, height, kind).expect("the picture has a size and its data fits it");
    jpeg
}

/// The colour at a point, both coordinates 0 to 1.
fn colour(x: f32, y: f32) -> [u8; 3] {
    let distance = |cx: f32, cy: f32| ((x - cx) * 1.333).hypot(y - cy);
    let hill = 0.52 + 0.07 * (x * 7.0).sin() + 0.03 * (x * 19.0).cos();
    let in_house = (0.55..0.75).contains(&x) && (0.5..0.68).contains(&y);
    let in_roof = (0.38..0.5).contains(&y) && (x - 0.65).abs() < (y - 0.36) * 0.95;
    let in_window = (0.59..0.63).contains(&x) && (0.54..0.6).contains(&y);
    let in_door = (0.67..0.71).contains(&x) && y > 0.57;
    match () {
        () if in_house && in_window => [250, 226, 120],
        () if in_house && in_door => [84, 48, 30],
        () if in_house => [206, 196, 178],
        () if in_roof => [150, 54, 42],
        () if y > 0.72 => {
            shade([28, 74, 108], 1.0 + 0.25 * (y * 160.0 + (x * 12.0).sin() * 3.0).sin() * (y - 0.6))
        }
        () if y > hill => shade([58, 112, 54], 1.25 - (y - hill) * 1.6),
        () if distance(0.24, 0.26) < 0.07 => [255, 240, 200],
        () => {
            let glow = (1.0 - distance(0.24, 0.26)).max(0.0).powi(2);
            mix(mix([66, 92, 160], [240, 170, 120], y * 1.6), [255, 226, 160], glow)
        }
    }
}

fn shade([r, g, b]: [u8; 3], by: f32) -> [u8; 3] {
    [r, g, b].map(|c| (f32::from(c) * by).clamp(0.0, 255.0) as u8)
}

fn mix(from: [u8; 3], to: [u8; 3], part: f32) -> [u8; 3] {
    let part = part.clamp(0.0, 1.0);
    std::array::from_fn(|i| (f32::from(from[i]) * (1.0 - part) + f32::from(to[i]) * part) as u8)
}

fn grey(r: u8, g: u8, b: u8) -> u8 {
    ((u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114) / 1000) as u8
}

/// Inverted cyan, magenta, yellow and black.
fn inks([r, g, b]: [u8; 3]) -> [u8; 4] {
    let black = r.max(g).max(b).max(1);
    let ink = |c: u8| (u32::from(c) * 255 / u32::from(black)) as u8;
    [ink(r), ink(g), ink(b), black]
}
