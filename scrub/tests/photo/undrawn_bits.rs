//! Values of which decoders do not draw every bit: they keep a coefficient in 16 bits, and multiply it by a step that
//! must not be 0. Anything could be in the bits that are lost.

use crate::support::*;
use scrub::{Flaw, Recoded, Refusal, Violation, verify};

/// A code of one bit, a value of which the highest bit is 1 and the others 0, and padding.
fn value(size: u8) -> Vec<u8> {
    let highest = if size == 0 { 0 } else { 1_u32 << 30 };
    let bits = highest | ((1 << (31 - size)) - 1);
    bits.to_be_bytes()[..(usize::from(size) + 1).div_ceil(8)].to_vec()
}

/// A picture of one block, progressive, with one coefficient of `size` bits, moved up by `low`.
fn progressive(size: u8, low: u8) -> Vec<u8> {
    let dc = [segment(0xDA, &[1, 1, 0, 0, 0, 0]), value(0)].concat();
    let ac = [table(0x10, &[size]), segment(0xDA, &[1, 1, 0, 1, 1, low]), value(size)].concat();
    [SOI, &dqt(), &sof(0xC2), &dht(0x00), &dc, &ac, EOI].concat()
}

#[test]
fn a_coefficient_that_decoders_do_not_keep_whole_is_coded_again() {
    let (mut kept, mut recoded) = (0, 0);
    for size in 1..=15 {
        for low in 0..=13 {
            let (photo, what) = (progressive(size, low), format!("{size} bits moved up by {low}"));
            if size + low <= 15 {
                assert_same(&scrub(&photo).unwrap().photo, &photo, &what);
                kept += 1;
                continue;
            }
            let violation = verify(&photo, &as_stored()).unwrap_err();
            assert!(
                matches!(violation, Violation::CodedData { flaw: Flaw::NoSuchCode, .. }),
                "{what}: {violation}"
            );
            match scrub(&photo) {
                Ok(clean) => assert_eq!(clean.report.recoded, Some(Recoded::DamagedData), "{what}"),
                Err(refusal) => assert!(matches!(refusal, Refusal::NotRecoded { .. }), "{what}: {refusal}"),
            }
            recoded += 1;
        }
    }
    println!("{kept} kept, {recoded} coded again or refused");
}

#[test]
fn a_refinement_of_more_than_one_bit_is_not_copied() {
    for size in 1..=15 {
        let scan = |parameters: [u8; 3]| segment(0xDA, &[&[1, 1, 0][..], &parameters].concat());
        let first = [scan([0, 0, 0]), value(0), dht(0x10), scan([1, 1, 0x01]), value(0)].concat();
        let second = [table(0x10, &[size]), scan([1, 1, 0x10]), value(size)].concat();
        let photo = [SOI, &dqt(), &sof(0xC2), &dht(0x00), &first, &second, EOI].concat();
        let found = verify(&photo, &as_stored());
        if size == 1 {
            assert_eq!(found, Ok(()));
            assert_same(&scrub(&photo).unwrap().photo, &photo, "a bit");
            println!("one bit is copied");
            continue;
        }
        assert!(
            matches!(found, Err(Violation::CodedData { flaw: Flaw::NotOneBit, .. })),
            "{size}: {found:?}"
        );
        match scrub(&photo) {
            Ok(clean) => assert_eq!(clean.report.recoded, Some(Recoded::DamagedData), "{size}"),
            Err(refusal) => assert!(matches!(refusal, Refusal::NotRecoded { .. }), "{size}: {refusal}"),
        }
    }
}

