//! Publishes one photo: from bucket A to bucket B, while others may write either at the same time.
//!
//! The photo is always made from the current object of A, never from the version that an event names: events can be
//! late, duplicated and out of order. B still ends up with the right photo, because:
//!
//! - A first write (`If-None-Match: *`) succeeds only once. Every later run has to take the second path.
//! - The second path reads B, then A, then writes with `If-Match` on what it saw in B. So nothing made from older bytes
//!   of A overwrites something made from newer bytes.
//! - B's ETag is a hash of clean bytes, so it can go back: A is set back to an earlier photo (v1, v2, v1), or two
//!   originals have the same clean form. Then a delayed run may still overwrite what is newer. To catch it, the run
//!   looks at A again after every write over an existing object, and starts again if A has another version by then.
//! - The SDK sends a PUT again whose answer was lost. If the first one was done, the second is a conflict, and the run
//!   finds its own copy in B. It may be such a delayed write, so A is looked at before the run ends with `current`.
//! - A photo counts as published only with the version id of its original: that names one write, where equal bytes may
//!   have been written twice, with another `Cache-Control`. Without version ids (versioning is off) nothing counts as
//!   published, and every run writes.
//! - The version id and `Cache-Control` that are written come from the same answer as the bytes. Bytes that are still
//!   current (304) get those of a HEAD, but only if its ETag is that of the bytes: A may have been overwritten between
//!   the two requests, and old bytes under the new id would count as published for good.
//! - A crash before A is looked at is an error, and Lambda runs the event again. If a PUT succeeded but its answer was
//!   an error, the next run gets 412, finds that photo in B and ends with `current`.
//!
//! So when the last run has ended, B has the clean form of what A has. `tests/function/interleavings` searches for an
//! order of steps that ends differently.

use bytes::Bytes;
use scrub::Options;
use strum::IntoStaticStr;

use crate::error::{Error, RefusalReason};
use crate::retries::MAX_PUTS;
use crate::store::{
    Body, CleanPhoto, Condition, Fetched, Original, Published, Put, Source, Store, VersionId,
};

/// The settings for publishing a photo.
#[derive(Debug)]
pub struct PublishConfig {
    /// Bucket A, for messages.
    pub bucket_a: String,
    /// Bucket B, for messages.
    pub bucket_b: String,
    /// The largest photo accepted, in bytes.
    pub max_photo_bytes: u64,
    /// The photo core's settings.
    pub options: Options,
    /// The version and settings of the photo core, which are written with each clean photo. A photo in B that was made
    /// with others is not current, so that all photos can be scrubbed again after an upgrade.
    pub scrubbed_with: String,
}

/// How publishing a photo ended, if it did not fail. In lower case, these are the words in log lines and in the results
/// of batch jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Outcome {
    /// The clean photo was published.
    Clean,
    /// B has the clean photo already.
    Current,
    /// A does not have the photo any more.
    Gone,
}

/// What is known about a photo, for its log line or its refusal. It is filled in step by step, so failures have it too.
#[derive(Debug, Default)]
pub struct PhotoStats {
    /// Size of the original, in bytes.
    pub bytes_in: Option<u64>,
    /// Version id of the original, if bucket A has versioning.
    pub version: Option<VersionId>,
    /// What the core did, once the photo is clean.
    pub clean: Option<CleanStats>,
}

/// What the photo core did to a photo.
#[derive(Debug)]
pub struct CleanStats {
    /// Size of the clean photo, in bytes.
    pub bytes: u64,
    /// What was removed, and what happened to the orientation.
    pub report: scrub::Report,
}

