//! Photos with an orientation are rotated losslessly. What an independent decoder makes of them is compared with the
//! stored picture, rotated pixel by pixel.

use crate::support::pictures::{COLOUR, ENCODINGS, GREY, Picture, SUBSAMPLED, photo};
use crate::support::{self, SOI, as_stored, assert_same, exif, orientation_tag, picture, segment};
use scrub::{Bytes, Clean, NotRotated, Options, Orientation, OrientationMode, Recoded, Trim};

fn scrub(photo: &[u8]) -> Clean {
    scrub::scrub(Bytes::copy_from_slice(photo), &Options::default()).unwrap()
}

#[test]
fn every_orientation_in_every_coding_is_rotated_as_a_viewer_would_show_it() {
    let (mut rotated, mut tagged, mut worst) = (0, 0, (0, 0.0_f64));
    for encoding in ENCODINGS {
        for (width, height) in [(96, 64), (97, 64), (96, 71), (109, 75), (31, 17), (133, 117)] {
            for orientation in 2..=8 {
                let original = photo(encoding, width, height, orientation);
                let clean = scrub(&original);
                let what = format!("{} {width} x {height}, orientation {orientation}", encoding.name);
                let stored = Picture::of(&original);
                let expected = stored.trimmed(orientation, encoding.unit).upright(orientation);
                let got = Picture::of(&clean.photo);
                let full = stored.upright(orientation);
                let (columns, rows) = (full.width - expected.width, full.height - expected.height);
                let (trimmed_columns, trimmed_rows) = (columns as u16, rows as u16);
                if columns * 16 > full.width || rows * 16 > full.height {
                    let (width, height) = (full.width as u16, full.height as u16);
                    let trim = Trim { columns: trimmed_columns, rows: trimmed_rows, width, height };
                    let not_rotated = Some(NotRotated::LargeTrim(trim));
                    assert_eq!(
                        clean.report.orientation,
                        Orientation::Tagged { orientation, not_rotated },
                        "{what}"
                    );
                    assert!(
                        got == stored && support::contains(&clean.photo, &orientation_tag(orientation)),
                        "{what}"
                    );
                    tagged += 1;
                    continue;
                }
                let expected_report =
                    Orientation::Rotated { from: orientation, trimmed_columns, trimmed_rows };
                assert_eq!(clean.report.orientation, expected_report, "{what}");
                // Decoders round, and mix the colours of neighbours, in an order that rotates with the picture.
                let (largest, mean) = got.difference(&expected);
                assert!(
                    largest <= 24 && mean < 0.5,
                    "{what}: differs by at most {largest}, {mean:.3} on average"
                );
                worst = (worst.0.max(largest), worst.1.max(mean));
                assert!(!support::contains(&clean.photo, b"Exif"), "{what}");
                rotated += 1;
            }
        }
    }
    assert!(rotated > 100 && tagged > 50, "{rotated} rotated, {tagged} tagged");
    println!(
        "{rotated} photos rotated, {tagged} tagged; differences of at most {} and {:.3} on average",
        worst.0, worst.1
    );
}

#[test]
fn rotating_four_times_by_90_degrees_loses_nothing() {
    let mut tried = 0;
    for encoding in ENCODINGS {
        let original = photo(encoding, 96, 64, 1);
        let once = |photo: &[u8]| {
            let mut tagged = photo.to_vec();
            tagged.splice(2..2, exif(6));
            scrub(&tagged).photo
        };
        // The first rotation writes other tables than the encoder did; four more return to its bytes.
        let first = once(&original);
        let round = once(&once(&once(&once(&first))));
        assert_same(&round, &first, encoding.name);
        let full = once(&once(&once(&first)));
        assert!(Picture::of(&full) == Picture::of(&original), "{}: other pixels", encoding.name);
        tried += 1;
    }
    println!("{tried} encodings, each rotated five times");
}

