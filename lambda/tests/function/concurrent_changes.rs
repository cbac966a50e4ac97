//! Publishing one photo while others write, delete and publish it between any two operations.

use exif_ripper::config::{Config, Deletes};

use crate::support::events::created;
use crate::support::fake_refusals::FakeRefusals;
use crate::support::fake_s3::{FakeS3, Object};
use crate::support::in_memory_store::{Fault, InMemoryStore, Op};
use crate::support::photos::{clean, version};
use crate::support::{A, B, config, handle_event, handle_with, result_name, scrub_metadata};

const KEY: &str = "k.jpg";

#[test]
fn a_photo_deleted_before_any_operation_never_fails_and_leaves_b_as_the_setting_says() {
    // The run with the most operations: B has an older photo, and A changes during the run.
    for (deletes, stays) in [(Deletes::Follow, false), (Deletes::Keep, true)] {
        for step in 1..=9 {
            let store = InMemoryStore::with_hook(move |s3, _, number| {
                if number == 5 && step > 5 {
                    s3.upload(KEY, version(3));
                }
                if number == step {
                    s3.delete(A, KEY);
                }
                None
            });
            store.s3.borrow_mut().put_unconditionally(B, KEY, Object::jpeg(clean(&version(1))));
            store.upload(KEY, version(2));
            let result = result_name(&handle_with(
                &Config { deletes, ..config() },
                &store,
                &FakeRefusals::default(),
                created(&[KEY]),
            ));
            println!("{deletes:?}, deleted before operation {step}: {result} {:?}", store.take_ops());
            assert_eq!(result, "ok");
            assert_eq!(store.published(KEY).is_some(), stays || store.s3.borrow().get(A, KEY).is_some());
        }
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
        store.s3.borrow_mut().put_unconditionally(B, KEY, Object::jpeg(clean(&version(1))));
        store.upload(KEY, version(2));
        handle_event(&store, created(&[KEY])).unwrap();
        let ops = store.take_ops();
        println!("emptied before operation {step}: {ops:?}");
        // After the PUT only the check of A is left, so the run cannot notice that B is emptied then.
        if ops.len() > step {
            assert_eq!(store.published(KEY), Some(clean(&version(2))));
        }
    }
}

/// What others do, each before the operation with this number.
type Others = [(usize, fn(&mut FakeS3))];

fn publish_while(others: &'static Others) -> (InMemoryStore, String) {
    let store = InMemoryStore::with_hook(move |s3, _, number| {
        others.iter().filter(|(before, _)| *before == number).for_each(|(_, write)| write(s3));
        None
    });
    store.upload(KEY, version(1));
    let queue = FakeRefusals::default();
    let result = result_name(&handle_with(&config(), &store, &queue, created(&[KEY])));
    let refused = queue.messages().first().map(|refusal| format!("{result}, refused {}", refusal["reason"]));
    (store, refused.unwrap_or(result))
}

/// What another run of the function would do.
fn publish_now(s3: &mut FakeS3) {
    let original = s3.get(A, KEY).unwrap().clone();
    let metadata = [("source-version", original.version.unwrap()), ("scrub", scrub_metadata())];
    let object = Object {
        metadata: metadata.map(|(name, value)| (name.to_owned(), value)).into(),
        ..Object::jpeg(clean(&original.bytes))
    };
    s3.put_unconditionally(B, KEY, object);
}

#[test]
fn a_newer_photo_that_is_uploaded_and_published_between_get_and_put_stays() {
    let (store, result) = publish_while(&[(2, |s3| {
        s3.upload(KEY, version(2));
        publish_now(s3);
    })]);
    println!("{result} {:?}", store.take_ops());
    assert_eq!((result.as_str(), store.published(KEY)), ("ok", Some(clean(&version(2)))));
}

#[test]
fn a_newer_photo_that_is_uploaded_after_the_head_of_b_is_published() {
    let (store, result) = publish_while(&[
        (2, |s3| s3.put_unconditionally(B, KEY, Object::jpeg(version(9)))),
        (4, |s3| s3.upload(KEY, version(2))),
    ]);
    println!("{result} {:?}", store.take_ops());
    assert_eq!((result.as_str(), store.published(KEY)), ("ok", Some(clean(&version(2)))));
}

#[test]
fn a_newer_photo_that_is_published_before_the_second_put_stays() {
    let (store, result) = publish_while(&[
        (2, |s3| s3.put_unconditionally(B, KEY, Object::jpeg(version(9)))),
        (5, |s3| {
            s3.upload(KEY, version(2));
            publish_now(s3);
        }),
    ]);
    println!("{result} {:?}", store.take_ops());
    assert_eq!((result.as_str(), store.published(KEY)), ("ok", Some(clean(&version(2)))));
}

#[test]
fn a_photo_that_is_set_back_to_an_earlier_one_ends_with_the_earlier_one() {
    // v1 is published; the run for v2 has read both buckets; then A is set back to v1, whose own run finds v1 in B and
    // ends. B's tag is still the one that was read, so the delayed v2 is written. Only the check of A after it notices.
    let store = InMemoryStore::with_hook(|s3, _, number| {
        if number == 6 {
            s3.upload(KEY, version(1));
        }
        None
    });
    store.upload(KEY, version(1));
    publish_now(&mut store.s3.borrow_mut());
    store.upload(KEY, version(2));
    handle_event(&store, created(&[KEY])).unwrap();
    let ops = store.take_ops();
    println!("{ops:?}");
    let s3 = store.s3.borrow();
    let written: Vec<_> = s3.versions_of_b.iter().map(|(_, object)| object.bytes.clone()).collect();
    assert!(written.contains(&clean(&version(2))), "the delayed write did happen");
    assert_eq!(s3.published(KEY), Some(clean(&version(1))));
}

#[test]
fn a_key_that_never_stops_changing_is_a_transient_failure() {
    let mut picture = 10;
    let store = InMemoryStore::with_hook(move |s3, op, _| {
        if op == Op::PutB {
            picture += 1;
            s3.put_unconditionally(B, KEY, Object::jpeg(version(picture)));
        }
        None
    });
    store.upload(KEY, version(1));
    let result = handle_event(&store, created(&[KEY]));
    let ops = store.take_ops();
    println!("{result:?} after {} operations", ops.len());
    assert_eq!(result_name(&result), "Transient.Contended");
    assert_eq!(ops.iter().filter(|op| **op == Op::PutB).count(), 8);
}

#[test]
fn a_conflict_with_another_write_is_tried_again() {
    for conflicts in 1..=4 {
        let mut left = conflicts;
        let store = InMemoryStore::with_hook(move |_, op, _| {
            let now = op == Op::PutB && left > 0;
            left -= usize::from(now);
            now.then_some(Fault::Conflict)
        });
        store.upload(KEY, version(1));
        handle_event(&store, created(&[KEY])).unwrap();
        println!("{conflicts} times 409: {:?}", store.take_ops());
        assert_eq!(store.published(KEY), Some(clean(&version(1))));
    }
}

#[test]
fn a_newer_photo_that_is_refused_during_the_run_withdraws_what_b_has() {
    let (store, result) = publish_while(&[
        (2, |s3| s3.put_unconditionally(B, KEY, Object::jpeg(version(9)))),
        (4, |s3| s3.upload(KEY, bytes::Bytes::from_static(b"no photo"))),
    ]);
    println!("{result} {:?}", store.take_ops());
    assert_eq!((result.as_str(), store.published(KEY)), ("ok, refused \"NotAJpeg\"", None));
}
