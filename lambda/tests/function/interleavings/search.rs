//! Searches through all orders of steps, depth first. States with the same buckets, the same steps left and the same
//! answers received are visited once.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::KEY;
use super::replay::{Flaw, Network, Replays, Run};
use crate::support::fake_s3::{FakeS3, Object, Versioning};
use crate::support::photos::{clean, twin, version};
use crate::support::{A, B};

/// A step that can be taken next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The writer takes its next action on A.
    Write,
    /// A run does its next operation.
    Run(usize),
    /// A run's next operation, a PUT, is answered with 409.
    Conflict(usize),
    /// A run's next operation, a PUT, is done, but its answer is lost, and the SDK will send it again.
    AnswerLost(usize),
    /// A run crashes between two operations, and its event is run again.
    Crash(usize),
}

/// Added to a photo's number: another original with the same clean form.
pub(super) const TWIN: u8 = 100;

/// What one search tries all orders of.
#[derive(Debug, Clone)]
pub(super) struct Scenario {
    /// What the writer does to A: a photo's number for an upload, from `TWIN` on that of a twin, `None` for a delete.
    pub(super) history: Vec<Option<u8>>,
    /// For each event, the number of the action in `history` that it comes after.
    pub(super) events: Vec<usize>,
    /// At most this many steps are crashes.
    pub(super) crashes: usize,
    /// At most this many PUTs are answered with 409.
    pub(super) conflicts: usize,
    /// At most this many answers to PUTs are lost.
    pub(super) lost_answers: usize,
    /// Whether bucket A has versioning.
    pub(super) versioning: Versioning,
    pub(super) flaw: Flaw,
}

/// The state of everything between two steps.
#[derive(Clone)]
struct State {
    s3: FakeS3,
    written: usize,
    runs: Vec<Run>,
    crashes: usize,
    conflicts: usize,
    lost_answers: usize,
}

impl State {
    fn new(scenario: &Scenario, replays: &mut Replays) -> Self {
        let runs = scenario.events.iter().map(|after| Run::new(*after, replays)).collect();
        let s3 = FakeS3::with_versioning(scenario.versioning);
        Self { s3, written: 0, runs, crashes: 0, conflicts: 0, lost_answers: 0 }
    }

    /// All steps that can be taken next.
    fn steps(&self, scenario: &Scenario) -> Vec<Step> {
        let mut steps = Vec::new();
        if self.written < scenario.history.len() {
            steps.push(Step::Write);
        }
        for (number, run) in self.runs.iter().enumerate() {
            if run.result().is_some() || run.after >= self.written {
                continue;
            }
            steps.push(Step::Run(number));
            if run.waits_for_put() && self.conflicts < scenario.conflicts {
                steps.push(Step::Conflict(number));
            }
            if run.waits_for_put() && self.lost_answers < scenario.lost_answers {
                steps.push(Step::AnswerLost(number));
            }
            if run.has_started() && self.crashes < scenario.crashes {
                steps.push(Step::Crash(number));
            }
        }
        steps
    }

    /// The state after a step.
    fn after(&self, step: Step, scenario: &Scenario, replays: &mut Replays) -> Self {
        let mut next = self.clone();
        match step {
            Step::Write => {
                match scenario.history[next.written] {
                    Some(number) => {
                        // Every write has a header of its own, as the same photo may be uploaded with another one.
                        let cache_control = Some(format!("max-age={}", next.written));
                        let photo = if number < TWIN { version(number) } else { twin(number - TWIN) };
                        let object = Object { cache_control, ..Object::jpeg(photo) };
                        next.s3.put_unconditionally(A, KEY, object);
                    }
                    None => next.s3.delete(A, KEY),
                }
                next.written += 1;
            }
            Step::Run(number) | Step::Conflict(number) | Step::AnswerLost(number) => {
                let network = match step {
                    Step::Conflict(_) => Network::Conflict,
                    Step::AnswerLost(_) => Network::AnswerLost,
                    _ => Network::Good,
                };
                next.conflicts += usize::from(network == Network::Conflict);
                next.lost_answers += usize::from(network == Network::AnswerLost);
                next.runs[number].step(&mut next.s3, scenario.flaw, network, replays);
            }
            Step::Crash(number) => {
                next.crashes += 1;
                next.runs[number] = Run::new(next.runs[number].after, replays);
            }
        }
        next.s3.versions_of_b.clear();
        next
    }

    fn fingerprint(&self) -> u64 {
        let mut hash = DefaultHasher::new();
        self.s3.head_original(KEY).hash(&mut hash);
        let published = self.s3.get(B, KEY);
        published.map(|object| (object.etag(), &object.cache_control)).hash(&mut hash);
        published.map(|object| object.metadata.get("source-version")).hash(&mut hash);
        (self.written, self.crashes, self.conflicts, self.lost_answers).hash(&mut hash);
        for run in &self.runs {
            (run.answers_hash(), run.result().is_some()).hash(&mut hash);
        }
        hash.finish()
    }

    /// What is wrong with this state, if it is an end.
    fn problem(&self, scenario: &Scenario) -> Option<String> {
        if let Some(failed) = self.runs.iter().find_map(|run| run.result()?.as_ref().err()) {
            return Some(format!("a run failed with {failed}"));
        }
        let original = self.s3.get(A, KEY)?;
        let published = self.s3.get(B, KEY);
        if published.map(|published| &published.bytes) != Some(&clean(&original.bytes)) {
            return Some("B does not have the clean form of A".to_owned());
        }
        if scenario.flaw != Flaw::None {
            // The worst that the flaw leads to is asked for.
            return None;
        }
        let version = original.version.as_ref().filter(|id| *id != "null");
        if published.map(|published| published.metadata.get("source-version")) != Some(version) {
            return Some("B does not name the version of A".to_owned());
        }
        (published.map(|published| &published.cache_control) != Some(&original.cache_control))
            .then(|| "B does not have the Cache-Control of A".to_owned())
    }
}

/// The result of a search.
#[derive(Debug, Default)]
pub(super) struct Search {
    pub(super) visited: HashSet<u64>,
    pub(super) ends: usize,
    pub(super) longest: usize,
    pub(super) problem: Option<(String, Vec<Step>)>,
}

impl Search {
    pub(super) fn run(scenario: &Scenario, replays: &mut Replays) -> Self {
        let mut search = Self::default();
        search.explore(&State::new(scenario, replays), scenario, replays, &mut Vec::new());
        search
    }

    fn explore(&mut self, state: &State, scenario: &Scenario, replays: &mut Replays, path: &mut Vec<Step>) {
        if self.problem.is_some() || !self.visited.insert(state.fingerprint()) {
            return;
        }
        let steps = state.steps(scenario);
        if steps.is_empty() {
            self.ends += 1;
            self.longest = self.longest.max(path.len());
            self.problem = state.problem(scenario).map(|problem| (problem, path.clone()));
        }
        for step in steps {
            path.push(step);
            let next = state.after(step, scenario, replays);
            self.explore(&next, scenario, replays, path);
            path.pop();
        }
    }
}
