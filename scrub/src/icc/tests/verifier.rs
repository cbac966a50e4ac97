//! What the verifier accepts of a profile, tested by itself: the writer makes nothing that it would have to reject.

use super::allowed::{TAGS, cmyk, data, matrix, patched, rgb, tags, types};
use proptest::prelude::*;
use samples::random;

use super::build::{Tag, all, start, words};
use super::{is_minimal, minimal};

#[test]
fn the_verifier_knows_the_types_a_tag_may_have() {
    let (mut accepted, mut rejected) = (0, 0);
    // Each type in a minimal profile, by a tag that may have it, is given another tag's signature.
    for bytes in types() {
        let Some((signature, _)) =
            TAGS.iter().find(|(_, allowed)| allowed.chunks(4).any(|kind| bytes.starts_with(kind)))
        else {
            continue;
        };
        let others = matrix().into_iter().filter(|(other, _)| other != signature);
        let all: Vec<Tag> = [(*signature, bytes.clone())].into_iter().chain(others).collect();
        let new = minimal(&cmyk(signature, all)).unwrap();
        let at = 132 + 12 * tags(&new).position(|entry| entry.starts_with(*signature)).unwrap();
        for (other, allowed) in TAGS {
            if data(&new, other).is_some() && other != *signature {
                continue;
            }
            let may = allowed.chunks(4).any(|kind| bytes.starts_with(kind));
            let what = format!("{} of type {}", other.escape_ascii(), bytes[..4].escape_ascii());
            assert_eq!(is_minimal(&patched(&new, at, other)), may, "{what}");
            *if may { &mut accepted } else { &mut rejected } += 1;
        }
    }
    println!("{accepted} accepted, {rejected} rejected");
    assert!(accepted > 30 && rejected > 100);
}

#[test]
fn the_verifier_rejects_bytes_after_the_numbers_of_a_tag_and_between_them() {
    let mut tried = 0;
    for bytes in types() {
        let fits = |allowed: &[u8]| allowed.chunks(4).any(|kind| bytes.starts_with(kind));
        let Some((signature, _)) = TAGS.iter().rev().find(|(_, allowed)| fits(allowed)) else { continue };
        let others = matrix().into_iter().filter(|(other, _)| other != signature);
        let all: Vec<Tag> = others.chain([(*signature, bytes.clone())]).collect();
        let new = minimal(&cmyk(signature, all)).unwrap();
        let what = bytes[..4].escape_ascii();
        // Its data comes last.
        let length = data(&new, signature).unwrap().len();
        let at = 132 + 12 * tags(&new).position(|entry| entry.starts_with(*signature)).unwrap();
        let number = |at: usize| u32::from_be_bytes(*new[at..].first_chunk().unwrap());
        assert_eq!(number(at + 4) as usize + length.next_multiple_of(4), new.len());
        for more in [&[0; 4], b"Ada "] {
            let mut longer = patched(&new, at + 8, &(number(at + 8) + 4).to_be_bytes());
            longer.splice(new.len().., *more);
            longer[..4].copy_from_slice(&(number(0) + 4).to_be_bytes());
            assert!(!is_minimal(&longer), "{what}: {more:?} after it");
        }
        let reserved = number(at + 4) as usize + 4;
        assert!(!is_minimal(&patched(&new, reserved, b"Ada ")), "{what}: reserved bytes");
        if bytes.starts_with(b"para") {
            assert!(!is_minimal(&patched(&new, reserved + 6, b"A")), "{what}: after the function");
        }
        tried += 1;
    }
    println!("{tried} types");
    assert_eq!(tried, 10);
}

/// A minimal profile whose last tag is D2B0 with this data, a multiple of 4 bytes: only a faulty writer makes it.
fn with_elements(data: &[u8]) -> Vec<u8> {
    let smallest = [start(b"mpet"), vec![0, 1, 0, 1], words([0])].concat();
    let all: Vec<Tag> = [matrix(), vec![(b"D2B0", smallest)]].concat();
    let mut new = minimal(&rgb(&all)).unwrap();
    let at = 132 + 12 * tags(&new).position(|entry| entry.starts_with(b"D2B0")).unwrap();
    new.truncate(new.len() - 16);
    new.extend(data);
    for (at, number) in [(0, new.len()), (at + 8, data.len())] {
        new[at..at + 4].copy_from_slice(&u32::try_from(number).unwrap().to_be_bytes());
    }
    new
}

#[test]
fn writer_and_verifier_reject_a_tag_whose_bytes_are_used_more_than_sixteen_times() {
    // Each row: a number of elements, all the same matrix from 16 channels to a number of others, after a gap of zeros.
    // The second kind can meet the limit to the byte.
    let limit_between = (0..100).step_by(4).map(|gap| (19_usize, 16_u8, gap));
    let limit_met = (700..724).step_by(4).map(|gap| (31_usize, 15_u8, gap));
    let (mut accepted, mut met, mut rejected) = (0, 0, 0);
    for (elements, outputs, gap) in limit_between.chain(limit_met) {
        let numbers = 4 * 17 * usize::from(outputs);
        let uses = 4 + 8 + elements * (8 + 8 + numbers);
        let positions = [16 + 8 * elements + gap, 12 + numbers].map(|number| u32::try_from(number).unwrap());
        let count = u32::try_from(elements).unwrap();
        let matrix = [&b"matf\0\0\0\0\0\x10\0"[..], &[outputs], &vec![0x3F; numbers]].concat();
        let head = [&b"mpet\0\0\0\0\0\x10\0"[..], &[outputs], &words([count])].concat();
        let tag = [head, words(positions.repeat(elements)), vec![0; gap], matrix].concat();
        let new = with_elements(&tag);
        let may = uses <= 16 * tag.len();
        let what = format!("{uses} uses of {} bytes, {gap} of them in a gap", tag.len());
        println!("{what}: {may}");
        assert_eq!(is_minimal(&new), may, "the verifier: {what}");
        // The writer may use the whole profile, and what follows it.
        let long = [new.clone(), vec![0; 10_000]].concat();
        assert_eq!(minimal(&new), may.then(|| new.clone()), "the writer: {what}");
        assert_eq!(minimal(&long), may.then_some(new), "the writer, with bytes after the profile: {what}");
        *if may { &mut accepted } else { &mut rejected } += 1;
        met += usize::from(uses == 16 * tag.len());
    }
    println!("{accepted} accepted, {met} of them at the limit, {rejected} rejected");
    assert!(accepted > 5 && rejected > 5 && met == 1);
}

