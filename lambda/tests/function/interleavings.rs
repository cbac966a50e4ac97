//! Every order in which a writer of bucket A and the runs of its events can take their steps, tried on the function's own code: in
//! the end bucket B must hold the clean form of what bucket A holds.
//!
//! Each operation on the store is one step; between two of them anybody else may take theirs. A step may also be a crash, after
//! which the event is run again as Lambda does, or a 409. The future of a run cannot be copied, so the search starts over and
//! replays the steps to reach a state again. What a run has been answered decides what it does next, so states that agree in the
//! buckets, in what is left to come and in every answer given so far are the same and are looked at once.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::future::poll_fn;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use exif_ripper::error::Error;
use exif_ripper::publish::{Outcome, Rules, Seen, publish};
use exif_ripper::store::{CleanPhoto, Condition, ETag, Fetched, Published, Put, Store, StoreError};

use crate::support::memory::{Buffer, Op};
use crate::support::photos::{clean, version};
use crate::support::world::World;
use crate::support::{B, rules};

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

/// One run's view of the buckets. Every operation waits for its turn first.
struct Stepped {
    world: Rc<RefCell<World>>,
    flaw: Flaw,
    /// The operation that waits for its turn.
    waiting: Rc<Cell<Option<Op>>>,
    conflict: Rc<Cell<bool>>,
    /// A hash of all answers so far.
    answers: Rc<Cell<u64>>,
    last_etag: RefCell<Option<ETag>>,
}

impl Stepped {
    async fn turn(&self, op: Op) {
        let mut asked = false;
        poll_fn(|_| {
            self.waiting.set(Some(op));
            if std::mem::replace(&mut asked, true) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        self.waiting.set(None);
    }

    fn answered<T: Hash>(&self, answer: T) {
        let mut hash = DefaultHasher::new();
        (self.answers.get(), answer).hash(&mut hash);
        self.answers.set(hash.finish());
    }
}

impl Store for Stepped {
    type Body = Buffer;

    async fn get_original(&self, key: &str, unless: Option<&ETag>) -> Result<Fetched<Buffer>, StoreError> {
        self.turn(Op::GetA).await;
        let fetched = self.world.borrow().get_original(key, unless);
        match &fetched {
            Fetched::Found(original) => {
                self.answered(&original.etag);
                self.last_etag.replace(Some(original.etag.clone()));
            }
            Fetched::NotModified => self.answered("not modified"),
            Fetched::NotFound => self.answered("not found"),
        }
        Ok(fetched)
    }

    async fn head_original(&self, key: &str) -> Result<Option<ETag>, StoreError> {
        self.turn(Op::HeadA).await;
        let etag = match self.flaw {
            Flaw::NoLookAtA => self.last_etag.borrow().clone(),
            _ => self.world.borrow().head_original(key),
        };
        self.answered(&etag);
        Ok(etag)
    }

    async fn put_published(
        &self,
        key: &str,
        photo: &CleanPhoto,
        condition: &Condition,
    ) -> Result<Put, StoreError> {
        self.turn(Op::PutB).await;
        if self.flaw == Flaw::NoConditions {
            self.world.borrow_mut().delete(B, key);
        }
        let condition = if self.flaw == Flaw::NoConditions { &Condition::Absent } else { condition };
        let put = match self.conflict.take() {
            true => Put::Raced,
            false => self.world.borrow_mut().put_published(key, photo, condition),
        };
        self.answered(put == Put::Written);
        Ok(put)
    }

    async fn head_published(&self, key: &str) -> Result<Option<Published>, StoreError> {
        self.turn(Op::HeadB).await;
        let published = self.world.borrow().head_published(key);
        self.answered(published.as_ref().map(|published| (&published.etag, &published.source_etag)));
        Ok(published)
    }
}

type Publishing = Pin<Box<dyn Future<Output = Result<Outcome, Error>>>>;

/// One event and the run of it that is under way.
struct Run {
    after: usize,
    publishing: Option<Publishing>,
    waiting: Rc<Cell<Option<Op>>>,
    conflict: Rc<Cell<bool>>,
    answers: Rc<Cell<u64>>,
    ended: Option<Result<Outcome, String>>,
}

/// Everything at one moment.
struct State {
    scene: Scene,
    world: Rc<RefCell<World>>,
    rules: Rc<Rules>,
    written: usize,
    runs: Vec<Run>,
    crashes: usize,
    conflicts: usize,
}

impl State {
    fn new(scene: &Scene) -> Self {
        let runs = scene.events.iter().map(|after| Run {
            after: *after,
            publishing: None,
            waiting: Rc::default(),
            conflict: Rc::default(),
            answers: Rc::default(),
            ended: None,
        });
        Self {
            scene: scene.clone(),
            world: Rc::default(),
            rules: Rc::new(rules()),
            written: 0,
            runs: runs.collect(),
            crashes: 0,
            conflicts: 0,
        }
    }

    fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        if self.written < self.scene.history.len() {
            steps.push(Step::Write);
        }
        for (number, run) in self.runs.iter().enumerate() {
            if run.ended.is_some() || run.after >= self.written {
                continue;
            }
            steps.push(Step::Run(number));
            if run.waiting.get() == Some(Op::PutB) && self.conflicts < self.scene.conflicts {
                steps.push(Step::Conflict(number));
            }
            if run.answers.get() != 0 && self.crashes < self.scene.crashes {
                steps.push(Step::Crash(number));
            }
        }
        steps
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Write => {
                let mut world = self.world.borrow_mut();
                match self.scene.history[self.written] {
                    Some(number) => world.upload(KEY, version(number)),
                    None => world.delete(crate::support::A, KEY),
                }
                self.written += 1;
            }
            Step::Run(number) => self.run(number),
            Step::Conflict(number) => {
                self.conflicts += 1;
                self.runs[number].conflict.set(true);
                self.run(number);
            }
            Step::Crash(number) => {
                self.crashes += 1;
                let run = &mut self.runs[number];
                run.publishing = None;
                run.answers.set(0);
                run.waiting.set(None);
            }
        }
    }

