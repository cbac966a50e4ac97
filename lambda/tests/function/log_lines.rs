//! The log line of a photo. The stack's metric filters read these fields, so they must not change.

use std::time::{Duration, Instant};

use bytes::Bytes;
use exif_ripper::handler::Handler;
use serde_json::{Value, json};
use tracing_subscriber::filter::LevelFilter;

use crate::support::events::{batch, created};
use crate::support::fake_refusals::{FakeRefusals, State};
use crate::support::fake_s3::Object;
use crate::support::in_memory_store::{Fault, InMemoryStore, Op};
use crate::support::logs::Logs;
use crate::support::photos::{clean, version};
use crate::support::s3_server::S3Server;
use crate::support::{A, B, REQUEST_ID, block_on, config, handle_with};

const KEY: &str = "my photo.jpg";

/// The log line of one run for one photo.
fn photo_line(store: &InMemoryStore) -> Value {
    let (logs, _guard) = Logs::catch(LevelFilter::INFO);
    let handler = Handler::new(store.clone(), FakeRefusals::default(), &config());
    let _ = block_on(handler.handle(
        created(&["my+photo.jpg"]),
        REQUEST_ID,
        Instant::now() + Duration::from_secs(60),
    ));
    println!("{}", logs.text());
    let lines = logs.photos();
    assert_eq!(lines.len(), 1);
    lines[0].clone()
}

fn fields(line: &Value) -> Vec<&str> {
    let mut fields: Vec<_> = line.as_object().unwrap().keys().map(String::as_str).collect();
    fields.sort_unstable();
    fields
}

/// The line without the fields that differ from run to run.
fn without_times(mut line: Value) -> Value {
    let line_fields = line.as_object_mut().unwrap();
    assert!(line_fields.remove("ms").unwrap().is_u64());
    let timestamp = line_fields.remove("timestamp").unwrap();
    let timestamp = timestamp.as_str().unwrap();
    assert!(
        timestamp.len() >= 24 && timestamp.ends_with('Z') && timestamp.as_bytes()[10] == b'T',
        "{timestamp}"
    );
    line
}

#[test]
fn the_line_of_a_published_photo_has_exactly_the_documented_fields() {
    let store = InMemoryStore::new();
    store.upload(KEY, version(1));
    let line = photo_line(&store);
    assert_eq!(
        fields(&line),
        [
            "bytesIn",
            "bytesOut",
            "key",
            "level",
            "message",
            "ms",
            "orientation",
            "outcome",
            "removed",
            "timestamp"
        ]
    );
    assert_eq!(
        without_times(line),
        json!({
            "level": "INFO", "message": "photo", "key": KEY, "outcome": "clean", "bytesIn": version(1).len(),
            "bytesOut": clean(&version(1)).len(), "removed": "comment", "orientation": "upright"
        })
    );
}

#[test]
fn a_photo_that_is_published_already_is_logged_as_current() {
    let store = InMemoryStore::new();
    store.upload(KEY, version(1));
    photo_line(&store);
    assert_eq!(photo_line(&store)["outcome"], "current");
}

#[test]
fn the_line_of_a_deleted_photo_has_no_sizes() {
    let line = without_times(photo_line(&InMemoryStore::new()));
    assert_eq!(line, json!({"level": "INFO", "message": "photo", "key": KEY, "outcome": "gone"}));
}

#[test]
fn a_refused_photo_is_logged_with_its_reason_at_level_warn() {
    let store = InMemoryStore::new();
    store.upload(KEY, Bytes::from_static(b"some secret text"));
    let line = photo_line(&store);
    assert!(!line.to_string().contains("secret"));
    let expected = json!({
        "level": "WARN", "message": "photo", "key": KEY, "outcome": "refused", "reason": "NotAJpeg", "bytesIn": 16
    });
    assert_eq!(without_times(line), expected);
}

#[test]
fn a_photo_whose_copy_was_deleted_is_logged_as_deleted_or_as_withdrawn() {
    let store = InMemoryStore::new();
    let copy = || store.s3.borrow_mut().put_unconditionally(B, KEY, Object::jpeg(clean(&version(1))));
    copy();
    let line = photo_line(&store);
    let expected = json!({"level": "INFO", "message": "photo", "key": KEY, "outcome": "deleted"});
    assert_eq!(without_times(line), expected);
    // An empty original too, at which a look sees that something is there, and nothing more.
    for refused in [&b"some secret text"[..], b""] {
        copy();
        store.upload(KEY, Bytes::from_static(refused));
        let line = photo_line(&store);
        assert_eq!((&line["outcome"], &line["withdrawn"]), (&json!("refused"), &json!(true)));
        assert_eq!(photo_line(&store)["withdrawn"], Value::Null, "there was no copy to delete");
    }
}

#[test]
fn a_refused_photo_that_the_queue_did_not_take_is_logged_as_failed() {
    let (logs, _guard) = Logs::catch(LevelFilter::INFO);
    let store = InMemoryStore::new();
    store.upload(KEY, Bytes::from_static(b"some secret text"));
    let queue = FakeRefusals::default();
    queue.state.set(State::Fails { code: "AccessDenied", transient: false });
    handle_with(&config(), &store, &queue, created(&["my+photo.jpg"])).unwrap_err();
    println!("{}", logs.text());
    let line = &logs.photos()[0];
    assert_eq!((&line["level"], &line["outcome"]), (&json!("ERROR"), &json!("failed")));
    assert_eq!((&line["reason"], &line["bytesIn"]), (&json!("Queue.AccessDenied"), &json!(16)));
}

