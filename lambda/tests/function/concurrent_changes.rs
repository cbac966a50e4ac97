//! Publishing one photo while others write, delete and publish it between any two operations.

use crate::support::events::created;
use crate::support::fake_s3::{FakeS3, Object};
use crate::support::in_memory_store::{Fault, InMemoryStore, Op};
use crate::support::photos::{clean, version};
use crate::support::{A, B, handle_event, result_name, scrub_metadata};

const KEY: &str = "k.jpg";

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
        let ended = result_name(&handle_event(&store, created(&[KEY])));
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
        handle_event(&store, created(&[KEY])).unwrap();
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
    let ended = result_name(&handle_event(&store, created(&[KEY])));
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
    handle_event(&store, created(&[KEY])).unwrap();
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
    let result = handle_event(&store, created(&[KEY]));
    let ops = store.take_ops();
    println!("{result:?} after {} operations", ops.len());
    assert_eq!(result_name(&result), "Transient.Contended");
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
        handle_event(&store, created(&[KEY])).unwrap();
        println!("{conflicts} times 409: {:?}", store.take_ops());
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
