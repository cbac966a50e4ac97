//! Every order in which a writer of bucket A and the runs of its events can take their steps, tried on the function's own code: in
//! the end bucket B must hold the clean form of what bucket A holds.
//!
//! Each operation on the store is one step; between two of them anybody else may take theirs. A step may also be a crash, after
//! which the event is run again as Lambda does, or a 409. A run is what its answers so far have made it: to go on with one, a fresh
//! future is given the answers that it had and then one from the buckets. So states that agree in the buckets, in what is left to
//! come and in all answers given are the same, and are looked at once.

use std::cell::{Cell, RefCell};
use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use exif_ripper::error::Error;
use exif_ripper::publish::{Outcome, PhotoStats, PublishConfig, publish};
use exif_ripper::store::{CleanPhoto, Condition, ETag, Fetched, Original, Published, Put, Store, StoreError};

use crate::support::fake_s3::{FakeS3, Object};
use crate::support::in_memory_store::{Buffer, Op};
use crate::support::photos::{clean, version};
use crate::support::{A, B, publish_config};

const KEY: &str = "k.jpg";

/// What can happen next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The writer does its next action on A.
    Write,
    /// A run does its next operation.
    Run(usize),
    /// A run's next operation, a PUT, is answered with 409.
    Conflict(usize),
    /// A run dies between two operations and its event is run again.
    Crash(usize),
}

/// A thing to search through.
#[derive(Debug, Clone)]
struct Scene {
    /// What the writer does to A: a photo's number, or nothing for a delete.
    history: Vec<Option<u8>>,
    /// For each event, the number of the action in `history` that it comes after.
    events: Vec<usize>,
    crashes: usize,
    conflicts: usize,
    store: Flaw,
}

/// A store that lacks one of the things the algorithm rests on: the search must find out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    /// The look at A after a write never shows a change.
    NoLookAtA,
    /// A PUT writes whatever is there.
    NoConditions,
}

/// What an operation was answered.
#[derive(Debug, Clone)]
enum Answer {
    GotA(Option<Object>),
    NotModified,
    HeadOfA(Option<ETag>),
    Put(Put),
    HeadOfB(Option<Published>),
}

/// The buckets as one run sees them: first the answers it had, then one from the buckets, then it has to wait for its turn.
struct Stepped<'a> {
    past: RefCell<VecDeque<Answer>>,
    s3: &'a RefCell<FakeS3>,
    conflict: bool,
    flaw: Flaw,
    new: RefCell<Option<Answer>>,
    waiting: Cell<Op>,
    last_etag: RefCell<Option<ETag>>,
}

impl Stepped<'_> {
    async fn answer(&self, op: Op, now: impl FnOnce(&mut FakeS3) -> Answer) -> Answer {
        if let Some(answer) = self.past.borrow_mut().pop_front() {
            return answer;
        }
        if self.new.borrow().is_some() {
            self.waiting.set(op);
            return std::future::pending().await;
        }
        let answer = now(&mut self.s3.borrow_mut());
        self.new.replace(Some(answer.clone()));
        answer
    }
}

impl Store for Stepped<'_> {
    type Body = Buffer;

    async fn get_original(&self, key: &str, unless: Option<&ETag>) -> Result<Fetched<Buffer>, StoreError> {
        let get = |s3: &mut FakeS3| match s3.get_original(key, unless) {
            Fetched::NotModified => Answer::NotModified,
            _ => Answer::GotA(s3.get(A, key).cloned()),
        };
        match self.answer(Op::GetA, get).await {
            Answer::NotModified => Ok(Fetched::NotModified),
            Answer::GotA(None) => Ok(Fetched::NotFound),
            Answer::GotA(Some(object)) => {
                let etag = ETag::new(&object.etag());
                self.last_etag.replace(Some(etag.clone()));
                let bytes = object.bytes.len() as u64;
                Ok(Fetched::Found(Original { etag, bytes, cache_control: None, body: Buffer(object.bytes) }))
            }
            other => panic!("{other:?}"),
        }
    }

    async fn head_original(&self, key: &str) -> Result<Option<ETag>, StoreError> {
        let head = |s3: &mut FakeS3| match self.flaw {
            Flaw::NoLookAtA => Answer::HeadOfA(self.last_etag.borrow().clone()),
            _ => Answer::HeadOfA(s3.head_original(key)),
        };
        match self.answer(Op::HeadA, head).await {
            Answer::HeadOfA(etag) => Ok(etag),
            other => panic!("{other:?}"),
        }
    }

    async fn put_published(
        &self,
        key: &str,
        photo: &CleanPhoto,
        condition: &Condition,
    ) -> Result<Put, StoreError> {
        let put = |s3: &mut FakeS3| {
            if self.conflict {
                return Answer::Put(Put::Conflict);
            }
            if self.flaw == Flaw::NoConditions {
                s3.delete(B, key);
                return Answer::Put(s3.put_published(key, photo, &Condition::Absent));
            }
            Answer::Put(s3.put_published(key, photo, condition))
        };
        match self.answer(Op::PutB, put).await {
            Answer::Put(put) => Ok(put),
            other => panic!("{other:?}"),
        }
    }

    async fn head_published(&self, key: &str) -> Result<Option<Published>, StoreError> {
        match self.answer(Op::HeadB, |s3| Answer::HeadOfB(s3.head_published(key))).await {
            Answer::HeadOfB(published) => Ok(published),
            other => panic!("{other:?}"),
        }
    }
}

