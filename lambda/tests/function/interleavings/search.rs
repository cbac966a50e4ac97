//! Searches through all orders of steps, depth first. States with the same buckets, the same steps left and the same
//! answers received are visited once.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use exif_ripper::config::Deletes;
use exif_ripper::event::{Change, PhotoEvent};
use exif_ripper::publish::PublishConfig;

use super::KEY;
use super::ends::{Kept, problem};
use super::flaw::Flaw;
use super::history::{EXPIRE_AFTER, Moment, Newest, moments};
use super::replay::{Network, Replays, Run, Start};
use crate::support::fake_s3::{FakeS3, Versioning};
use crate::support::{A, B, publish_config};

/// A step that can be taken next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The writer takes its next action on A.
    Write,
    /// A run does its next operation.
    Run(usize),
    /// A run's next operation, a PUT or DELETE, is answered with 409.
    Conflict(usize),
    /// A run's next operation, a PUT or DELETE, is done, but its answer is lost, and the SDK will send it again.
    AnswerLost(usize),
    /// A run crashes between two operations, and its event is run again.
    Crash(usize),
}

impl Step {
    /// Whether something goes wrong.
    pub(super) fn is_fault(self) -> bool {
        matches!(self, Step::Conflict(_) | Step::AnswerLost(_) | Step::Crash(_))
    }
}

/// What one search tries all orders of.
#[derive(Debug, Clone)]
pub(super) struct Scenario {
    /// What happens to A, see `history`.
    pub(super) script: String,
    /// The number of an action whose event is delivered twice.
    pub(super) twice: Option<usize>,
    /// At most this many steps are crashes.
    pub(super) crashes: usize,
    /// At most this many PUTs and DELETEs are answered with 409.
    pub(super) conflicts: usize,
    /// At most this many answers to PUTs and DELETEs are lost.
    pub(super) lost_answers: usize,
    /// At most this many steps are crashes, conflicts or lost answers, all together.
    pub(super) faults: usize,
    /// Whether bucket A has versioning.
    pub(super) versioning: Versioning,
    pub(super) deletes: Deletes,
    /// Whether deletes have events.
    pub(super) removal_events: bool,
    /// Whether originals expire.
    pub(super) expires: bool,
    pub(super) flaw: Flaw,
}

/// A scenario with what follows from it.
pub(super) struct World<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) moments: Vec<Moment>,
    config: Rc<PublishConfig>,
}

impl<'a> World<'a> {
    pub(super) fn new(scenario: &'a Scenario) -> Self {
        let known_to_expire = scenario.expires && scenario.flaw != Flaw::AlwaysAPerson;
        let config = PublishConfig {
            deletes: scenario.deletes,
            originals_expire_after: known_to_expire.then_some(EXPIRE_AFTER),
            ..publish_config()
        };
        Self { scenario, moments: moments(&scenario.script, scenario.versioning), config: Rc::new(config) }
    }

    /// How the run of an event starts after this many actions.
    fn start(&self, after: usize, written: usize) -> Start {
        let mut event: PhotoEvent = self.moments[after].event.clone().unwrap();
        let mut now = self.moments[written - 1].time;
        if !self.scenario.expires {
            // Times do not matter then, and the fewer there are, the fewer states.
            now = self.moments[0].time;
            event.time = event.time.map(|_| now);
        }
        Start { event, now, config: self.config.clone() }
    }
}

/// The state of everything between two steps.
#[derive(Clone)]
pub(super) struct State {
    pub(super) s3: FakeS3,
    pub(super) written: usize,
    pub(super) runs: Vec<Run>,
    crashes: usize,
    conflicts: usize,
    lost_answers: usize,
    /// What B had when the original expired.
    pub(super) kept: Kept,
    /// What happened is one of the accepted limits, so nothing is asked of the end.
    pub(super) at_limit: bool,
}

impl State {
    pub(super) fn new(world: &World) -> Self {
        let removals = world.scenario.removal_events;
        let with_event = |number: &usize| {
            let event = world.moments[*number].event.as_ref();
            event.is_some_and(|event| removals || event.change == Change::Created)
        };
        let events = (0..world.moments.len()).chain(world.scenario.twice).filter(with_event);
        let mut s3 = FakeS3::with_versioning(world.scenario.versioning);
        s3.clock = Some(world.moments[0].time);
        Self {
            s3,
            written: 0,
            runs: events.map(|after| Run::new(after, false)).collect(),
            crashes: 0,
            conflicts: 0,
            lost_answers: 0,
            kept: Kept::Anything,
            at_limit: false,
        }
    }

