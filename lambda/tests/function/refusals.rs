//! A photo that cannot be cleaned: its refusal is in the queue, and the event succeeds. If the queue does not take it,
//! the event fails.

use std::time::{Duration, Instant};

use bytes::Bytes;
use exif_ripper::handler::Handler;
use exif_ripper::refusals::Sqs;
use lambda_runtime::Diagnostic;
use serde_json::{Value, json};

use crate::support::events::{batch, created, form_encode};
use crate::support::fake_refusals::{FakeRefusals, State};
use crate::support::fake_s3::{FakeS3, Versioning};
use crate::support::in_memory_store::InMemoryStore;
use crate::support::photos::version;
use crate::support::s3_server::sdk_config;
use crate::support::sqs_server::SqsServer;
use crate::support::{A, QUEUE, REQUEST_ID, block_on, config, handle_with, result_name};

const KEY: &str = "my photo.jpg";
const TEXT: &[u8] = b"somebody's secret";

fn with_text() -> InMemoryStore {
    let store = InMemoryStore::new();
    store.upload(KEY, Bytes::from_static(TEXT));
    store
}

#[test]
fn a_refusal_is_in_the_queue_with_exactly_the_documented_fields_and_the_event_succeeds() {
    let (store, queue) = (with_text(), FakeRefusals::default());
    let result = handle_with(&config(), &store, &queue, created(&["my+photo.jpg"]));
    let messages = queue.messages();
    println!("{messages:#?}");
    assert_eq!(result.unwrap(), Value::Null);
    let original = store.s3.borrow().get(A, KEY).unwrap().clone();
    assert!(original.version.is_some());
    let expected = json!({
        "key": KEY, "versionId": original.version, "bytes": TEXT.len(), "reason": "NotAJpeg",
        "sentence": messages[0]["sentence"], "withdrawn": false,
        "eventTime": "2026-01-02T03:04:05.678Z", "requestId": REQUEST_ID
    });
    assert_eq!(messages, [expected]);
    let text = &queue.texts()[0];
    assert!(!text.contains("secret") && !text.contains(&original.etag()));
    assert!(messages[0]["sentence"].as_str().unwrap().len() > 20);
}

#[test]
fn a_photo_over_the_limit_is_in_the_queue_with_its_size() {
    let (store, queue) = (InMemoryStore::new(), FakeRefusals::default());
    let size = config().max_photo_bytes + 1;
    store.upload(KEY, vec![0; usize::try_from(size).unwrap()].into());
    let result = handle_with(&config(), &store, &queue, created(&["my+photo.jpg"]));
    println!("{result:?} {:?}", queue.messages());
    assert_eq!(result_name(&result), "ok");
    assert_eq!(
        (&queue.messages()[0]["reason"], &queue.messages()[0]["bytes"]),
        (&json!("TooLarge"), &json!(size))
    );
}

#[test]
fn without_versioning_the_version_id_is_null() {
    for versioning in [Versioning::Off, Versioning::Suspended] {
        let (store, queue) = (InMemoryStore::new(), FakeRefusals::default());
        store.s3.replace(FakeS3::with_versioning(versioning));
        store.upload(KEY, Bytes::from_static(TEXT));
        handle_with(&config(), &store, &queue, created(&["my+photo.jpg"])).unwrap();
        assert_eq!(queue.messages()[0]["versionId"], Value::Null);
    }
}

#[test]
fn an_event_that_comes_twice_gives_two_messages_with_the_same_key_and_version() {
    let (store, queue) = (with_text(), FakeRefusals::default());
    for _ in 0..2 {
        handle_with(&config(), &store, &queue, created(&["my+photo.jpg"])).unwrap();
    }
    let messages = queue.messages();
    println!("{messages:#?}");
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0], messages[1]);
    store.upload(KEY, Bytes::from_static(TEXT));
    handle_with(&config(), &store, &queue, created(&["my+photo.jpg"])).unwrap();
    assert_ne!(queue.messages()[2]["versionId"], messages[0]["versionId"], "the same bytes, written again");
}

#[test]
fn hidden_characters_of_a_key_are_escaped_in_the_message_and_the_key_can_be_read() {
    let hidden = "\u{1}\u{7f}\u{202e}\u{fffe}\u{ffff}";
    let key = format!("été-日{hidden}.jpg");
    let (store, queue) = (InMemoryStore::new(), FakeRefusals::default());
    store.upload(&key, Bytes::from_static(TEXT));
    handle_with(&config(), &store, &queue, created(&[&form_encode(&key)])).unwrap();
    println!("{:?}", queue.texts());
    assert_eq!(queue.messages()[0]["key"], key);
    assert!(hidden.chars().all(|character| !queue.texts()[0].contains(character)));
}

