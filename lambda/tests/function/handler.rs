//! The handler against the in-memory store: what ends in bucket B, which operations it took, and which error it gave.

use std::time::{Duration, Instant};

use exif_ripper::error::Error;
use exif_ripper::handler::Handler;
use lambda_runtime::Diagnostic;
use serde_json::Value;

use crate::support::events::{created, record};
use crate::support::fake_s3::{FakeS3, Object};
use crate::support::in_memory_store::{Fault, InMemoryStore, OPS, Op};
use crate::support::photos::{clean, photo, version};
use crate::support::{A, B, block_on, config, scrub_metadata};

const KEY: &str = "k.jpg";

fn run(store: &InMemoryStore, event: Value) -> Result<Value, Error> {
    let handler = Handler::new(store.clone(), &config());
    block_on(handler.handle(event, Instant::now() + Duration::from_secs(60)))
}

fn name(result: &Result<Value, Error>) -> String {
    result.as_ref().map_or_else(Error::name, |_| "ok".to_owned())
}

/// Runs the event until it succeeds, as Lambda does: three times at most.
fn run_as_lambda(store: &InMemoryStore, event: &Value) -> Vec<String> {
    let mut results = Vec::new();
    for _ in 0..3 {
        results.push(name(&run(store, event.clone())));
        if results.last().unwrap() == "ok" {
            break;
        }
    }
    results
}

#[test]
fn a_new_photo_takes_one_get_and_one_put() {
    let store = InMemoryStore::new();
    store.upload(KEY, version(1));
    assert_eq!(name(&run(&store, created(&[KEY]))), "ok");
    let ops = store.take_ops();
    println!("{ops:?}");
    assert_eq!(ops, [Op::GetA, Op::PutB]);
    let s3 = store.s3.borrow();
    let published = s3.get(B, KEY).unwrap();
    assert_eq!(published.bytes, clean(&version(1)));
    assert!(!published.bytes.windows(12).any(|window| window == b"secret place"));
    assert_eq!(published.content_type, "image/jpeg");
    let source = s3.get(A, KEY).unwrap();
    assert_eq!(published.metadata["source-etag"], source.etag());
    assert_eq!(published.metadata["scrub"], scrub_metadata());
    assert_eq!(published.metadata.len(), 2);
    assert_eq!(source.bytes, version(1), "the original stays as it was");
}

#[test]
fn cache_control_is_carried_over_and_user_metadata_is_not() {
    let store = InMemoryStore::new();
    let original = Object {
        cache_control: Some("max-age=60".to_owned()),
        metadata: [("photographer".to_owned(), "somebody".to_owned())].into(),
        ..Object::jpeg(version(1))
    };
    store.s3.borrow_mut().place(A, KEY, original);
    run(&store, created(&[KEY])).unwrap();
    let s3 = store.s3.borrow();
    let published = s3.get(B, KEY).unwrap();
    println!("{published:?}");
    assert_eq!(published.cache_control.as_deref(), Some("max-age=60"));
    assert!(!published.metadata.contains_key("photographer"));
}

#[test]
fn an_overwritten_photo_is_published_anew() {
    let store = InMemoryStore::new();
    store.upload(KEY, version(1));
    run(&store, created(&[KEY])).unwrap();
    store.take_ops();
    store.upload(KEY, version(2));
    run(&store, created(&[KEY])).unwrap();
    let ops = store.take_ops();
    println!("{ops:?}");
    assert_eq!(ops, [Op::GetA, Op::PutB, Op::HeadB, Op::GetA, Op::PutB, Op::HeadA]);
    assert_eq!(store.published(KEY), Some(clean(&version(2))));
}

#[test]
fn a_duplicate_event_writes_nothing() {
    let store = InMemoryStore::new();
    store.upload(KEY, version(1));
    run(&store, created(&[KEY])).unwrap();
    store.take_ops();
    run(&store, created(&[KEY])).unwrap();
    let ops = store.take_ops();
    println!("{ops:?}");
    assert_eq!(ops, [Op::GetA, Op::PutB, Op::HeadB]);
    assert_eq!(store.s3.borrow().versions_of_b.len(), 1);
}

#[test]
fn what_another_version_of_the_core_published_is_published_anew() {
    let store = InMemoryStore::new();
    store.upload(KEY, version(1));
    let etag = store.s3.borrow().get(A, KEY).unwrap().etag();
    let old = Object {
        metadata: [("source-etag".to_owned(), etag), ("scrub".to_owned(), "0.0.1".to_owned())].into(),
        ..Object::jpeg(version(9))
    };
    store.s3.borrow_mut().place(B, KEY, old);
    run(&store, created(&[KEY])).unwrap();
    println!("{:?}", store.take_ops());
    assert_eq!(store.published(KEY), Some(clean(&version(1))));
    assert_eq!(store.s3.borrow().get(B, KEY).unwrap().metadata["scrub"], scrub_metadata());
}

