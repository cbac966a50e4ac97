//! What happens to a clean photo when its original is deleted from bucket A, or expires there.

use std::time::{Duration, Instant, SystemTime};

use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use exif_ripper::config::{Config, Deletes};
use exif_ripper::handler::Handler;
use serde_json::Value;

use crate::support::events::{batch, changed, created};
use crate::support::fake_refusals::FakeRefusals;
use crate::support::fake_s3::Object;
use crate::support::in_memory_store::{Fault, InMemoryStore, Op};
use crate::support::photos::{clean, twin, version};
use crate::support::s3_server::{Fault as HttpFault, S3Server, short};
use crate::support::{A, B, REQUEST_ID, block_on, config, handle_event, handle_with, result_name};

const KEY: &str = "k.jpg";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const MARKER: &str = "ObjectRemoved:DeleteMarkerCreated";
const REMOVED: &str = "ObjectRemoved:Delete";

fn keep() -> Config {
    Config { deletes: Deletes::Keep, ..config() }
}

fn expiring() -> Config {
    Config { originals_expire_after: Some(30 * DAY), ..config() }
}

/// An event from some days ago.
fn days_ago(name: &str, days: u32) -> Value {
    let time = DateTime::from(SystemTime::now() - DAY * days);
    changed(name, KEY, &time.fmt(DateTimeFormat::DateTime).unwrap())
}

/// B has the copy of a photo that A does not have any more. It was published some days ago.
fn gone(days: u32) -> InMemoryStore {
    let store = InMemoryStore::new();
    store.s3.borrow_mut().clock = Some(SystemTime::now() - DAY * days);
    store.s3.borrow_mut().put_unconditionally(B, KEY, Object::jpeg(clean(&version(1))));
    store
}

#[test]
fn a_deleted_photo_is_deleted_from_b_with_follow_and_stays_with_keep() {
    for name in [MARKER, REMOVED] {
        let store = gone(1);
        handle_event(&store, days_ago(name, 0)).unwrap();
        let ops = store.take_ops();
        println!("{name}: {ops:?}");
        assert_eq!(ops, [Op::GetA, Op::HeadB, Op::DeleteB, Op::LookA]);
        assert_eq!(store.published(KEY), None);

        let store = gone(1);
        handle_with(&keep(), &store, &FakeRefusals::default(), days_ago(name, 0)).unwrap();
        assert_eq!(store.take_ops(), [Op::GetA]);
        assert_eq!(store.published(KEY), Some(clean(&version(1))));
    }
}

#[test]
fn a_removal_of_a_version_or_a_marker_publishes_what_a_has_again() {
    for name in [MARKER, REMOVED] {
        let store = gone(1);
        store.upload(KEY, version(2));
        handle_event(&store, days_ago(name, 0)).unwrap();
        println!("{name}: {:?}", store.take_ops());
        assert_eq!(store.published(KEY), Some(clean(&version(2))));
    }
}

#[test]
fn where_originals_expire_only_what_a_person_deleted_is_deleted_from_b() {
    // The copy is 40 days old, where it is not said otherwise.
    let created_name = "ObjectCreated:Put";
    for (event, copy, deleted) in [
        (days_ago(created_name, 1), 40, true),
        (days_ago(created_name, 29), 40, true),
        (days_ago(created_name, 31), 40, false),
        (days_ago(MARKER, 29), 40, true),
        (days_ago(MARKER, 31), 40, true),
        (days_ago(MARKER, 31), 20, false),
        (days_ago(REMOVED, 0), 40, true),
        (days_ago(REMOVED, 2), 40, true),
        (days_ago(REMOVED, 2), 1, false),
        (days_ago(REMOVED, 0), 0, true),
        (batch(&[("1", A, KEY)]), 40, false),
    ] {
        let store = gone(copy);
        handle_with(&expiring(), &store, &FakeRefusals::default(), event.clone()).unwrap();
        println!("{event}, copy {copy} days old: {:?}", store.take_ops());
        assert_eq!(store.published(KEY).is_none(), deleted);
    }
}

#[test]
fn an_original_that_is_gone_when_its_copy_is_written_takes_it_along_unless_it_may_have_expired() {
    for (config, age, deleted) in
        [(config(), 40, true), (expiring(), 29, true), (expiring(), 31, false), (keep(), 0, false)]
    {
        let store = InMemoryStore::with_hook(|s3, op, _| {
            if op == Op::LookA {
                s3.delete(A, KEY);
            }
            None
        });
        store.s3.borrow_mut().clock = Some(SystemTime::now() - DAY * age);
        store.upload(KEY, version(1));
        handle_with(&config, &store, &FakeRefusals::default(), created(&[KEY])).unwrap();
        println!("{age} days old: {:?}", store.take_ops());
        assert_eq!(store.published(KEY).is_none(), deleted);
    }
}