#[test]
fn if_the_queue_does_not_take_a_refusal_the_event_fails_and_the_next_run_keeps_it() {
    for (state, name) in [
        (State::Fails { code: "ServiceUnavailable", transient: true }, "Transient.ServiceUnavailable"),
        (State::Fails { code: "AccessDenied", transient: false }, "Queue.AccessDenied"),
    ] {
        let (store, queue) = (InMemoryStore::new(), FakeRefusals::default());
        store.upload(KEY, version(1));
        handle_with(&config(), &store, &queue, created(&["my+photo.jpg"])).unwrap();
        store.upload(KEY, Bytes::from_static(TEXT));
        queue.state.set(state);
        let diagnostic =
            Diagnostic::from(handle_with(&config(), &store, &queue, created(&["my+photo.jpg"])).unwrap_err());
        println!("{diagnostic:?}");
        assert_eq!(diagnostic.error_type, name);
        for part in ["NotAJpeg", QUEUE, "The test asked for this."] {
            assert!(diagnostic.error_message.contains(part), "{part}");
        }
        assert_eq!(store.published(KEY), None, "the photo before the refused one is withdrawn");
        assert_eq!(queue.messages(), [] as [Value; 0]);
        queue.state.set(State::Takes);
        handle_with(&config(), &store, &queue, created(&["my+photo.jpg"])).unwrap();
        assert_eq!(queue.messages().len(), 1, "the next run keeps it");
    }
}

#[test]
fn a_queue_that_never_answers_is_a_failure_before_the_functions_timeout() {
    let queue = FakeRefusals::default();
    queue.state.set(State::Hangs);
    let handler = Handler::new(with_text(), queue, &config());
    let deadline = Instant::now() + Duration::from_millis(20);
    let result = block_on(handler.handle(created(&["my+photo.jpg"]), REQUEST_ID, deadline));
    println!("{result:?}");
    assert_eq!(result_name(&result), "Transient.Deadline");
}

#[test]
fn a_refused_task_of_a_batch_job_fails_for_good_and_is_in_the_queue_without_a_time() {
    let (store, queue) = (with_text(), FakeRefusals::default());
    let results = |queue: &FakeRefusals| {
        let answer = handle_with(&config(), &store, queue, batch(&[("t", A, "my+photo.jpg")])).unwrap();
        println!("{answer}");
        let text = |field: &str| answer["results"][0][field].as_str().unwrap().to_owned();
        (text("resultCode"), text("resultString").split(':').next().unwrap().to_owned())
    };
    assert_eq!(results(&queue), ("PermanentFailure".to_owned(), "Refused.NotAJpeg".to_owned()));
    let messages = queue.messages();
    assert_eq!((messages.len(), &messages[0]["eventTime"]), (1, &Value::Null));
    for (code, transient, name) in
        [("Down", true, "Transient.Down"), ("AccessDenied", false, "Queue.AccessDenied")]
    {
        queue.state.set(State::Fails { code, transient });
        assert_eq!(results(&queue), ("TemporaryFailure".to_owned(), name.to_owned()));
    }
    assert_eq!(queue.messages().len(), 1);
}

/// What an event with a refused photo ends with, if SQS is at this address.
async fn result_with(url: &str) -> Result<Value, exif_ripper::error::Error> {
    let queue = Sqs::new(aws_sdk_sqs::Client::new(&sdk_config(url)), &config());
    let handler = Handler::new(with_text(), queue, &config());
    handler.handle(created(&["my+photo.jpg"]), REQUEST_ID, Instant::now() + Duration::from_secs(60)).await
}

#[test]
fn sqs_gets_one_message_in_the_configured_queue() {
    block_on(async {
        let (sqs, url) = SqsServer::start().await;
        result_with(&url).await.unwrap();
        println!("{:#?}", sqs.requests());
        assert_eq!(sqs.requests().len(), 1);
        assert_eq!(sqs.requests()[0]["QueueUrl"], QUEUE);
        assert_eq!(sqs.messages()[0]["key"], KEY);
    });
}

#[test]
fn answers_of_sqs_have_names_and_what_can_pass_is_tried_again() {
    block_on(async {
        for (status, code, name, requests) in [
            (500, "InternalError", "Transient.InternalError", 3),
            (503, "ServiceUnavailable", "Transient.ServiceUnavailable", 3),
            (400, "RequestThrottled", "Transient.RequestThrottled", 3),
            (400, "QueueDoesNotExist", "Queue.QueueDoesNotExist", 1),
            (403, "AccessDeniedException", "Queue.AccessDeniedException", 1),
        ] {
            let (sqs, url) = SqsServer::start().await;
            sqs.fail(status, code);
            let result = result_with(&url).await;
            println!("{status} {code}: {result:?}");
            assert_eq!(result_name(&result), name);
            assert_eq!(sqs.requests().len(), requests, "{code}");
            assert_eq!(sqs.messages(), [] as [Value; 0]);
        }
    });
}