#[test]
fn an_object_of_b_that_is_not_ours_is_replaced() {
    let store = InMemoryStore::new();
    store.upload(KEY, version(1));
    store.s3.borrow_mut().place(B, KEY, Object::jpeg(version(9)));
    run(&store, created(&[KEY])).unwrap();
    assert_eq!(store.published(KEY), Some(clean(&version(1))));
}

#[test]
fn a_photo_deleted_since_the_event_is_a_success_that_writes_nothing() {
    let store = InMemoryStore::new();
    assert_eq!(name(&run(&store, created(&[KEY]))), "ok");
    assert_eq!(store.take_ops(), [Op::GetA]);
    assert_eq!(store.published(KEY), None);
}

#[test]
fn a_photo_deleted_before_any_operation_never_fails_and_never_loses_what_was_published() {
    // The longest way: B holds an older photo, and A changes under the run.
    for step in 1..=9 {
        let store = InMemoryStore::with_hook(move |s3, _, number| {
            if number == 5 {
                s3.upload(KEY, version(3));
            }
            if number == step {
                s3.delete(A, KEY);
            }
            None
        });
        store.s3.borrow_mut().place(B, KEY, Object::jpeg(clean(&version(1))));
        store.upload(KEY, version(2));
        let ended = name(&run(&store, created(&[KEY])));
        println!("deleted before operation {step}: {ended} {:?}", store.take_ops());
        assert_eq!(ended, "ok");
        assert!(store.published(KEY).is_some());
    }
}

#[test]
fn b_emptied_before_any_operation_is_filled_again() {
    for step in 1..=6 {
        let store = InMemoryStore::with_hook(move |s3, _, number| {
            if number == step {
                s3.delete(B, KEY);
            }
            None
        });
        store.s3.borrow_mut().place(B, KEY, Object::jpeg(clean(&version(1))));
        store.upload(KEY, version(2));
        run(&store, created(&[KEY])).unwrap();
        let ops = store.take_ops();
        println!("emptied before operation {step}: {ops:?}");
        // After the PUT only the check of A is left; what is removed from B then is not for this run to see.
        if ops.len() > step {
            assert_eq!(store.published(KEY), Some(clean(&version(2))));
        }
    }
}

/// What others do, in turn, before the operations of a run.
type Others = [(usize, fn(&mut FakeS3))];

fn raced(others: &'static Others) -> (InMemoryStore, String) {
    let store = InMemoryStore::with_hook(move |s3, _, number| {
        others.iter().filter(|(before, _)| *before == number).for_each(|(_, write)| write(s3));
        None
    });
    store.upload(KEY, version(1));
    let ended = name(&run(&store, created(&[KEY])));
    (store, ended)
}

fn publish_now(s3: &mut FakeS3) {
    let original = s3.get(A, KEY).unwrap().clone();
    let metadata = [("source-etag", original.etag()), ("scrub", scrub_metadata())];
    let object = Object {
        metadata: metadata.map(|(name, value)| (name.to_owned(), value)).into(),
        ..Object::jpeg(clean(&original.bytes))
    };
    s3.place(B, KEY, object);
}

#[test]
fn a_newer_photo_that_comes_and_is_published_between_get_and_put_stays() {
    let (store, ended) = raced(&[(2, |s3| {
        s3.upload(KEY, version(2));
        publish_now(s3);
    })]);
    println!("{ended} {:?}", store.take_ops());
    assert_eq!((ended.as_str(), store.published(KEY)), ("ok", Some(clean(&version(2)))));
}

#[test]
fn a_newer_photo_that_comes_after_the_look_at_b_is_the_one_published() {
    let (store, ended) =
        raced(&[(2, |s3| s3.place(B, KEY, Object::jpeg(version(9)))), (4, |s3| s3.upload(KEY, version(2)))]);
    println!("{ended} {:?}", store.take_ops());
    assert_eq!((ended.as_str(), store.published(KEY)), ("ok", Some(clean(&version(2)))));
}

#[test]
fn a_newer_photo_that_is_published_before_the_second_put_stays() {
    let (store, ended) = raced(&[
        (2, |s3| s3.place(B, KEY, Object::jpeg(version(9)))),
        (5, |s3| {
            s3.upload(KEY, version(2));
            publish_now(s3);
        }),
    ]);
    println!("{ended} {:?}", store.take_ops());
    assert_eq!((ended.as_str(), store.published(KEY)), ("ok", Some(clean(&version(2)))));
}

