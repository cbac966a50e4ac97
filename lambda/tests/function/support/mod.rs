//! What the tests share: photos, events, a fake S3, and two ways to reach it (in memory and over HTTP).

pub(crate) mod events;
pub(crate) mod fake_refusals;
pub(crate) mod fake_s3;
pub(crate) mod function_process;
pub(crate) mod in_memory_store;
pub(crate) mod logs;
pub(crate) mod photos;
pub(crate) mod runtime_api;
pub(crate) mod s3_server;
pub(crate) mod sqs_server;

use std::time::{Duration, Instant};

use exif_ripper::config::{Config, Deletes};
use exif_ripper::error::Error;
use exif_ripper::handler::Handler;
use exif_ripper::publish::PublishConfig;
use serde_json::Value;

use fake_refusals::FakeRefusals;
use in_memory_store::InMemoryStore;

pub(crate) const A: &str = "photos-in";
pub(crate) const B: &str = "photos-out";
pub(crate) const QUEUE: &str = "https://sqs.eu-west-1.amazonaws.com/123456789012/refusals";
pub(crate) const REQUEST_ID: &str = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";

pub(crate) fn config() -> Config {
    Config {
        bucket_a: A.to_owned(),
        bucket_b: B.to_owned(),
        refusals_queue_url: QUEUE.to_owned(),
        max_photo_bytes: 1 << 20,
        options: scrub::Options::default(),
        deletes: Deletes::Follow,
        originals_expire_after: None,
    }
}

pub(crate) fn publish_config() -> PublishConfig {
    PublishConfig {
        bucket_a: A.to_owned(),
        bucket_b: B.to_owned(),
        max_photo_bytes: 1 << 20,
        options: scrub::Options::default(),
        deletes: Deletes::Follow,
        originals_expire_after: None,
        scrubbed_with: scrub_metadata(),
    }
}

/// The version and settings of the photo core, as the function writes them.
pub(crate) fn scrub_metadata() -> String {
    format!("{} {}", scrub::VERSION, scrub::Options::default())
}

/// A single-threaded runtime like the function's own.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Handles one event, with more than enough time.
pub(crate) fn handle_event(store: &InMemoryStore, event: Value) -> Result<Value, Error> {
    handle_with(&config(), store, &FakeRefusals::default(), event)
}

/// Handles one event with these settings, and a queue of refusals that the test looks at.
pub(crate) fn handle_with(
    config: &Config,
    store: &InMemoryStore,
    queue: &FakeRefusals,
    event: Value,
) -> Result<Value, Error> {
    let handler = Handler::new(store.clone(), queue.clone(), config);
    block_on(handler.handle(event, REQUEST_ID, Instant::now() + Duration::from_secs(60)))
}

/// `ok`, or the error's name.
pub(crate) fn result_name(result: &Result<Value, Error>) -> String {
    result.as_ref().map_or_else(Error::name, |_| "ok".to_owned())
}