/// The run of one event.
#[derive(Clone)]
struct Run {
    /// The action of the writer that it comes after.
    after: usize,
    answers: Vec<Answer>,
    /// A hash of the answers.
    history: u64,
    waiting: Op,
    ended: Option<Result<Outcome, String>>,
}

impl Run {
    fn new(after: usize) -> Self {
        Self { after, answers: Vec::new(), history: 0, waiting: Op::GetA, ended: None }
    }

    /// Does one operation, and what is computed after it.
    fn step(&mut self, s3: &RefCell<FakeS3>, flaw: Flaw, conflict: bool, config: &PublishConfig) {
        let store = Stepped {
            past: RefCell::new(self.answers.iter().cloned().collect()),
            s3,
            conflict,
            flaw,
            new: RefCell::default(),
            waiting: Cell::new(Op::GetA),
            last_etag: RefCell::default(),
        };
        let mut seen = PhotoStats::default();
        let publishing = pin!(publish(&store, config, KEY, &mut seen));
        if let Poll::Ready(ended) = publishing.poll(&mut Context::from_waker(Waker::noop())) {
            self.ended = Some(ended.map_err(|error: Error| error.name()));
        }
        self.waiting = store.waiting.get();
        let answer = store.new.take().unwrap();
        let mut hash = DefaultHasher::new();
        self.history.hash(&mut hash);
        match &answer {
            Answer::GotA(object) => (0, object.as_ref().map(Object::etag)).hash(&mut hash),
            Answer::NotModified => 1.hash(&mut hash),
            Answer::HeadOfA(etag) => (2, etag).hash(&mut hash),
            Answer::Put(put) => (3, *put == Put::Written).hash(&mut hash),
            Answer::HeadOfB(head) => {
                (4, head.as_ref().map(|head| (&head.etag, &head.source_etag))).hash(&mut hash)
            }
        }
        self.history = hash.finish();
        self.answers.push(answer);
    }
}

/// Everything at one moment.
#[derive(Clone)]
struct State {
    s3: FakeS3,
    written: usize,
    runs: Vec<Run>,
    crashes: usize,
    conflicts: usize,
}

impl State {
    fn new(scene: &Scene) -> Self {
        let runs = scene.events.iter().map(|after| Run::new(*after)).collect();
        Self { s3: FakeS3::default(), written: 0, runs, crashes: 0, conflicts: 0 }
    }

    fn steps(&self, scene: &Scene) -> Vec<Step> {
        let mut steps = Vec::new();
        if self.written < scene.history.len() {
            steps.push(Step::Write);
        }
        for (number, run) in self.runs.iter().enumerate() {
            if run.ended.is_some() || run.after >= self.written {
                continue;
            }
            steps.push(Step::Run(number));
            if run.waiting == Op::PutB && self.conflicts < scene.conflicts {
                steps.push(Step::Conflict(number));
            }
            if !run.answers.is_empty() && self.crashes < scene.crashes {
                steps.push(Step::Crash(number));
            }
        }
        steps
    }

    fn after(&self, step: Step, scene: &Scene, config: &PublishConfig) -> Self {
        let mut next = self.clone();
        match step {
            Step::Write => {
                match scene.history[next.written] {
                    Some(number) => next.s3.upload(KEY, version(number)),
                    None => next.s3.delete(A, KEY),
                }
                next.written += 1;
            }
            Step::Run(number) | Step::Conflict(number) => {
                let conflict = matches!(step, Step::Conflict(_));
                next.conflicts += usize::from(conflict);
                let s3 = RefCell::new(next.s3);
                next.runs[number].step(&s3, scene.store, conflict, config);
                next.s3 = s3.into_inner();
            }
            Step::Crash(number) => {
                next.crashes += 1;
                next.runs[number] = Run::new(next.runs[number].after);
            }
        }
        next.s3.versions_of_b.clear();
        next
    }

    fn fingerprint(&self) -> u64 {
        let mut hash = DefaultHasher::new();
        self.s3.head_original(KEY).hash(&mut hash);
        self.s3.head_published(KEY).map(|published| (published.etag, published.source_etag)).hash(&mut hash);
        (self.written, self.crashes, self.conflicts).hash(&mut hash);
        for run in &self.runs {
            (run.history, run.ended.is_some()).hash(&mut hash);
        }
        hash.finish()
    }

