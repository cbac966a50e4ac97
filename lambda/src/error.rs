//! Why a photo or an event failed, with the name under which Lambda, the failures queue and the log know it.
//!
//! Messages name the bucket, the key, what is wrong and where; never a value from a photo.

use std::fmt;

use lambda_runtime::Diagnostic;
use thiserror::Error;

use crate::event::EventError;
use crate::store::StoreError;

/// Why a photo will never be published as it is.
#[derive(Debug, Error)]
pub enum Refusal {
    /// It is larger than the function takes.
    #[error(
        "the photo has {bytes} bytes and the largest taken has {most}: upload a smaller one or raise MAX_PHOTO_MB"
    )]
    TooLarge {
        /// Its size in bytes.
        bytes: u64,
        /// The largest size taken, in bytes.
        most: u64,
    },
    /// The photo core refuses it.
    #[error(transparent)]
    Core(#[from] scrub::Refusal),
}

impl Refusal {
    /// The reason's name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "TooLarge",
            Self::Core(refusal) => refusal.name(),
        }
    }
}

/// A failure: Lambda runs the event again, and in the end it waits in the failures queue with this error.
#[derive(Error)]
pub enum Error {
    /// A photo cannot be cleaned; nothing was published.
    #[error("{key:?} in bucket {bucket} is refused, nothing was published: {refusal}")]
    Refused {
        /// The bucket with the original.
        bucket: String,
        /// The object's key.
        key: String,
        /// Why.
        refusal: Refusal,
    },
    /// The store did not do what it was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Others wrote the same key in both buckets faster than this run could follow.
    #[error("{key:?} kept changing in bucket {bucket} during {rounds} tries to publish it")]
    Contended {
        /// The bucket with the clean photos.
        bucket: String,
        /// The object's key.
        key: String,
        /// How many PUTs were tried.
        rounds: usize,
    },
    /// The time of the invocation was nearly over.
    #[error("{key:?} was not published before the function's timeout")]
    Deadline {
        /// The object's key.
        key: String,
    },
    /// The event, or one record of it, is not one of ours.
    #[error(transparent)]
    Event(#[from] EventError),
    /// More than one record of the event failed.
    #[error("{} of the event's {records} records failed: {}", failures.len(), list(failures))]
    Several {
        /// All records that were to be published.
        records: usize,
        /// What happened to those that failed.
        failures: Vec<Error>,
    },
}

impl Error {
    /// The error's name: `Refused.<Reason>`, `Transient.<Code>` where the same event can succeed later with nothing changed,
    /// `Store.<Code>` where the set-up has to be mended first, `Event.<Reason>`.
    pub fn name(&self) -> String {
        match self {
            Self::Refused { refusal, .. } => format!("Refused.{}", refusal.name()),
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

    /// Whether the same event can succeed later with nothing changed.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Store(error) => error.transient,
            Self::Contended { .. } | Self::Deadline { .. } => true,
            Self::Refused { .. } | Self::Event(_) => false,
            Self::Several { failures, .. } => failures.iter().any(Self::is_transient),
        }
    }
}

fn list(failures: &[Error]) -> String {
    failures.iter().map(|failure| format!("{}: {failure}", failure.name())).collect::<Vec<_>>().join("; ")
}

/// The runtime logs a failed invocation by its `Debug`: an operator is to read the name and the sentence there, not a struct.
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
