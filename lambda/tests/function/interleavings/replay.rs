//! Takes the steps of one run, one at a time.
//!
//! The answers that a run has received determine its state. To take the next step of a run, a new future gets the same
//! answers again and then one new answer from the buckets.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use exif_ripper::error::Error;
use exif_ripper::publish::{Outcome, PhotoStats, PublishConfig, publish};
use exif_ripper::store::{
    CleanPhoto, Condition, ETag, Fetched, Original, Published, Put, Source, Store, StoreError,
};

use super::KEY;
use crate::support::fake_s3::{FakeS3, Object};
use crate::support::in_memory_store::{Buffer, Op};
use crate::support::{A, B};

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

/// The answer to an operation.
#[derive(Debug, Clone)]
enum Answer {
    GotA(Option<Object>),
    NotModified,
    HeadOfA(Option<Source>),
    Put(Put),
    HeadOfB(Option<Published>),
}

/// The buckets as one run sees them: first the answers that it received before, then one new answer from the buckets,
/// then it has to wait.
struct ReplayStore<'a> {
    past_answers: RefCell<VecDeque<Answer>>,
    s3: &'a RefCell<FakeS3>,
    conflict: bool,
    flaw: Flaw,
    new_answer: RefCell<Option<Answer>>,
    next_op: Cell<Op>,
    /// What the run was told last about A.
    last_source: RefCell<Option<Source>>,
    found_own_copy: Cell<bool>,
}

impl ReplayStore<'_> {
    async fn answer(&self, op: Op, now: impl FnOnce(&mut FakeS3) -> Answer) -> Answer {
        if let Some(answer) = self.past_answers.borrow_mut().pop_front() {
            return answer;
        }
        if self.new_answer.borrow().is_some() {
            self.next_op.set(op);
            return std::future::pending().await;
        }
        let answer = now(&mut self.s3.borrow_mut());
        self.new_answer.replace(Some(answer.clone()));
        answer
    }
}

impl Store for ReplayStore<'_> {
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
                let source = object.source();
                self.last_source.replace(Some(source.clone()));
                let length = object.bytes.len() as u64;
                Ok(Fetched::Found(Original { source, length, body: Buffer(object.bytes) }))
            }
            other => panic!("{other:?}"),
        }
    }

    async fn head_original(&self, key: &str) -> Result<Option<Source>, StoreError> {
        let last = self.last_source.borrow().clone();
        let head = |s3: &mut FakeS3| {
            let now = s3.head_original(key);
            Answer::HeadOfA(match (self.flaw, last) {
                (Flaw::NoCheckOfA, last) => last,
                (Flaw::NoCheckBeforeCurrent, last) if self.found_own_copy.get() => last,
                (Flaw::NoComparisonOfETags, Some(last)) => now.map(|now| Source { etag: last.etag, ..now }),
                _ => now,
            })
        };
        match self.answer(Op::HeadA, head).await {
            Answer::HeadOfA(source) => {
                self.last_source.replace(source.clone().or(self.last_source.take()));
                Ok(source)
            }
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
            Answer::HeadOfB(published) => {
                let last = self.last_source.borrow().as_ref().and_then(|last| last.version.clone());
                let found = published.as_ref().and_then(|published| published.source_version.clone());
                self.found_own_copy.set(last.is_some() && last == found);
                Ok(published)
            }
            other => panic!("{other:?}"),
        }
    }
}

/// The run of one event.
#[derive(Clone)]
pub(super) struct Run {
    /// The number of the writer's action that it comes after.
    pub(super) after: usize,
    answers: Vec<Answer>,
    /// A hash of the answers.
    pub(super) answers_hash: u64,
    pub(super) next_op: Op,
    pub(super) result: Option<Result<Outcome, String>>,
}

impl Run {
    pub(super) fn new(after: usize) -> Self {
        Self { after, answers: Vec::new(), answers_hash: 0, next_op: Op::GetA, result: None }
    }

    pub(super) fn has_started(&self) -> bool {
        !self.answers.is_empty()
    }

    /// Takes one step: one operation, and what the function computes after it.
    pub(super) fn step(
        &mut self,
        s3: &RefCell<FakeS3>,
        flaw: Flaw,
        network: Network,
        config: &PublishConfig,
    ) {
        let store = ReplayStore {
            past_answers: RefCell::new(self.answers.iter().cloned().collect()),
            s3,
            conflict: network == Network::Conflict,
            flaw,
            new_answer: RefCell::default(),
            next_op: Cell::new(Op::GetA),
            last_source: RefCell::default(),
            found_own_copy: Cell::new(false),
        };
        let mut stats = PhotoStats::default();
        let publishing = pin!(publish(&store, config, KEY, &mut stats));
        let polled = publishing.poll(&mut Context::from_waker(Waker::noop()));
        if network == Network::AnswerLost {
            // The operation was done. The run does not know, and its next step is the same operation.
            return;
        }
        if let Poll::Ready(result) = polled {
            self.result = Some(result.map_err(|error: Error| error.name()));
        }
        self.next_op = store.next_op.get();
        let answer = store.new_answer.take().unwrap();
        let mut hash = DefaultHasher::new();
        self.answers_hash.hash(&mut hash);
        match &answer {
            Answer::GotA(object) => (0, object.as_ref().map(Object::source)).hash(&mut hash),
            Answer::NotModified => 1.hash(&mut hash),
            Answer::HeadOfA(source) => (2, source).hash(&mut hash),
            Answer::Put(put) => (3, *put == Put::Written).hash(&mut hash),
            Answer::HeadOfB(head) => {
                (4, head.as_ref().map(|head| (&head.etag, &head.source_version))).hash(&mut hash)
            }
        }
        self.answers_hash = hash.finish();
        self.answers.push(answer);
    }
}
