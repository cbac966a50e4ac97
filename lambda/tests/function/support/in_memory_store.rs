//! The store in memory: the fake S3 behind the function's own trait. A hook before every operation lets a test change
//! the buckets or make the operation fail.

use std::cell::RefCell;
use std::rc::Rc;

use bytes::Bytes;
use exif_ripper::store::{
    Body, CleanPhoto, Condition, Delete, ETag, Fetched, Looked, Published, Put, Store, StoreError,
};
use strum::VariantArray;

use super::fake_s3::FakeS3;
use super::{A, B};

/// An operation of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray)]
pub(crate) enum Op {
    GetA,
    LookA,
    PutB,
    HeadB,
    DeleteB,
}

/// How an operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It has no effect and answers with an error.
    Down,
    /// It has its effect and answers with an error.
    DoneButFailed,
    /// It has no effect and answers 409 (a PUT or DELETE).
    Conflict,
    /// It never answers.
    Hangs,
}

/// Called before each operation with its number, counted from 1.
type Hook = Box<dyn FnMut(&mut FakeS3, Op, usize) -> Option<Fault>>;

#[derive(Clone)]
pub(crate) struct InMemoryStore {
    pub(crate) s3: Rc<RefCell<FakeS3>>,
    hook: Rc<RefCell<Hook>>,
    pub(crate) ops: Rc<RefCell<Vec<Op>>>,
}

impl InMemoryStore {
    pub(crate) fn new() -> Self {
        Self::with_hook(|_, _, _| None)
    }

    pub(crate) fn with_hook(hook: impl FnMut(&mut FakeS3, Op, usize) -> Option<Fault> + 'static) -> Self {
        Self { s3: Rc::default(), hook: Rc::new(RefCell::new(Box::new(hook))), ops: Rc::default() }
    }

    pub(crate) fn upload(&self, key: &str, photo: Bytes) {
        self.s3.borrow_mut().upload(key, photo);
    }

    pub(crate) fn published(&self, key: &str) -> Option<Bytes> {
        self.s3.borrow().published(key)
    }

    /// The operations since the last call.
    pub(crate) fn take_ops(&self) -> Vec<Op> {
        self.ops.take()
    }

    async fn operate<T>(
        &self,
        op: Op,
        effect: impl FnOnce(&mut FakeS3) -> T,
        conflict: Option<T>,
    ) -> Result<T, StoreError> {
        self.ops.borrow_mut().push(op);
        let number = self.ops.borrow().len();
        let fault = (self.hook.borrow_mut())(&mut self.s3.borrow_mut(), op, number);
        match fault {
            None => Ok(effect(&mut self.s3.borrow_mut())),
            Some(Fault::Down) => Err(down(op)),
            Some(Fault::DoneButFailed) => {
                effect(&mut self.s3.borrow_mut());
                Err(down(op))
            }
            Some(Fault::Conflict) => Ok(conflict.unwrap()),
            Some(Fault::Hangs) => std::future::pending().await,
        }
    }
}

fn down(op: Op) -> StoreError {
    StoreError {
        operation: match op {
            Op::GetA | Op::LookA => "GetObject",
            Op::PutB => "PutObject",
            Op::HeadB => "HeadObject",
            Op::DeleteB => "DeleteObject",
        },
        bucket: if matches!(op, Op::GetA | Op::LookA) { A } else { B }.to_owned(),
        key: "k.jpg".to_owned(),
        code: "SlowDown".to_owned(),
        message: "Please reduce your request rate.".to_owned(),
        transient: true,
    }
}

impl Store for InMemoryStore {
    type Body = Buffer;

    async fn get_original(&self, key: &str, unless: Option<&ETag>) -> Result<Fetched<Buffer>, StoreError> {
        self.operate(Op::GetA, |s3| s3.get_original(key, unless), None).await
    }

    async fn look_at_original(&self, key: &str) -> Result<Looked, StoreError> {
        self.operate(Op::LookA, |s3| s3.look_at_original(key), None).await
    }

    async fn put_published(
        &self,
        key: &str,
        photo: &CleanPhoto,
        condition: &Condition,
    ) -> Result<Put, StoreError> {
        self.operate(Op::PutB, |s3| s3.put_published(key, photo, condition), Some(Put::Conflict)).await
    }

    async fn head_published(&self, key: &str) -> Result<Option<Published>, StoreError> {
        self.operate(Op::HeadB, |s3| s3.head_published(key), None).await
    }

    async fn delete_published(&self, key: &str, etag: &ETag) -> Result<Delete, StoreError> {
        self.operate(Op::DeleteB, |s3| s3.delete_published(key, etag), Some(Delete::Conflict)).await
    }
}

/// A body in memory.
#[derive(Debug)]
pub(crate) struct Buffer(pub(crate) Bytes);

impl Body for Buffer {
    async fn read_to_bytes(self, length: u64) -> Result<Bytes, StoreError> {
        assert_eq!(self.0.len() as u64, length);
        Ok(Bytes::copy_from_slice(&self.0))
    }
}
