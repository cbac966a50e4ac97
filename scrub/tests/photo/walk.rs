//! What must hold for every file holds for files that are nearly right, in every coding. `just fuzz` makes more of them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use samples::coded::mutated;

use crate::support::promises::{check, check_verified};
use crate::support::*;

#[test]
fn a_changed_picture_is_drawn_as_before_or_refused_for_a_reason() {
    let outcomes = RefCell::new(BTreeMap::new());
    let broken = RefCell::new(BTreeMap::new());
    let cases = std::env::var("CASES").map_or(4_000, |cases| cases.parse().unwrap());
    let run = |choices: Vec<u8>| {
        let file = mutated(&choices);
        let result = check(&file).and_then(|outcome| check_verified(&file).map(|_| outcome));
        match result {
            Ok(outcome) => *outcomes.borrow_mut().entry(outcome).or_insert(0) += 1,
            Err(promise) => {
                let mut broken = broken.borrow_mut();
                let entry = broken.entry(promise.clone()).or_insert((0, choices.clone()));
                entry.0 += 1;
                if choices.len() < entry.1.len() {
                    entry.1 = choices.clone();
                }
            }
        }
        Ok(())
    };
    random(cases).run(&vec(any::<u8>(), 2..40), run).unwrap();
    println!("{:?}", outcomes.into_inner());
    for (promise, (count, choices)) in broken.borrow().iter() {
        println!("BROKEN {count} {promise}: {}", hex(choices));
    }
    assert!(broken.borrow().is_empty());
}

#[test]
fn probe() {
    for choices in [&[0xD6_u8, 0xC3, 0x13, 0x92, 0x3E, 0xBD, 0x28, 0x68, 0x71][..], &[0x79, 0x72, 0x58, 0x9A, 0xB5, 0xCF, 0xB6, 0xAE, 0x54, 0xE3]] {
        let file = mutated(choices);
        println!("{:?} {:?} {}", check(&file), check_verified(&file), hex(&file));
        let (a, b) = (mutated(&choices[..2]), &file);
        println!("{} {}: {:?}", a.len(), b.len(), a.iter().zip(b).enumerate().filter(|(_, (a, b))| a != b).take(10).collect::<Vec<_>>());
        println!("{:?}", decoders::turbojpeg_to_error(&file, true).map(|d| d.1));
        let scans: Vec<String> = (0..file.len() - 14).filter(|at| file[*at..].starts_with(&[0xFF, 0xDA, 0])).map(|at| hex(&file[at..at + 2 + file[at + 3] as usize])).collect();
        println!("{scans:#?}");
    }
}
