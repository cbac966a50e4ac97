//! Tries every order in which a writer of bucket A and the runs of its events can take their steps, on the function's
//! own code. At every end, bucket B must have the clean form of what bucket A has.
//!
//! One operation on the store is one step; between two steps of a run anybody else may take theirs. A step can also be
//! a crash, after which the event is run again as Lambda does, or a 409. `search` finds the orders, `replay` takes a
//! step of one run.

mod deletes;
mod ends;
mod flaw;
mod history;
mod replay;
mod replay_store;
mod search;
mod simulation;

use ends::WRONG_PHOTO;
use exif_ripper::config::Deletes;
use flaw::Flaw;
use replay::Replays;
use search::{Scenario, Search};

use crate::support::fake_s3::Versioning;

const KEY: &str = "k.jpg";

/// A scenario in which each action of the script has its event, if it has one, and nothing fails.
fn scenario(script: &str) -> Scenario {
    Scenario {
        script: script.to_owned(),
        twice: None,
        crashes: 0,
        conflicts: 0,
        lost_answers: 0,
        faults: usize::MAX,
        versioning: Versioning::On,
        deletes: Deletes::Follow,
        removal_events: true,
        expires: false,
        flaw: Flaw::None,
    }
}

/// All scripts with this number of actions, each an upload or a delete. Scripts that only differ in the numbers of the
/// photos are left out: a new photo has the next free number.
fn scripts(actions: usize) -> Vec<String> {
    let mut scripts = vec!["1".to_owned()];
    for _ in 1..actions {
        scripts = scripts
            .iter()
            .flat_map(|script| {
                let next = script.chars().filter_map(|action| action.to_digit(10)).max().unwrap() + 1;
                // A deleted photo is not deleted again.
                let delete = (!script.ends_with('d')).then(|| format!("{script}d"));
                delete
                    .into_iter()
                    .chain((1..=next).map(move |photo| format!("{script}{photo}")))
                    .collect::<Vec<_>>()
            })
            .collect();
    }
    scripts
}

/// A scenario for each script and each setting.
fn with_both_settings(scripts: Vec<String>) -> impl Iterator<Item = Scenario> {
    scripts.into_iter().flat_map(|script| {
        // With `keep` the event of a delete changes nothing, and there are fewer states without it.
        [(Deletes::Follow, true), (Deletes::Keep, false)].map(|(deletes, removal_events)| Scenario {
            deletes,
            removal_events,
            ..scenario(&script)
        })
    })
}

/// Searches through all scenarios; none may have a problem. Prints totals.
fn assert_no_problem(name: &str, scenarios: impl IntoIterator<Item = Scenario>) {
    let mut replays = Replays::default();
    let (mut count, mut states, mut ends, mut longest) = (0, 0, 0, 0);
    for scenario in scenarios {
        let search = Search::run(&scenario, &mut replays);
        assert!(search.problem.is_none(), "{scenario:?}: {:?}", search.problem);
        count += 1;
        states += search.visited.len();
        ends += search.ends;
        longest = longest.max(search.longest);
    }
    println!("{name}: {count} scenarios, {states} states, {ends} ends, longest {longest} steps");
    assert!(ends >= count);
}

#[test]
fn every_order_of_steps_ends_correctly_for_every_history_of_up_to_three_actions() {
    for actions in 1..=3 {
        assert_no_problem(&format!("{actions} actions"), with_both_settings(scripts(actions)));
    }
}

#[test]
fn with_deletes_kept_every_order_ends_correctly_for_every_history_of_four_actions_and_three_uploads() {
    let scenarios = with_both_settings(scripts(4));
    let keep =
        scenarios.filter(|scenario| scenario.deletes == Deletes::Keep && scenario.script.contains('d'));
    assert_no_problem("4 actions, deletes kept", keep);
}

#[test]
#[ignore = "there are millions of states: `just search`"]
fn every_order_of_steps_ends_correctly_for_every_history_of_four_actions() {
    assert_no_problem("4 actions", with_both_settings(scripts(4)));
}

#[test]
fn every_order_of_steps_ends_correctly_with_any_event_delivered_twice() {
    for actions in 1..=2 {
        let scenarios = with_both_settings(scripts(actions)).flat_map(|scenario| {
            (0..actions).map(move |event| Scenario { twice: Some(event), ..scenario.clone() })
        });
        assert_no_problem(&format!("{actions} actions, an event twice"), scenarios);
    }
}

