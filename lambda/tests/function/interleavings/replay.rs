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

use exif_ripper::error::Error;
use exif_ripper::publish::{Outcome, PhotoStats, PublishConfig, publish};
use exif_ripper::store::{
    CleanPhoto, Condition, ETag, Fetched, Original, Published, Put, Source, Store, StoreError,
};

use super::KEY;
use crate::support::fake_s3::{FakeS3, Object};
use crate::support::in_memory_store::Buffer;
use crate::support::{A, B, publish_config};

/// A store without one of the rules that the algorithm needs. The search must notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    None,
    /// The check of A after a write never shows a change.
    NoCheckOfA,
    /// A PUT ignores its condition.
    NoConditions,
    /// A HEAD of A answers with the ETag that the run expects, whatever A has by then: as if the run did not
    /// compare it.
    NoComparisonOfETags,
    /// A HEAD of A shows no change after a PUT was lost: as if the run did not look at A before `current`.
    NoCheckBeforeCurrent,
}

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

/// What a run waits for: an operation on a bucket.
#[derive(Debug)]
enum Request {
    GetA { unless: Option<ETag> },
    HeadA,
    PutB { photo: CleanPhoto, condition: Condition },
    HeadB,
}

/// The answer to an operation.
#[derive(Debug, Clone)]
enum Answer {
    GotA(Option<Object>),
    NotModified,
    HeadOfA(Option<Source>),
    Put(Put),
    HeadOfB(Option<Published>),
}

/// The buckets as one run sees them: first the answers that it has received, then it has to wait.
struct ReplayStore<'a> {
    answers: &'a [Rc<Answer>],
    received: Cell<usize>,
    request: RefCell<Option<Request>>,
}

impl ReplayStore<'_> {
    async fn answer(&self, request: impl FnOnce() -> Request) -> Answer {
        if let Some(answer) = self.answers.get(self.received.get()) {
            self.received.set(self.received.get() + 1);
            return Answer::clone(answer);
        }
        self.request.replace(Some(request()));
        std::future::pending().await
    }
}

impl Store for ReplayStore<'_> {
    type Body = Buffer;

    async fn get_original(&self, _: &str, unless: Option<&ETag>) -> Result<Fetched<Buffer>, StoreError> {
        match self.answer(|| Request::GetA { unless: unless.cloned() }).await {
            Answer::NotModified => Ok(Fetched::NotModified),
            Answer::GotA(None) => Ok(Fetched::NotFound),
            Answer::GotA(Some(object)) => {
                let (source, length) = (object.source(), object.bytes.len() as u64);
                Ok(Fetched::Found(Original { source, length, body: Buffer(object.bytes) }))
            }
            other => panic!("{other:?}"),
        }
    }

    async fn head_original(&self, _: &str) -> Result<Option<Source>, StoreError> {
        match self.answer(|| Request::HeadA).await {
            Answer::HeadOfA(source) => Ok(source),
            other => panic!("{other:?}"),
        }
    }

    async fn put_published(
        &self,
        _: &str,
        photo: &CleanPhoto,
        condition: &Condition,
    ) -> Result<Put, StoreError> {
        let request = || Request::PutB { photo: photo.clone(), condition: condition.clone() };
        match self.answer(request).await {
            Answer::Put(put) => Ok(put),
            other => panic!("{other:?}"),
        }
    }

    async fn head_published(&self, _: &str) -> Result<Option<Published>, StoreError> {
        match self.answer(|| Request::HeadB).await {
            Answer::HeadOfB(published) => Ok(published),
            other => panic!("{other:?}"),
        }
    }
}

/// How far a run is: the answers that it has received, and what they lead to.
struct Progress {
    answers: Vec<Rc<Answer>>,
    hash: u64,
    next: Next,
    /// What the run was told last about A.
    last_source: Option<Source>,
    found_own_copy: bool,
}

enum Next {
    Request(Request),
    End(Result<Outcome, String>),
}

impl Progress {
    /// What the buckets answer to the run's request.
    fn answer(&self, s3: &mut FakeS3, flaw: Flaw, network: Network) -> Answer {
        let Next::Request(request) = &self.next else { panic!("the run has ended") };
        match request {
            Request::GetA { unless } => match s3.get_original(KEY, unless.as_ref()) {
                Fetched::NotModified => Answer::NotModified,
                _ => Answer::GotA(s3.get(A, KEY).cloned()),
            },
            Request::HeadA => {
                let (now, last) = (s3.head_original(KEY), self.last_source.clone());
                Answer::HeadOfA(match (flaw, last) {
                    (Flaw::NoCheckOfA, last) => last,
                    (Flaw::NoCheckBeforeCurrent, last) if self.found_own_copy => last,
                    (Flaw::NoComparisonOfETags, Some(last)) => {
                        now.map(|now| Source { etag: last.etag, ..now })
                    }
                    _ => now,
                })
            }
            Request::PutB { .. } if network == Network::Conflict => Answer::Put(Put::Conflict),
            Request::PutB { photo, .. } if flaw == Flaw::NoConditions => {
                s3.delete(B, KEY);
                Answer::Put(s3.put_published(KEY, photo, &Condition::Absent))
            }
            Request::PutB { photo, condition } => Answer::Put(s3.put_published(KEY, photo, condition)),
            Request::HeadB => Answer::HeadOfB(s3.head_published(KEY)),
        }
    }

