//! What the tests share: photos, events, a fake S3, and two ways to reach it (in memory and over HTTP).

pub(crate) mod events;
pub(crate) mod fake_s3;
pub(crate) mod function_process;
pub(crate) mod in_memory_store;
pub(crate) mod logs;
pub(crate) mod photos;
pub(crate) mod runtime_api;
pub(crate) mod s3_server;

use std::time::{Duration, Instant};

use exif_ripper::config::{Config, Deletes};
use exif_ripper::error::Error;
use exif_ripper::handler::Handler;
use exif_ripper::publish::PublishConfig;
use serde_json::Value;

use in_memory_store::InMemoryStore;

pub(crate) const A: &str = "photos-in";
pub(crate) const B: &str = "photos-out";

pub(crate) fn config() -> Config {
    Config {
        bucket_a: A.to_owned(),
        bucket_b: B.to_owned(),
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
    handle_with(&config(), store, event)
}

/// Handles one event with these settings.
pub(crate) fn handle_with(config: &Config, store: &InMemoryStore, event: Value) -> Result<Value, Error> {
    block_on(Handler::new(store.clone(), config).handle(event, Instant::now() + Duration::from_secs(60)))
}

/// `ok`, or the error's name.
pub(crate) fn result_name(result: &Result<Value, Error>) -> String {
    result.as_ref().map_or_else(Error::name, |_| "ok".to_owned())
}