#[test]
fn a_failed_photo_is_logged_with_the_name_of_its_error_at_level_error() {
    let store = InMemoryStore::with_hook(|_, op, _| (op == Op::PutB).then_some(Fault::Down));
    store.upload(KEY, version(1));
    let line = photo_line(&store);
    assert_eq!(line["level"], "ERROR");
    assert_eq!(line["outcome"], "failed");
    assert_eq!(line["reason"], "Transient.SlowDown");
    assert_eq!(line["bytesOut"], clean(&version(1)).len());
}

#[test]
fn removed_kinds_are_separated_by_commas() {
    let store = InMemoryStore::new();
    let sample = samples::all().into_iter().max_by_key(|sample| sample.secrets.len()).unwrap();
    store.upload(KEY, sample.bytes.clone().into());
    let report = scrub::scrub(sample.bytes.into(), &scrub::Options::default()).unwrap().report;
    let kinds: Vec<_> = report.removed.iter().map(|removed| removed.kind.to_string()).collect();
    assert!(kinds.len() > 1);
    assert_eq!(photo_line(&store)["removed"], kinds.join(","));
}

#[test]
fn a_photo_that_was_coded_again_is_logged_with_the_reason() {
    let coding = samples::coded::codings().into_iter().find(|coding| coding.process.is_arithmetic()).unwrap();
    let store = InMemoryStore::new();
    store.upload(KEY, coding.file().into());
    let line = photo_line(&store);
    assert_eq!((&line["outcome"], &line["recoded"]), (&json!("clean"), &json!("arithmetic coding")));
}

#[test]
fn each_photo_of_an_event_has_its_line() {
    let (logs, _guard) = Logs::catch(LevelFilter::INFO);
    let store = InMemoryStore::new();
    store.upload("a.jpg", version(1));
    let handler = Handler::new(store, FakeRefusals::default(), &config());
    let event = created(&["a.jpg", "b.jpg"]);
    let _ = block_on(handler.handle(event, REQUEST_ID, Instant::now() + Duration::from_secs(60)));
    println!("{}", logs.text());
    let outcomes: Vec<_> = logs.photos().iter().map(|line| line["outcome"].clone()).collect();
    assert_eq!(outcomes, ["clean", "gone"]);
    assert_eq!(logs.lines().len(), 2);
}

#[test]
fn a_batch_task_without_a_valid_key_has_its_own_line() {
    let (logs, _guard) = Logs::catch(LevelFilter::INFO);
    let handler = Handler::new(InMemoryStore::new(), FakeRefusals::default(), &config());
    let _ = block_on(handler.handle(
        batch(&[("t", A, "%FF")]),
        REQUEST_ID,
        Instant::now() + Duration::from_secs(60),
    ));
    println!("{}", logs.text());
    assert_eq!((logs.lines().len(), logs.photos().len()), (1, 0));
    assert_eq!(logs.lines()[0]["reason"], "Event.BadKey");
}

#[test]
fn at_level_trace_libraries_still_log_nothing_of_the_original() {
    let (logs, _guard) = Logs::catch(LevelFilter::TRACE);
    block_on(async {
        let server = S3Server::start().await;
        let original = Object {
            metadata: [("photographer".to_owned(), "somebody".to_owned())].into(),
            ..Object::jpeg(version(1))
        };
        server.with_s3(|s3| s3.put_unconditionally(A, "k.jpg", original));
        let handler = Handler::new(server.store(), FakeRefusals::default(), &config());
        handler
            .handle(created(&["k.jpg"]), REQUEST_ID, Instant::now() + Duration::from_secs(60))
            .await
            .unwrap();
    });
    println!("{}", logs.text());
    assert_eq!(logs.photos().len(), 1);
    assert!(!logs.text().contains("somebody"));
}

#[test]
fn hidden_characters_of_a_key_are_escaped_and_the_key_can_be_read() {
    let (logs, _guard) = Logs::catch(LevelFilter::INFO);
    let hidden: String = (0..0xA0)
        .chain([0xAD, 0x61C])
        .chain(0x200B..=0x200F)
        .chain(0x2028..=0x202E)
        .chain(0x2060..=0x206F)
        .chain([0xFEFF])
        .filter_map(char::from_u32)
        .collect();
    let key = format!("été-日{hidden}\\u202e.jpg");
    let handler = Handler::new(InMemoryStore::new(), FakeRefusals::default(), &config());
    let event = created(&[&crate::support::events::form_encode(&key)]);
    let _ = block_on(handler.handle(event, REQUEST_ID, Instant::now() + Duration::from_secs(60)));
    println!("{}", logs.text());
    assert_eq!(logs.photos()[0]["key"], key);
    let line = logs.text();
    let shown = hidden.chars().filter(|&hidden| !(' '..='~').contains(&hidden));
    assert!(shown.filter(|&hidden| hidden != '\n').all(|hidden| !line.contains(hidden)));
    assert!(line.contains("été-日"));
}
