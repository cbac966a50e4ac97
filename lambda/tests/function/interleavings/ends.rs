//! What must be true when every run has ended.

use super::KEY;
use super::flaw::Flaw;
use super::history::{Newest, is_refused};
use super::search::{State, World};
use crate::support::B;
use crate::support::fake_s3::Object;
use crate::support::photos::clean;
use exif_ripper::config::Deletes;

/// What B must still have after an original expired.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Kept {
    /// Nothing expired, or B did not have its copy yet.
    Anything,
    /// The copy with this tag.
    Copy(String),
}

pub(super) const WRONG_PHOTO: &str = "B does not have the clean form of A";
pub(super) const NOT_DELETED: &str = "B has a photo, and A has none that can be published";
pub(super) const LOST: &str = "B does not have the copy of a photo that expired";

/// What is wrong with this state, which is an end.
pub(super) fn problem(state: &State, world: &World) -> Option<String> {
    let mut failures = state.runs.iter().filter_map(|run| run.result()?.as_ref().err());
    if let Some(failed) = failures.rfind(|error| !error.starts_with("Refused.")) {
        return Some(format!("a run failed with {failed}"));
    }
    if state.at_limit {
        return None;
    }
    let moment = world.moments.last().unwrap();
    let (original, copy) = (moment.current.as_ref(), state.s3.get(B, KEY));
    match original {
        Some(original) if !is_refused(original) => problem_of_copy(original, copy, world),
        None if moment.newest == Newest::Expired => problem_after_expiry(state, copy, world),
        _ => (copy.is_some() && world.scenario.deletes == Deletes::Follow).then(|| NOT_DELETED.to_owned()),
    }
}

fn problem_of_copy(original: &Object, copy: Option<&Object>, world: &World) -> Option<String> {
    if copy.map(|copy| &copy.bytes) != Some(&clean(&original.bytes)) {
        return Some(WRONG_PHOTO.to_owned());
    }
    if world.scenario.flaw != Flaw::None {
        // The worst that the flaw leads to is asked for.
        return None;
    }
    let version = original.version.as_deref().filter(|id| *id != "null");
    if copy.and_then(Object::source_version) != version {
        return Some("B does not name the version of A".to_owned());
    }
    (copy.map(|copy| &copy.cache_control) != Some(&original.cache_control))
        .then(|| "B does not have the Cache-Control of A".to_owned())
}

/// After a permanent removal or a removed marker too little is known to ask for anything.
fn problem_after_expiry(state: &State, copy: Option<&Object>, world: &World) -> Option<String> {
    match &state.kept {
        Kept::Copy(etag) if !world.scenario.script.contains(['p', 'u']) => {
            (copy.map(Object::etag).as_ref() != Some(etag)).then(|| LOST.to_owned())
        }
        _ => None,
    }
}