#[test]
fn every_setting_does_what_it_says() {
    let original = photo(SUBSAMPLED, 96, 64, 6);
    let with = |orientation| {
        scrub::scrub(original.clone().into(), &Options { orientation, ..Options::default() }).unwrap()
    };
    let tagged = with(OrientationMode::Tag);
    let dropped = with(OrientationMode::Drop);
    let rotated = with(OrientationMode::Upright);
    assert!(support::contains(&tagged.photo, &orientation_tag(6)));
    assert_eq!(tagged.report.orientation, Orientation::Tagged { orientation: 6, not_rotated: None });
    assert_eq!(dropped.report.orientation, Orientation::Dropped { from: 6 });
    assert_eq!(tagged.photo.len(), dropped.photo.len() + 36);
    assert!(Picture::of(&dropped.photo) == Picture::of(&original));
    assert_eq!((Picture::of(&rotated.photo).width, Picture::of(&original).width), (64, 96));
    for clean in [tagged, dropped, rotated] {
        let text = clean.report.orientation.to_string();
        println!("{text}");
        assert!(text.contains('6'));
    }
}

#[test]
fn perfect_rotates_only_where_no_pixel_is_trimmed() {
    let perfect = Options { orientation: OrientationMode::Perfect, ..Options::default() };
    let (mut rotated, mut tagged) = (0, 0);
    for encoding in ENCODINGS {
        for (width, height) in [(96, 64), (97, 64), (336, 329)] {
            for orientation in 2..=8 {
                let original = photo(encoding, width, height, orientation);
                let stored = Picture::of(&original);
                let whole = stored.trimmed(orientation, encoding.unit) == stored;
                let clean = scrub::scrub(original.clone().into(), &perfect).unwrap();
                assert_eq!(scrub::verify(&clean.photo, &perfect), Ok(()));
                let what = format!("{} {width} x {height}: {}", encoding.name, clean.report.orientation);
                match clean.report.orientation {
                    Orientation::Rotated { trimmed_columns: 0, trimmed_rows: 0, .. } if whole => rotated += 1,
                    Orientation::Tagged { not_rotated: Some(NotRotated::NotPerfect(_)), .. } if !whole => {
                        tagged += 1
                    }
                    _ => panic!("{what}"),
                }
                let expected = if whole { scrub(&original).photo } else { tag_only(&original) };
                assert_same(&clean.photo, &expected, &what);
            }
        }
    }
    println!("{rotated} rotated, {tagged} tagged");
    assert!(rotated > 50 && tagged > 20);
}

fn tag_only(photo: &[u8]) -> Bytes {
    scrub::scrub(Bytes::copy_from_slice(photo), &as_stored()).unwrap().photo
}

/// 67 megapixels in 100 scans, from the tables to EOI. Each block has one code of one bit in each scan.
fn hundred_scans() -> Vec<Vec<u8>> {
    let mut parts = picture(0xC2);
    parts[1] = segment(0xC2, &[8, 0x20, 0, 0x20, 0, 1, 1, 0x11, 0]);
    let data = vec![0; 1024 * 1024 / 8];
    let scan = |coefficient, bits| [segment(0xDA, &[1, 1, 0, coefficient, coefficient, bits]), data.clone()];
    let first = (1..=63).map(|k| scan(k, u8::from(k <= 36)));
    let scans = [scan(0, 0)].into_iter().chain(first).chain((1..=36).map(|k| scan(k, 0x10)));
    parts.splice(4..8, scans.flatten());
    parts
}

#[test]
fn a_picture_that_is_damaged_or_whose_height_comes_later_is_rotated() {
    let mut parts = picture(0xC0);
    parts[1] = segment(0xC0, &[8, 0, 0, 0, 8, 1, 1, 0x11, 0]);
    parts.insert(6, segment(0xDC, &[0, 8]));
    let mut damaged = picture(0xC0);
    damaged[5] = b"\x7F".to_vec();
    for (parts, recoded) in [(parts, None), (damaged, Some(Recoded::DamagedData))] {
        let clean = scrub(&[SOI, &exif(3), &parts.concat()].concat());
        let orientation = Orientation::Rotated { from: 3, trimmed_columns: 0, trimmed_rows: 0 };
        assert_eq!((clean.report.orientation, clean.report.recoded), (orientation, recoded));
    }
}