    /// What is wrong with the end that was reached.
    fn wrong(&self) -> Option<String> {
        if let Some(failed) = self.runs.iter().find_map(|run| run.ended.as_ref()?.as_ref().err()) {
            return Some(format!("a run failed with {failed}"));
        }
        let original = &self.s3.get(A, KEY)?.bytes;
        (self.s3.published(KEY) != Some(clean(original)))
            .then(|| "B does not hold the clean form of A".to_owned())
    }
}

#[derive(Debug, Default)]
struct Search {
    seen: HashSet<u64>,
    ends: usize,
    longest: usize,
    wrong: Option<(String, Vec<Step>)>,
}

impl Search {
    fn through(scene: &Scene) -> Self {
        let mut search = Self::default();
        search.explore(&State::new(scene), scene, &publish_config(), &mut Vec::new());
        search
    }

    fn explore(&mut self, state: &State, scene: &Scene, config: &PublishConfig, path: &mut Vec<Step>) {
        if self.wrong.is_some() || !self.seen.insert(state.fingerprint()) {
            return;
        }
        let steps = state.steps(scene);
        if steps.is_empty() {
            self.ends += 1;
            self.longest = self.longest.max(path.len());
            self.wrong = state.wrong().map(|what| (what, path.clone()));
        }
        for step in steps {
            path.push(step);
            self.explore(&state.after(step, scene, config), scene, config, path);
            path.pop();
        }
    }
}

fn scene(history: &[u8], events: &[usize]) -> Scene {
    Scene {
        history: history.iter().map(|number| (*number > 0).then_some(*number)).collect(),
        events: events.to_vec(),
        crashes: 0,
        conflicts: 0,
        store: Flaw::None,
    }
}

/// All histories of so many actions, each a photo or a delete, up to the photos' names: a new photo has the next free number.
fn histories(actions: usize) -> Vec<Vec<u8>> {
    let mut histories = vec![vec![1]];
    for _ in 1..actions {
        histories = histories
            .iter()
            .flat_map(|history| {
                let next = history.iter().max().unwrap() + 1;
                // What is deleted already is not deleted again.
                let first = u8::from(history.last() == Some(&0));
                (first..=next).map(|action| [&history[..], &[action]].concat()).collect::<Vec<_>>()
            })
            .collect();
    }
    histories
}

/// Each upload of a history has its event.
fn with_events(history: &[u8]) -> Scene {
    let events: Vec<_> = (0..history.len()).filter(|action| history[*action] > 0).collect();
    scene(history, &events)
}

/// Searches through all scenes and adds up.
fn all_hold(name: &str, scenes: impl IntoIterator<Item = Scene>) {
    let (mut count, mut states, mut ends, mut longest) = (0, 0, 0, 0);
    for scene in scenes {
        let search = Search::through(&scene);
        assert!(search.wrong.is_none(), "{scene:?}: {:?}", search.wrong);
        count += 1;
        states += search.seen.len();
        ends += search.ends;
        longest = longest.max(search.longest);
    }
    println!("{name}: {count} scenes, {states} states, {ends} ends, longest {longest} steps");
    assert!(ends >= count);
}

#[test]
fn every_order_of_steps_ends_right_for_every_history_of_up_to_four_actions() {
    for actions in 1..=4 {
        all_hold(
            &format!("{actions} actions"),
            histories(actions).iter().map(|history| with_events(history)),
        );
    }
}

#[test]
fn every_order_of_steps_ends_right_with_any_event_delivered_twice() {
    for actions in 1..=3 {
        let scenes = histories(actions).into_iter().flat_map(|history| {
            let scene = with_events(&history);
            let twice =
                |event: &usize| Scene { events: [&scene.events[..], &[*event]].concat(), ..scene.clone() };
            scene.events.iter().map(twice).collect::<Vec<_>>()
        });
        all_hold(&format!("{actions} actions, an event twice"), scenes);
    }
}

#[test]
fn crashes_and_conflicts_anywhere_end_right_once_the_events_have_run_again() {
    for (actions, crashes, conflicts) in [(1, 2, 2), (2, 2, 1), (3, 1, 0), (3, 0, 1)] {
        let scenes = histories(actions).into_iter().map(|history| Scene {
            crashes,
            conflicts,
            ..with_events(&history)
        });
        all_hold(&format!("{actions} actions, {crashes} crashes, {conflicts} conflicts"), scenes);
    }
}

#[test]
fn without_the_look_at_a_the_search_finds_a_wrong_end() {
    let search = Search::through(&Scene { store: Flaw::NoLookAtA, ..scene(&[1, 2, 1], &[0, 1, 2]) });
    println!("{:?} after {} states", search.wrong, search.seen.len());
    assert_eq!(search.wrong.unwrap().0, "B does not hold the clean form of A");
}

#[test]
fn with_plain_puts_the_search_finds_a_wrong_end() {
    let search = Search::through(&Scene { store: Flaw::NoConditions, ..scene(&[1, 2], &[0, 1]) });
    println!("{:?} after {} states", search.wrong, search.seen.len());
    assert_eq!(search.wrong.unwrap().0, "B does not hold the clean form of A");
}
