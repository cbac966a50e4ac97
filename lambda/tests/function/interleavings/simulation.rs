//! Long schedules at random, where the search would have too many orders: up to a dozen actions on one photo, and the
//! runs of their events, which are late, reordered, delivered twice, crash between any two requests, lose races and
//! answers, and are run again when they failed. A failing schedule prints its seed; `SEED=<number>` repeats it.

use exif_ripper::config::Deletes;
use fastrand::Rng;

use super::ends::problem;
use super::flaw::Flaw;
use super::replay::Replays;
use super::search::{Scenario, State, Step, World};
use super::{KEY, scenario};
use crate::support::B;
use crate::support::fake_s3::Versioning;

const SCHEDULES: u64 = 10_000;
/// Schedules after which what is known of runs is forgotten, as it takes memory.
const REMEMBERED: u64 = 100;

/// A scenario that a seed stands for.
fn random_scenario(rng: &mut Rng, flaw: Flaw) -> Scenario {
    let expires = if flaw == Flaw::None { rng.bool() } else { flaw.needs_expiry() };
    // Where originals expire, too little is known after permanent removals to ask for anything.
    let actions = if expires { "123RTdddbbooeek" } else { "1223RTdddppuubb" };
    let actions: Vec<char> = actions.chars().collect();
    let mut script = "1".to_owned();
    (0..rng.usize(1..10)).for_each(|_| script.push(actions[rng.usize(..actions.len())]));
    if expires && rng.bool() {
        script.push_str("oe");
    }
    let event = rng.usize(..script.len());
    let is_off = flaw == Flaw::None && !expires && rng.u8(..8) == 0;
    // What an unconditional PUT does wrong is set right where every run looks at A at its end.
    let keep = flaw == Flaw::NoConditions || (flaw == Flaw::None && rng.u8(..4) == 0);
    Scenario {
        twice: (rng.bool() && !expires).then_some(event),
        crashes: rng.usize(..3),
        conflicts: rng.usize(..3),
        lost_answers: rng.usize(..3),
        versioning: if is_off { Versioning::Off } else { Versioning::On },
        deletes: if keep { Deletes::Keep } else { Deletes::Follow },
        expires,
        flaw,
        ..scenario(&script)
    }
}

/// Follows one schedule to its end. Returns what is wrong there.
fn simulate(seed: u64, flaw: Flaw, replays: &mut Replays) -> (Scenario, Vec<Step>, Option<String>) {
    let mut rng = Rng::with_seed(seed);
    let scenario = random_scenario(&mut rng, flaw);
    let world = World::new(&scenario);
    let (mut state, mut path) = (State::new(&world), Vec::new());
    // In half of the schedules one event is later than all others.
    let late = rng.usize(..2 * scenario.script.len());
    loop {
        let mut steps = state.steps(&world);
        let is_late = |step: &Step| matches!(step, Step::Run(run) if state.runs[*run].after == late);
        if !steps.iter().all(is_late) {
            steps.retain(|step| !is_late(step));
        }
        let (faults, others): (Vec<Step>, Vec<Step>) = steps.into_iter().partition(|step| step.is_fault());
        let step = match (faults.is_empty(), others.is_empty()) {
            (true, true) => break,
            (false, false) if rng.u8(..8) > 0 => others[rng.usize(..others.len())],
            (false, _) => faults[rng.usize(..faults.len())],
            (true, false) => others[rng.usize(..others.len())],
        };
        path.push(step);
        state = state.after(step, &world, replays);
        state.run_failures_again(&world);
    }
    let problem = problem(&state, &world);
    let problem = problem.map(|what| format!("{what}; B has {:?}", state.s3.get(B, KEY)));
    (scenario, path, problem)
}

#[test]
fn ten_thousand_schedules_end_correctly() {
    let first = std::env::var("SEED").map_or(1, |seed| seed.parse().expect("SEED is a number"));
    let (mut replays, mut steps, mut faults) = (Replays::default(), 0, 0);
    for seed in first..first + SCHEDULES {
        if seed % REMEMBERED == 0 {
            replays = Replays::default();
        }
        let (scenario, path, problem) = simulate(seed, Flaw::None, &mut replays);
        assert!(problem.is_none(), "SEED={seed}: {problem:?}\n{scenario:?}\n{path:?}");
        steps += path.len();
        faults += path.iter().filter(|step| step.is_fault()).count();
    }
    println!("{SCHEDULES} schedules from SEED={first}, {steps} steps, {faults} faults");
}

#[test]
fn every_weakened_handler_is_caught_by_some_schedule() {
    for &flaw in Flaw::ALL {
        let mut replays = Replays::default();
        let caught = (1..SCHEDULES).find_map(|seed| {
            if seed % REMEMBERED == 0 {
                replays = Replays::default();
            }
            let (scenario, path, problem) = simulate(seed, flaw, &mut replays);
            Some((seed, scenario.script, path.len(), problem?))
        });
        println!("{flaw:?}: {caught:?}");
        assert!(caught.is_some(), "{flaw:?} is not caught by {SCHEDULES} schedules");
    }
}