    /// Lets a run do one operation, and what it computes after it.
    fn run(&mut self, number: usize) {
        if self.runs[number].publishing.is_none() {
            let run = &self.runs[number];
            let store = Stepped {
                world: self.world.clone(),
                flaw: self.scene.store,
                waiting: run.waiting.clone(),
                conflict: run.conflict.clone(),
                answers: run.answers.clone(),
                last_etag: RefCell::default(),
            };
            let rules = self.rules.clone();
            let publishing = async move { publish(&store, &rules, KEY, &mut Seen::default()).await };
            self.runs[number].publishing = Some(Box::pin(publishing));
            self.poll(number);
        }
        self.poll(number);
    }

    fn poll(&mut self, number: usize) {
        let run = &mut self.runs[number];
        let publishing = run.publishing.as_mut().unwrap().as_mut();
        if let Poll::Ready(ended) = publishing.poll(&mut Context::from_waker(Waker::noop())) {
            run.ended = Some(ended.map_err(|error| error.name()));
            run.publishing = None;
        }
    }

    fn fingerprint(&self) -> u64 {
        let mut hash = DefaultHasher::new();
        let world = self.world.borrow();
        world.head_original(KEY).hash(&mut hash);
        world.head_published(KEY).map(|published| (published.etag, published.source_etag)).hash(&mut hash);
        (self.written, self.crashes, self.conflicts).hash(&mut hash);
        for run in &self.runs {
            (run.answers.get(), run.ended.is_some()).hash(&mut hash);
        }
        hash.finish()
    }

    /// What is wrong with the end that was reached.
    fn wrong(&self) -> Option<String> {
        if let Some(failed) = self.runs.iter().find_map(|run| run.ended.as_ref()?.as_ref().err()) {
            return Some(format!("a run failed with {failed}"));
        }
        let world = self.world.borrow();
        let original = world.get(crate::support::A, KEY)?.bytes.clone();
        (world.published(KEY) != Some(clean(&original)))
            .then(|| "B does not hold the clean form of A".to_owned())
    }
}

#[derive(Debug, Default)]
struct Search {
    seen: HashSet<u64>,
    ends: usize,
    steps: usize,
    longest: usize,
    wrong: Option<(String, Vec<Step>)>,
}

impl Search {
    fn through(scene: &Scene) -> Self {
        let mut search = Self::default();
        search.explore(State::new(scene), &mut Vec::new());
        search
    }

    fn explore(&mut self, mut state: State, path: &mut Vec<Step>) {
        let depth = path.len();
        while self.wrong.is_none() && self.seen.insert(state.fingerprint()) {
            let steps = state.steps();
            let Some((first, others)) = steps.split_first() else {
                self.ends += 1;
                self.longest = self.longest.max(path.len());
                self.wrong = state.wrong().map(|what| (what, path.clone()));
                break;
            };
            for other in others {
                let mut replayed = State::new(&state.scene);
                path.iter().chain([other]).for_each(|step| replayed.take(*step));
                path.push(*other);
                self.explore(replayed, path);
                path.pop();
            }
            state.take(*first);
            path.push(*first);
            self.steps += 1;
        }
        path.truncate(depth);
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
