//! A queue of refusals in memory.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use exif_ripper::refusals::{QueueError, RefusalsQueue, RefusedPhoto};
use exif_ripper::request_error::RequestError;
use serde_json::Value;

/// What the queue does with the next messages.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) enum State {
    #[default]
    Takes,
    /// It answers with this code, which can pass without any change or not.
    Fails { code: &'static str, transient: bool },
    /// It never answers.
    Hangs,
}

/// Its clones share the messages.
#[derive(Clone, Default)]
pub(crate) struct FakeRefusals {
    messages: Rc<RefCell<Vec<String>>>,
    pub(crate) state: Rc<Cell<State>>,
}

impl FakeRefusals {
    /// Every message so far, as it was sent.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.messages.borrow().clone()
    }

    /// Every message so far.
    pub(crate) fn messages(&self) -> Vec<Value> {
        self.texts().iter().map(|text| serde_json::from_str(text).unwrap()).collect()
    }
}

impl RefusalsQueue for FakeRefusals {
    async fn keep(&self, refused: &RefusedPhoto<'_>) -> Result<(), QueueError> {
        match self.state.get() {
            State::Takes => {
                self.messages.borrow_mut().push(refused.to_message());
                Ok(())
            }
            State::Fails { code, transient } => Err(QueueError {
                key: "k.jpg".to_owned(),
                reason: "NotAJpeg",
                queue: super::QUEUE.to_owned(),
                error: RequestError {
                    code: code.to_owned(),
                    message: "The test asked for this.".to_owned(),
                    transient,
                },
            }),
            State::Hangs => std::future::pending().await,
        }
    }
}
