//! Publishing one photo, in memory: what bucket B has at the end, and which operations it took.

use exif_ripper::cache_control::CacheControl;

use crate::support::events::{created, form_encode};
use crate::support::fake_s3::{FakeS3, Object, Versioning};
use crate::support::in_memory_store::{InMemoryStore, Op};
use crate::support::photos::{clean, photo, version};
use crate::support::{A, B, handle_event, result_name, scrub_metadata};

const KEY: &str = "k.jpg";

#[test]
fn a_new_photo_takes_one_get_one_put_and_a_look_at_a() {
    let store = InMemoryStore::new();
    store.upload(KEY, version(1));
    assert_eq!(result_name(&handle_event(&store, created(&[KEY]))), "ok");
    let ops = store.take_ops();
    println!("{ops:?}");
    assert_eq!(ops, [Op::GetA, Op::PutB, Op::LookA]);
    let s3 = store.s3.borrow();
    let published = s3.get(B, KEY).unwrap();
    assert_eq!(published.bytes, clean(&version(1)));
    assert!(!published.bytes.windows(12).any(|window| window == b"secret place"));
    assert_eq!(published.content_type, "image/jpeg");
    let source = s3.get(A, KEY).unwrap();
    assert_eq!(published.metadata["source-version"], *source.version.as_ref().unwrap());
    assert_eq!(published.metadata["scrub"], scrub_metadata());
    assert_eq!(published.metadata.len(), 2);
    assert_eq!(source.bytes, version(1), "the original is unchanged");
}

#[test]
fn cache_control_is_carried_over_and_user_metadata_is_not() {
    let store = InMemoryStore::new();
    let original = Object {
        cache_control: Some("max-age=60".to_owned()),
        metadata: [("photographer".to_owned(), "somebody".to_owned())].into(),
        ..Object::jpeg(version(1))
    };
    store.s3.borrow_mut().put_unconditionally(A, KEY, original);
    handle_event(&store, created(&[KEY])).unwrap();
    let s3 = store.s3.borrow();
    let published = s3.get(B, KEY).unwrap();
    println!("{published:?}");
    assert_eq!(published.cache_control.as_deref(), Some("max-age=60"));
    assert!(!published.metadata.contains_key("photographer"));
}

#[test]
fn an_overwritten_photo_is_published_again() {
    let store = InMemoryStore::new();
    store.upload(KEY, version(1));
    handle_event(&store, created(&[KEY])).unwrap();
    store.take_ops();
    store.upload(KEY, version(2));
    handle_event(&store, created(&[KEY])).unwrap();
    let ops = store.take_ops();
    println!("{ops:?}");
    assert_eq!(ops, [Op::GetA, Op::PutB, Op::HeadB, Op::GetA, Op::LookA, Op::PutB, Op::LookA]);
    assert_eq!(store.published(KEY), Some(clean(&version(2))));
}

#[test]
fn a_duplicate_event_writes_nothing() {
    let store = InMemoryStore::new();
    store.upload(KEY, version(1));
    handle_event(&store, created(&[KEY])).unwrap();
    store.take_ops();
    handle_event(&store, created(&[KEY])).unwrap();
    let ops = store.take_ops();
    println!("{ops:?}");
    assert_eq!(ops, [Op::GetA, Op::PutB, Op::HeadB, Op::LookA]);
    assert_eq!(store.s3.borrow().versions_of_b.len(), 1);
}

#[test]
fn a_photo_scrubbed_by_another_version_of_the_core_is_published_again() {
    let store = InMemoryStore::new();
    store.upload(KEY, version(1));
    let version_id = store.s3.borrow().get(A, KEY).unwrap().version.clone().unwrap();
    let old = Object {
        metadata: [("source-version".to_owned(), version_id), ("scrub".to_owned(), "0.0.1".to_owned())]
            .into(),
        ..Object::jpeg(version(9))
    };
    store.s3.borrow_mut().put_unconditionally(B, KEY, old);
    handle_event(&store, created(&[KEY])).unwrap();
    println!("{:?}", store.take_ops());
    assert_eq!(store.published(KEY), Some(clean(&version(1))));
    assert_eq!(store.s3.borrow().get(B, KEY).unwrap().metadata["scrub"], scrub_metadata());
}