#[test]
fn the_same_bytes_or_a_twin_uploaded_during_the_delete_are_published() {
    for again in [version(1), twin(1)] {
        let uploaded = again.clone();
        let store = InMemoryStore::with_hook(move |s3, op, _| {
            if op == Op::DeleteB {
                s3.upload(KEY, uploaded.clone());
            }
            None
        });
        store.s3.borrow_mut().put_unconditionally(B, KEY, Object::jpeg(clean(&version(1))));
        handle_event(&store, days_ago(MARKER, 0)).unwrap();
        println!("{:?}", store.take_ops());
        assert_eq!(store.published(KEY), Some(clean(&again)));
    }
}

#[test]
fn a_delete_that_conflicts_or_fails_is_tried_again() {
    for (fault, results) in [
        (Fault::Conflict, vec!["ok"]),
        (Fault::Down, vec!["Transient.SlowDown", "ok"]),
        (Fault::DoneButFailed, vec!["Transient.SlowDown", "ok"]),
    ] {
        let mut left = 1;
        let store = InMemoryStore::with_hook(move |_, op, _| {
            let hit = op == Op::DeleteB && left > 0;
            left -= usize::from(hit);
            hit.then_some(fault)
        });
        store.s3.borrow_mut().put_unconditionally(B, KEY, Object::jpeg(clean(&version(1))));
        for expected in results {
            let result = result_name(&handle_event(&store, days_ago(MARKER, 0)));
            println!("{fault:?}: {result} {:?}", store.take_ops());
            assert_eq!(result, expected);
        }
        assert_eq!(store.published(KEY), None);
    }
}

/// Handles the event of a delete against a server where requests of the form `when` fail with this status.
async fn delete_over_http(when: &'static str, status: u16, code: &'static str) -> (S3Server, String) {
    let server = S3Server::with_hook(move |_, request, _| {
        (request.short() == when).then_some(HttpFault::Status(status, code))
    })
    .await;
    server.with_s3(|s3| s3.put_unconditionally(B, KEY, Object::jpeg(clean(&version(1)))));
    let deadline = Instant::now() + Duration::from_secs(60);
    let handler = Handler::new(server.store(), FakeRefusals::default(), &config());
    let result = handler.handle(days_ago(MARKER, 0), REQUEST_ID, deadline).await;
    println!("{when} answers {status} {code}: {}", result_name(&result));
    (server, result_name(&result))
}

#[test]
fn a_bucket_a_that_is_missing_or_forbidden_deletes_nothing() {
    block_on(async {
        for (status, code) in [(404, "NoSuchBucket"), (403, "AccessDenied")] {
            let (server, result) = delete_over_http("GET A", status, code).await;
            assert_eq!(result, format!("Store.{code}"));
            assert!(server.with_s3(|s3| s3.published(KEY)).is_some());
            assert_eq!(short(&server.take_requests()), ["GET A"]);
        }
    });
}

#[test]
fn a_delete_has_the_tag_of_the_copy_and_one_that_is_forbidden_is_a_failure() {
    block_on(async {
        let (server, result) = delete_over_http("none", 500, "").await;
        let requests = server.take_requests();
        println!("{:?}", short(&requests));
        assert_eq!(result, "ok");
        assert_eq!(short(&requests), ["GET A", "HEAD B", "DELETE B", "GET A"]);
        let etag = Object::jpeg(clean(&version(1))).etag();
        assert_eq!(requests[2].headers["if-match"], format!("\"{etag}\""));
        assert_eq!(server.with_s3(|s3| s3.published(KEY)), None);

        let (server, result) = delete_over_http("DELETE B", 403, "AccessDenied").await;
        assert_eq!(result, "Store.AccessDenied");
        assert!(server.with_s3(|s3| s3.published(KEY)).is_some());
        for (status, code) in [(412, "PreconditionFailed"), (409, "ConditionalRequestConflict")] {
            let (_, result) = delete_over_http("DELETE B", status, code).await;
            assert_eq!(result, "Transient.Contended");
        }
        assert_eq!(delete_over_http("DELETE B", 404, "NoSuchKey").await.1, "ok");
        assert_eq!(delete_over_http("DELETE B", 404, "NoSuchBucket").await.1, "Store.NoSuchBucket");
    });
}

#[test]
fn an_empty_original_is_refused_and_withdraws_the_copy() {
    block_on(async {
        let server = S3Server::start().await;
        server.with_s3(|s3| {
            s3.put_unconditionally(B, KEY, Object::jpeg(clean(&version(1))));
            s3.upload(KEY, bytes::Bytes::new());
        });
        let result = result_name(&server.handle_event(KEY).await);
        println!("{result} {:?}", short(&server.take_requests()));
        assert_eq!(result, "ok", "a refusal is no failure");
        assert_eq!(server.with_s3(|s3| s3.published(KEY)), None);
    });
}