/// Publishes the clean form of the current object of bucket A under the same key in bucket B.
pub async fn publish<S: Store>(
    store: &S,
    config: &PublishConfig,
    key: &str,
    stats: &mut PhotoStats,
) -> Result<Outcome, Error> {
    let Fetched::Found(original) = store.get_original(key, None).await? else {
        return Ok(Outcome::Gone);
    };
    let mut clean = read_and_scrub(original, config, key, stats).await?;
    let mut condition = Condition::Absent;

    for attempt in 0..MAX_PUTS {
        let put = store.put_published(key, &clean, &condition).await?;
        if put == Put::Written {
            if attempt == 0 || !is_overwritten(store, key, &clean.source).await? {
                return Ok(Outcome::Clean);
            }
            let Some(current) = update(clean, store, config, key, stats).await? else {
                return Ok(Outcome::Gone);
            };
            clean = current;
        }

        // B has an object. Read B's ETag before A. Then a write with `If-Match` cannot replace a newer photo with an
        // older one.
        let Some(published) = store.head_published(key).await? else {
            condition = Condition::Absent;
            continue;
        };
        if is_made_from(&published, &clean.source, config)
            && (attempt == 0 || !is_overwritten(store, key, &clean.source).await?)
        {
            return Ok(Outcome::Current);
        }
        let Some(current) = update(clean, store, config, key, stats).await? else {
            return Ok(Outcome::Gone);
        };
        clean = current;
        condition = Condition::Match(published.etag);
    }
    Err(Error::Contended { bucket: config.bucket_b.clone(), key: key.to_owned(), puts: MAX_PUTS })
}

fn is_made_from(published: &Published, source: &Source, config: &PublishConfig) -> bool {
    source.version.is_some()
        && published.source_version == source.version
        && published.scrubbed_with.as_deref() == Some(&config.scrubbed_with)
}

/// Whether A has another photo by now. One that was deleted was not overwritten.
async fn is_overwritten<S: Store>(store: &S, key: &str, source: &Source) -> Result<bool, Error> {
    Ok(store.head_original(key).await?.is_some_and(|current| !current.is_same_write(source)))
}

/// The same clean photo if its bytes are still the current ones, or the clean form of the current ones, or `None` if A
/// has no object with this key any more.
async fn update<S: Store>(
    clean: CleanPhoto,
    store: &S,
    config: &PublishConfig,
    key: &str,
    stats: &mut PhotoStats,
) -> Result<Option<CleanPhoto>, Error> {
    let fetched = match store.get_original(key, Some(&clean.source.etag)).await? {
        // The same bytes may have been written again.
        Fetched::NotModified => match store.head_original(key).await? {
            Some(source) if source.etag == clean.source.etag => {
                return Ok(Some(CleanPhoto { source, ..clean }));
            }
            _ => store.get_original(key, None).await?,
        },
        changed => changed,
    };
    let Fetched::Found(newer) = fetched else { return Ok(None) };
    // Before the newer body is read: the function's memory is enough for one photo at a time.
    drop(clean);
    read_and_scrub(newer, config, key, stats).await.map(Some)
}

async fn read_and_scrub<B: Body>(
    original: Original<B>,
    config: &PublishConfig,
    key: &str,
    stats: &mut PhotoStats,
) -> Result<CleanPhoto, Error> {
    let version = original.source.version.clone();
    *stats = PhotoStats { bytes_in: Some(original.length), version, clean: None };
    let refused = |reason| Error::Refused { bucket: config.bucket_a.clone(), key: key.to_owned(), reason };
    let limit = config.max_photo_bytes;
    if original.length > limit {
        return Err(refused(RefusalReason::TooLarge { bytes: original.length, limit }));
    }
    let photo: Bytes = original.body.read_to_bytes(original.length).await?;
    // The photo itself takes a part of the memory that rotating may use.
    let memory = config.options.memory.saturating_sub(original.length);
    let options = Options { memory, ..config.options.clone() };
    let clean = scrub::scrub(photo, &options).map_err(|refusal| refused(refusal.into()))?;
    stats.clean = Some(CleanStats { bytes: clean.photo.len() as u64, report: clean.report });
    Ok(CleanPhoto {
        photo: clean.photo,
        source: original.source,
        scrubbed_with: config.scrubbed_with.clone(),
    })
}