#[test]
fn the_verifier_rejects_curve_segments_that_are_shared_a_million_times() {
    // One element of three channels may share a curve; 21 of 16 channels may not.
    for (elements, channels, may) in [(1, 3, true), (1, 16, true), (21, 16, false)] {
        let (size, count) = (12 + 8 * channels, 65_535);
        let first = 16 + 8 * elements;
        let end = first + size * elements;
        let sizes = |number: usize| u32::try_from(number).unwrap();
        let both = u8::try_from(channels).unwrap();
        let head = [&b"mpet\0\0\0\0"[..], &[0, both, 0, both], &words([sizes(elements)])].concat();
        let places: Vec<usize> = (0..elements).map(|i| first + size * i).collect();
        let positions = places.iter().map(|&at| words([at, size].map(sizes))).collect::<Vec<_>>().concat();
        let curves = places.iter().map(|&at| {
            let curve = words([end - at, 12 + 4 * (count - 1) + 12 * count].map(sizes));
            [&b"cvst\0\0\0\0"[..], &[0, both, 0, both], &curve.repeat(channels)].concat()
        });
        let curve = [&b"curf\0\0\0\0\xFF\xFF\0\0"[..], &vec![0; 4 * (count - 1)]].concat();
        let segments = b"samf\0\0\0\0\0\0\0\0".repeat(count);
        let tag = [head, positions, curves.collect::<Vec<_>>().concat(), curve, segments].concat();
        let new = with_elements(&tag);
        println!("{elements} elements of {channels} channels: {} bytes, {may}", new.len());
        assert_eq!(is_minimal(&new), may, "{elements} elements of {channels} channels");
        assert_eq!(minimal(&new), may.then_some(new), "{elements} elements of {channels} channels");
    }
}

#[test]
fn the_verifier_rejects_every_single_change() {
    for (name, profile) in all() {
        let new = minimal(&profile).unwrap();
        let mut bad = new.clone();
        for at in 0..132 {
            for byte in (0..=255).filter(|byte| *byte != new[at]) {
                bad[at] = byte;
                // Flags, rendering intent and a reserved byte may differ, and CMYK may become CMY, unless the profile
                // has tags that only one for CMYK may have.
                let may = matches!((at, byte), (11, ..=1) | (47, ..=3) | (67, ..=4))
                    || new[16..20] == *b"CMYK" && (at, byte) == (19, b' ') && data(&new, b"B2A0").is_none();
                assert_eq!(is_minimal(&bad), may, "{name}: byte {at} of the header is {byte}");
            }
            bad[at] = new[at];
        }
        let mut longer = new.clone();
        longer.push(0);
        assert!(!is_minimal(&longer), "{name}: a byte after the end");
        longer.extend([0; 3]);
        let size = u32::try_from(longer.len()).unwrap();
        longer[..4].copy_from_slice(&size.to_be_bytes());
        assert!(!is_minimal(&longer), "{name}: four bytes after the end, and the size says so");
        for entry in (132..132 + 12 * usize::from(new[131])).step_by(12) {
            let mut bad = new.clone();
            bad[entry..entry + 4].copy_from_slice(b"dmnd");
            assert!(!is_minimal(&bad), "{name}: another tag");
            // Reserved bytes after the type's signature.
            let offset = u32::from_be_bytes(*new[entry + 4..].first_chunk().unwrap()) as usize;
            let size = u32::from_be_bytes(*new[entry + 8..].first_chunk().unwrap()) as usize;
            for at in (offset + 4..offset + 8).chain(offset + size..(offset + size).next_multiple_of(4)) {
                let mut bad = new.clone();
                bad[at] = 1;
                assert!(!is_minimal(&bad), "{name}: byte {at} of a tag");
            }
        }
        let mut bad = new.clone();
        bad[new.len() - 1] = 1;
        assert!(minimal(&bad).unwrap() == bad || !is_minimal(&bad), "{name}: the last byte");
    }
}

#[test]
fn the_verifier_accepts_only_what_would_not_change() {
    let mut runner = random(300_000);
    let profiles: Vec<Vec<u8>> = all().into_iter().map(|(_, profile)| minimal(&profile).unwrap()).collect();
    let strategy = (0..profiles.len(), any::<prop::sample::Index>(), any::<u8>());
    let run = runner.run(&strategy, |(which, at, byte)| {
        let mut bad = profiles[which].clone();
        let at = at.index(bad.len());
        bad[at] = byte;
        prop_assert!(!is_minimal(&bad) || minimal(&bad).is_none_or(|new| new == bad), "byte {at} of {which}");
        Ok(())
    });
    assert!(run.is_ok(), "{run:?}");
}
