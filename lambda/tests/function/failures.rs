//! Refused photos and failing stores, in memory: the error's name, and what bucket B has at the end.

use std::time::{Duration, Instant};

use exif_ripper::config::{Config, Deletes};
use exif_ripper::handler::Handler;
use lambda_runtime::Diagnostic;
use serde_json::Value;
use strum::VariantArray;

use crate::support::events::{created, record};
use crate::support::fake_refusals::FakeRefusals;
use crate::support::fake_s3::Object;
use crate::support::in_memory_store::{Fault, InMemoryStore, Op};
use crate::support::photos::{clean, version};
use crate::support::{A, B, REQUEST_ID, block_on, config, handle_event, handle_with, result_name};

const KEY: &str = "k.jpg";

/// Runs the event until it succeeds, as Lambda does: at most three times.
fn run_as_lambda(store: &InMemoryStore, event: &Value) -> Vec<String> {
    let mut results = Vec::new();
    for _ in 0..3 {
        results.push(result_name(&handle_event(store, event.clone())));
        if results.last().unwrap() == "ok" {
            break;
        }
    }
    results
}

#[test]
fn a_store_that_is_down_at_any_operation_fails_the_event_and_the_next_run_succeeds() {
    let mut tried = 0;
    for &op in Op::VARIANTS {
        if op == Op::DeleteB {
            // No photo is deleted here; see `removed_originals`.
            continue;
        }
        for fault in [Fault::Down, Fault::DoneButFailed] {
            let mut left = 1;
            let store = InMemoryStore::with_hook(move |_, now, _| {
                let hit = now == op && left > 0;
                left -= usize::from(hit);
                hit.then_some(fault)
            });
            store.s3.borrow_mut().put_unconditionally(B, KEY, Object::jpeg(version(9)));
            store.upload(KEY, version(1));
            let results = run_as_lambda(&store, &created(&[KEY]));
            println!("{op:?} {fault:?}: {results:?}");
            assert_eq!(results, ["Transient.SlowDown", "ok"]);
            assert_eq!(store.published(KEY), Some(clean(&version(1))));
            tried += 1;
        }
    }
    println!("{tried} faults");
}

#[test]
fn a_first_put_that_was_done_but_answered_with_an_error_is_found_by_the_next_run() {
    let store = InMemoryStore::with_hook(|_, _, number| (number == 2).then_some(Fault::DoneButFailed));
    store.upload(KEY, version(1));
    let results = run_as_lambda(&store, &created(&[KEY]));
    let ops = store.take_ops();
    println!("{results:?} {ops:?}");
    assert_eq!(results, ["Transient.SlowDown", "ok"]);
    assert_eq!(ops, [Op::GetA, Op::PutB, Op::GetA, Op::PutB, Op::HeadB, Op::LookA]);
    assert_eq!(store.s3.borrow().versions_of_b.len(), 1);
}

#[test]
fn a_store_that_stays_down_publishes_nothing() {
    let store = InMemoryStore::with_hook(|_, op, _| (op == Op::PutB).then_some(Fault::Down));
    store.upload(KEY, version(1));
    let results = run_as_lambda(&store, &created(&[KEY]));
    assert_eq!(results, ["Transient.SlowDown"; 3]);
    assert_eq!(store.published(KEY), None);
}

#[test]
fn a_store_that_never_answers_is_a_failure_before_the_functions_timeout() {
    let store = InMemoryStore::with_hook(|_, _, _| Some(Fault::Hangs));
    store.upload(KEY, version(1));
    let handler = Handler::new(store, FakeRefusals::default(), &config());
    let deadline = Instant::now() + Duration::from_millis(20);
    let result = block_on(handler.handle(created(&[KEY, KEY]), REQUEST_ID, deadline));
    println!("{result:?}");
    assert_eq!(result_name(&result), "Transient.Deadline");
}

