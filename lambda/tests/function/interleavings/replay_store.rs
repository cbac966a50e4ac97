//! The buckets as one run of a replay sees them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use exif_ripper::store::{
    CleanPhoto, Condition, Delete, ETag, Fetched, Looked, Original, Published, Put, Store, StoreError,
};

use crate::support::fake_s3::Object;
use crate::support::in_memory_store::Buffer;

/// What a run waits for: an operation on a bucket.
#[derive(Debug)]
pub(super) enum Request {
    GetA { unless: Option<ETag> },
    LookA,
    PutB { photo: CleanPhoto, condition: Condition },
    HeadB,
    DeleteB { etag: ETag },
}

/// The answer to an operation.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    GotA(Option<Object>),
    NotModified,
    LookedAtA(Looked),
    Put(Put),
    HeadOfB(Option<Published>),
    Delete(Delete),
}

/// The buckets as one run sees them: first the answers that it has received, then it has to wait.
pub(super) struct ReplayStore<'a> {
    pub(super) answers: &'a [Rc<Answer>],
    pub(super) received: Cell<usize>,
    pub(super) request: RefCell<Option<Request>>,
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

    async fn look_at_original(&self, _: &str) -> Result<Looked, StoreError> {
        match self.answer(|| Request::LookA).await {
            Answer::LookedAtA(looked) => Ok(looked),
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

    async fn delete_published(&self, _: &str, etag: &ETag) -> Result<Delete, StoreError> {
        match self.answer(|| Request::DeleteB { etag: etag.clone() }).await {
            Answer::Delete(delete) => Ok(delete),
            other => panic!("{other:?}"),
        }
    }
}
