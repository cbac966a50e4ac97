//! Photos that lie on their side are turned without loss. What an independent decoder draws is compared with the
//! stored picture, turned pixel by pixel.

use crate::support::{
    self, ENTROPY, EOI, SOI, as_stored, assert_same, exif, orientation_tag, segment, sof, sos,
};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use scrub::{Bytes, Clean, NotRotated, Options, Orientation, OrientationMode};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

/// How a picture is coded: name, colours, sampling, whether progressive, width and height of a unit.
pub(crate) type Coding = (&'static str, ColorType, SamplingFactor, bool, (u16, u16));

pub(crate) const CODINGS: [Coding; 7] = [
    ("4:4:4", ColorType::Rgb, SamplingFactor::F_1_1, false, (8, 8)),
    ("4:2:2", ColorType::Rgb, SamplingFactor::F_2_1, false, (16, 8)),
    ("4:4:0", ColorType::Rgb, SamplingFactor::F_1_2, false, (8, 16)),
    ("4:2:0", ColorType::Rgb, SamplingFactor::F_2_2, false, (16, 16)),
    ("4:2:0 progressive", ColorType::Rgb, SamplingFactor::F_2_2, true, (16, 16)),
    ("grey", ColorType::Luma, SamplingFactor::F_1_1, false, (8, 8)),
    ("CMYK", ColorType::Cmyk, SamplingFactor::F_1_1, false, (8, 8)),
];

/// A decoded picture.
#[derive(Clone, PartialEq)]
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<[u8; 4]>,
}

impl Picture {
    fn of(photo: &[u8]) -> Picture {
        let mut decoder = JpegDecoder::new(ZCursor::new(photo));
        let bytes = decoder.decode().unwrap();
        let (width, height) = decoder.dimensions().unwrap();
        let channels = bytes.len() / (width * height);
        let pixels =
            bytes.chunks(channels).map(|p| std::array::from_fn(|i| p[i.min(channels - 1)])).collect();
        Picture { width, height, pixels }
    }

    fn at(&self, x: usize, y: usize) -> [u8; 4] {
        self.pixels[y * self.width + x]
    }

    /// Without the columns on the right and the rows at the bottom that do not fill a unit, where they are in the way.
    pub(crate) fn trimmed(&self, orientation: u8, (unit_width, unit_height): (u16, u16)) -> Picture {
        let whole = |length: usize, unit: u16| length - length % usize::from(unit);
        let width =
            if matches!(orientation, 2 | 3 | 7 | 8) { whole(self.width, unit_width) } else { self.width };
        let height =
            if matches!(orientation, 3 | 4 | 6 | 7) { whole(self.height, unit_height) } else { self.height };
        Picture::draw(width, height, |x, y| self.at(x, y))
    }

    /// As a viewer shows it that obeys the orientation (Exif 2.32, tag 0x0112).
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

/// A picture without any symmetry, with an orientation.
pub(crate) fn photo(
    (_, colours, sampling, progressive, _): Coding,
    width: u16,
    height: u16,
    orientation: u8,
) -> Vec<u8> {
    let channels = match colours {
        ColorType::Luma => 1,
        ColorType::Cmyk => 4,
        _ => 3,
    };
    let wave = |x: u16, y: u16, c: u16| {
        let (x, y, c) = (f32::from(x), f32::from(y), f32::from(c));
        (128.0 + 60.0 * (x * 0.07 + c).sin() + 50.0 * (y * 0.11 + x * 0.013 * c).cos()) as u8
    };
    let samples =
        (0..height).flat_map(|y| (0..width).flat_map(move |x| (0..channels).map(move |c| (x, y, c))));
    let samples: Vec<u8> = samples.map(|(x, y, c)| wave(x, y, c)).collect();
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, 90);
    encoder.set_sampling_factor(sampling);
    encoder.set_progressive(progressive);
    encoder.encode(&samples, width, height, colours).unwrap();
    jpeg.splice(2..2, exif(orientation));
    jpeg
}

fn scrub(photo: &[u8]) -> Clean {
    scrub::scrub(Bytes::copy_from_slice(photo), &Options::default()).unwrap()
}

