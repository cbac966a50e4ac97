//! Decoded pictures, and how much two differ: as they are stored, and after rotating one upright.

use turbojpeg::{Colorspace, PixelFormat};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::walk::Walk;

/// Largest width and height of an MCU (ITU-T T.81, A.2.4): a lossless rotation may trim less than this.
const LARGEST_MCU: usize = 32;
/// How much samples of a rotated picture may differ on average, because decoders round in another order.
const ROUNDING: f64 = 1.0;

/// What a stripper did to a picture.
#[derive(Debug, PartialEq)]
pub(crate) struct Change {
    pub(crate) pixels: Pixels,
    /// Whether it was rotated upright; nothing if that is unknown.
    pub(crate) rotated: Option<bool>,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Pixels {
    /// They are the same, or differ by rounding only, because the picture was rotated losslessly.
    Same,
    /// The mean difference, in levels of 255; infinite if the picture cannot be decoded any more.
    Changed(f64),
    /// No decoder here reads the whole original, and the coded bytes of the new file differ.
    Unknown,
}

/// Compares a photo with what a stripper made of it; `orientation` is that of the original (Exif 2.32, tag 0x0112).
pub(crate) fn compare(before: &[u8], after: &[u8], orientation: u8) -> Change {
    let new_tables = || {
        let old = Walk::new(before).quantisation();
        Walk::new(after).quantisation().iter().any(|table| !old.contains(table))
    };
    let mut is_readable = false;
    // The smaller difference counts: one decoder misreads odd sampling factors of CMYK after a rotation.
    let decoders = [with_zune as fn(&[u8]) -> _, with_libjpeg_turbo].into_iter();
    let changes = decoders.filter_map(|decode| {
        let original = decode(before)?;
        is_readable = true;
        Some(change(&original, &decode(after)?, orientation, new_tables))
    });
    if let Some(change) = changes.min_by(|one, other| one.difference().total_cmp(&other.difference())) {
        return change;
    }
    if Walk::new(before).coded() == Walk::new(after).coded() {
        return Change { pixels: Pixels::Same, rotated: Some(false) };
    }
    if is_readable || new_tables() {
        return Change { pixels: Pixels::Changed(f64::INFINITY), rotated: None };
    }
    // Decode as much as possible: that can show that it is the same, not that it differs.
    let partly = |jpeg| zune(jpeg, false);
    match partly(before).zip(partly(after)).map(|(old, new)| change(&old, &new, orientation, new_tables)) {
        Some(change) if change.pixels == Pixels::Same => change,
        _ => Change { pixels: Pixels::Unknown, rotated: None },
    }
}

impl Change {
    fn difference(&self) -> f64 {
        match self.pixels {
            Pixels::Same => -1.0,
            Pixels::Changed(by) => by,
            Pixels::Unknown => f64::INFINITY,
        }
    }
}

fn change(original: &Picture, clean: &Picture, orientation: u8, new_tables: impl Fn() -> bool) -> Change {
    let stored = original.difference(clean);
    let upright = if orientation > 1 { original.upright(clean, orientation) } else { f64::INFINITY };
    let rotated = upright < stored;
    let pixels = match rotated {
        false if stored == 0.0 => Pixels::Same,
        true if upright <= ROUNDING && !new_tables() => Pixels::Same,
        _ => Pixels::Changed(stored.min(upright)),
    };
    // A picture of one colour looks the same either way.
    Change { pixels, rotated: (upright != stored).then_some(rotated) }
}

struct Picture {
    width: usize,
    height: usize,
    samples: Vec<u8>,
}

/// In strict mode: otherwise it stops at an error and returns what it has decoded so far.
fn with_zune(jpeg: &[u8]) -> Option<Picture> {
    zune(jpeg, true)
}

fn zune(jpeg: &[u8], strict: bool) -> Option<Picture> {
    let options = DecoderOptions::default().set_strict_mode(strict);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(jpeg), options);
    let samples = decoder.decode().ok()?;
    let (width, height) = decoder.dimensions()?;
    (width > 0 && height > 0).then_some(Picture { width, height, samples })
}

/// It reads more than zune-jpeg: arithmetic coding, and metadata between scans. Its warnings are errors here.
fn with_libjpeg_turbo(jpeg: &[u8]) -> Option<Picture> {
    let format = match turbojpeg::read_header(jpeg).ok()?.colorspace {
        Colorspace::CMYK | Colorspace::YCCK => PixelFormat::CMYK,
        _ => PixelFormat::RGB,
    };
    let image = turbojpeg::decompress(jpeg, format).ok()?;
    Some(Picture { width: image.width, height: image.height, samples: image.pixels })
}

impl Picture {
    /// Mean difference of the samples; infinite if the size or the number of channels differs.
    fn difference(&self, other: &Picture) -> f64 {
        if (self.width, self.height) != (other.width, other.height)
            || self.samples.len() != other.samples.len()
        {
            return f64::INFINITY;
        }
        let differences = self.samples.iter().zip(&other.samples).map(|(a, b)| u64::from(a.abs_diff(*b)));
        differences.sum::<u64>() as f64 / self.samples.len() as f64
    }

    /// The same after rotating this picture upright, without what a lossless rotation has to trim.
    fn upright(&self, other: &Picture, orientation: u8) -> f64 {
        let (width, height) = match orientation {
            5.. => (other.height, other.width),
            _ => (other.width, other.height),
        };
        let is_trim =
            |whole: usize, left: usize| whole.checked_sub(left).is_some_and(|rest| rest < LARGEST_MCU);
        if !is_trim(self.width, width) || !is_trim(self.height, height) || width == 0 || height == 0 {
            return f64::INFINITY;
        }
        self.rotated(width, height, orientation).difference(other)
    }

    /// The upper left `width` by `height` pixels, rotated.
    fn rotated(&self, width: usize, height: usize, orientation: u8) -> Picture {
        let channels = self.samples.len() / (self.width * self.height);
        let is_mirrored = matches!(orientation, 2 | 3 | 7 | 8);
        let is_flipped = matches!(orientation, 3 | 4 | 6 | 7);
        let pixel = |x: usize, y: usize| {
            let x = if is_mirrored { width - 1 - x } else { x };
            let y = if is_flipped { height - 1 - y } else { y };
            let at = (y * self.width + x) * channels;
            &self.samples[at..at + channels]
        };
        let mut samples = Vec::with_capacity(width * height * channels);
        let (width, height) = match orientation {
            // Lines become columns.
            5.. => {
                (0..width).for_each(|x| (0..height).for_each(|y| samples.extend_from_slice(pixel(x, y))));
                (height, width)
            }
            _ => {
                (0..height).for_each(|y| (0..width).for_each(|x| samples.extend_from_slice(pixel(x, y))));
                (width, height)
            }
        };
        Picture { width, height, samples }
    }
}
