//! Tries every order in which a writer of bucket A and the runs of its events can take their steps, on the function's
//! own code. At every end, bucket B must have the clean form of what bucket A has.
//!
//! One operation on the store is one step; between two steps of a run anybody else may take theirs. A step can also be
//! a crash, after which the event is run again as Lambda does, or a 409. `search` finds the orders, `replay` takes a
//! step of one run.

mod replay;
mod search;

use replay::{Flaw, Replays};
use search::{Scenario, Search, TWIN};

use crate::support::fake_s3::Versioning;

const KEY: &str = "k.jpg";

fn scenario(history: &[u8], events: &[usize]) -> Scenario {
    Scenario {
        history: history.iter().map(|number| (*number > 0).then_some(*number)).collect(),
        events: events.to_vec(),
        crashes: 0,
        conflicts: 0,
        lost_answers: 0,
        versioning: Versioning::On,
        flaw: Flaw::None,
    }
}

/// All histories with this number of actions, each an upload or a delete. Histories that only differ in the numbers of
/// the photos are left out: a new photo has the next free number.
fn histories(actions: usize) -> Vec<Vec<u8>> {
    let mut histories = vec![vec![1]];
    for _ in 1..actions {
        histories = histories
            .iter()
            .flat_map(|history| {
                let next = history.iter().max().unwrap() + 1;
                // A deleted photo is not deleted again.
                let first = u8::from(history.last() == Some(&0));
                (first..=next).map(|action| [&history[..], &[action]].concat()).collect::<Vec<_>>()
            })
            .collect();
    }
    histories
}

/// A scenario in which each upload of the history has its event.
fn with_events(history: &[u8]) -> Scenario {
    let events: Vec<_> = (0..history.len()).filter(|action| history[*action] > 0).collect();
    scenario(history, &events)
}

/// Searches through all scenarios; none may have a problem. Prints totals.
fn assert_no_problem(name: &str, scenarios: impl IntoIterator<Item = Scenario>) {
    let mut replays = Replays::new();
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
fn every_order_of_steps_ends_correctly_for_every_history_of_up_to_four_actions_and_three_uploads() {
    for actions in 1..=4 {
        let histories = histories(actions);
        let short = histories.iter().filter(|history| actions < 4 || history.contains(&0));
        assert_no_problem(&format!("{actions} actions"), short.map(|history| with_events(history)));
    }
}

#[test]
#[ignore = "there are millions of states: `just search`"]
fn every_order_of_steps_ends_correctly_for_every_history_of_four_uploads() {
    let histories = histories(4).into_iter().filter(|history| !history.contains(&0));
    assert_no_problem("4 uploads", histories.map(|history| with_events(&history)));
}

#[test]
fn every_order_of_steps_ends_correctly_with_any_event_delivered_twice() {
    for actions in 1..=3 {
        let scenarios = histories(actions).into_iter().flat_map(|history| {
            let scenario = with_events(&history);
            let twice = |event: &usize| Scenario {
                events: [&scenario.events[..], &[*event]].concat(),
                ..scenario.clone()
            };
            scenario.events.iter().map(twice).collect::<Vec<_>>()
        });
        assert_no_problem(&format!("{actions} actions, an event twice"), scenarios);
    }
}

#[test]
fn crashes_and_conflicts_anywhere_end_correctly_after_the_events_are_run_again() {
    for (actions, crashes, conflicts) in [(1, 2, 2), (2, 2, 1), (3, 1, 0), (3, 0, 1)] {
        let scenarios = histories(actions).into_iter().map(|history| Scenario {
            crashes,
            conflicts,
            ..with_events(&history)
        });
        assert_no_problem(&format!("{actions} actions, {crashes} crashes, {conflicts} conflicts"), scenarios);
    }
}

#[test]
fn without_version_ids_every_order_of_steps_ends_correctly() {
    for versioning in [Versioning::Off, Versioning::Suspended] {
        for (actions, crashes, lost_answers) in [(3, 0, 0), (2, 1, 1)] {
            let scenarios = histories(actions).into_iter().map(|history| Scenario {
                crashes,
                lost_answers,
                versioning,
                ..with_events(&history)
            });
            let name = format!("versioning {versioning:?}, {actions} actions, {lost_answers} lost");
            assert_no_problem(&name, scenarios);
        }
    }
}

#[test]
fn puts_whose_answer_is_lost_end_correctly_after_the_sdk_sends_them_again() {
    for (actions, lost_answers, crashes) in [(1, 2, 1), (2, 2, 0), (2, 1, 1), (3, 1, 0)] {
        let scenarios = histories(actions).into_iter().map(|history| Scenario {
            lost_answers,
            crashes,
            ..with_events(&history)
        });
        assert_no_problem(&format!("{actions} actions, {lost_answers} lost, {crashes} crashes"), scenarios);
    }
}

#[test]
fn originals_with_the_same_clean_form_end_correctly() {
    // Without version ids a lost answer can cost a run one PUT too many; then Lambda runs it again.
    for (versioning, lost_answers) in [(Versioning::On, 1), (Versioning::Off, 0)] {
        let histories = [&[1, 1 + TWIN][..], &[1, 1 + TWIN, 1], &[1, 2, 1 + TWIN], &[2, 1, 1 + TWIN]];
        let scenarios =
            histories.map(|history| Scenario { lost_answers, versioning, ..with_events(history) });
        assert_no_problem(&format!("the same clean form, versioning {versioning:?}"), scenarios);
    }
}

/// Searches with a flaw, which must lead to a wrong end.
fn assert_problem(flawed: Scenario, expected: &str) {
    let mut replays = Replays::new();
    let sound = Search::run(&Scenario { flaw: Flaw::None, ..flawed.clone() }, &mut replays);
    assert_eq!(sound.problem, None, "without the flaw");
    let search = Search::run(&flawed, &mut replays);
    println!("{:?}: {:?} after {} states", flawed.flaw, search.problem, search.visited.len());
    assert_eq!(search.problem.unwrap().0, expected);
}

const WRONG_PHOTO: &str = "B does not have the clean form of A";

#[test]
fn without_the_check_of_a_the_search_finds_a_wrong_end() {
    assert_problem(Scenario { flaw: Flaw::NoCheckOfA, ..with_events(&[1, 2, 1]) }, WRONG_PHOTO);
}

#[test]
fn without_the_check_of_a_before_current_the_search_finds_a_wrong_end() {
    let flaw = Flaw::NoCheckBeforeCurrent;
    assert_problem(Scenario { lost_answers: 1, flaw, ..with_events(&[1, 2, 1]) }, WRONG_PHOTO);
}

#[test]
fn with_the_version_id_of_a_head_whose_etag_is_not_compared_the_search_finds_a_wrong_end() {
    let flaw = Flaw::NoComparisonOfETags;
    assert_problem(Scenario { flaw, ..with_events(&[1, 2, 3]) }, WRONG_PHOTO);
}

#[test]
fn with_unconditional_puts_the_search_finds_a_wrong_end() {
    assert_problem(Scenario { flaw: Flaw::NoConditions, ..with_events(&[1, 2]) }, WRONG_PHOTO);
}
