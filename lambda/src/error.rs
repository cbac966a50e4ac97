//! Why a photo was refused or an event failed, with the name that Lambda, the failures queue and the log use for it.
//!
//! Messages name the bucket, the key, what is wrong and where, but never a value from a photo.

use std::fmt;

use lambda_runtime::Diagnostic;
use strum::IntoStaticStr;
use thiserror::Error;

use crate::event::EventError;
use crate::refusals::QueueError;
use crate::store::StoreError;

/// Why the function refuses a photo: it is too large, or the photo core refuses it.
#[derive(Debug, Error, IntoStaticStr)]
pub enum RefusalReason {
    /// It is larger than the function accepts.
    #[error("the photo has {bytes} bytes, the limit is {limit}: upload a smaller one or raise MAX_PHOTO_MB")]
    TooLarge {
        /// Its size in bytes.
        bytes: u64,
        /// The largest size accepted, in bytes.
        limit: u64,
    },
    /// The photo core refuses it.
    #[error(transparent)]
    #[strum(transparent)]
    Scrub(#[from] scrub::Refusal),
}

impl RefusalReason {
    /// The reason's name, for logs and `errorType`.
    pub fn name(&self) -> &'static str {
        self.into()
    }
}

/// Why a photo was not published. A refusal is in the refusals queue, and its event succeeds. Any other error fails the
/// event: Lambda runs it again, and in the end it waits in the failures queue with this error.
#[derive(Error)]
pub enum Error {
    /// A photo cannot be cleaned; nothing was published.
    #[error("{key:?} in bucket {bucket} was refused, and nothing was published: {reason}")]
    Refused {
        /// The bucket with the original.
        bucket: String,
        /// The object's key.
        key: String,
        /// Why.
        reason: RefusalReason,
    },
    /// A photo cannot be cleaned, and the refusals queue did not take that.
    #[error(transparent)]
    Queue(Box<QueueError>),
    /// A request to the store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Others kept writing the same key, and this run lost every time.
    #[error("{key:?} kept changing in bucket {bucket} during {writes} attempts to write it")]
    Contended {
        /// The bucket with the clean photos.
        bucket: String,
        /// The object's key.
        key: String,
        /// How many PUTs and DELETEs were tried.
        writes: usize,
    },
    /// The function's timeout was too close.
    #[error("{key:?} was not published before the function's timeout")]
    Deadline {
        /// The object's key.
        key: String,
    },
    /// The function does not accept the event, or one record of it.
    #[error(transparent)]
    Event(#[from] EventError),
    /// More than one record of the event failed.
    #[error("{} of the event's {records} records failed: {}", failures.len(), list(failures))]
    Several {
        /// How many records were to be published.
        records: usize,
        /// The error of each record that failed.
        failures: Vec<Error>,
    },
}

impl Error {
    /// The error's name: `Refused.<Reason>`, `Transient.<Code>` if the same event can succeed later without any change,
    /// `Store.<Code>` or `Queue.<Code>` if the set-up has to be fixed first, `Event.<Reason>`. `Several` if several
    /// records failed with different names.
    pub fn name(&self) -> String {
        match self {
            Self::Refused { reason, .. } => format!("Refused.{}", reason.name()),
            Self::Queue(queue) if queue.error.transient => format!("Transient.{}", queue.error.code),
            Self::Queue(queue) => format!("Queue.{}", queue.error.code),
            Self::Store(error) if error.transient => format!("Transient.{}", error.code),
            Self::Store(error) => format!("Store.{}", error.code),
            Self::Contended { .. } => "Transient.Contended".to_owned(),
            Self::Deadline { .. } => "Transient.Deadline".to_owned(),
            Self::Event(error) => error.name().to_owned(),
            Self::Several { failures, .. } => {
                let first = failures.first().map(Self::name).unwrap_or_default();
                if failures.iter().all(|failure| failure.name() == first) {
                    first
                } else {
                    "Several".to_owned()
                }
            }
        }
    }

    /// Whether the same event can succeed later without any change.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Queue(queue) => queue.error.transient,
            Self::Store(error) => error.transient,
            Self::Contended { .. } | Self::Deadline { .. } => true,
            Self::Refused { .. } | Self::Event(_) => false,
            Self::Several { failures, .. } => failures.iter().any(Self::is_transient),
        }
    }
}

impl From<QueueError> for Error {
    fn from(error: QueueError) -> Self {
        Self::Queue(Box::new(error))
    }
}

fn list(failures: &[Error]) -> String {
    failures.iter().map(|failure| format!("{}: {failure}", failure.name())).collect::<Vec<_>>().join("; ")
}

/// The runtime logs a failed invocation with `Debug`. An operator should read the name and the sentence there, not a
/// struct.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {self}", self.name())
    }
}

impl From<Error> for Diagnostic {
    fn from(error: Error) -> Self {
        Self { error_type: error.name(), error_message: error.to_string() }
    }
}
