//! The numbers of a frame header: how much data a picture needs at least, and which numbers are refused.

use crate::support::*;
use scrub::{Recoded, Refusal, Violation, verify};

/// A frame header with these sampling factors, one byte for each component.
fn frame(marker: u8, width: u16, height: u16, sampling: &[u8]) -> Vec<u8> {
    let components = sampling.iter().zip(1..).flat_map(|(&factors, number)| [number, factors, 0]);
    let size = [height.to_be_bytes(), width.to_be_bytes()].concat();
    segment(marker, &[vec![8], size, vec![sampling.len() as u8], components.collect::<Vec<u8>>()].concat())
}

fn photo(frame: &[u8], data: &[u8]) -> Vec<u8> {
    // One coefficient, or one difference, where a scan does not code all.
    let parameters = match frame[1] {
        0xC2 | 0xCA => [0, 0, 0],
        0xC3 => [1, 0, 0],
        _ => [0, 63, 0],
    };
    let scan = segment(0xDA, &[&[1, 1, 0][..], &parameters].concat());
    [SOI, &dqt(), frame, &dht(0x00), &dht(0x10), &scan, data, EOI].concat()
}

#[test]
fn a_huge_picture_needs_a_bit_for_each_block_of_a_quarter_of_it() {
    // The picture is covered by units of as many blocks as the sampling factors say. All numbers are computed by hand.
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
        // It is damaged, but not too small for its picture.
        let damaged = with(needed).map(|clean| clean.report.recoded);
        assert!(
            matches!(
                damaged,
                Ok(Some(Recoded::DamagedData))
                    | Err(Refusal::NotRecoded { reason: Recoded::DamagedData, .. })
            ),
            "{sampling:X?}: {damaged:?}"
        );
    }
    println!("{} pictures", cases.len());
}

#[test]
fn the_data_of_all_scans_counts() {
    let frame = frame(0xC0, 8193, 8192, &[0x11; 3]);
    let needed = 3 * 1025 * 1024 / 32;
    let with = |bytes: usize| {
        let half = vec![0x55; bytes / 2];
        let second = segment(0xDA, &[1, 2, 0, 0, 63, 0]);
        scrub(&[SOI, &frame, &sos(), &half, &dht(0), &second, &half, EOI].concat())
    };
    assert_ne!(with(needed).map_or_else(|refusal| refusal.name(), |_| "clean"), "TooLittleData");
    let bytes = needed as u64 - 2;
    let refusal =
        Refusal::TooLittleData { width: 8193, height: 8192, bytes, needed: needed as u64, offset: 2 };
    assert_eq!(with(needed - 2).unwrap_err(), refusal);
}

#[test]
fn a_picture_that_is_not_huge_needs_no_data_and_a_huge_one_does_whatever_its_coding() {
    let cases: [(u8, &[u8], &[u8], Recoded); 1] =
        [(0xC0, &[0x22, 0x11, 0x11], b"\x55", Recoded::DamagedData)];
    for (marker, sampling, data, reason) in cases {
        for (width, height) in [(8192, 8192), (65_500, 1024)] {
            let photo = photo(&frame(marker, width, height, sampling), data);
            let clean = scrub(&photo).unwrap();
            assert_eq!(clean.report.recoded, Some(reason), "{marker:02X} {width} x {height}");
            assert!(contains(&clean.photo, &[height.to_be_bytes(), width.to_be_bytes()].concat()));
        }
    }
    let markers = [0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA];
    for marker in markers {
        let photo = photo(&frame(marker, 65_500, 65_500, &[0x11]), b"\x55");
        assert_eq!(scrub(&photo).unwrap_err().name(), "TooMuchWork", "{marker:02X}");
    }
    println!("{} codings", markers.len());
}

#[test]
fn a_height_that_comes_after_the_scan_counts_and_without_any_there_is_no_picture() {
    let with = |height, data: &[u8], dnl: &[u8]| {
        let mut photo = photo(&frame(0xC0, 65_500, height, &[0x11]), data);
        photo.truncate(photo.len() - EOI.len());
        [&photo, dnl, EOI].concat()
    };
    // Two codes of one bit for each block of a row, without padding.
    let row = vec![0; 8188 * 2 / 8];
    let clean = scrub(&with(0, &row, &segment(0xDC, &[0, 8]))).unwrap().photo;
    assert_same(&clean, &with(8, &row, b""), "8 lines");
    let huge = scrub(&with(0, b"\x55", &segment(0xDC, &65_500_u16.to_be_bytes()))).unwrap_err();
    // 67,043,344 blocks, 12 ns each.
    assert!(matches!(huge, Refusal::TooMuchWork { needs: 805, .. }), "{huge:?}");
    for none in [Vec::new(), segment(0xDC, &[0, 0]), segment(0xDC, &[1])] {
        assert_eq!(scrub(&with(0, &row, &none)).unwrap_err(), Refusal::EmptyPicture { offset: 71 });
    }
}

