//! A message of the failures queue, as Lambda writes it ("Capturing records of Lambda asynchronous invocations", AWS
//! Lambda Developer Guide).

use comfy_table::Cell;
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::Value;

use super::{UNKNOWN, Waiting};
use crate::{table, text};

/// An event that the function could not handle.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FailedEvent {
    keys: Vec<String>,
    /// The error's name. Lambda's own if the run was stopped, and why Lambda gave up if the event never ran.
    reason: String,
    sentence: String,
    tries: u64,
    request_id: String,
}

impl Waiting for FailedEvent {
    const NOUN: &str = "event";
    const HEADINGS: &[&str] = &["key", "reason", "sentence", "tries", "request"];

    fn parse(body: &str) -> Self {
        let message: Value = serde_json::from_str(body).unwrap_or_default();
        let text = |path: &str| message.pointer(path).and_then(Value::as_str).map(str::to_owned);
        let Some(condition) = text("/requestContext/condition") else {
            return Self {
                keys: Vec::new(),
                reason: UNKNOWN.to_owned(),
                sentence: format!("not a message of Lambda: {body}"),
                tries: 0,
                request_id: String::new(),
            };
        };
        let never_ran = "the event did not run, or its run was stopped before it could say why".to_owned();
        Self {
            keys: keys(&message),
            reason: text("/responsePayload/errorType").unwrap_or(condition),
            sentence: text("/responsePayload/errorMessage").unwrap_or(never_ran),
            tries: message
                .pointer("/requestContext/approximateInvokeCount")
                .and_then(Value::as_u64)
                .unwrap_or_default(),
            request_id: text("/requestContext/requestId").unwrap_or_default(),
        }
    }

    /// Each event is one of its own, even if it is about the same key.
    fn identity(&self) -> Option<(String, String)> {
        (!self.request_id.is_empty()).then(|| (self.request_id.clone(), String::new()))
    }

    fn keys(&self) -> &[String] {
        &self.keys
    }

    fn reason(&self) -> &str {
        &self.reason
    }

    fn cells(&self) -> Vec<Cell> {
        let keys: Vec<_> = self.keys.iter().map(|key| text::printable(key)).collect();
        vec![
            Cell::new(keys.join("\n")),
            Cell::new(text::printable(&self.reason)),
            Cell::new(text::printable(&self.sentence)),
            table::number(self.tries.to_string()),
            Cell::new(text::printable(&self.request_id)),
        ]
    }
}

/// The keys of an event: of the records of a notification, or of the tasks of a batch job.
fn keys(message: &Value) -> Vec<String> {
    let list = |path: &str| message.pointer(path).and_then(Value::as_array).into_iter().flatten();
    let records = list("/requestPayload/Records").filter_map(|record| record.pointer("/s3/object/key"));
    let tasks = list("/requestPayload/tasks").filter_map(|task| task.get("s3Key"));
    records.chain(tasks).filter_map(Value::as_str).map(decode).collect()
}

/// Keys in events are form-encoded. One that cannot be decoded is shown as it is.
fn decode(encoded: &str) -> String {
    let spaced = encoded.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().map_or_else(|_| encoded.to_owned(), Into::into)
}
