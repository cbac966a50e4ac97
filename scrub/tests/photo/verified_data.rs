//! The verifier walks the coded data of every coding to its last bit.

use proptest::prelude::*;
use scrub::{Flaw, Options, Violation, verify};

use crate::support::encoders::{self, CodingProcess, Encoded};
use crate::support::*;

/// A file of an encoder as a clean one: header segments in their one shape, components numbered, no unused table.
fn clean(encoded: &Encoded) -> Vec<u8> {
    let mut photo = SOI.to_vec();
    let bytes = &encoded.bytes;
    let mut at = 2;
    let mut ids: Vec<u8> = Vec::new();
    while bytes[at + 1] != 0xD9 {
        let end = at + 2 + usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
        let mut segment = bytes[at..end].to_vec();
        at = end;
        match segment[1] {
            0xE0 | 0xEE => continue,
            0xC0..=0xC3 => {
                ids = segment[10..].chunks(3).map(|component| component[0]).collect();
                for (number, component) in (1..).zip(segment[10..].chunks_mut(3)) {
                    component[0] = number;
                    component[1] = if ids.len() == 1 { 0x11 } else { component[1] };
                }
            }
            0xDA => {
                let count = usize::from(segment[4]);
                let tables = match (encoded.coding.marker, segment[5 + 2 * count]) {
                    (0xC3, _) | (0xC2, 0) => 0xF0,
                    (0xC2, _) => 0x0F,
                    _ => 0xFF,
                };
                for component in segment[5..5 + 2 * count].chunks_mut(2) {
                    component[0] = ids.iter().position(|id| *id == component[0]).unwrap() as u8 + 1;
                    component[1] &= tables;
                }
                while bytes[at] != 0xFF || matches!(bytes[at + 1], 0 | 0xD0..=0xD7) {
                    segment.push(bytes[at]);
                    at += 1;
                }
            }
            _ => {}
        }
        photo.extend(segment);
    }
    photo.extend(&bytes[at..]);
    while let Err(Violation::UnusedTable { marker, offset }) = verify(&photo, &Options::default()) {
        remove_table(&mut photo, marker, offset);
    }
    photo
}

/// Takes a table out, and its segment if it was the only one in it.
fn remove_table(photo: &mut Vec<u8>, marker: u8, offset: usize) {
    let segments = segments(photo);
    let starts = segments.iter().map(|segment| segment.as_ptr() as usize - photo.as_ptr() as usize);
    let (start, length) = starts
        .zip(&segments)
        .map(|(start, segment)| (start, segment.len()))
        .rfind(|s| s.0 <= offset)
        .unwrap();
    let table = match (marker, photo[offset] / 16) {
        (0xDB, 0) => 65,
        (0xDB, _) => 129,
        (0xC4, _) => 17 + photo[offset + 1..offset + 17].iter().map(|&n| usize::from(n)).sum::<usize>(),
        _ => length,
    };
    if table + 4 >= length {
        photo.drain(start..start + length);
    } else {
        photo.drain(offset..offset + table);
        let length = (length - 2 - table) as u16;
        photo[start + 2..start + 4].copy_from_slice(&length.to_be_bytes());
    }
}

fn all_clean() -> impl Iterator<Item = (String, Vec<u8>)> {
    let encoded = encoders::all().into_iter().filter(|encoded| encoded.coding.marker < 0xC4);
    let encoded = encoded.filter(|encoded| !has_hidden_blocks(encoded));
    encoded.map(|encoded| (format!("{}: {}", encoded.coding, encoded.name), clean(&encoded)))
}

/// jpeg-encoder fills the blocks outside of a picture with the pixels at its edge, where it codes all components in one
/// scan. The others leave them empty.
fn has_hidden_blocks(encoded: &Encoded) -> bool {
    let is_one_scan = encoded.coding.marker != 0xC2;
    encoded.name.ends_with("by jpeg-encoder") && is_one_scan && encoded.unit > (8, 8)
}

#[test]
fn something_in_blocks_outside_of_the_picture_is_found_in_every_coding() {
    let encoded = encoders::all().into_iter().filter(has_hidden_blocks);
    let mut names = Vec::new();
    for encoded in encoded {
        let name = format!("{}: {}", encoded.coding, encoded.name);
        let result = verify(&clean(&encoded), &Options::default());
        let is_found = matches!(result, Err(Violation::CodedData { flaw: Flaw::HiddenBlock, .. }));
        assert!(is_found, "{name}: {result:?}");
        names.push(name);
    }
    println!("{} files: {names:#?}", names.len());
    assert!(!names.is_empty());
}