#[test]
fn what_cannot_be_rotated_without_loss_keeps_its_tag_and_says_why() {
    let small = photo(SUBSAMPLED, 9, 40, 2);
    let sideways = |picture: Vec<Vec<u8>>| [SOI, &exif(3), &picture.concat()].concat();
    let mut deep = picture(0xC1);
    deep[1] = segment(0xC1, &[12, 0, 8, 0, 8, 1, 1, 0x11, 0]);
    let cases = [
        (small, NotRotated::LargeTrim(Trim { columns: 9, rows: 0, width: 9, height: 40 })),
        (sideways(hundred_scans()), NotRotated::Work { needs: 10_303, given: 3_000 }),
        (sideways(picture(0xC3)), NotRotated::Coding),
        (sideways(deep), NotRotated::Coding),
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
fn a_rotation_that_takes_more_memory_than_is_given_is_not_tried() {
    let original = photo(COLOUR, 640, 480, 6);
    let with =
        |memory| scrub::scrub(original.clone().into(), &Options { memory, ..Options::default() }).unwrap();
    let Orientation::Tagged { not_rotated: Some(NotRotated::Memory { needs, given: 1000 }), .. } =
        with(1000).report.orientation
    else {
        panic!("rotated")
    };
    // Coefficients before and after, 2 bytes each, for 3 components; four times the file that is rotated and 4 bits a
    // block; 1 MiB and 64 KiB for tables.
    let coefficients = 2 * 2 * 3 * 640 * 480;
    let file = scrub::scrub(original.clone().into(), &as_stored()).unwrap().photo.len() as u64;
    println!("{needs} bytes, {coefficients} of them coefficients");
    let blocks = 3 * 80 * 60;
    assert_eq!(needs, coefficients + 4 * file + blocks / 2 + 1_048_576 + 65_536);
    assert!(matches!(with(needs - 1).report.orientation, Orientation::Tagged { .. }));
    assert!(matches!(with(needs).report.orientation, Orientation::Rotated { .. }));
}

#[test]
fn a_grey_picture_is_trimmed_to_blocks_whatever_its_sampling_factors_are() {
    // With one component there is nothing to sample (ITU-T T.81, A.2.2).
    let mut original = photo(GREY, 109, 75, 3);
    let at = original.windows(2).position(|bytes| bytes == [0xFF, 0xC0]).unwrap();
    assert_eq!((original[at + 9], original[at + 11]), (1, 0x11), "one component");
    original[at + 11] = 0x22;
    let clean = scrub(&original);
    let rotated = Orientation::Rotated { from: 3, trimmed_columns: 5, trimmed_rows: 3 };
    assert_eq!(clean.report.orientation, rotated);
    let at = clean.photo.windows(2).position(|bytes| bytes == [0xFF, 0xC0]).unwrap();
    assert_eq!(clean.photo[at + 5..at + 9], [0, 72, 0, 104], "height and width");
}

#[test]
fn the_densities_of_columns_and_rows_are_rotated_with_the_picture() {
    for (orientation, expected) in [(3, [0, 1, 0, 2]), (6, [0, 2, 0, 1])] {
        let mut original = photo(COLOUR, 96, 64, orientation);
        let at = original.windows(5).position(|bytes| bytes == b"JFIF\0").unwrap();
        original[at + 7..at + 12].copy_from_slice(&[1, 0, 72, 0, 144]);
        let clean = scrub(&original);
        assert_eq!(clean.photo[14..18], expected, "orientation {orientation}");
    }
}

#[test]
fn what_the_rotating_library_writes_is_clean_and_scrubbing_it_again_changes_nothing() {
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
    println!("{tried} photos rotated");
}
