//! What Lambda hands to the function: an S3 notification, S3's test event, or a task list of S3 Batch Operations. Anything else is
//! an error, so that it ends in the failures queue and not in silence.

use aws_lambda_events::event::s3::batch_job::S3BatchJobEvent;
use aws_lambda_events::event::s3::{S3Event, S3EventRecord};
use percent_encoding::percent_decode;
use serde::de::DeserializeOwned;
use serde_json::Value;
use thiserror::Error;

/// An event the function takes.
#[derive(Debug)]
pub enum Event {
    /// Objects were created in bucket A.
    Notification(Notification),
    /// S3 Batch Operations wants objects of bucket A to be processed.
    Batch(S3BatchJobEvent),
    /// S3 tries whether the notification arrives ("Amazon S3 event notification: s3:TestEvent").
    Test,
}

/// The records of a notification that are about created objects.
#[derive(Debug)]
pub struct Notification {
    /// For each created object its decoded key, or why there is none. One bad record does not hold up the others.
    pub keys: Vec<Result<String, EventError>>,
    /// How many records were about something else (removed, restored, tagged ..).
    pub ignored: usize,
}

/// Why an event or a record is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EventError {
    /// The event has a shape the function does not know.
    #[error(
        "{event} is none of an S3 event notification, an S3 test event and an S3 Batch Operations job ({problem}): \
         check what invokes the function"
    )]
    Unknown {
        /// What the event looks like, by the names of its fields.
        event: String,
        /// What does not fit.
        problem: String,
    },
    /// A record about another bucket than A: cleaning it would publish what nobody put up for publishing.
    #[error(
        "the event is about {key:?} in bucket {bucket}, and the function takes photos of bucket {expected} only"
    )]
    WrongBucket {
        /// The record's bucket.
        bucket: String,
        /// Bucket A.
        expected: String,
        /// The record's key, still encoded.
        key: String,
    },
    /// A record without bucket or key.
    #[error("the event has a record without {field}")]
    Incomplete {
        /// What is missing.
        field: &'static str,
    },
    /// A key that cannot be decoded.
    #[error("the event's key {encoded:?} {problem}: no object can have it")]
    BadKey {
        /// The key as the event gives it.
        encoded: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A batch job event of a schema that is not known.
    #[error("the S3 Batch Operations job has invocation schema {version:?}: use 1.0 or 2.0")]
    BatchSchema {
        /// The version it names.
        version: String,
    },
}

impl EventError {
    /// The kind of the error, as Lambda's `errorType` and the log name it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "Event.Unknown",
            Self::WrongBucket { .. } => "Event.WrongBucket",
            Self::Incomplete { .. } => "Event.Incomplete",
            Self::BadKey { .. } => "Event.BadKey",
            Self::BatchSchema { .. } => "Event.BatchSchema",
        }
    }
}

impl Event {
    /// Reads an event; `bucket_a` is the only bucket whose records are taken.
    pub fn parse(event: Value, bucket_a: &str) -> Result<Self, EventError> {
        if event.get("Event").and_then(Value::as_str) == Some("s3:TestEvent") {
            return Ok(Self::Test);
        }
        if event.get("Records").is_some() {
            let event: S3Event = typed(event)?;
            return Notification::of(event.records, bucket_a).map(Self::Notification);
        }
        if event.get("job").is_some() && event.get("tasks").is_some() {
            return batch(typed(event)?).map(Self::Batch);
        }
        Err(EventError::Unknown {
            event: looks(&event),
            problem: "it has neither Records nor tasks".to_owned(),
        })
    }
}

impl Notification {
    fn of(records: Vec<S3EventRecord>, bucket_a: &str) -> Result<Self, EventError> {
        if records.is_empty() {
            return Err(EventError::Unknown {
                event: "an event with the field Records".to_owned(),
                problem: "it has no record".to_owned(),
            });
        }
        let all = records.len();
        let keys: Vec<_> =
            records.iter().filter(|record| is_created(record)).map(|record| key(record, bucket_a)).collect();
        Ok(Self { ignored: all - keys.len(), keys })
    }
}

/// Notifications say `ObjectCreated:Put`; the names in a bucket's notification configuration have `s3:` before it.
fn is_created(record: &S3EventRecord) -> bool {
    let name = record.event_name.as_deref().unwrap_or_default();
    name.strip_prefix("s3:").unwrap_or(name).starts_with("ObjectCreated:")
}

fn key(record: &S3EventRecord, bucket_a: &str) -> Result<String, EventError> {
    let encoded = record.s3.object.key.as_deref().ok_or(EventError::Incomplete { field: "s3.object.key" })?;
    let bucket =
        record.s3.bucket.name.as_deref().ok_or(EventError::Incomplete { field: "s3.bucket.name" })?;
    check_bucket(bucket, bucket_a, encoded)?;
    decode_key(encoded)
}

/// An error for any bucket but A.
pub(crate) fn check_bucket(bucket: &str, bucket_a: &str, key: &str) -> Result<(), EventError> {
    if bucket == bucket_a {
        return Ok(());
    }
    Err(EventError::WrongBucket {
        bucket: bucket.to_owned(),
        expected: bucket_a.to_owned(),
        key: key.to_owned(),
    })
}

/// Decodes a key as events carry it: form-encoded, `+` for a space and then %XX ("Event message structure", Amazon S3 User Guide).
///
/// A wrong guess here names another object, which S3 then does not have, and "not there" is read as "deleted since": so an escape
/// that is none is an error, never passed on as it is.
pub fn decode_key(encoded: &str) -> Result<String, EventError> {
    let bad = |problem| EventError::BadKey { encoded: encoded.to_owned(), problem };
    let spaced = encoded.replace('+', " ");
    let is_escape = |after: &str| after.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    if !spaced.split('%').skip(1).all(is_escape) {
        return Err(bad("has a % without two hexadecimal digits"));
    }
    let key =
        percent_decode(spaced.as_bytes()).decode_utf8().map_err(|_| bad("is not UTF-8 when decoded"))?;
    if key.is_empty() {
        return Err(bad("is empty"));
    }
    Ok(key.into_owned())
}

fn batch(event: S3BatchJobEvent) -> Result<S3BatchJobEvent, EventError> {
    match event.invocation_schema_version.as_deref() {
        Some("1.0" | "2.0") => Ok(event),
        other => Err(EventError::BatchSchema { version: other.unwrap_or_default().to_owned() }),
    }
}

fn typed<T: DeserializeOwned>(event: Value) -> Result<T, EventError> {
    let looks = looks(&event);
    serde_json::from_value(event)
        .map_err(|error| EventError::Unknown { event: looks, problem: error.to_string() })
}

/// The event's shape, for the message: the names of its fields and none of its values.
fn looks(event: &Value) -> String {
    match event {
        Value::Object(fields) if fields.is_empty() => "an event without any field".to_owned(),
        Value::Object(fields) => {
            let names: Vec<_> = fields.keys().take(10).map(String::as_str).collect();
            format!("an event with the fields {}", names.join(", "))
        }
        Value::Array(_) => "an event that is a list".to_owned(),
        Value::Null => "an event that is null".to_owned(),
        _ => "an event that is a single value".to_owned(),
    }
}