#[test]
fn an_object_in_b_that_the_function_did_not_write_is_replaced() {
    let store = InMemoryStore::new();
    store.upload(KEY, version(1));
    store.s3.borrow_mut().put_unconditionally(B, KEY, Object::jpeg(version(9)));
    handle_event(&store, created(&[KEY])).unwrap();
    assert_eq!(store.published(KEY), Some(clean(&version(1))));
}

#[test]
fn a_photo_deleted_since_its_event_is_a_success_that_writes_nothing() {
    let store = InMemoryStore::new();
    assert_eq!(result_name(&handle_event(&store, created(&[KEY]))), "ok");
    assert_eq!(store.take_ops(), [Op::GetA, Op::HeadB]);
    assert_eq!(store.published(KEY), None);
}

#[test]
fn every_sample_photo_is_published_without_its_secrets_under_its_own_key() {
    let store = InMemoryStore::new();
    let samples = samples::all();
    let mut secrets = 0;
    for sample in &samples {
        store.upload(sample.key, sample.bytes.clone().into());
        let key = form_encode(sample.key);
        handle_event(&store, created(&[&key])).unwrap();
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
fn two_photos_that_differ_only_in_their_secrets_become_the_same_clean_photo() {
    let store = InMemoryStore::new();
    store.upload(KEY, photo(1, "here"));
    handle_event(&store, created(&[KEY])).unwrap();
    store.upload(KEY, photo(1, "there"));
    handle_event(&store, created(&[KEY])).unwrap();
    let s3 = store.s3.borrow();
    println!("{:?}", store.ops.borrow());
    assert_eq!(s3.published(KEY), Some(clean(&photo(1, "here"))));
    let source = s3.get(A, KEY).unwrap();
    assert_eq!(s3.get(B, KEY).unwrap().metadata["source-version"], *source.version.as_ref().unwrap());
}

#[test]
fn a_copy_that_names_the_etag_of_its_original_is_replaced() {
    let store = InMemoryStore::new();
    store.upload(KEY, version(1));
    let etag = store.s3.borrow().get(A, KEY).unwrap().etag();
    let metadata = [("source-etag".to_owned(), etag), ("scrub".to_owned(), scrub_metadata())].into();
    let old = Object { metadata, ..Object::jpeg(clean(&version(1))) };
    store.s3.borrow_mut().put_unconditionally(B, KEY, old);
    handle_event(&store, created(&[KEY])).unwrap();
    let s3 = store.s3.borrow();
    println!("{:?}", s3.get(B, KEY).unwrap().metadata);
    assert!(!s3.get(B, KEY).unwrap().metadata.contains_key("source-etag"));
}

#[test]
fn without_version_ids_nothing_is_named_and_every_event_writes() {
    for versioning in [Versioning::Off, Versioning::Suspended] {
        let store = InMemoryStore::new();
        store.s3.replace(FakeS3::with_versioning(versioning));
        store.upload(KEY, version(1));
        for writes in 1..=2 {
            handle_event(&store, created(&[KEY])).unwrap();
            let s3 = store.s3.borrow();
            println!("{versioning:?}: {:?}", s3.get(B, KEY).unwrap().metadata);
            assert!(!s3.get(B, KEY).unwrap().metadata.contains_key("source-version"));
            assert_eq!(s3.versions_of_b.len(), writes);
        }
    }
}

#[test]
fn of_cache_control_only_known_directives_stay() {
    for (header, expected) in [
        ("Max-Age=060 ,PUBLIC", Some("public, max-age=60")),
        ("public,max-age=60, owner=Jane Doe, x", Some("public, max-age=60")),
        ("private=\"Jane, max-age=5\", no-cache=\"x\\\"y, public\"", Some("private, no-cache")),
        ("max-age=99999999999999999999999, s-maxage=31536001", Some("max-age=31536000, s-maxage=31536000")),
        ("max-age=\"5\", s-maxage, stale-if-error=-1, no-store=Jane, max-stale=5", None),
        ("max-age=1, max-age=2", Some("max-age=1")),
        ("immutable, stale-while-revalidate=1", Some("immutable, stale-while-revalidate=1")),
        ("Jane", None),
        ("", None),
    ] {
        let published = CacheControl::from_header(header).map(|header| header.to_string());
        println!("{header:?} -> {published:?}");
        assert_eq!(published.as_deref(), expected);
    }
}
