//! One small picture in every coding that a decoder reads, by libjpeg-turbo, by jpeg-encoder, and by the encoder of the
//! samples where neither writes it.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use turbojpeg::{Colorspace, Compressor, Image, PixelFormat, Subsamp};

use super::pictures::asymmetric;
use super::{ADOBE, decoders, segment};

/// A picture, encoded.
pub(crate) struct Encoded {
    pub(crate) coding: CodingProcess,
    /// Colours, sampling and what else there is to say.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// Width and height of the smallest unit that can be moved whole.
    pub(crate) unit: (u16, u16),
}

/// A coding process (ITU-T T.81, 4.11), by the second byte of its frame header's marker, and bits a sample.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CodingProcess {
    pub(crate) marker: u8,
    pub(crate) precision: u8,
}

impl std::fmt::Display for CodingProcess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let process = match self.marker {
            0xC0 => "baseline",
            0xC1 => "extended sequential",
            0xC2 => "progressive",
            0xC3 => "lossless",
            0xC9 => "arithmetic",
            0xCA => "arithmetic progressive",
            _ => "other",
        };
        write!(f, "{process}, {} bit", self.precision)
    }
}

impl CodingProcess {
    /// Whether it codes DCT coefficients of 8-bit samples: only these can be rotated.
    pub(crate) fn can_be_rotated(self) -> bool {
        self.marker != 0xC3 && self.precision == 8
    }
}

/// No multiple of 8, and of 32 so little more that a rotation may trim it.
const WIDTH: usize = 133;
const HEIGHT: usize = 101;

const SAMPLINGS: [(&str, Subsamp); 6] = [
    ("4:4:4", Subsamp::None),
    ("4:2:2", Subsamp::Sub2x1),
    ("4:2:0", Subsamp::Sub2x2),
    ("4:4:0", Subsamp::Sub1x2),
    ("4:1:1", Subsamp::Sub4x1),
    ("4:4:1", Subsamp::Sub1x4),
];

/// All of them.
pub(crate) fn all() -> Vec<Encoded> {
    let mut all = by_libjpeg_turbo();
    let edited: Vec<Encoded> = all.iter().flat_map(edited).collect();
    all.extend(edited);
    all.extend(by_jpeg_encoder());
    all.extend(by_cjpeg());
    all.extend(samples::coded::every_sampling().into_iter().map(|(name, bytes)| Encoded::new(name, bytes)));
    all
}

impl Encoded {
    /// The coding is read from the file, so that a name never promises what the encoder did not do.
    fn new(name: String, bytes: Vec<u8>) -> Encoded {
        let at = frame(&bytes);
        let components = usize::from(bytes[at + 9]);
        let factors = (0..components).map(|i| bytes[at + 11 + 3 * i]);
        let h = factors.clone().map(|factor| factor >> 4).max().unwrap();
        let v = factors.map(|factor| factor & 0xF).max().unwrap();
        let unit = if components == 1 { (8, 8) } else { (8 * u16::from(h), 8 * u16::from(v)) };
        let coding = CodingProcess { marker: bytes[at + 1], precision: bytes[at + 4] };
        Encoded { coding, name, bytes, unit }
    }

    pub(crate) fn components(&self) -> u8 {
        self.bytes[frame(&self.bytes) + 9]
    }

    /// Whether zune-jpeg can judge it: it does not decode 2 components, and its result varies in sequential coding with
    /// a scan for each component.
    pub(crate) fn is_for_zune(&self) -> bool {
        self.components() != 2 && !self.name.contains("a scan each")
    }
}

fn picture(channels: u16) -> Vec<u8> {
    asymmetric(WIDTH as u16, HEIGHT as u16, channels)
}

fn by_libjpeg_turbo() -> Vec<Encoded> {
    let sampled = |name: &str, format, space| {
        SAMPLINGS.map(|(sampling, subsamp)| (format!("{name} {sampling}"), format, space, subsamp))
    };
    let mut colours = vec![
        ("grey".to_string(), PixelFormat::GRAY, Colorspace::Gray, Subsamp::Gray),
        ("RGB".to_string(), PixelFormat::RGB, Colorspace::RGB, Subsamp::None),
        ("CMYK".to_string(), PixelFormat::CMYK, Colorspace::CMYK, Subsamp::None),
    ];
    colours.extend(sampled("YCbCr", PixelFormat::RGB, Colorspace::YCbCr));
    colours.extend(sampled("YCCK", PixelFormat::CMYK, Colorspace::YCCK));
    let mut all = Vec::new();
    for (name, format, space, subsamp) in colours {
        let compress = |progressive, arithmetic, lossless| {
            let mut compressor = Compressor::new().unwrap();
            compressor.set_quality(90).unwrap();
            compressor.set_colorspace(space).unwrap();
            compressor.set_subsamp(subsamp).unwrap();
            compressor.set_progressive(progressive).unwrap();
            compressor.set_arithmetic(arithmetic).unwrap();
            compressor.set_lossless(lossless).unwrap();
            let pixels = &picture(format.size() as u16)[..];
            let pitch = WIDTH * format.size();
            let image = Image { pixels, width: WIDTH, pitch, height: HEIGHT, format };
            Encoded::new(name.clone(), compressor.compress_to_vec(image).unwrap())
        };
        for (progressive, arithmetic) in [(false, false), (true, false), (false, true), (true, true)] {
            all.push(compress(progressive, arithmetic, false));
        }
        if matches!(space, Colorspace::Gray | Colorspace::RGB | Colorspace::CMYK) {
            all.push(compress(false, false, true));
        }
    }
    all
}

