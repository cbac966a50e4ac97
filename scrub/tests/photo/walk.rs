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
#[ignore = "looks"]
fn look() {
    let hexes = std::env::var("HEX").unwrap();
    for hex_text in hexes.split(',') {
        let choices: Vec<u8> = hex_text.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect();
        let result = |choices: &[u8]| check(&mutated(choices)).err().map(|e| e.split(':').next().unwrap().to_string());
        let first = result(&choices);
        let mut choices = choices;
        // Smaller.
        loop {
            let before = choices.clone();
            for at in (0..choices.len()).rev() {
                let mut fewer = choices.clone();
                fewer.remove(at);
                if result(&fewer) == first { choices = fewer; continue }
                for value in [0, 1] {
                    let mut other = choices.clone();
                    if other[at] > value { other[at] = value; if result(&other) == first { choices = other; break } }
                }
            }
            if choices == before { break }
        }
        println!("{:?}", check(&mutated(&choices)));
        println!("{}", hex(&choices));
        let base = mutated(&choices[..2]);
        println!("base {}", hex(&base));
        println!("file {}", hex(&mutated(&choices)));
        println!("drawn {:?}", decoders::turbojpeg_to_error(&mutated(&choices), true).map(|d| d.1));
        println!("inspect {:?}", scrub::inspect(&mutated(&choices), &as_stored()).map(|i| i.parts.iter().map(|p| (p.kind, p.length)).collect::<Vec<_>>()));
    }
}