#[test]
fn a_photo_that_goes_back_to_an_earlier_one_bit_for_bit_ends_with_the_earlier_one() {
    // v1 is published; the run for v2 has looked at both buckets; then A goes back to v1, whose event finds v1 in B and is done.
    // B's tag is the one that was looked at, so the delayed v2 is written. Only the look at A after it can tell.
    let store = InMemoryStore::with_hook(|s3, _, number| {
        if number == 5 {
            s3.upload(KEY, version(1));
        }
        None
    });
    store.upload(KEY, version(1));
    publish_now(&mut store.s3.borrow_mut());
    store.upload(KEY, version(2));
    run(&store, created(&[KEY])).unwrap();
    let ops = store.take_ops();
    println!("{ops:?}");
    let s3 = store.s3.borrow();
    let written: Vec<_> = s3.versions_of_b.iter().map(|(_, object)| object.bytes.clone()).collect();
    assert!(written.contains(&clean(&version(2))), "the delayed write did happen");
    assert_eq!(s3.published(KEY), Some(clean(&version(1))));
}

#[test]
fn a_key_that_never_stops_changing_is_given_back_to_lambda_as_transient() {
    let mut picture = 10;
    let store = InMemoryStore::with_hook(move |s3, op, _| {
        if op == Op::PutB {
            picture += 1;
            s3.place(B, KEY, Object::jpeg(version(picture)));
        }
        None
    });
    store.upload(KEY, version(1));
    let result = run(&store, created(&[KEY]));
    let ops = store.take_ops();
    println!("{result:?} after {} operations", ops.len());
    assert_eq!(name(&result), "Transient.Contended");
    assert_eq!(ops.iter().filter(|op| **op == Op::PutB).count(), 5);
}

#[test]
fn a_conflict_with_a_write_under_way_is_tried_again() {
    for conflicts in 1..=4 {
        let mut left = conflicts;
        let store = InMemoryStore::with_hook(move |_, op, _| {
            let now = op == Op::PutB && left > 0;
            left -= usize::from(now);
            now.then_some(Fault::Conflict)
        });
        store.upload(KEY, version(1));
        run(&store, created(&[KEY])).unwrap();
        println!("{conflicts} times 409: {:?}", store.take_ops());
        assert_eq!(store.published(KEY), Some(clean(&version(1))));
    }
}