#[test]
fn a_photo_over_the_limit_is_refused_and_one_at_the_limit_is_not() {
    let limit = config().max_photo_bytes;
    let mut small = version(1).to_vec();
    small.resize(usize::try_from(limit).unwrap(), 0);
    let large = [&small[..], &[0]].concat();
    for (bytes, expected) in [(small, None), (large, Some("TooLarge"))] {
        let (store, queue) = (InMemoryStore::new(), FakeRefusals::default());
        let length = bytes.len();
        store.upload(KEY, bytes.into());
        handle_with(&config(), &store, &queue, created(&[KEY])).unwrap();
        println!("{length} bytes of {limit}: {:?}", queue.messages());
        assert_eq!(queue.messages().first().map(|message| message["reason"].as_str().unwrap()), expected);
        assert_eq!(store.published(KEY).is_some(), expected.is_none());
    }
}

#[test]
fn a_refused_photo_names_its_reason_and_what_was_published_is_deleted_or_kept_as_set() {
    for (bytes, reason) in [(&b""[..], "Empty"), (b"GIF89a somebody's secret", "NotAJpeg")] {
        for (deletes, left) in [(Deletes::Follow, None), (Deletes::Keep, Some(clean(&version(1))))] {
            let config = Config { deletes, ..config() };
            let (store, queue) = (InMemoryStore::new(), FakeRefusals::default());
            store.upload(KEY, version(1));
            handle_with(&config, &store, &queue, created(&[KEY])).unwrap();
            store.upload(KEY, bytes::Bytes::from_static(bytes));
            handle_with(&config, &store, &queue, created(&[KEY])).unwrap();
            println!("{deletes:?}: {:?}", queue.messages());
            assert_eq!((queue.messages().len(), &queue.messages()[0]["reason"]), (1, &reason.into()));
            assert_eq!(queue.messages()[0]["withdrawn"], left.is_none());
            assert!(!queue.texts()[0].contains("secret"));
            assert_eq!(store.published(KEY), left);
        }
    }
}

#[test]
fn every_record_is_tried_and_one_error_names_all_that_failed_but_not_the_refused() {
    let store = InMemoryStore::new();
    store.upload("good.jpg", version(1));
    store.upload("text.jpg", bytes::Bytes::from_static(b"text"));
    store.upload("last.jpg", version(2));
    let mut event = created(&["text.jpg", "good.jpg", "gone.jpg"]);
    let records = event["Records"].as_array_mut().unwrap();
    records.insert(1, record("ObjectCreated:Put", "somebody-elses", "x.jpg"));
    records.push(record("ObjectCreated:Put", A, "%ff.jpg"));
    records.push(record("ObjectTagging:Put", A, "tagged.jpg"));
    records.push(record("ObjectCreated:CompleteMultipartUpload", A, "last.jpg"));
    let queue = FakeRefusals::default();
    let diagnostic = Diagnostic::from(handle_with(&config(), &store, &queue, event).unwrap_err());
    println!("{diagnostic:?} {:?}", queue.messages());
    assert_eq!(diagnostic.error_type, "Several");
    for part in ["2 of the event's 6 records", "Event.WrongBucket", "somebody-elses", "Event.BadKey"] {
        assert!(diagnostic.error_message.contains(part), "{part}");
    }
    assert!(!diagnostic.error_message.contains("text.jpg"), "a refusal is not a failure");
    assert_eq!((queue.messages().len(), &queue.messages()[0]["key"]), (1, &"text.jpg".into()));
    assert_eq!(store.published("good.jpg"), Some(clean(&version(1))));
    assert_eq!(store.published("last.jpg"), Some(clean(&version(2))));
    assert_eq!(store.s3.borrow().versions_of_b.len(), 2);
}

#[test]
fn failures_with_the_same_name_keep_it() {
    let result = handle_event(&InMemoryStore::new(), created(&["%ff.jpg", "%fe.jpg"]));
    assert_eq!(result_name(&result), "Event.BadKey");
}