#[test]
fn every_coding_is_walked_to_its_last_bit() {
    let mut seen = std::collections::BTreeMap::new();
    for (name, photo) in all_clean() {
        assert_eq!(verify(&photo, &Options::default()), Ok(()), "{name}\n{}", hex(&photo));
        *seen.entry(name.split(':').next().unwrap().to_string()).or_insert(0) += 1;
    }
    println!("{seen:?}");
    assert!(seen.len() >= 7);
}

/// Where the coded data of each scan starts and ends.
fn scans(photo: &[u8]) -> Vec<std::ops::Range<usize>> {
    let is_marker = |at: usize| photo[at] == 0xFF && !matches!(photo[at + 1], 0 | 0xD0..=0xD7);
    let starts = (2..photo.len() - 1).filter(|&at| photo[at..].starts_with(&[0xFF, 0xDA]));
    let starts = starts.map(|at| at + 2 + usize::from(photo[at + 3]));
    starts.map(|start| start..(start..).find(|&at| is_marker(at)).unwrap()).collect()
}

#[test]
fn nothing_may_follow_the_last_bit_of_any_scan() {
    let mut cases = 0;
    for (name, photo) in all_clean() {
        for scan in scans(&photo) {
            for (surplus, flaw) in [
                (&[0x55][..], Flaw::Surplus),
                (&[0xFF, 0], Flaw::Surplus),
                (&[0xFF], Flaw::FillByte),
                (&[0xFF, 0xD0], Flaw::NeedlessRestartMarker),
            ] {
                let tampered = [&photo[..scan.end], surplus, &photo[scan.end..]].concat();
                let violation = Violation::CodedData { offset: scan.end, flaw };
                assert_eq!(verify(&tampered, &Options::default()), Err(violation), "{name}");
                cases += 1;
            }
            // A byte less: it ends early, or what is left has padding where data was.
            let shorter = [&photo[..scan.end - 1], &photo[scan.end..]].concat();
            let result = verify(&shorter, &Options::default());
            assert!(matches!(result, Err(Violation::CodedData { .. })), "{name}: {result:?}");
        }
    }
    println!("{cases} cases");
}

#[test]
fn a_changed_bit_is_caught_or_leaves_a_picture_and_never_panics() {
    let photos: Vec<(String, Vec<u8>)> = all_clean().collect();
    let mut results = std::collections::BTreeMap::new();
    let strategy = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..8_u8);
    let results_of = std::cell::RefCell::new(&mut results);
    random(20_000)
        .run(&strategy, |(photo, byte, bit)| {
            let mut photo = photo.get(&photos).1.clone();
            let scans = scans(&photo);
            let coded = scans[0].start..scans[scans.len() - 1].end;
            photo[coded.start + byte.index(coded.len())] ^= 1 << bit;
            let result = match verify(&photo, &Options::default()) {
                Ok(()) => "clean".to_string(),
                Err(Violation::CodedData { flaw, .. }) => flaw.to_string(),
                Err(_) => "not coded data".to_string(),
            };
            *results_of.borrow_mut().entry(result).or_insert(0) += 1;
            Ok(())
        })
        .unwrap();
    println!("{results:#?}");
    assert!(results.len() > 8);
}

/// A picture as large as a phone's: gradients with noise.
fn large(progressive: bool) -> Vec<u8> {
    let (width, height) = (4000_u16, 3000_u16);
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 27) as u8
    };
    let mut pixels = Vec::new();
    for y in 0..u32::from(height) {
        for x in 0..u32::from(width) {
            let edge = if (x / 90 + y / 70) % 5 == 0 { 60 } else { 0 };
            pixels.extend(
                [(x / 25) as u8, (y / 20) as u8, ((x + y) / 50) as u8].map(|v| v / 2 + edge + noise()),
            );
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 80);
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2);
    encoder.set_progressive(progressive);
    encoder.encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb).unwrap();
    let coding = CodingProcess { marker: if progressive { 0xC2 } else { 0xC0 }, precision: 8 };
    clean(&Encoded { coding, name: String::new(), bytes, unit: (16, 16) })
}

#[test]
#[ignore = "a measurement"]
fn how_long_the_verifier_takes() {
    for progressive in [false, true] {
        let photo = large(progressive);
        let run = || {
            let start = std::time::Instant::now();
            assert_eq!(verify(&photo, &Options::default()), Ok(()));
            start.elapsed()
        };
        let best = (0..15).map(|_| run()).min().unwrap();
        println!("progressive {progressive}: {} bytes in {best:?}", photo.len());
    }
}