#[test]
fn every_orientation_in_every_coding_is_turned_as_a_viewer_would_show_it() {
    let (mut turned, mut worst) = (0, (0, 0.0_f64));
    for coding in CODINGS {
        for (width, height) in [(96, 64), (97, 64), (96, 71), (109, 75), (31, 17)] {
            for orientation in 2..=8 {
                let original = photo(coding, width, height, orientation);
                let clean = scrub(&original);
                let what = format!("{} {width} x {height}, orientation {orientation}", coding.0);
                let stored = Picture::of(&original);
                let expected = stored.trimmed(orientation, coding.4).upright(orientation);
                let got = Picture::of(&clean.photo);
                let full = stored.upright(orientation);
                assert_eq!(
                    clean.report.orientation,
                    Orientation::Rotated {
                        from: orientation,
                        trimmed_columns: (full.width - expected.width) as u16,
                        trimmed_rows: (full.height - expected.height) as u16,
                    },
                    "{what}"
                );
                // Decoders round, and mix the colours of neighbours, in an order that turns with the picture.
                let (largest, mean) = got.difference(&expected);
                assert!(
                    largest <= 24 && mean < 0.5,
                    "{what}: differs by {largest} at most, {mean:.3} on average"
                );
                worst = (worst.0.max(largest), worst.1.max(mean));
                assert!(!support::contains(&clean.photo, b"Exif"), "{what}");
                turned += 1;
            }
        }
    }
    println!("{turned} photos turned; differences of {} at most and {:.3} on average", worst.0, worst.1);
}

#[test]
fn turning_four_times_by_90_degrees_loses_nothing() {
    let mut tried = 0;
    for coding in CODINGS {
        let original = photo(coding, 96, 64, 1);
        let once = |photo: &[u8]| {
            let mut tagged = photo.to_vec();
            tagged.splice(2..2, exif(6));
            scrub(&tagged).photo
        };
        // The first turn writes other tables than the encoder did; four more come back to its bytes.
        let first = once(&original);
        let round = once(&once(&once(&once(&first))));
        assert_same(&round, &first, coding.0);
        let full = once(&once(&once(&first)));
        assert!(Picture::of(&full) == Picture::of(&original), "{}: other pixels", coding.0);
        tried += 1;
    }
    println!("{tried} codings, each turned five times");
}

#[test]
fn every_setting_does_what_it_says() {
    let original = photo(CODINGS[3], 96, 64, 6);
    let with = |orientation| {
        scrub::scrub(original.clone().into(), &Options { orientation, ..Options::default() }).unwrap()
    };
    let tagged = with(OrientationMode::Tag);
    let dropped = with(OrientationMode::Drop);
    let turned = with(OrientationMode::Upright);
    assert!(support::contains(&tagged.photo, &orientation_tag(6)));
    assert_eq!(tagged.report.orientation, Orientation::Tagged { orientation: 6, not_rotated: None });
    assert_eq!(dropped.report.orientation, Orientation::Dropped { from: 6 });
    assert_eq!(tagged.photo.len(), dropped.photo.len() + 36);
    assert!(Picture::of(&dropped.photo) == Picture::of(&original));
    assert_eq!((Picture::of(&turned.photo).width, Picture::of(&original).width), (64, 96));
    for clean in [tagged, dropped, turned] {
        let text = clean.report.orientation.to_string();
        println!("{text}");
        assert!(text.contains('6'));
    }
}

#[test]
fn what_cannot_be_turned_without_loss_keeps_its_tag_and_says_why() {
    let small = photo(CODINGS[3], 9, 40, 2);
    let damaged = [SOI, &exif(3), &sof(0xC0), &sos(), ENTROPY, EOI].concat();
    let lossless = [SOI, &exif(3), &sof(0xC3), &sos(), ENTROPY, EOI].concat();
    let deep = segment(0xC1, &[12, 0, 8, 0, 8, 1, 1, 0x11, 0]);
    let deep = [SOI, &exif(3), &deep, &sos(), ENTROPY, EOI].concat();
    let later_height = segment(0xC0, &[8, 0, 0, 0, 8, 1, 1, 0x11, 0]);
    let later_height = [SOI, &exif(3), &later_height, &sos(), ENTROPY, &segment(0xDC, &[0, 8]), EOI].concat();
    let scans = |n| [SOI, &exif(3), &sof(0xC2), &[sos(), ENTROPY.to_vec()].concat().repeat(n), EOI].concat();
    let cases = [
        (small, NotRotated::TooSmall),
        (damaged, NotRotated::Damaged),
        (lossless, NotRotated::Coding),
        (deep, NotRotated::Coding),
        (later_height, NotRotated::Coding),
        (scans(101), NotRotated::Scans { limit: 100 }),
        (scans(100), NotRotated::Damaged),
    ];
    for (photo, reason) in cases {
        let clean = scrub(&photo);
        println!("{}", clean.report.orientation);
        let Orientation::Tagged { not_rotated, .. } = clean.report.orientation else { panic!("{reason}") };
        assert_eq!(not_rotated, Some(reason));
        let stored = scrub::scrub(photo.into(), &as_stored()).unwrap();
        assert_same(&clean.photo, &stored.photo, &reason.to_string());
        assert_eq!(clean.report.added, stored.report.added);
    }
}