/// The same picture with another header that says the same in another way, or less that decoders need.
fn edited(coded: &Encoded) -> Vec<Encoded> {
    let mut all = Vec::new();
    let mut add = |what: &str, bytes| all.push(Encoded::new(format!("{}, {what}", coded.name), bytes));
    if coded.coding.marker == 0xC0 {
        let mut bytes = coded.bytes.clone();
        bytes[frame(&coded.bytes) + 1] = 0xC1;
        add("called extended", bytes);
    }
    // libjpeg-turbo names the components of RGB by these letters, and then needs no Adobe segment.
    for (marker, length, signature) in [(0xE0, 16, "JFIF"), (0xEE, 14, "Adobe")] {
        let start = [&[0xFF, marker, 0, length][..], signature.as_bytes()].concat();
        let Some(at) = find(&coded.bytes, &start) else { continue };
        let segment_end = at + 2 + usize::from(length);
        let mut bytes = coded.bytes.clone();
        bytes.drain(at..segment_end);
        add(&format!("without {signature}"), bytes);
        if coded.name.starts_with("YCbCr") {
            let mut bytes = coded.bytes.clone();
            bytes.splice(at..segment_end, segment(0xEE, ADOBE));
            add("Adobe instead of JFIF", bytes);
        }
    }
    if coded.name == "RGB" {
        let mut bytes = coded.bytes.clone();
        let components = |id: usize| [b"RGB"[id], id as u8 + 1];
        let (frame, scans) = (frame(&bytes), scans(&bytes));
        for i in 0..3 {
            bytes[frame + 10 + 3 * i] = components(i)[1];
        }
        for scan in scans {
            for i in 0..usize::from(bytes[scan + 4]) {
                let id = &mut bytes[scan + 5 + 2 * i];
                *id = (0..3).map(components).find(|[letter, _]| letter == id).unwrap()[1];
            }
        }
        add("by the Adobe segment alone", bytes);
    }
    all
}

fn by_jpeg_encoder() -> Vec<Encoded> {
    let mut all = Vec::new();
    for (name, colours, channels, sampling) in [
        ("grey", ColorType::Luma, 1, SamplingFactor::F_1_1),
        ("YCbCr 4:4:4", ColorType::Rgb, 3, SamplingFactor::F_1_1),
        ("YCbCr 4:2:0", ColorType::Rgb, 3, SamplingFactor::F_2_2),
        ("CMYK", ColorType::Cmyk, 4, SamplingFactor::F_1_1),
        ("YCCK", ColorType::CmykAsYcck, 4, SamplingFactor::F_1_1),
    ] {
        for progressive in [false, true] {
            let mut bytes = Vec::new();
            let mut encoder = Encoder::new(&mut bytes, 90);
            encoder.set_sampling_factor(sampling);
            encoder.set_progressive(progressive);
            encoder.set_restart_interval(2);
            encoder.encode(&picture(channels), WIDTH as u16, HEIGHT as u16, colours).unwrap();
            // Its Adobe segment has version 0. A clean one has libjpeg-turbo's, and is compared byte for byte.
            if let Some(at) = find(&bytes, b"Adobe\0\0") {
                bytes[at + 6] = 100;
            }
            all.push(Encoded::new(format!("{name}, restarts, by jpeg-encoder"), bytes));
        }
    }
    all
}

/// What libjpeg-turbo writes with its tools only, not through its API. Nothing without the tools.
fn by_cjpeg() -> Vec<Encoded> {
    let colours = [format!("P6 {WIDTH} {HEIGHT} 255\n").as_bytes(), &picture(3)].concat();
    let arguments = [
        "-restart 3B",
        "-restart 1 -progressive",
        "-restart 3B -arithmetic",
        "-restart 1 -arithmetic -progressive",
        "-restart 1 -lossless 6",
        "-lossless 4,2",
        "-lossless 1 -precision 2",
        "-lossless 7 -precision 12",
        "-lossless 5,3 -precision 16",
        "-precision 12",
        "-precision 12 -grayscale",
        "-precision 12 -sample 1x1 -restart 3B",
        "-precision 12 -progressive",
        "-precision 12 -arithmetic",
        "-precision 12 -arithmetic -progressive",
        "-sample 2x1,1x2,1x2",
        "-sample 1x1,2x2,2x2",
        "-sample 4x2 -progressive",
        "-sample 4x1,2x1,1x1 -arithmetic",
    ];
    let encode = |arguments: &&str| {
        let bytes = decoders::cjpeg(&arguments.split(' ').collect::<Vec<_>>(), &colours)?;
        Some(Encoded::new(format!("cjpeg {arguments}"), bytes))
    };
    arguments.iter().filter_map(encode).collect()
}

/// Where the frame header starts.
fn frame(photo: &[u8]) -> usize {
    headers(photo).find(|&at| matches!(photo[at + 1], 0xC0..=0xC3 | 0xC9 | 0xCA)).unwrap()
}

fn scans(photo: &[u8]) -> Vec<usize> {
    (0..photo.len() - 1).filter(|&at| photo[at..].starts_with(&[0xFF, 0xDA])).collect()
}

/// Where the segments before the first scan start, in a file without anything between them.
fn headers(photo: &[u8]) -> impl Iterator<Item = usize> {
    let after = |at: usize| at + 2 + usize::from(u16::from_be_bytes([photo[at + 2], photo[at + 3]]));
    std::iter::successors(Some(2), move |&at| Some(after(at)))
}

fn find(photo: &[u8], bytes: &[u8]) -> Option<usize> {
    photo.windows(bytes.len()).position(|window| window == bytes)
}
