//! What messages become in a list.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::rows::rows;
use super::*;
use crate::queue::Message;

fn message(seconds: u64, body: &Value) -> Message {
    let sent = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    Message::of(&seconds.to_string(), body.to_string(), sent)
}

fn listed<T: Waiting>(messages: &[Message]) -> Vec<Value> {
    let rows: Vec<Value> = rows::<T>(messages).iter().map(|row| serde_json::to_value(row).unwrap()).collect();
    rows.iter().for_each(|row| println!("{row}"));
    rows
}

fn refused(key: &str, version: &str) -> Value {
    json!({"key": key, "versionId": version, "bytes": 7, "reason": "NotAJpeg", "sentence": "not a JPEG",
        "eventTime": null, "requestId": "r-1"})
}

#[test]
fn a_photo_that_was_refused_twice_is_one_row_and_the_oldest_comes_first() {
    let messages = vec![
        message(30, &refused("b.jpg", "2")),
        message(20, &refused("a.jpg", "1")),
        message(10, &refused("b.jpg", "2")),
        message(40, &refused("b.jpg", "3")),
    ];
    let rows = listed::<RefusedPhoto>(&messages);
    let of = |row: &Value| (row["key"].clone(), row["versionId"].clone(), row["messages"].clone());
    let expected = [("b.jpg", "2", 2), ("a.jpg", "1", 1), ("b.jpg", "3", 1)];
    assert_eq!(
        rows.iter().map(of).collect::<Vec<_>>(),
        expected.map(|(k, v, n)| (k.into(), v.into(), n.into()))
    );
    assert_eq!(rows[0]["since"], "1970-01-01T00:00:10Z");
}

/// A record as Lambda writes it after three tries.
fn failed(request: &str, payload: Value, response: Value) -> Value {
    let mut record = json!({"version": "1.0", "timestamp": "2026-11-26T09:30:00.000Z",
        "requestContext": {"requestId": request, "functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:f",
            "condition": "RetriesExhausted", "approximateInvokeCount": 3},
        "requestPayload": payload});
    if !response.is_null() {
        record["responsePayload"] = response;
    }
    record
}

#[test]
fn a_failed_event_shows_its_keys_decoded_and_why_it_failed() {
    let record = |key: &str| json!({"s3": {"object": {"key": key}}});
    let records = json!({"Records": [record("my+photo%2B1.jpg"), record("b.jpg")]});
    let error = json!({"errorType": "Store.AccessDenied", "errorMessage": "PutObject failed"});
    let stopped =
        json!({"errorType": "Sandbox.Timedout", "errorMessage": "RequestId: x Error: Task timed out"});
    let tasks = json!({"job": {"id": "1"}, "tasks": [{"s3Key": "t.jpg"}]});
    let messages = vec![
        message(1, &failed("r-1", records.clone(), error.clone())),
        message(2, &failed("r-2", records.clone(), stopped)),
        message(3, &failed("r-3", tasks, Value::Null)),
        message(4, &failed("r-1", records, error)),
    ];
    let rows = listed::<FailedEvent>(&messages);
    assert_eq!(rows[0]["keys"], json!(["my photo+1.jpg", "b.jpg"]));
    let reasons: Vec<_> = rows.iter().map(|row| row["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["Store.AccessDenied", "Sandbox.Timedout", "RetriesExhausted"]);
    assert_eq!((&rows[0]["messages"], &rows[0]["tries"]), (&json!(2), &json!(3)));
    assert_eq!(rows[2]["keys"], json!(["t.jpg"]));
}

#[test]
fn a_message_that_is_not_one_of_ours_is_a_row_too() {
    let strange = [json!({"hello": 1}), json!("text"), json!([])];
    let messages = || strange.iter().enumerate().map(|(n, body)| message(n as u64, body)).collect::<Vec<_>>();
    for rows in [listed::<FailedEvent>(&messages()), listed::<RefusedPhoto>(&messages())] {
        assert_eq!(rows.len(), 3);
        assert!(rows.iter().all(|row| row["reason"] == UNKNOWN));
        assert!(rows[0]["sentence"].as_str().unwrap().contains("hello"));
    }
}
