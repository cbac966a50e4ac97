//! Which events the function accepts, ignores and refuses, and how it decodes keys.

use std::time::{Duration, SystemTime};

use exif_ripper::event::{Change, Event, decode_key};
use lambda_runtime::Diagnostic;
use serde_json::json;

use crate::support::events::{created, form_encode, record};
use crate::support::in_memory_store::InMemoryStore;
use crate::support::photos::{clean, version};
use crate::support::{A, handle_event};

#[test]
fn every_way_to_create_or_remove_an_object_is_accepted_and_all_other_events_are_ignored() {
    let accepted =
        ["Put", "Post", "Copy", "CompleteMultipartUpload"].map(|way| format!("ObjectCreated:{way}"));
    let removed = ["ObjectRemoved:Delete", "ObjectRemoved:DeleteMarkerCreated"];
    let ignored = [
        "ObjectRestore:Completed",
        "ObjectTagging:Put",
        "ObjectAcl:Put",
        "ReducedRedundancyLostObject",
        "LifecycleExpiration:Delete",
        "LifecycleExpiration:DeleteMarkerCreated",
    ];
    let names =
        accepted.iter().map(String::as_str).chain(["s3:ObjectCreated:Put"]).chain(removed).chain(ignored);
    let records: Vec<_> = names.map(|name| record(name, A, "k.jpg")).collect();
    let Event::Notification(notification) = Event::parse(json!({ "Records": records }), A).unwrap() else {
        panic!()
    };
    println!("{} accepted, {} ignored", notification.photos.len(), notification.ignored);
    assert_eq!((notification.photos.len(), notification.ignored), (accepted.len() + 3, ignored.len()));
    let changes = notification.photos.iter().map(|photo| photo.as_ref().unwrap().change).collect::<Vec<_>>();
    assert_eq!(changes[5..], [Change::VersionRemoved, Change::MarkerAdded]);
    assert!(changes[..5].iter().all(|change| *change == Change::Created));
    let times = notification.photos.iter().map(|photo| photo.as_ref().unwrap().time);
    // 2026-01-02T03:04:05.678Z.
    let expected = SystemTime::UNIX_EPOCH + Duration::from_millis(1_767_323_045_678);
    assert!(times.into_iter().all(|time| time == Some(expected)), "{:?}", notification.photos);
}

#[test]
fn an_event_without_created_or_removed_objects_is_a_success_without_s3_requests() {
    let store = InMemoryStore::new();
    handle_event(&store, json!({"Records": [record("LifecycleExpiration:Delete", "any-bucket", "k.jpg")]}))
        .unwrap();
    assert_eq!(store.take_ops(), []);
}

#[test]
fn the_test_event_of_s3_is_a_success() {
    let store = InMemoryStore::new();
    let event = json!({
        "Service": "Amazon S3", "Event": "s3:TestEvent", "Time": "2026-01-02T03:04:05.678Z", "Bucket": A,
        "RequestId": "5582815E1AEA5ADF", "HostId": "8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE"
    });
    handle_event(&store, event).unwrap();
    assert_eq!(store.take_ops(), []);
}

#[test]
fn an_unknown_event_is_an_error_that_names_its_fields_but_no_values() {
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
        let diagnostic = Diagnostic::from(handle_event(&store, event.clone()).unwrap_err());
        println!("{event} -> {diagnostic:?}");
        assert_eq!(diagnostic.error_type, "Event.Unknown");
        assert!(!diagnostic.error_message.contains("private words"));
        assert_eq!(store.take_ops(), []);
    }
}

#[test]
fn a_record_that_cannot_be_read_does_not_stop_the_others() {
    let store = InMemoryStore::new();
    store.upload("k.jpg", version(1));
    let bad = json!({"eventName": "ObjectCreated:Put", "eventTime": "private words", "s3": "private words"});
    let event = json!({"Records": [bad, "private words", record("ObjectCreated:Put", A, "k.jpg")]});
    let diagnostic = Diagnostic::from(handle_event(&store, event).unwrap_err());
    println!("{diagnostic:?}");
    assert_eq!(diagnostic.error_type, "Event.Unknown");
    assert!(diagnostic.error_message.contains("2 of the event's 3 records"));
    assert!(!diagnostic.error_message.contains("private words"));
    assert_eq!(store.published("k.jpg"), Some(clean(&version(1))));
}

#[test]
fn a_record_of_another_bucket_is_an_error_without_s3_requests() {
    let store = InMemoryStore::new();
    let event = json!({"Records": [record("ObjectCreated:Put", "photos-out", "k.jpg")]});
    let diagnostic = Diagnostic::from(handle_event(&store, event).unwrap_err());
    println!("{diagnostic:?}");
    assert_eq!(diagnostic.error_type, "Event.WrongBucket");
    assert_eq!(store.take_ops(), []);
}

#[test]
fn a_record_without_a_bucket_or_key_is_an_error() {
    for (pointer, missing) in [("/s3/bucket", "name"), ("/s3/object", "key")] {
        let mut record = record("ObjectCreated:Put", A, "k.jpg");
        record.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(missing);
        let diagnostic =
            Diagnostic::from(handle_event(&InMemoryStore::new(), json!({"Records": [record]})).unwrap_err());
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
fn a_key_that_cannot_be_decoded_is_an_error_without_s3_requests() {
    for encoded in ["%FF.jpg", "%C3.jpg", "%", "50%.jpg", "%4", "%G1.jpg", "%+1.jpg", "%-1.jpg", ""] {
        let store = InMemoryStore::new();
        let diagnostic = Diagnostic::from(handle_event(&store, created(&[encoded])).unwrap_err());
        println!("{diagnostic:?}");
        assert_eq!(diagnostic.error_type, "Event.BadKey");
        assert_eq!(store.take_ops(), []);
    }
}