#[test]
fn a_turn_that_takes_more_memory_than_is_given_is_not_tried() {
    let original = photo(CODINGS[0], 640, 480, 6);
    let with = |rotate_memory| {
        scrub::scrub(original.clone().into(), &Options { rotate_memory, ..Options::default() }).unwrap()
    };
    let Orientation::Tagged { not_rotated: Some(NotRotated::Memory { needs, given: 1000 }), .. } =
        with(1000).report.orientation
    else {
        panic!("turned")
    };
    // Coefficients before and after, 2 bytes each, for 3 components; three times the file that is turned and 2 bits a block;
    // 1 MiB and 64 KiB for tables.
    let coefficients = 2 * 2 * 3 * 640 * 480;
    let file = scrub::scrub(original.clone().into(), &as_stored()).unwrap().photo.len() as u64;
    println!("{needs} bytes, {coefficients} of them coefficients");
    let blocks = 3 * 80 * 60;
    assert_eq!(needs, coefficients + 3 * file + blocks / 4 + 1_048_576 + 65_536);
    assert!(matches!(with(needs - 1).report.orientation, Orientation::Tagged { .. }));
    assert!(matches!(with(needs).report.orientation, Orientation::Rotated { .. }));
}

#[test]
fn a_grey_picture_is_trimmed_to_blocks_whatever_its_sampling_factors_are() {
    // With one component there is nothing to sample (ITU-T T.81, A.2.2).
    let mut original = photo(CODINGS[5], 109, 75, 3);
    let at = original.windows(2).position(|bytes| bytes == [0xFF, 0xC0]).unwrap();
    assert_eq!((original[at + 9], original[at + 11]), (1, 0x11), "one component");
    original[at + 11] = 0x22;
    let clean = scrub(&original);
    let turned = Orientation::Rotated { from: 3, trimmed_columns: 5, trimmed_rows: 3 };
    assert_eq!(clean.report.orientation, turned);
    let at = clean.photo.windows(2).position(|bytes| bytes == [0xFF, 0xC0]).unwrap();
    assert_eq!(clean.photo[at + 5..at + 9], [0, 72, 0, 104], "height and width");
}

#[test]
fn the_densities_of_columns_and_rows_turn_with_the_picture() {
    for (orientation, expected) in [(3, [0, 72, 0, 144]), (6, [0, 144, 0, 72])] {
        let mut original = photo(CODINGS[0], 96, 64, orientation);
        let at = original.windows(5).position(|bytes| bytes == b"JFIF\0").unwrap();
        original[at + 7..at + 12].copy_from_slice(&[1, 0, 72, 0, 144]);
        let clean = scrub(&original);
        assert_eq!(clean.photo[14..18], expected, "orientation {orientation}");
    }
}

#[test]
fn what_the_turning_library_writes_is_clean_and_cleaning_it_again_changes_nothing() {
    let mut tried = 0;
    for sample in samples::all() {
        for orientation in 2..=8 {
            let mut original = sample.bytes.clone();
            original.splice(2..2, exif(orientation));
            let clean = scrub(&original);
            assert!(matches!(clean.report.orientation, Orientation::Rotated { .. }), "{}", sample.name);
            assert_eq!(scrub::verify(&clean.photo, &Options::default()), Ok(()), "{}", sample.name);
            for secret in &sample.secrets {
                assert!(!support::contains(&clean.photo, secret), "{}: a secret is left", sample.name);
            }
            assert_same(&scrub(&clean.photo).photo, &clean.photo, sample.name);
            tried += 1;
        }
    }
    println!("{tried} photos turned");
}
