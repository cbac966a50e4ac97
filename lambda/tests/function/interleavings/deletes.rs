//! The search with everything that can happen to an original: deletes, permanent removals, removed markers, batch jobs,
//! refused photos and expiry.

use exif_ripper::config::Deletes;

use super::ends::{LOST, NOT_DELETED, WRONG_PHOTO};
use super::flaw::Flaw;
use super::search::Scenario;
use super::{assert_no_problem, assert_problem, scenario};

/// One crash or lost answer.
fn with_a_fault(script: &str) -> Scenario {
    Scenario { crashes: 1, lost_answers: 1, faults: 1, ..scenario(script) }
}

/// Every script that takes its actions from these lists in turn.
fn product(lists: &[&[&str]]) -> Vec<String> {
    lists.iter().fold(vec![String::new()], |scripts, list| {
        scripts.iter().flat_map(|script| list.iter().map(move |action| format!("{script}{action}"))).collect()
    })
}

const UPLOADS: &[&str] = &["1", "2", "R"];
const ACTIONS: &[&str] = &["1", "2", "R", "d", "p", "u", "b"];

#[test]
fn every_order_of_steps_ends_correctly_for_two_actions_of_any_kind_and_a_fault() {
    let scripts = product(&[UPLOADS, ACTIONS]);
    assert_no_problem("2 actions", scripts.iter().map(|script| with_a_fault(script)));
}

#[test]
fn every_order_of_steps_ends_correctly_for_three_actions_of_any_kind() {
    let scripts = product(&[UPLOADS, ACTIONS, ACTIONS]);
    assert_no_problem("3 actions", scripts.iter().map(|script| scenario(script)));
}

#[test]
#[ignore = "there are millions of states: `just search`"]
fn every_order_of_steps_ends_correctly_for_three_actions_of_any_kind_and_a_fault() {
    let scripts = product(&[UPLOADS, ACTIONS, ACTIONS]);
    assert_no_problem("3 actions, a fault", scripts.iter().map(|script| with_a_fault(script)));
}

#[test]
fn with_two_deliveries_of_an_event_two_actions_of_any_kind_end_correctly() {
    let scenarios = product(&[UPLOADS, ACTIONS]).into_iter().flat_map(|script| {
        (0..script.len()).map(move |event| Scenario { twice: Some(event), ..scenario(&script) })
    });
    assert_no_problem("2 actions, an event twice", scenarios);
}

#[test]
fn with_deletes_kept_every_order_of_steps_ends_with_what_a_has() {
    let scripts = product(&[UPLOADS, ACTIONS]);
    let keep = |script: &String| Scenario { deletes: Deletes::Keep, ..with_a_fault(script) };
    assert_no_problem("2 actions, deletes kept", scripts.iter().map(keep));
}

/// What may happen between an upload, the days after which it expires, and its expiry.
fn with_expiry(after_expiry: &[&str]) -> Vec<String> {
    product(&[&["1"], &["", "2", "R", "d", "d2"], &["o"], &["", "b", "d", "2"], &["e"], after_expiry])
}

fn expiring(script: &str) -> Scenario {
    Scenario { expires: true, ..with_a_fault(script) }
}

#[test]
fn where_originals_expire_every_order_of_steps_ends_correctly() {
    let mut scripts = with_expiry(&["", "b"]);
    // More events than three have too many orders.
    scripts.retain(|script| script.chars().filter(|action| !"oe".contains(*action)).count() <= 3);
    let without_faults = |script: &String| Scenario { expires: true, ..scenario(script) };
    assert_no_problem("expiry", scripts.iter().map(without_faults));
    assert_no_problem("expiry, a fault", ["1oe", "1Roe", "1doe"].map(expiring));
}

#[test]
#[ignore = "there are millions of states: `just search`"]
fn where_originals_expire_every_order_of_steps_ends_correctly_whatever_follows() {
    let scripts = with_expiry(&["", "b", "d", "2", "k"]);
    assert_no_problem("expiry and more", scripts.iter().map(|script| expiring(script)));
}

/// With the flaw, the script must lead to this end.
fn assert_flaw(flaw: Flaw, script: &str, expected: &str) {
    assert_problem(Scenario { flaw, ..with_a_fault(script) }, expected);
}

#[test]
fn without_the_look_at_a_after_a_first_put_the_search_finds_a_photo_that_stays() {
    assert_flaw(Flaw::NoCheckOfA, "1R", NOT_DELETED);
    assert_flaw(Flaw::NoCheckOfA, "1d", NOT_DELETED);
}

#[test]
fn without_the_look_at_a_before_current_the_search_finds_a_photo_that_stays() {
    assert_flaw(Flaw::NoCheckBeforeCurrent, "1R", NOT_DELETED);
}

#[test]
fn without_the_look_at_a_after_a_delete_the_search_finds_a_photo_that_is_lost() {
    assert_flaw(Flaw::NoLookAfterDelete, "R1", WRONG_PHOTO);
}

#[test]
fn with_a_refusal_that_leaves_the_copy_the_search_finds_it() {
    assert_flaw(Flaw::RefusalLeavesCopy, "1R", NOT_DELETED);
}

#[test]
fn if_an_etag_were_not_compared_the_search_finds_a_wrong_end_with_deletes_too() {
    assert_flaw(Flaw::NoComparisonOfETags, "112", WRONG_PHOTO);
}

/// With the flaw, the script must lead to this end where originals expire.
fn assert_flaw_of_expiry(flaw: Flaw, script: &str, expected: &str) {
    assert_problem(Scenario { flaw, ..expiring(script) }, expected);
}

#[test]
fn if_whatever_is_gone_were_deleted_by_a_person_the_search_finds_a_photo_that_is_lost() {
    assert_flaw_of_expiry(Flaw::AlwaysAPerson, "1oeb", LOST);
}

#[test]
fn if_the_age_of_an_event_were_not_asked_the_search_finds_a_photo_that_stays() {
    assert_flaw_of_expiry(Flaw::AgeNotAsked, "1o2ed", NOT_DELETED);
}

#[test]
fn if_the_time_of_the_copy_were_not_asked_the_search_finds_a_photo_that_is_lost() {
    assert_flaw_of_expiry(Flaw::TimeOfCopyNotAsked, "1d2oe", LOST);
}

#[test]
fn if_a_run_deleted_its_copy_of_what_may_have_expired_the_search_finds_a_photo_that_is_lost() {
    assert_flaw_of_expiry(Flaw::ExpiredCopyDeleted, "1oe", LOST);
}
