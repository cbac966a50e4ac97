//! Event shapes: what the function takes, ignores and refuses.

use std::time::{Duration, Instant};

use exif_ripper::error::Error;
use exif_ripper::event::{Event, decode_key};
use exif_ripper::handler::Handler;
use lambda_runtime::Diagnostic;
use serde_json::{Value, json};

use crate::support::events::{batch, created, form_encode, record};
use crate::support::in_memory_store::{Fault, InMemoryStore, Op};
use crate::support::photos::{clean, version};
use crate::support::{A, block_on, config};

fn run(store: &InMemoryStore, event: Value) -> Result<Value, Error> {
    block_on(Handler::new(store.clone(), &config()).handle(event, Instant::now() + Duration::from_secs(60)))
}

#[test]
fn every_way_to_create_an_object_is_taken_and_everything_else_is_ignored() {
    let taken = ["Put", "Post", "Copy", "CompleteMultipartUpload"].map(|way| format!("ObjectCreated:{way}"));
    let ignored = [
        "ObjectRemoved:Delete",
        "ObjectRemoved:DeleteMarkerCreated",
        "ObjectRestore:Completed",
        "ObjectTagging:Put",
        "ObjectAcl:Put",
        "ReducedRedundancyLostObject",
        "LifecycleExpiration:Delete",
    ];
    let names = taken.iter().map(String::as_str).chain(["s3:ObjectCreated:Put"]).chain(ignored);
    let records: Vec<_> = names.map(|name| record(name, A, "k.jpg")).collect();
    let Event::Notification(notification) = Event::parse(json!({ "Records": records }), A).unwrap() else {
        panic!()
    };
    println!("{} taken, {} ignored", notification.keys.len(), notification.ignored);
    assert_eq!((notification.keys.len(), notification.ignored), (taken.len() + 1, ignored.len()));
}

#[test]
fn an_event_with_nothing_created_is_a_success_that_asks_s3_for_nothing() {
    let store = InMemoryStore::new();
    run(&store, json!({"Records": [record("ObjectRemoved:Delete", "any-bucket", "k.jpg")]})).unwrap();
    assert_eq!(store.take_ops(), []);
}

#[test]
fn the_test_event_of_s3_is_a_success() {
    let store = InMemoryStore::new();
    let event = json!({
        "Service": "Amazon S3", "Event": "s3:TestEvent", "Time": "2026-01-02T03:04:05.678Z", "Bucket": A,
        "RequestId": "5582815E1AEA5ADF", "HostId": "8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE"
    });
    run(&store, event).unwrap();
    assert_eq!(store.take_ops(), []);
}

#[test]
fn an_unknown_event_is_an_error_that_tells_its_shape_and_no_values() {
    let sqs = json!({"Records": [{"messageId": "1", "body": "private words", "eventSource": "aws:sqs"}]});
    let eventbridge =
        json!({"detail-type": "Object Created", "source": "aws.s3", "detail": {"key": "private words"}});
    let events = [
        sqs,
        eventbridge,
        json!({"Records": []}),
        json!({"Records": "private words"}),
        json!({"tasks": [], "job": "private words"}),
        json!({}),
        json!([1, 2]),
        json!("private words"),
        json!(7),
        json!(null),
    ];
    for event in events {
        let store = InMemoryStore::new();
        let diagnostic = Diagnostic::from(run(&store, event.clone()).unwrap_err());
        println!("{event} -> {diagnostic:?}");
        assert_eq!(diagnostic.error_type, "Event.Unknown");
        assert_eq!(store.take_ops(), []);
    }
}

#[test]
fn a_record_of_another_bucket_is_an_error_and_asks_s3_for_nothing() {
    let store = InMemoryStore::new();
    let event = json!({"Records": [record("ObjectCreated:Put", "photos-out", "k.jpg")]});
    let diagnostic = Diagnostic::from(run(&store, event).unwrap_err());
    println!("{diagnostic:?}");
    assert_eq!(diagnostic.error_type, "Event.WrongBucket");
    assert_eq!(store.take_ops(), []);
}

#[test]
fn a_record_without_bucket_or_key_is_an_error() {
    for (pointer, missing) in [("/s3/bucket", "name"), ("/s3/object", "key")] {
        let mut record = record("ObjectCreated:Put", A, "k.jpg");
        record.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(missing);
        let diagnostic =
            Diagnostic::from(run(&InMemoryStore::new(), json!({"Records": [record]})).unwrap_err());
        println!("{diagnostic:?}");
        assert_eq!(diagnostic.error_type, "Event.Incomplete");
    }
}