#[test]
fn a_difference_of_dc_coefficients_that_is_not_kept_whole_is_not_copied() {
    for (size, low) in (0..=15).flat_map(|size| (0..=13).map(move |low| (size, low))) {
        let scan = [segment(0xDA, &[1, 1, 0, 0, 0, low]), value(size)].concat();
        let photo = [SOI, &dqt(), &sof(0xC2), &table(0x00, &[size]), &scan, EOI].concat();
        let is_kept = scrub(&photo).is_ok_and(|clean| clean.photo == photo);
        assert_eq!(is_kept, size + low <= 15, "{size} bits moved up by {low}");
        assert_eq!(verify(&photo, &as_stored()).is_ok(), is_kept, "{size} bits moved up by {low}");
    }
}

#[test]
fn a_difference_of_samples_has_at_most_one_bit_more_than_they_have() {
    for (precision, size) in (2..=16).flat_map(|precision| (0..=16).map(move |size| (precision, size))) {
        let frame = segment(0xC3, &[precision, 0, 1, 0, 1, 1, 1, 0x11, 0]);
        // The size 16 says it all.
        let scan = [segment(0xDA, &[1, 1, 0, 1, 0, 0]), value(size % 16)].concat();
        let photo = [SOI, &frame, &table(0x00, &[size]), &scan, EOI].concat();
        let (is_drawn, what) = (size <= precision + 1, format!("{size} bits of {precision}"));
        assert_eq!(verify(&photo, &as_stored()).is_ok(), is_drawn, "{what}");
        match scrub(&photo) {
            Ok(clean) => assert!(is_drawn && clean.photo == photo, "{what}"),
            Err(refusal) => assert!(!is_drawn && refusal.name() == "NotRecoded", "{what}: {refusal}"),
        }
    }
}

#[test]
fn a_quantisation_step_of_0_is_refused() {
    let photo = [vec![SOI.to_vec()], picture(0xC0)].concat();
    let [is_8_bit, is_16_bit] = [[&[0][..], &[1; 64]].concat(), [&[0x10][..], &[0, 1].repeat(64)].concat()];
    let with = |table: &[u8]| {
        let mut parts = photo.clone();
        let dqt = parts.iter_mut().find(|part| part.starts_with(&[0xFF, 0xDB])).unwrap();
        *dqt = segment(0xDB, table);
        parts.concat()
    };
    for (table, step) in [(is_8_bit, 1), (is_16_bit, 2)] {
        assert_eq!(verify(&with(&table), &as_stored()), Ok(()));
        for at in (1..table.len()).step_by(step) {
            let mut zero = table.clone();
            zero[at..at + step].fill(0);
            let refusal = scrub(&with(&zero)).unwrap_err();
            assert_eq!(refusal.name(), "NotRecoded", "{at}: {refusal}");
            let found = verify(&with(&zero), &as_stored());
            assert!(matches!(found, Err(Violation::Shape { marker: 0xDB, .. })), "{at}: {found:?}");
        }
    }
    println!("128 steps");
}

#[test]
fn the_shape_of_a_pixel_is_two_small_numbers() {
    let [mut tried, mut worst] = [0.0_f64; 2];
    for (x, y) in
        [(1, 1), (300, 300), (72, 72), (204, 196), (0x1267, 0x0815), (4801, 4800), (1, 255), (7559, 3780)]
    {
        let [x1, x0, y1, y0] = [u16::to_be_bytes(x), u16::to_be_bytes(y)].concat()[..] else {
            unreachable!()
        };
        let jfif = segment(0xE0, &[&b"JFIF\0\x01\x01\x01"[..], &[x1, x0, y1, y0, 0, 0]].concat());
        let clean = scrub(&[SOI, &jfif, &picture(0xC0).concat()].concat()).unwrap().photo;
        let &[0, new_x, 0, new_y] = &clean[14..18] else { panic!("{x}:{y} became {:02X?}", &clean[14..18]) };
        let error = (f64::from(new_x) / f64::from(new_y)) / (f64::from(x) / f64::from(y)) - 1.0;
        worst = worst.max(error.abs());
        tried += 1.0;
    }
    println!("{tried} shapes, at most {:.2} % off", 100.0 * worst);
    assert!(worst < 0.01);
}
