//! The numbers of a frame header: how much data a picture takes at the least, and what is made of no picture at all.

use crate::support::*;
use scrub::{NotTurned, Options, Orientation, Refusal};

/// A frame header with these sampling factors, one byte for each component.
fn frame(marker: u8, width: u16, height: u16, sampling: &[u8]) -> Vec<u8> {
    let components = sampling.iter().zip(1..).flat_map(|(&factors, number)| [number, factors, 0]);
    let size = [height.to_be_bytes(), width.to_be_bytes()].concat();
    segment(marker, &[vec![8], size, vec![sampling.len() as u8], components.collect::<Vec<u8>>()].concat())
}

fn photo(frame: &[u8], data: &[u8]) -> Vec<u8> {
    [SOI, &dqt(), frame, &sos(), data, EOI].concat()
}

#[test]
fn a_huge_picture_takes_a_bit_for_every_block_of_a_quarter_of_it() {
    // Units of as many blocks as the sampling factors say cover the picture. All numbers by hand.
    let cases: [(u16, u16, &[u8], u64); 8] = [
        (8193, 8192, &[0x11], 1025 * 1024),
        (8192, 8193, &[0x11], 1024 * 1025),
        (65_500, 65_500, &[0x11; 3], 3 * 8188 * 8188),
        (65_500, 65_500, &[0x22, 0x11, 0x11], (2 * 4094) * (2 * 4094) + 2 * 4094 * 4094),
        (65_500, 10_001, &[0x21, 0x11, 0x11], (2 * 4094) * 1251 + 2 * 4094 * 1251),
        (65_500, 10_001, &[0x12, 0x11, 0x11], 8188 * (2 * 626) + 2 * 8188 * 626),
        (65_500, 10_001, &[0x41, 0x11, 0x21], (4 + 1 + 2) * 2047 * 1251),
        (65_500, 10_001, &[0x11, 0x13, 0x24], (1 + 3 + 8) * 4094 * 313),
    ];
    for (width, height, sampling, blocks) in cases {
        let needed = blocks / 32;
        let frame = frame(0xC0, width, height, sampling);
        let with = |bytes: u64| scrub(&photo(&frame, &vec![0x55; usize::try_from(bytes).unwrap()]));
        assert_eq!(
            with(needed - 1).unwrap_err(),
            Refusal::TooLittleData { width, height, bytes: needed - 1, needed, offset: 71 },
            "{sampling:X?}"
        );
        assert!(with(needed).is_ok(), "{sampling:X?}");
    }
    println!("{} pictures", cases.len());
}

#[test]
fn the_data_of_all_scans_counts() {
    let frame = frame(0xC2, 8193, 8192, &[0x11]);
    let needed = 1025 * 1024 / 32;
    let with = |bytes: usize| {
        let half = vec![0x55; bytes / 2];
        scrub(&[SOI, &frame, &sos(), &half, &dht(0), &sos(), &half, EOI].concat())
    };
    assert!(with(needed).is_ok());
    let bytes = needed as u64 - 2;
    let refusal =
        Refusal::TooLittleData { width: 8193, height: 8192, bytes, needed: needed as u64, offset: 2 };
    assert_eq!(with(needed - 2).unwrap_err(), refusal);
}

#[test]
fn a_picture_that_is_not_huge_or_of_another_coding_needs_no_data() {
    let cases: [(u8, u16, u16, &[u8]); 8] = [
        (0xC0, 8192, 8192, &[0x22, 0x11, 0x11]),
        (0xC0, 65_500, 1024, &[0x11]),
        (0xC0, 65_500, 0, &[0x11]),
        (0xC3, 65_500, 65_500, &[0x11]),
        (0xC9, 65_500, 65_500, &[0x11]),
        (0xCA, 65_500, 65_500, &[0x11]),
        // No decoder can make anything of these factors.
        (0xC0, 65_500, 65_500, &[0x01]),
        (0xC0, 65_500, 65_500, &[0x15, 0x11, 0x11]),
    ];
    for (marker, width, height, sampling) in cases {
        let photo = photo(&frame(marker, width, height, sampling), b"\x55");
        assert_same(&scrub(&photo).unwrap().photo, &photo, &format!("{marker:02X} {width} x {height}"));
    }
    for marker in [0xC0, 0xC1, 0xC2] {
        let photo = photo(&frame(marker, 65_500, 65_500, &[0x11]), b"\x55");
        assert_eq!(scrub(&photo).unwrap_err().name(), "TooLittleData", "{marker:02X}");
    }
    println!("{} pictures", cases.len());
}

#[test]
fn a_picture_with_sampling_factors_that_make_no_sense_is_not_turned() {
    for factors in [0x00, 0x01, 0x10, 0x15, 0x51] {
        let plain = photo(&frame(0xC0, 64, 64, &[0x11, 0x11, factors]), ENTROPY);
        let tagged = [SOI, &exif(6), &plain[2..]].concat();
        let clean = scrub::scrub(tagged.into(), &Options::default()).unwrap();
        let expected = [SOI, &orientation_tag(6), &plain[2..]].concat();
        assert_same(&clean.photo, &expected, &format!("{factors:02X}"));
        let reason = Orientation::Tagged { orientation: 6, not_turned: Some(NotTurned::Damaged) };
        assert_eq!(clean.report.orientation, reason);
    }
}