#[test]
fn a_store_that_is_down_at_any_operation_fails_the_event_and_the_next_run_mends_it() {
    let mut tried = 0;
    for op in OPS {
        for fault in [Fault::Down, Fault::DoneButFailed] {
            let mut left = 1;
            let store = InMemoryStore::with_hook(move |_, now, _| {
                let hit = now == op && left > 0;
                left -= usize::from(hit);
                hit.then_some(fault)
            });
            store.s3.borrow_mut().place(B, KEY, Object::jpeg(version(9)));
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
fn a_first_put_that_was_done_but_answered_with_an_error_ends_as_done() {
    let store = InMemoryStore::with_hook(|_, _, number| (number == 2).then_some(Fault::DoneButFailed));
    store.upload(KEY, version(1));
    let results = run_as_lambda(&store, &created(&[KEY]));
    let ops = store.take_ops();
    println!("{results:?} {ops:?}");
    assert_eq!(results, ["Transient.SlowDown", "ok"]);
    assert_eq!(ops, [Op::GetA, Op::PutB, Op::GetA, Op::PutB, Op::HeadB]);
    assert_eq!(store.s3.borrow().versions_of_b.len(), 1);
}

#[test]
fn a_store_that_stays_down_leaves_nothing_half_done() {
    let store = InMemoryStore::with_hook(|_, op, _| (op == Op::PutB).then_some(Fault::Down));
    store.upload(KEY, version(1));
    let results = run_as_lambda(&store, &created(&[KEY]));
    assert_eq!(results, ["Transient.SlowDown"; 3]);
    assert_eq!(store.published(KEY), None);
}

#[test]
fn a_store_that_never_answers_fails_before_the_functions_time_is_over() {
    let store = InMemoryStore::with_hook(|_, _, _| Some(Fault::Hangs));
    store.upload(KEY, version(1));
    let handler = Handler::new(store, &config());
    let result = block_on(handler.handle(created(&[KEY, KEY]), Instant::now() + Duration::from_millis(20)));
    println!("{result:?}");
    assert_eq!(name(&result), "Transient.Deadline");
}

#[test]
fn a_photo_over_the_limit_is_refused_and_one_at_the_limit_is_not() {
    let limit = config().max_photo_bytes;
    let mut small = version(1).to_vec();
    small.resize(usize::try_from(limit).unwrap(), 0);
    let large = [&small[..], &[0]].concat();
    for (bytes, expected) in [(small, "ok"), (large, "Refused.TooLarge")] {
        let store = InMemoryStore::new();
        let length = bytes.len();
        store.upload(KEY, bytes.into());
        let result = run(&store, created(&[KEY]));
        println!("{length} bytes of {limit}: {result:?}");
        assert_eq!(name(&result), expected);
        assert_eq!(store.published(KEY).is_some(), expected == "ok");
    }
}

#[test]
fn a_refused_photo_leaves_what_was_published_and_names_its_reason() {
    for (bytes, reason) in [(&b""[..], "Refused.Empty"), (b"GIF89a somebody's secret", "Refused.NotAJpeg")] {
        let store = InMemoryStore::new();
        store.upload(KEY, version(1));
        run(&store, created(&[KEY])).unwrap();
        store.upload(KEY, bytes::Bytes::from_static(bytes));
        let error = run(&store, created(&[KEY])).unwrap_err();
        let diagnostic = Diagnostic::from(error);
        println!("{diagnostic:?}");
        assert_eq!(diagnostic.error_type, reason);
        assert!(diagnostic.error_message.contains("\"k.jpg\" in bucket photos-in"));
        assert!(!diagnostic.error_message.contains("secret"));
        assert_eq!(store.published(KEY), Some(clean(&version(1))));
    }
}

#[test]
fn a_newer_photo_that_is_refused_on_the_way_leaves_b_as_it_was() {
    let (store, ended) = raced(&[
        (2, |s3| s3.place(B, KEY, Object::jpeg(version(9)))),
        (4, |s3| s3.upload(KEY, bytes::Bytes::from_static(b"no photo"))),
    ]);
    println!("{ended} {:?}", store.take_ops());
    assert_eq!((ended.as_str(), store.published(KEY)), ("Refused.NotAJpeg", Some(version(9))));
}

#[test]
fn every_record_is_tried_and_one_error_names_all_that_failed() {
    let store = InMemoryStore::new();
    store.upload("good.jpg", version(1));
    store.upload("text.jpg", bytes::Bytes::from_static(b"text"));
    store.upload("last.jpg", version(2));
    let mut event = created(&["text.jpg", "good.jpg", "gone.jpg"]);
    let records = event["Records"].as_array_mut().unwrap();
    records.insert(1, record("ObjectCreated:Put", "somebody-elses", "x.jpg"));
    records.push(record("ObjectCreated:Put", A, "%ff.jpg"));
    records.push(record("ObjectRemoved:Delete", A, "removed.jpg"));
    records.push(record("ObjectCreated:CompleteMultipartUpload", A, "last.jpg"));
    let diagnostic = Diagnostic::from(run(&store, event).unwrap_err());
    println!("{diagnostic:?}");
    assert_eq!(diagnostic.error_type, "Several");
    for part in [
        "3 of the event's 6 records",
        "Refused.NotAJpeg",
        "text.jpg",
        "Event.WrongBucket",
        "somebody-elses",
        "Event.BadKey",
    ] {
        assert!(diagnostic.error_message.contains(part), "{part}");
    }
    assert_eq!(store.published("good.jpg"), Some(clean(&version(1))));
    assert_eq!(store.published("last.jpg"), Some(clean(&version(2))));
    assert_eq!(store.s3.borrow().versions_of_b.len(), 2);
}

#[test]
fn failures_of_one_kind_keep_their_name() {
    let store = InMemoryStore::new();
    store.upload("a.jpg", bytes::Bytes::from_static(b"text"));
    store.upload("b.jpg", bytes::Bytes::from_static(b"more text"));
    let result = run(&store, created(&["a.jpg", "b.jpg"]));
    assert_eq!(name(&result), "Refused.NotAJpeg");
}

#[test]
fn every_sample_photo_comes_out_without_its_secrets_under_its_own_key() {
    let store = InMemoryStore::new();
    let samples = samples::all();
    let mut secrets = 0;
    for sample in &samples {
        store.upload(sample.key, sample.bytes.clone().into());
        let key = crate::support::events::form_encode(sample.key);
        run(&store, created(&[&key])).unwrap();
        let published = store.published(sample.key).unwrap();
        for secret in &sample.secrets {
            assert!(!published.windows(secret.len()).any(|window| window == secret), "{}", sample.name);
            secrets += 1;
        }
    }
    println!("{} samples, {secrets} secrets", samples.len());
    assert!(!samples.is_empty());
}

#[test]
fn two_photos_that_differ_in_their_secrets_only_end_as_the_same_clean_photo() {
    let store = InMemoryStore::new();
    store.upload(KEY, photo(1, "here"));
    run(&store, created(&[KEY])).unwrap();
    store.upload(KEY, photo(1, "there"));
    run(&store, created(&[KEY])).unwrap();
    let s3 = store.s3.borrow();
    println!("{:?}", store.ops.borrow());
    assert_eq!(s3.published(KEY), Some(clean(&photo(1, "here"))));
    assert_eq!(s3.get(B, KEY).unwrap().metadata["source-etag"], s3.get(A, KEY).unwrap().etag());
}