#[test]
fn keys_are_decoded_as_s3_encodes_them() {
    for (encoded, key) in [
        ("plain.jpg", "plain.jpg"),
        ("Happy+Face.jpg", "Happy Face.jpg"),
        ("Happy%20Face.jpg", "Happy Face.jpg"),
        ("one%2Btwo.jpg", "one+two.jpg"),
        ("100%2525.jpg", "100%25.jpg"),
        ("%D1%84%D0%BE%D1%82%D0%BE%2F%E6%97%A5.jpg", "фото/日.jpg"),
        ("%f0%9f%98%80.jpg", "😀.jpg"),
    ] {
        println!("{encoded} -> {key}");
        assert_eq!(decode_key(encoded).unwrap(), key);
    }
    let every_character: String = (1..=0x2FF).filter_map(char::from_u32).collect();
    assert_eq!(decode_key(&form_encode(&every_character)).unwrap(), every_character);
}

#[test]
fn a_key_that_cannot_be_decoded_is_an_error_and_not_another_key() {
    for encoded in ["%FF.jpg", "%C3.jpg", "%", "50%.jpg", "%4", "%G1.jpg", "%+1.jpg", "%-1.jpg", ""] {
        let store = InMemoryStore::new();
        let diagnostic = Diagnostic::from(run(&store, created(&[encoded])).unwrap_err());
        println!("{diagnostic:?}");
        assert_eq!(diagnostic.error_type, "Event.BadKey");
        assert_eq!(store.take_ops(), []);
    }
}

#[test]
fn a_batch_job_gets_one_result_for_each_task() {
    let mut downs = 0;
    let store = InMemoryStore::with_hook(move |_, op, _| {
        downs += usize::from(op == Op::PutB);
        (op == Op::PutB && downs == 2).then_some(Fault::Down)
    });
    store.upload("my photo.jpg", version(1));
    store.upload("down.jpg", version(2));
    store.upload("text.jpg", bytes::Bytes::from_static(b"text"));
    let response = run(
        &store,
        batch(&[
            ("t1", A, "my+photo.jpg"),
            ("t2", A, "down.jpg"),
            ("t3", A, "text.jpg"),
            ("t4", A, "gone.jpg"),
            ("t5", "another-bucket", "x.jpg"),
            ("t6", A, "%FF.jpg"),
            ("t7", A, "my%20photo.jpg"),
        ]),
    )
    .unwrap();
    println!("{response:#}");
    assert_eq!(response["invocationSchemaVersion"], "1.0");
    assert_eq!(response["invocationId"], "YXNkbGZqYWRmaiBhc2RmdW9hZHNmZGpmaGFzbGtkaGZza2RmaAo");
    assert_eq!(response["treatMissingKeysAs"], "TemporaryFailure");
    let results: Vec<_> = response["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| {
            let text = |field: &str| result[field].as_str().unwrap().to_owned();
            let reason = text("resultString");
            (text("taskId"), text("resultCode"), reason.split(':').next().unwrap().to_owned())
        })
        .collect();
    let expected = [
        ("t1", "Succeeded", "clean"),
        ("t2", "TemporaryFailure", "Transient.SlowDown"),
        ("t3", "PermanentFailure", "Refused.NotAJpeg"),
        ("t4", "Succeeded", "gone"),
        ("t5", "PermanentFailure", "Event.WrongBucket"),
        ("t6", "PermanentFailure", "Event.BadKey"),
        ("t7", "Succeeded", "current"),
    ]
    .map(|(task, code, reason)| (task.to_owned(), code.to_owned(), reason.to_owned()));
    assert_eq!(results, expected);
    assert_eq!(store.published("my photo.jpg"), Some(clean(&version(1))));
}

#[test]
fn a_batch_job_of_schema_2_names_its_bucket_another_way() {
    let store = InMemoryStore::new();
    store.upload("k.jpg", version(1));
    let task = |bucket| json!({"taskId": "t", "s3Key": "k.jpg", "s3VersionId": null, "s3Bucket": bucket});
    let job = |bucket| {
        json!({
            "invocationSchemaVersion": "2.0", "invocationId": "i", "job": {"id": "j", "userArguments": {"any": "thing"}},
            "tasks": [task(bucket)]
        })
    };
    let response = run(&store, job(A)).unwrap();
    assert_eq!(response["invocationSchemaVersion"], "2.0");
    assert_eq!(response["results"][0]["resultCode"], "Succeeded");
    assert_eq!(store.published("k.jpg"), Some(clean(&version(1))));
    let response = run(&store, job("another-bucket")).unwrap();
    println!("{response}");
    assert_eq!(response["results"][0]["resultCode"], "PermanentFailure");
}

#[test]
fn a_batch_job_of_an_unknown_schema_is_an_error() {
    for version in [json!("3.0"), json!(null)] {
        let mut job = batch(&[("t1", A, "k.jpg")]);
        job["invocationSchemaVersion"] = version;
        let diagnostic = Diagnostic::from(run(&InMemoryStore::new(), job).unwrap_err());
        println!("{diagnostic:?}");
        assert_eq!(diagnostic.error_type, "Event.BatchSchema");
    }
}