/// Asserts that both scrubber and verifier refuse a frame header.
fn assert_refused(frame: &[u8], what: &str) {
    let photo = photo(frame, ENTROPY);
    assert_eq!(scrub(&photo).unwrap_err(), Refusal::BadFrame { offset: 71 }, "{what}");
    // No clean photo is coded by arithmetic, whatever its numbers.
    let violation = match frame[1] {
        marker @ (0xC9 | 0xCA) => Violation::Forbidden { marker, offset: 71 },
        marker => Violation::Shape { marker, offset: 71 },
    };
    assert_eq!(verify(&photo, &as_stored()), Err(violation), "{what}");
}

/// The smallest picture, with this frame header.
fn small(frame: &[u8]) -> Vec<u8> {
    let mut parts = picture(frame[1]);
    *parts.iter_mut().find(|part| part[1] == frame[1]).unwrap() = frame.to_vec();
    [SOI, &parts.concat()].concat()
}

fn clean(frame: &[u8]) -> Vec<u8> {
    scrub(&small(frame)).unwrap().photo.to_vec()
}

fn assert_precision_accepted(marker: u8, precision: u8) {
    let frame = segment(marker, &[precision, 0, 8, 0, 8, 1, 1, 0x11, 0]);
    let photo = small(&frame);
    let what = format!("{marker:02X} precision {precision}");
    match scrub(&photo) {
        Ok(clean) if marker < 0xC4 => assert_same(&clean.photo, &photo, &what),
        Ok(clean) => assert_eq!(clean.report.recoded, Some(Recoded::ArithmeticCoding), "{what}"),
        Err(refusal) => panic!("{what}: {refusal}"),
    }
}

#[test]
fn numbers_that_no_decoder_accepts_are_refused() {
    for factors in [0x00, 0x01, 0x10, 0x15, 0x51] {
        assert_refused(&frame(0xC0, 64, 64, &[0x11, 0x11, factors]), &format!("factors {factors:02X}"));
    }
    assert_refused(&frame(0xC0, 64, 64, &[0x11; 11]), "11 components");
    let mut precisions = 0;
    for marker in [0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA] {
        for precision in 0..=255 {
            let frame = segment(marker, &[precision, 0, 8, 0, 8, 1, 1, 0x11, 0]);
            // Progressive arithmetic coding is in `codings`.
            if marker == 0xCA {
                continue;
            }
            // Baseline coding has 8 bits (ITU-T T.81, Table B.2).
            let is_dct_precision = precision == 8 || precision == 12 && marker != 0xC0;
            if is_dct_precision || marker == 0xC3 && (2..=16).contains(&precision) {
                assert_precision_accepted(marker, precision);
                precisions += 1;
            } else {
                assert_refused(&frame, &format!("precision {precision}"));
            }
        }
        for table in 4..=255 {
            let frame = segment(marker, &[8, 0, 8, 0, 8, 1, 1, 0x11, table]);
            match marker {
                // Decoders do not look at the tables of lossless coding.
                0xC3 => assert_same(&clean(&frame), &clean(&sof(0xC3)), &format!("table {table}")),
                _ => assert_refused(&frame, &format!("table {table}")),
            }
        }
    }
    println!("{precisions} precisions are accepted");
}

#[test]
fn the_table_of_a_component_that_no_scan_has_is_not_kept() {
    let with = |table| {
        let frame = segment(0xC0, &[8, 0, 8, 0, 8, 2, 1, 0x11, 0, 2, 0x11, table]);
        photo(&frame, ENTROPY)
    };
    for table in 0..=255 {
        assert_same(&scrub(&with(table)).unwrap().photo, &with(0), &format!("table {table}"));
        assert_eq!(scrub::verify(&with(table), &as_stored()).is_ok(), table == 0, "table {table}");
    }
    println!("256 tables");
}