    /// All steps that can be taken next.
    pub(super) fn steps(&self, world: &World) -> Vec<Step> {
        let mut steps = Vec::new();
        let scenario = world.scenario;
        if let Some(next) = world.moments.get(self.written)
            // A run takes a minute at most: none is in flight while days pass.
            && !(matches!(next.action, 'o' | 'k') && self.runs.iter().any(Run::is_in_flight))
        {
            steps.push(Step::Write);
        }
        let fault_left = self.crashes + self.conflicts + self.lost_answers < scenario.faults;
        for (number, run) in self.runs.iter().enumerate() {
            if run.result().is_some() || run.after >= self.written {
                continue;
            }
            steps.push(Step::Run(number));
            if fault_left && run.waits_for_write() && self.conflicts < scenario.conflicts {
                steps.push(Step::Conflict(number));
            }
            if fault_left && run.waits_for_write() && self.lost_answers < scenario.lost_answers {
                steps.push(Step::AnswerLost(number));
            }
            if fault_left && run.has_started() && self.crashes < scenario.crashes {
                steps.push(Step::Crash(number));
            }
        }
        steps
    }

    /// The state after a step.
    pub(super) fn after(&self, step: Step, world: &World, replays: &mut Replays) -> Self {
        let mut next = self.clone();
        match step {
            Step::Write => next.write(world),
            Step::Run(number) => next.run(number, Network::Good, world, replays),
            Step::Conflict(number) => {
                next.conflicts += 1;
                next.run(number, Network::Conflict, world, replays);
            }
            Step::AnswerLost(number) => {
                next.lost_answers += 1;
                next.run(number, Network::AnswerLost, world, replays);
            }
            Step::Crash(number) => {
                next.crashes += 1;
                let after = next.runs[number].after;
                next.at_limit |= world.scenario.expires && next.is_old(after, world);
                next.runs[number] = Run::new(after, true);
            }
        }
        next.s3.versions_of_b.clear();
        next
    }

    fn write(&mut self, world: &World) {
        let moment = &world.moments[self.written];
        let before = self.written.checked_sub(1).map(|number| &world.moments[number]);
        if moment.action == 'e' && moment.newest == Newest::Expired {
            let version = before.and_then(|before| before.current.as_ref()?.version.as_deref());
            let copy = self.s3.get(B, KEY).filter(|copy| copy.source_version() == version);
            self.kept = copy.map_or(Kept::Anything, |copy| Kept::Copy(copy.etag()));
        }
        if moment.action == 'o' && world.scenario.expires {
            self.at_limit |= self.runs.iter().any(|run| run.crashed && run.result().is_none());
        }
        self.s3.set_current(A, KEY, moment.current.clone());
        if world.scenario.expires {
            self.s3.clock = Some(moment.time);
        }
        self.written += 1;
    }

    fn run(&mut self, number: usize, network: Network, world: &World, replays: &mut Replays) {
        let (after, written) = (self.runs[number].after, self.written);
        let start = || world.start(after, written);
        self.runs[number].step(&mut self.s3, world.scenario.flaw, network, replays, start);
        self.at_limit |= world.scenario.expires && self.runs[number].left_its_copy();
    }

    /// Whether an event is older than originals become. One without a time is.
    fn is_old(&self, after: usize, world: &World) -> bool {
        let start = world.start(after, self.written);
        start.event.time.is_none_or(|time| start.now.duration_since(time).unwrap_or_default() >= EXPIRE_AFTER)
    }

    /// Runs the events of failed runs again, as Lambda or an operator does.
    pub(super) fn run_failures_again(&mut self, world: &World) {
        for number in 0..self.runs.len() {
            let run = &self.runs[number];
            let after = run.after;
            if run
                .result()
                .is_some_and(|result| result.as_ref().is_err_and(|error| !error.starts_with("Refused.")))
            {
                self.at_limit |= world.scenario.expires && self.is_old(after, world);
                self.runs[number] = Run::new(after, true);
            }
        }
    }

    fn fingerprint(&self) -> u64 {
        let mut hash = DefaultHasher::new();
        // A is as the number of actions says.
        (self.written, self.crashes, self.conflicts, self.lost_answers).hash(&mut hash);
        (&self.kept, self.at_limit).hash(&mut hash);
        let published = self.s3.get(B, KEY);
        published.map(|object| (object.etag(), &object.cache_control, object.written)).hash(&mut hash);
        published.map(|object| object.source_version()).hash(&mut hash);
        for run in &self.runs {
            (run.answers_hash(), run.has_started(), run.result().is_some(), run.crashed).hash(&mut hash);
        }
        hash.finish()
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
        let world = World::new(scenario);
        search.explore(&State::new(&world), &world, replays, &mut Vec::new());
        search
    }

    fn explore(&mut self, state: &State, world: &World, replays: &mut Replays, path: &mut Vec<Step>) {
        if self.problem.is_some() || !self.visited.insert(state.fingerprint()) {
            return;
        }
        let steps = state.steps(world);
        if steps.is_empty() {
            self.ends += 1;
            self.longest = self.longest.max(path.len());
            self.problem = problem(state, world).map(|problem| (problem, path.clone()));
        }
        for step in steps {
            path.push(step);
            let next = state.after(step, world, replays);
            self.explore(&next, world, replays, path);
            path.pop();
        }
    }
}
