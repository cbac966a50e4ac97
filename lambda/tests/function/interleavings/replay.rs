//! Takes the steps of one run, one at a time.
//!
//! The answers that a run has received determine its state. To find out what a run does next, a new future gets the
//! same answers again and then has to wait. That takes the photo core's work, and the same answers come in very many
//! orders of steps, so each list of answers is replayed once.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use exif_ripper::error::Error;
use exif_ripper::event::PhotoEvent;
use exif_ripper::outcome::{Outcome, PhotoStats};
use exif_ripper::publish::{PublishConfig, publish};
use exif_ripper::store::{Condition, Delete, Fetched, Looked, Put, Source};

use super::KEY;
use super::flaw::Flaw;
use super::history::is_refused;
use super::replay_store::{Answer, ReplayStore, Request};
use crate::support::fake_s3::{FakeS3, Object};
use crate::support::{A, B};

/// What happens to an operation on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Network {
    /// Nothing.
    Good,
    /// It has no effect and is answered with 409.
    Conflict,
    /// It has its effect, its answer is lost, and the SDK sends it again.
    AnswerLost,
}

/// What a run starts with.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) event: PhotoEvent,
    pub(super) now: SystemTime,
    pub(super) config: Rc<PublishConfig>,
}

/// How far a run is: the answers that it has received, and what they lead to.
struct Progress {
    start: Rc<Start>,
    answers: Vec<Rc<Answer>>,
    hash: u64,
    next: Next,
    known: Known,
}

/// What the flaws need to know of the answers.
#[derive(Debug, Default, Clone)]
struct Known {
    /// What the run was told last about A.
    source: Option<Source>,
    /// The photo that it read last is refused.
    refused: bool,
    found_own_copy: bool,
    /// The last answer was that B's copy is deleted.
    deleted: bool,
    /// The last answer was that A has no object.
    gone: bool,
}

enum Next {
    Request(Request),
    End(Result<Outcome, String>),
}

/// For the flaws in which time passes more slowly or faster.
const THREE_YEARS: Duration = Duration::from_secs(3 * 365 * 24 * 60 * 60);

impl Progress {
    /// What the buckets answer to the run's request.
    fn answer(&self, s3: &mut FakeS3, flaw: Flaw, network: Network) -> Answer {
        let Next::Request(request) = &self.next else { panic!("the run has ended") };
        match request {
            Request::GetA { unless } => match s3.get_original(KEY, unless.as_ref()) {
                Fetched::NotModified => Answer::NotModified,
                _ => Answer::GotA(s3.get(A, KEY).cloned().map(|mut object| {
                    object.written = time_of_original(object.written, flaw);
                    object
                })),
            },
            Request::LookA => Answer::LookedAtA(self.look(s3, flaw)),
            Request::PutB { .. } if network == Network::Conflict => Answer::Put(Put::Conflict),
            Request::PutB { photo, .. } if flaw == Flaw::NoConditions => {
                s3.delete(B, KEY);
                Answer::Put(s3.put_published(KEY, photo, &Condition::Absent))
            }
            Request::PutB { photo, condition } => Answer::Put(s3.put_published(KEY, photo, condition)),
            Request::HeadB if flaw == Flaw::RefusalLeavesCopy && self.known.refused => Answer::HeadOfB(None),
            Request::HeadB => Answer::HeadOfB(s3.head_published(KEY).map(|mut published| {
                if flaw == Flaw::TimeOfCopyNotAsked {
                    published.written = Some(SystemTime::UNIX_EPOCH);
                }
                published
            })),
            Request::DeleteB { .. } if network == Network::Conflict => Answer::Delete(Delete::Conflict),
            Request::DeleteB { etag } => Answer::Delete(s3.delete_published(KEY, etag)),
        }
    }

    fn look(&self, s3: &FakeS3, flaw: Flaw) -> Looked {
        let mut looked = s3.look_at_original(KEY);
        if let Looked::Found(source) = &mut looked {
            source.written = time_of_original(source.written, flaw);
        }
        match (flaw, self.known.source.clone(), looked) {
            (Flaw::NoLookAfterDelete, _, _) if self.known.deleted => Looked::NotFound,
            (_, _, looked) if self.known.deleted => looked,
            (Flaw::NoCheckOfA, Some(last), _) => Looked::Found(last),
            (Flaw::NoCheckBeforeCurrent, Some(last), _) if self.known.found_own_copy => Looked::Found(last),
            (Flaw::NoComparisonOfETags, Some(last), Looked::Found(now)) => {
                Looked::Found(Source { etag: last.etag, ..now })
            }
            (_, _, looked) => looked,
        }
    }

    fn hash_after(&self, answer: &Answer) -> u64 {
        let mut hash = DefaultHasher::new();
        self.hash.hash(&mut hash);
        match answer {
            Answer::GotA(object) => (0, object.as_ref().map(Object::source)).hash(&mut hash),
            Answer::NotModified => 1.hash(&mut hash),
            Answer::LookedAtA(Looked::Found(source)) => (2, source).hash(&mut hash),
            Answer::LookedAtA(looked) => (3, *looked == Looked::Empty).hash(&mut hash),
            Answer::Put(put) => (4, *put == Put::Conflict).hash(&mut hash),
            Answer::HeadOfB(head) => {
                let head = head.as_ref().map(|head| (&head.etag, &head.source_version, head.written));
                (5, head).hash(&mut hash);
            }
            Answer::Delete(delete) => (6, *delete == Delete::Done).hash(&mut hash),
        }
        hash.finish()
    }

