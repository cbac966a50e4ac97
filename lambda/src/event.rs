//! Reads the event that Lambda passes to the function: an S3 notification, S3's test event, or a job of S3 Batch
//! Operations. Anything else is an error, so that it ends in the failures queue and is not silently dropped.

use std::time::SystemTime;

use aws_lambda_events::event::s3::S3EventRecord;
use aws_lambda_events::event::s3::batch_job::S3BatchJobEvent;
use percent_encoding::percent_decode;
use serde::de::DeserializeOwned;
use serde_json::Value;
use strum::IntoStaticStr;
use thiserror::Error;

/// An event that the function accepts.
#[derive(Debug)]
pub enum Event {
    /// Objects were created in bucket A, or removed from it.
    Notification(Notification),
    /// S3 Batch Operations asks for objects of bucket A to be processed.
    Batch(S3BatchJobEvent),
    /// S3 tests whether notifications arrive ("Amazon S3 event notification: s3:TestEvent").
    Test,
}

/// The records of a notification that are about created or removed objects.
#[derive(Debug)]
pub struct Notification {
    /// These objects, or why a record does not name one. One bad record does not stop the others.
    pub photos: Vec<Result<PhotoEvent, EventError>>,
    /// How many records were about something else (restored, tagged, expired ...).
    pub ignored: usize,
}

/// What an event says about one photo of bucket A.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoEvent {
    /// Its key, decoded.
    pub key: String,
    /// When it happened. A task of a batch job does not say.
    pub time: Option<SystemTime>,
    /// What happened.
    pub change: Change,
}

/// What happened to a photo of bucket A.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// It was written, or a batch job asks for it.
    Created,
    /// It was deleted: since then its newest version is a delete marker.
    MarkerAdded,
    /// One of its versions was removed for good. If that was the newest one, an older one is the current one again; if
    /// it was a delete marker, the photo is back.
    VersionRemoved,
}

/// Why an event or a record is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, Error, IntoStaticStr)]
#[strum(prefix = "Event.")]
pub enum EventError {
    /// The function does not know this kind of event.
    #[error(
        "{event} is not (or not in) an S3 event notification, S3 test event or S3 Batch Operations job ({problem}): \
         check what invokes the function"
    )]
    Unknown {
        /// A description of the event by the names of its fields.
        event: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A record about a bucket other than A. Scrubbing it would publish a photo that nobody meant to publish.
    #[error(
        "the event is about {key:?} in bucket {bucket}, but the function only accepts photos of bucket {expected}"
    )]
    WrongBucket {
        /// The record's bucket.
        bucket: String,
        /// Bucket A.
        expected: String,
        /// The record's key, still encoded.
        key: String,
    },
    /// A record without a bucket or key.
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
    /// A batch job with an unknown schema.
    #[error("the S3 Batch Operations job has another invocation schema than 1.0 and 2.0: use one of them")]
    BatchSchema,
}

impl EventError {
    /// The error's name, for logs and `errorType`.
    pub fn name(&self) -> &'static str {
        self.into()
    }
}

impl Event {
    /// Reads an event. `bucket_a` is the only bucket whose records are accepted.
    pub fn parse(event: Value, bucket_a: &str) -> Result<Self, EventError> {
        if event.get("Event").and_then(Value::as_str) == Some("s3:TestEvent") {
            return Ok(Self::Test);
        }
        if event.get("Records").is_some() {
            return Notification::from_event(event, bucket_a).map(Self::Notification);
        }
        if event.get("job").is_some() && event.get("tasks").is_some() {
            return check_schema(deserialize(event, "it is not as the tasks of S3 Batch Operations are")?)
                .map(Self::Batch);
        }
        Err(EventError::Unknown {
            event: describe_fields(&event),
            problem: "it has neither Records nor tasks",
        })
    }
}

