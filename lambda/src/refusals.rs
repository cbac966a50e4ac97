//! The queue of refusals. A photo that cannot be cleaned would be refused again at every try, so it is not a failure:
//! the function puts what an operator needs to know into a queue, and then it has done its work.
//!
//! A refusal is in the queue at least once: events may come twice, and the SDK sends a message again whose answer was
//! lost. Equal keys and version ids are the same refusal.

use std::time::SystemTime;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::primitives::{DateTime, DateTimeFormat};
use serde::Serialize;
use thiserror::Error;

use crate::config::Config;
use crate::error::RefusalReason;
use crate::event::PhotoEvent;
use crate::hidden_characters::escape_hidden;
use crate::outcome::PhotoStats;
use crate::request_error::RequestError;

/// What the queue keeps of a photo that was refused: nothing of its content, and no ETag, which is a hash of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefusedPhoto<'a> {
    key: &'a str,
    /// The version that was refused. Without one, bucket A has no versioning.
    version_id: Option<String>,
    /// Size of the original.
    bytes: Option<u64>,
    reason: &'static str,
    sentence: String,
    /// Whether the clean photo that bucket B had under this key was deleted for it.
    withdrawn: bool,
    /// The time of the event (RFC 3339). A task of a batch job has none.
    event_time: Option<String>,
    /// Lambda's id of the run, which its log lines have as well.
    request_id: &'a str,
}

impl<'a> RefusedPhoto<'a> {
    pub(crate) fn new(
        photo: &'a PhotoEvent,
        stats: &PhotoStats,
        reason: &RefusalReason,
        request_id: &'a str,
    ) -> Self {
        Self {
            key: &photo.key,
            version_id: stats.version.as_ref().map(ToString::to_string),
            bytes: stats.bytes_in,
            reason: reason.name(),
            sentence: reason.to_string(),
            withdrawn: stats.withdrawn,
            event_time: photo.time.and_then(rfc_3339),
            request_id,
        }
    }

    /// The message: JSON in one line. A key may have characters that SQS does not take (U+FFFE and U+FFFF,
    /// "SendMessage", Amazon SQS API Reference) and such that a terminal obeys, so they are escaped.
    pub fn to_message(&self) -> String {
        escape_hidden(&serde_json::json!(self).to_string())
    }
}

/// `None` for a time outside of the years that the format has.
fn rfc_3339(time: SystemTime) -> Option<String> {
    DateTime::from(time).fmt(DateTimeFormat::DateTime).ok()
}

/// The queue as a trait: production has SQS, tests have queues that they control.
pub trait RefusalsQueue {
    /// Puts a refusal into the queue. It is there for sure once this has returned without an error.
    fn keep(&self, refused: &RefusedPhoto<'_>) -> impl Future<Output = Result<(), QueueError>>;
}

/// The queue in SQS.
#[derive(Debug, Clone)]
pub struct Sqs {
    client: Client,
    url: String,
}

impl Sqs {
    /// The queue of the configuration, through `client`.
    pub fn new(client: Client, config: &Config) -> Self {
        Self { client, url: config.refusals_queue_url.clone() }
    }
}

impl RefusalsQueue for Sqs {
    async fn keep(&self, refused: &RefusedPhoto<'_>) -> Result<(), QueueError> {
        let request = self.client.send_message().queue_url(&self.url).message_body(refused.to_message());
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(QueueError {
                key: refused.key.to_owned(),
                reason: refused.reason,
                queue: self.url.clone(),
                error: RequestError::from_sdk(&error),
            }),
        }
    }
}

/// A refusal that the queue did not take. Nobody would learn of it, so the event fails.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{key:?} was refused ({reason}), but the refusal could not be sent to the queue {queue}: {error}")]
pub struct QueueError {
    /// The photo's key.
    pub key: String,
    /// The name of the reason for its refusal.
    pub reason: &'static str,
    /// The queue's address.
    pub queue: String,
    /// Why the request failed.
    pub error: RequestError,
}
