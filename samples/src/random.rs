//! Random cases for tests.

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// A source of random cases. It prints its seed; `SEED=<number>` in the environment repeats a run.
///
/// # Panics
/// If SEED is not a number.
pub fn random(cases: u32) -> TestRunner {
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().expect("the clock is past 1970").as_nanos() as u64;
    let seed = std::env::var("SEED").map_or(now, |seed| seed.parse().expect("SEED is a number"));
    println!("{cases} random cases, SEED={seed}");
    let rng =
        TestRng::from_seed(RngAlgorithm::ChaCha, &[seed.to_le_bytes(), [0; 8], [0; 8], [0; 8]].concat());
    TestRunner::new_with_rng(Config { cases, failure_persistence: None, ..Config::default() }, rng)
}
