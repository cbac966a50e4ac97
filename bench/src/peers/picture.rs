//! Pictures, decoded, and how far one is from another: as it is stored, and turned upright.

use turbojpeg::{Colorspace, PixelFormat};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::walk::Walk;

/// Largest width and height of a unit of the coding (ITU-T T.81, A.2.4): less than this a turn without loss may trim.
const LARGEST_UNIT: usize = 32;
/// Decoders round in an order that turns with the picture. By this much samples of one picture differ on average.
const ROUNDING: f64 = 1.0;

/// How a picture came out of a stripper.
#[derive(Debug, PartialEq)]
pub(crate) struct Came {
    pub(crate) pixels: Pixels,
    /// Whether it was turned upright; nothing where that cannot be told.
    pub(crate) turned: Option<bool>,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Pixels {
    /// Every one is the same, or would be but for rounding, as the picture was turned without being coded anew.
    Same,
    /// By so many levels of 255 on average; infinitely where nothing can be seen of the picture any more.
    Changed(f64),
    /// Decoders at hand read no more than a part of the original, and the new one is coded in other bytes.
    Unknown,
}

/// Compares a photo with what a stripper made of it; `orientation` says how it is to be turned (Exif 2.32, tag 0x0112).
pub(crate) fn compare(before: &[u8], after: &[u8], orientation: u8) -> Came {
    let new_tables = || {
        let old = Walk::new(before).quantisation();
        Walk::new(after).quantisation().iter().any(|table| !old.contains(table))
    };
    let mut is_readable = false;
    // The one that sees less of a difference: one of them takes odd sampling factors of four inks for others once it is turned.
    let decoders = [with_zune as fn(&[u8]) -> _, with_libjpeg_turbo].into_iter();
    let by_decoder = decoders.filter_map(|decode| {
        let original = decode(before)?;
        is_readable = true;
        Some(apart(&original, &decode(after)?, orientation, new_tables))
    });
    if let Some(came) = by_decoder.min_by(|one, other| one.difference().total_cmp(&other.difference())) {
        return came;
    }
    if Walk::new(before).coded() == Walk::new(after).coded() {
        return Came { pixels: Pixels::Same, turned: Some(false) };
    }
    if is_readable || new_tables() {
        return Came { pixels: Pixels::Changed(f64::INFINITY), turned: None };
    }
    // As far as it can be read: enough to say that it is the same, not that it is not.
    let partly = |jpeg| zune(jpeg, false);
    match partly(before).zip(partly(after)).map(|(old, new)| apart(&old, &new, orientation, new_tables)) {
        Some(came) if came.pixels == Pixels::Same => came,
        _ => Came { pixels: Pixels::Unknown, turned: None },
    }
}

impl Came {
    fn difference(&self) -> f64 {
        match self.pixels {
            Pixels::Same => -1.0,
            Pixels::Changed(by) => by,
            Pixels::Unknown => f64::INFINITY,
        }
    }
}

fn apart(original: &Picture, clean: &Picture, orientation: u8, new_tables: impl Fn() -> bool) -> Came {
    let stored = original.difference(clean);
    let upright = if orientation > 1 { original.upright(clean, orientation) } else { f64::INFINITY };
    let turned = upright < stored;
    let pixels = match turned {
        false if stored == 0.0 => Pixels::Same,
        true if upright <= ROUNDING && !new_tables() => Pixels::Same,
        _ => Pixels::Changed(stored.min(upright)),
    };
    // A picture of one colour is the same either way.
    Came { pixels, turned: (upright != stored).then_some(turned) }
}

struct Picture {
    width: usize,
    height: usize,
    samples: Vec<u8>,
}

/// Strictly: otherwise it stops where it stumbles, and takes what it has by then for the picture.
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

/// It reads more: arithmetic coding, and metadata between scans. Its warnings are errors here.
fn with_libjpeg_turbo(jpeg: &[u8]) -> Option<Picture> {
    let format = match turbojpeg::read_header(jpeg).ok()?.colorspace {
        Colorspace::CMYK | Colorspace::YCCK => PixelFormat::CMYK,
        _ => PixelFormat::RGB,
    };
    let image = turbojpeg::decompress(jpeg, format).ok()?;
    Some(Picture { width: image.width, height: image.height, samples: image.pixels })
}

impl Picture {
    /// Mean difference of the samples; infinite where the size or the number of channels is another.
    fn difference(&self, other: &Picture) -> f64 {
        if (self.width, self.height) != (other.width, other.height)
            || self.samples.len() != other.samples.len()
        {
            return f64::INFINITY;
        }
        let apart = self.samples.iter().zip(&other.samples).map(|(a, b)| u64::from(a.abs_diff(*b)));
        apart.sum::<u64>() as f64 / self.samples.len() as f64
    }

    /// The same from this picture turned upright, less what a turn without loss has to trim.
    fn upright(&self, other: &Picture, orientation: u8) -> f64 {
        let (width, height) = match orientation {
            5.. => (other.height, other.width),
            _ => (other.width, other.height),
        };
        let is_trim =
            |whole: usize, left: usize| whole.checked_sub(left).is_some_and(|rest| rest < LARGEST_UNIT);
        if !is_trim(self.width, width) || !is_trim(self.height, height) || width == 0 || height == 0 {
            return f64::INFINITY;
        }
        self.turned(width, height, orientation).difference(other)
    }

    /// The upper left `width` by `height` pixels, turned.
    fn turned(&self, width: usize, height: usize, orientation: u8) -> Picture {
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