    /// The progress with one more answer.
    fn after(&self, answer: Answer) -> Self {
        let hash = self.hash_after(&answer);
        let mut known = Known { deleted: false, gone: false, ..self.known.clone() };
        match &answer {
            Answer::GotA(Some(object)) => {
                known.source = Some(object.source());
                known.refused = is_refused(object);
            }
            Answer::LookedAtA(Looked::Found(source)) => known.source = Some(source.clone()),
            Answer::LookedAtA(Looked::NotFound) => known.gone = true,
            Answer::HeadOfB(published) => {
                let last = known.source.as_ref().and_then(|last| last.version.as_ref());
                let found = published.as_ref().and_then(|published| published.source_version.as_ref());
                known.found_own_copy = last.is_some() && last == found;
            }
            Answer::Delete(Delete::Done) => known.deleted = true,
            _ => {}
        }
        let answers: Vec<_> = self.answers.iter().cloned().chain([Rc::new(answer)]).collect();
        Self { next: replay(&self.start, &answers), start: self.start.clone(), answers, hash, known }
    }
}

fn time_of_original(written: Option<SystemTime>, flaw: Flaw) -> Option<SystemTime> {
    match flaw {
        // As late as the function's clock, so that only events are old.
        Flaw::AgeNotAsked | Flaw::ExpiredCopyDeleted => written.map(|written| written + THREE_YEARS),
        _ => written,
    }
}

/// What the function does after these answers.
fn replay(start: &Start, answers: &[Rc<Answer>]) -> Next {
    let store = ReplayStore { answers, received: Cell::new(0), request: RefCell::default() };
    let mut stats = PhotoStats::default();
    let publishing = pin!(publish(&store, &start.config, &start.event, start.now, &mut stats));
    match publishing.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Next::End(result.map_err(|error: Error| error.name())),
        Poll::Pending => Next::Request(store.request.take().unwrap()),
    }
}

/// Every list of answers that was replayed, by its hash.
#[derive(Default)]
pub(super) struct Replays {
    known: HashMap<u64, Rc<Progress>>,
}

impl Replays {
    /// The progress of a run that has received no answer.
    fn start(&mut self, mut start: Start, flaw: Flaw) -> Rc<Progress> {
        if flaw == Flaw::AgeNotAsked {
            start.now += THREE_YEARS;
        }
        let mut hash = DefaultHasher::new();
        let config = (start.config.deletes, start.config.originals_expire_after);
        (start.event.time, start.event.change, start.now, config).hash(&mut hash);
        let hash = hash.finish();
        let start = Rc::new(start);
        let progress = || Progress {
            next: replay(&start, &[]),
            start: start.clone(),
            answers: Vec::new(),
            hash,
            known: Known::default(),
        };
        self.known.entry(hash).or_insert_with(|| Rc::new(progress())).clone()
    }

    fn after(&mut self, progress: &Progress, answer: Answer) -> Rc<Progress> {
        let hash = progress.hash_after(&answer);
        self.known.entry(hash).or_insert_with(|| Rc::new(progress.after(answer))).clone()
    }
}

/// The run of one event.
#[derive(Clone)]
pub(super) struct Run {
    /// The number of the writer's action that it comes after.
    pub(super) after: usize,
    /// It was run before, and crashed.
    pub(super) crashed: bool,
    /// None before its first step.
    progress: Option<Rc<Progress>>,
}

impl Run {
    pub(super) fn new(after: usize, crashed: bool) -> Self {
        Self { after, crashed, progress: None }
    }

    pub(super) fn has_started(&self) -> bool {
        self.progress.is_some()
    }

    /// It has taken a step, and is not at its end.
    pub(super) fn is_in_flight(&self) -> bool {
        self.has_started() && self.result().is_none()
    }

    /// A hash of the answers.
    pub(super) fn answers_hash(&self) -> u64 {
        self.progress.as_ref().map_or(0, |progress| progress.hash)
    }

    pub(super) fn waits_for_write(&self) -> bool {
        let next = self.progress.as_ref().map(|progress| &progress.next);
        matches!(next, Some(Next::Request(Request::PutB { .. } | Request::DeleteB { .. })))
    }

    /// How the run ended, or None if it has not.
    pub(super) fn result(&self) -> Option<&Result<Outcome, String>> {
        match &self.progress.as_ref()?.next {
            Next::Request(_) => None,
            Next::End(result) => Some(result),
        }
    }

    /// It ended and left its copy in B, although A had no object by then.
    pub(super) fn left_its_copy(&self) -> bool {
        let gone = self.progress.as_ref().is_some_and(|progress| progress.known.gone);
        gone && matches!(self.result(), Some(Ok(Outcome::Clean | Outcome::Current)))
    }

    /// Takes one step: one operation, and what the function computes after it. `start` says how the run starts, if
    /// this is its first step.
    pub(super) fn step(
        &mut self,
        s3: &mut FakeS3,
        flaw: Flaw,
        network: Network,
        replays: &mut Replays,
        start: impl FnOnce() -> Start,
    ) {
        let progress = self.progress.take().unwrap_or_else(|| replays.start(start(), flaw));
        let answer = progress.answer(s3, flaw, network);
        // If the answer is lost, the operation was done. The run does not know: its next step is the same operation.
        self.progress = Some(match network {
            Network::AnswerLost => progress,
            _ => replays.after(&progress, answer),
        });
    }
}