impl Notification {
    fn from_event(mut event: Value, bucket_a: &str) -> Result<Self, EventError> {
        let event_fields = describe_fields(&event);
        let unknown = |problem| EventError::Unknown { event: event_fields, problem };
        let Some(Value::Array(records)) = event.get_mut("Records").map(Value::take) else {
            return Err(unknown("its Records are not a list"));
        };
        if records.is_empty() {
            return Err(unknown("it has no record"));
        }
        let all = records.len();
        let photos: Vec<_> = records.into_iter().filter_map(|record| read_record(record, bucket_a)).collect();
        Ok(Self { ignored: all - photos.len(), photos })
    }
}

/// The photo of one record, or `None` if it is about something other than a created or removed object. A record that
/// cannot be read may be about such an object.
fn read_record(record: Value, bucket_a: &str) -> Option<Result<PhotoEvent, EventError>> {
    match deserialize(record, "it is not a record as S3 sends it") {
        Ok(record) => change(&record).map(|change| {
            let key = record_key(&record, bucket_a)?;
            Ok(PhotoEvent { key, time: Some(record.event_time.into()), change })
        }),
        Err(error) => Some(Err(error)),
    }
}

/// Notifications contain `ObjectCreated:Put`; in a bucket's notification configuration the name starts with `s3:`. What
/// lifecycle does is another type of event (`LifecycleExpiration`), and never removes a photo from B.
fn change(record: &S3EventRecord) -> Option<Change> {
    let name = record.event_name.as_deref().unwrap_or_default();
    match name.strip_prefix("s3:").unwrap_or(name) {
        "ObjectRemoved:Delete" => Some(Change::VersionRemoved),
        "ObjectRemoved:DeleteMarkerCreated" => Some(Change::MarkerAdded),
        created => created.starts_with("ObjectCreated:").then_some(Change::Created),
    }
}

fn record_key(record: &S3EventRecord, bucket_a: &str) -> Result<String, EventError> {
    let encoded = record.s3.object.key.as_deref().ok_or(EventError::Incomplete { field: "s3.object.key" })?;
    let bucket =
        record.s3.bucket.name.as_deref().ok_or(EventError::Incomplete { field: "s3.bucket.name" })?;
    check_bucket(bucket, bucket_a, encoded)?;
    decode_key(encoded)
}

/// An error for every bucket except A.
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

/// Decodes a key from an event. Events contain keys form-encoded: `+` for a space, then %XX ("Event message structure",
/// Amazon S3 User Guide).
///
/// A wrongly decoded key names another object. S3 does not have that object, and the function would assume that the
/// photo was deleted. So a `%` that is not a valid escape is an error and is never passed through.
pub fn decode_key(encoded: &str) -> Result<String, EventError> {
    let bad_key = |problem| EventError::BadKey { encoded: encoded.to_owned(), problem };
    let spaced = encoded.replace('+', " ");
    let is_escape = |digits: &str| digits.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    if !spaced.split('%').skip(1).all(is_escape) {
        return Err(bad_key("has a % without two hexadecimal digits"));
    }
    let key =
        percent_decode(spaced.as_bytes()).decode_utf8().map_err(|_| bad_key("is not UTF-8 when decoded"))?;
    if key.is_empty() {
        return Err(bad_key("is empty"));
    }
    Ok(key.into_owned())
}

fn check_schema(event: S3BatchJobEvent) -> Result<S3BatchJobEvent, EventError> {
    match event.invocation_schema_version.as_deref() {
        Some("1.0" | "2.0") => Ok(event),
        _ => Err(EventError::BatchSchema),
    }
}

/// The error of `serde_json` is left out, as it quotes values.
fn deserialize<T: DeserializeOwned>(event: Value, problem: &'static str) -> Result<T, EventError> {
    let description = describe_fields(&event);
    serde_json::from_value(event).map_err(|_| EventError::Unknown { event: description, problem })
}

/// Describes an event by the names of its fields, without any of its values.
fn describe_fields(event: &Value) -> String {
    match event {
        Value::Object(fields) if fields.is_empty() => "an event without fields".to_owned(),
        Value::Object(fields) => {
            let names: Vec<_> = fields.keys().take(10).map(String::as_str).collect();
            format!("an event with the fields {}", names.join(", "))
        }
        Value::Array(_) => "an event that is a list".to_owned(),
        Value::Null => "an event that is null".to_owned(),
        _ => "an event that is a single value".to_owned(),
    }
}
