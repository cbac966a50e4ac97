//! Pictures to rotate: how they are encoded, and what they look like decoded, trimmed and upright.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::decoders::{self, Decoded};
use super::exif;

/// How a picture is encoded.
#[derive(Clone, Copy)]
pub(crate) struct Encoding {
    pub(crate) name: &'static str,
    colours: ColorType,
    sampling: SamplingFactor,
    progressive: bool,
    /// Width and height of the smallest unit that can be moved whole.
    pub(crate) unit: (u16, u16),
}

const fn encoding(
    name: &'static str,
    colours: ColorType,
    sampling: SamplingFactor,
    progressive: bool,
    unit: (u16, u16),
) -> Encoding {
    Encoding { name, colours, sampling, progressive, unit }
}

pub(crate) const COLOUR: Encoding = encoding("4:4:4", ColorType::Rgb, SamplingFactor::F_1_1, false, (8, 8));
pub(crate) const SUBSAMPLED: Encoding =
    encoding("4:2:0", ColorType::Rgb, SamplingFactor::F_2_2, false, (16, 16));
pub(crate) const GREY: Encoding = encoding("grey", ColorType::Luma, SamplingFactor::F_1_1, false, (8, 8));

pub(crate) const ENCODINGS: [Encoding; 7] = [
    COLOUR,
    encoding("4:2:2", ColorType::Rgb, SamplingFactor::F_2_1, false, (16, 8)),
    encoding("4:4:0", ColorType::Rgb, SamplingFactor::F_1_2, false, (8, 16)),
    SUBSAMPLED,
    encoding("4:2:0 progressive", ColorType::Rgb, SamplingFactor::F_2_2, true, (16, 16)),
    GREY,
    encoding("CMYK", ColorType::Cmyk, SamplingFactor::F_1_1, false, (8, 8)),
];

/// The samples of a picture without any symmetry, this many a pixel.
pub(crate) fn asymmetric(width: u16, height: u16, channels: u16) -> Vec<u8> {
    let wave = |x: u16, y: u16, c: u16| {
        let (x, y, c) = (f32::from(x), f32::from(y), f32::from(c));
        (128.0 + 60.0 * (x * 0.07 + c).sin() + 50.0 * (y * 0.11 + x * 0.013 * c).cos()) as u8
    };
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    pixels.flat_map(|(x, y)| (0..channels).map(move |c| wave(x, y, c))).collect()
}

/// A photo of a picture without any symmetry, with an orientation.
pub(crate) fn photo(encoding: Encoding, width: u16, height: u16, orientation: u8) -> Vec<u8> {
    let channels = match encoding.colours {
        ColorType::Luma => 1,
        ColorType::Cmyk => 4,
        _ => 3,
    };
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, 90);
    encoder.set_sampling_factor(encoding.sampling);
    encoder.set_progressive(encoding.progressive);
    encoder.encode(&asymmetric(width, height, channels), width, height, encoding.colours).unwrap();
    jpeg.splice(2..2, exif(orientation));
    jpeg
}

/// A decoded picture, four samples a pixel: the last one is repeated where there are fewer.
#[derive(Clone, PartialEq)]
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<[u8; 4]>,
}

impl Picture {
    /// What zune-jpeg decodes.
    pub(crate) fn of(photo: &[u8]) -> Picture {
        Picture::from(decoders::zune(photo).unwrap())
    }

    fn at(&self, x: usize, y: usize) -> [u8; 4] {
        self.pixels[y * self.width + x]
    }

    /// Without the columns on the right and the rows at the bottom that do not fill a unit, if rotation would move them
    /// to the left or to the top.
    pub(crate) fn trimmed(&self, orientation: u8, (unit_width, unit_height): (u16, u16)) -> Picture {
        let whole = |length: usize, unit: u16| length - length % usize::from(unit);
        let width =
            if matches!(orientation, 2 | 3 | 7 | 8) { whole(self.width, unit_width) } else { self.width };
        let height =
            if matches!(orientation, 3 | 4 | 6 | 7) { whole(self.height, unit_height) } else { self.height };
        Picture::draw(width, height, |x, y| self.at(x, y))
    }

    /// As a viewer that follows the orientation shows it (Exif 2.32, tag 0x0112).
    pub(crate) fn upright(&self, orientation: u8) -> Picture {
        let (right, bottom) = (self.width - 1, self.height - 1);
        let (width, height) =
            if orientation < 5 { (self.width, self.height) } else { (self.height, self.width) };
        Picture::draw(width, height, |x, y| match orientation {
            2 => self.at(right - x, y),
            3 => self.at(right - x, bottom - y),
            4 => self.at(x, bottom - y),
            5 => self.at(y, x),
            6 => self.at(y, bottom - x),
            7 => self.at(right - y, bottom - x),
            8 => self.at(right - y, x),
            _ => self.at(x, y),
        })
    }

    fn draw(width: usize, height: usize, colour: impl Fn(usize, usize) -> [u8; 4]) -> Picture {
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Picture { width, height, pixels: pixels.map(|(x, y)| colour(x, y)).collect() }
    }

    /// The largest and the mean difference of two samples.
    pub(crate) fn difference(&self, other: &Picture) -> (u8, f64) {
        assert_eq!((self.width, self.height), (other.width, other.height));
        let pairs = self.pixels.as_flattened().iter().zip(other.pixels.as_flattened());
        let differences: Vec<u8> = pairs.map(|(a, b)| a.abs_diff(*b)).collect();
        let sum: u64 = differences.iter().map(|&d| u64::from(d)).sum();
        (*differences.iter().max().unwrap(), sum as f64 / differences.len() as f64)
    }
}

impl From<Decoded> for Picture {
    fn from(Decoded { width, height, samples }: Decoded) -> Picture {
        let channels = samples.len() / (width * height);
        let pixels = samples.chunks(channels).map(|p| std::array::from_fn(|i| p[i.min(channels - 1)]));
        Picture { width, height, pixels: pixels.collect() }
    }
}