    fn hash_after(&self, answer: &Answer) -> u64 {
        let mut hash = DefaultHasher::new();
        self.hash.hash(&mut hash);
        match answer {
            Answer::GotA(object) => (0, object.as_ref().map(Object::source)).hash(&mut hash),
            Answer::NotModified => 1.hash(&mut hash),
            Answer::HeadOfA(source) => (2, source).hash(&mut hash),
            Answer::Put(put) => (3, *put == Put::Written).hash(&mut hash),
            Answer::HeadOfB(head) => {
                (4, head.as_ref().map(|head| (&head.etag, &head.source_version))).hash(&mut hash)
            }
        }
        hash.finish()
    }

    /// The progress with one more answer.
    fn after(&self, answer: Answer, config: &PublishConfig) -> Self {
        let hash = self.hash_after(&answer);
        let (mut last_source, mut found_own_copy) = (self.last_source.clone(), self.found_own_copy);
        match &answer {
            Answer::GotA(Some(object)) => last_source = Some(object.source()),
            Answer::HeadOfA(source) => last_source = source.clone().or(last_source),
            Answer::HeadOfB(published) => {
                let last = last_source.as_ref().and_then(|last| last.version.as_ref());
                let found = published.as_ref().and_then(|published| published.source_version.as_ref());
                found_own_copy = last.is_some() && last == found;
            }
            _ => {}
        }
        let answers: Vec<_> = self.answers.iter().cloned().chain([Rc::new(answer)]).collect();
        Self { next: replay(&answers, config), answers, hash, last_source, found_own_copy }
    }
}

/// What the function does after these answers.
fn replay(answers: &[Rc<Answer>], config: &PublishConfig) -> Next {
    let store = ReplayStore { answers, received: Cell::new(0), request: RefCell::default() };
    let mut stats = PhotoStats::default();
    let publishing = pin!(publish(&store, config, KEY, &mut stats));
    match publishing.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Next::End(result.map_err(|error: Error| error.name())),
        Poll::Pending => Next::Request(store.request.take().unwrap()),
    }
}

/// Every list of answers that was replayed, by its hash.
pub(super) struct Replays {
    config: PublishConfig,
    known: HashMap<u64, Rc<Progress>>,
}

impl Replays {
    pub(super) fn new() -> Self {
        Self { config: publish_config(), known: HashMap::new() }
    }

    /// The progress of a run that has received no answer.
    fn start(&mut self) -> Rc<Progress> {
        let start = || Progress {
            answers: Vec::new(),
            hash: 0,
            next: replay(&[], &self.config),
            last_source: None,
            found_own_copy: false,
        };
        self.known.entry(0).or_insert_with(|| Rc::new(start())).clone()
    }

    fn after(&mut self, progress: &Progress, answer: Answer) -> Rc<Progress> {
        let hash = progress.hash_after(&answer);
        self.known.entry(hash).or_insert_with(|| Rc::new(progress.after(answer, &self.config))).clone()
    }
}

/// The run of one event.
#[derive(Clone)]
pub(super) struct Run {
    /// The number of the writer's action that it comes after.
    pub(super) after: usize,
    progress: Rc<Progress>,
}

impl Run {
    pub(super) fn new(after: usize, replays: &mut Replays) -> Self {
        Self { after, progress: replays.start() }
    }

    pub(super) fn has_started(&self) -> bool {
        !self.progress.answers.is_empty()
    }

    /// A hash of the answers.
    pub(super) fn answers_hash(&self) -> u64 {
        self.progress.hash
    }

    pub(super) fn waits_for_put(&self) -> bool {
        matches!(self.progress.next, Next::Request(Request::PutB { .. }))
    }

    /// How the run ended, or None if it has not.
    pub(super) fn result(&self) -> Option<&Result<Outcome, String>> {
        match &self.progress.next {
            Next::Request(_) => None,
            Next::End(result) => Some(result),
        }
    }

    /// Takes one step: one operation, and what the function computes after it.
    pub(super) fn step(&mut self, s3: &mut FakeS3, flaw: Flaw, network: Network, replays: &mut Replays) {
        let answer = self.progress.answer(s3, flaw, network);
        // If the answer is lost, the operation was done. The run does not know: its next step is the same operation.
        if network != Network::AnswerLost {
            self.progress = replays.after(&self.progress, answer);
        }
    }
}
