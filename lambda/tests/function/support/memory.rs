//! The in-memory store: the two buckets behind the function's own trait, with a hook before every operation where a test lets
//! others write, or lets the operation fail.

use std::cell::RefCell;
use std::rc::Rc;

use bytes::Bytes;
use exif_ripper::store::{Body, CleanPhoto, Condition, ETag, Fetched, Published, Put, Store, StoreError};

use super::world::World;
use super::{A, B};

/// One of the four operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Op {
    GetA,
    HeadA,
    PutB,
    HeadB,
}

pub(crate) const OPS: [Op; 4] = [Op::GetA, Op::HeadA, Op::PutB, Op::HeadB];

/// How an operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It has no effect and answers with an error.
    Down,
    /// It has its effect and answers with an error.
    DoneButFailed,
    /// It has no effect and answers 409 (a PUT).
    Conflict,
    /// It never answers.
    Hangs,
}

/// Called before each operation with its number, counted from 1.
type Hook = Box<dyn FnMut(&mut World, Op, usize) -> Option<Fault>>;

#[derive(Clone)]
pub(crate) struct Memory {
    pub(crate) world: Rc<RefCell<World>>,
    hook: Rc<RefCell<Hook>>,
    pub(crate) ops: Rc<RefCell<Vec<Op>>>,
}

impl Memory {
    pub(crate) fn new() -> Self {
        Self::with_hook(|_, _, _| None)
    }

    pub(crate) fn with_hook(hook: impl FnMut(&mut World, Op, usize) -> Option<Fault> + 'static) -> Self {
        Self { world: Rc::default(), hook: Rc::new(RefCell::new(Box::new(hook))), ops: Rc::default() }
    }

    pub(crate) fn upload(&self, key: &str, photo: Bytes) {
        self.world.borrow_mut().upload(key, photo);
    }

    pub(crate) fn published(&self, key: &str) -> Option<Bytes> {
        self.world.borrow().published(key)
    }

    /// The operations since the last call.
    pub(crate) fn taken_ops(&self) -> Vec<Op> {
        self.ops.take()
    }

    async fn operate<T>(
        &self,
        op: Op,
        effect: impl FnOnce(&mut World) -> T,
        raced: Option<T>,
    ) -> Result<T, StoreError> {
        self.ops.borrow_mut().push(op);
        let number = self.ops.borrow().len();
        let fault = (self.hook.borrow_mut())(&mut self.world.borrow_mut(), op, number);
        match fault {
            None => Ok(effect(&mut self.world.borrow_mut())),
            Some(Fault::Down) => Err(down(op)),
            Some(Fault::DoneButFailed) => {
                effect(&mut self.world.borrow_mut());
                Err(down(op))
            }
            Some(Fault::Conflict) => Ok(raced.unwrap()),
            Some(Fault::Hangs) => std::future::pending().await,
        }
    }
}

fn down(op: Op) -> StoreError {
    StoreError {
        operation: match op {
            Op::GetA => "GetObject",
            Op::PutB => "PutObject",
            Op::HeadA | Op::HeadB => "HeadObject",
        },
        bucket: if matches!(op, Op::GetA | Op::HeadA) { A } else { B }.to_owned(),
        key: "k.jpg".to_owned(),
        code: "SlowDown".to_owned(),
        message: "Please reduce your request rate.".to_owned(),
        transient: true,
    }
}

impl Store for Memory {
    type Body = Buffer;

    async fn get_original(&self, key: &str, unless: Option<&ETag>) -> Result<Fetched<Buffer>, StoreError> {
        self.operate(Op::GetA, |world| world.get_original(key, unless), None).await
    }

    async fn head_original(&self, key: &str) -> Result<Option<ETag>, StoreError> {
        self.operate(Op::HeadA, |world| world.head_original(key), None).await
    }

    async fn put_published(
        &self,
        key: &str,
        photo: &CleanPhoto,
        condition: &Condition,
    ) -> Result<Put, StoreError> {
        self.operate(Op::PutB, |world| world.put_published(key, photo, condition), Some(Put::Raced)).await
    }

    async fn head_published(&self, key: &str) -> Result<Option<Published>, StoreError> {
        self.operate(Op::HeadB, |world| world.head_published(key), None).await
    }
}

/// A body that is there already.
#[derive(Debug)]
pub(crate) struct Buffer(pub(crate) Bytes);

impl Body for Buffer {
    async fn read(self, bytes: u64) -> Result<Bytes, StoreError> {
        assert_eq!(self.0.len() as u64, bytes);
        Ok(Bytes::copy_from_slice(&self.0))
    }
}
