//! What must hold for every file holds for files that are nearly right, in every coding. `just fuzz` makes more of
//! them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use samples::coded::mutated;

use crate::support::promises::{check, check_verified};
use crate::support::*;

/// A few seconds. 450,000 files with the seeds 1 to 3 had no find.
const FILES: u32 = 5_000;

#[test]
fn a_changed_picture_is_drawn_as_before_or_refused_for_a_reason() {
    let outcomes = RefCell::new(BTreeMap::new());
    let broken = RefCell::new(BTreeMap::new());
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
    random(FILES).run(&vec(any::<u8>(), 2..40), run).unwrap();
    println!("{:?}", outcomes.into_inner());
    for (promise, (count, choices)) in broken.borrow().iter() {
        println!("{count} times: {promise}: {}", hex(choices));
    }
    assert!(broken.borrow().is_empty());
}

/// Where libjpeg-turbo and the photo core differ, found with random choices: `fuzz/README.md` says why.
#[test]
fn what_libjpeg_turbo_takes_for_whole_or_draws_otherwise_has_a_known_outcome() {
    let differences: [(&str, &[u8], &str); 6] = [
        ("a run past the end of a band", &[0x01, 0x41, 0x00, 0xA5], "damaged, without a warning"),
        (
            "arithmetic coding with too large coefficients",
            &[0x60, 0x04, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x7E],
            "NotRecoded, without a warning",
        ),
        (
            "damage with too large coefficients",
            &[0x1E, 0x9D, 0, 0, 0, 0x01, 0xC2],
            "NotRecoded, without a warning",
        ),
        (
            "several scans of a lossless component",
            &[0x9C, 0x8B, 0x5F, 0, 0x7D, 0x4D, 0, 0x9F, 0x01, 0x16, 0x32],
            "NotRecoded, without a warning",
        ),
        ("EOI in the middle, smoothed", &[0x01, 0x74, 0, 0x01, 0x5D, 0, 0x53], "damaged"),
        (
            "a lossless component without a scan",
            &[0xD6, 0xC3, 0x13, 0x92, 0x3E, 0xBD, 0x28, 0x68, 0x71],
            "clean",
        ),
    ];
    for (what, choices, outcome) in differences {
        let file = mutated(choices);
        println!("{what}: {} bytes", file.len());
        assert_eq!(check(&file), Ok(outcome), "{what}");
        assert_eq!(check_verified(&file), Ok(outcome == "clean"), "{what}");
    }
}