#[test]
fn crashes_and_conflicts_anywhere_end_correctly_after_the_events_are_run_again() {
    assert_faults(&[(1, 2, 2), (2, 2, 0), (2, 1, 1), (3, 0, 1)]);
}

#[test]
#[ignore = "there are millions of states: `just search`"]
fn more_crashes_and_conflicts_end_correctly_too() {
    assert_faults(&[(2, 2, 1), (3, 1, 0)]);
}

/// No problem with so many actions, crashes and conflicts.
fn assert_faults(cases: &[(usize, usize, usize)]) {
    for &(actions, crashes, conflicts) in cases {
        let scenarios =
            with_both_settings(scripts(actions)).map(|scenario| Scenario { crashes, conflicts, ..scenario });
        assert_no_problem(&format!("{actions} actions, {crashes} crashes, {conflicts} conflicts"), scenarios);
    }
}

#[test]
fn without_version_ids_every_order_of_steps_ends_correctly() {
    for versioning in [Versioning::Off, Versioning::Suspended] {
        for (actions, crashes, lost_answers) in [(3, 0, 0), (2, 1, 1)] {
            let scenarios = with_both_settings(scripts(actions)).map(|scenario| Scenario {
                crashes,
                lost_answers,
                versioning,
                ..scenario
            });
            let name = format!("versioning {versioning:?}, {actions} actions, {lost_answers} lost");
            assert_no_problem(&name, scenarios);
        }
    }
}

#[test]
fn puts_and_deletes_whose_answer_is_lost_end_correctly_after_the_sdk_sends_them_again() {
    for (actions, lost_answers, crashes) in [(1, 2, 1), (2, 2, 0), (2, 1, 1), (3, 1, 0)] {
        let scenarios = with_both_settings(scripts(actions)).map(|scenario| Scenario {
            lost_answers,
            crashes,
            ..scenario
        });
        assert_no_problem(&format!("{actions} actions, {lost_answers} lost, {crashes} crashes"), scenarios);
    }
}

#[test]
fn originals_with_the_same_clean_form_end_correctly() {
    // Without version ids a lost answer can cost a run one PUT too many; then Lambda runs it again.
    for (versioning, lost_answers) in [(Versioning::On, 1), (Versioning::Off, 0)] {
        let scripts = ["1T", "1T1", "12T", "21T"].map(str::to_owned).to_vec();
        let scenarios =
            with_both_settings(scripts).map(|scenario| Scenario { lost_answers, versioning, ..scenario });
        assert_no_problem(&format!("the same clean form, versioning {versioning:?}"), scenarios);
    }
}

/// Searches with a flaw, which must lead to a wrong end.
fn assert_problem(flawed: Scenario, expected: &str) {
    let sound = Search::run(&Scenario { flaw: Flaw::None, ..flawed.clone() }, &mut Replays::default());
    assert_eq!(sound.problem, None, "without the flaw");
    let search = Search::run(&flawed, &mut Replays::default());
    println!("{:?}: {:?} after {} states", flawed.flaw, search.problem, search.visited.len());
    assert_eq!(search.problem.unwrap().0, expected);
}

#[test]
fn without_the_look_at_a_the_search_finds_a_wrong_end() {
    assert_problem(Scenario { flaw: Flaw::NoCheckOfA, ..scenario("121") }, WRONG_PHOTO);
}

#[test]
fn without_the_look_at_a_before_current_the_search_finds_a_wrong_end() {
    let flaw = Flaw::NoCheckBeforeCurrent;
    assert_problem(Scenario { lost_answers: 1, flaw, ..scenario("121") }, WRONG_PHOTO);
}

#[test]
fn with_the_version_id_of_a_look_whose_etag_is_not_compared_the_search_finds_a_wrong_end() {
    let flaw = Flaw::NoComparisonOfETags;
    assert_problem(Scenario { flaw, ..scenario("123") }, WRONG_PHOTO);
}

#[test]
fn with_unconditional_puts_the_search_finds_a_wrong_end() {
    // With `follow`, the look after every write repairs this as well.
    let (flaw, deletes) = (Flaw::NoConditions, Deletes::Keep);
    assert_problem(Scenario { flaw, deletes, ..scenario("12") }, WRONG_PHOTO);
}
