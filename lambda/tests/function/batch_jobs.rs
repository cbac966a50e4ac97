//! S3 Batch Operations jobs: one result for each task, in both schemas.

use lambda_runtime::Diagnostic;
use serde_json::json;

use crate::support::events::batch;
use crate::support::in_memory_store::{Fault, InMemoryStore, Op};
use crate::support::photos::{clean, version};
use crate::support::{A, handle_event};

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
    let response = handle_event(
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
fn a_batch_job_of_schema_2_has_the_name_of_its_bucket() {
    let store = InMemoryStore::new();
    store.upload("k.jpg", version(1));
    let task = |bucket| json!({"taskId": "t", "s3Key": "k.jpg", "s3VersionId": null, "s3Bucket": bucket});
    let job = |bucket| {
        json!({
            "invocationSchemaVersion": "2.0",
            "invocationId": "i",
            "job": {"id": "j", "userArguments": {"any": "thing"}},
            "tasks": [task(bucket)]
        })
    };
    let response = handle_event(&store, job(A)).unwrap();
    assert_eq!(response["invocationSchemaVersion"], "2.0");
    assert_eq!(response["results"][0]["resultCode"], "Succeeded");
    assert_eq!(store.published("k.jpg"), Some(clean(&version(1))));
    let response = handle_event(&store, job("another-bucket")).unwrap();
    println!("{response}");
    assert_eq!(response["results"][0]["resultCode"], "PermanentFailure");
}

#[test]
fn a_batch_job_of_an_unknown_schema_is_an_error() {
    for version in [json!("3.0"), json!(null)] {
        let mut job = batch(&[("t1", A, "k.jpg")]);
        job["invocationSchemaVersion"] = version;
        let diagnostic = Diagnostic::from(handle_event(&InMemoryStore::new(), job).unwrap_err());
        println!("{diagnostic:?}");
        assert_eq!(diagnostic.error_type, "Event.BatchSchema");
    }
}
