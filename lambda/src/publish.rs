//! Publishes one photo: from bucket A to bucket B, while others may write either at the same time.
//!
//! The photo is always made from the current object of A, never from the version that an event names: events can be
//! late, duplicated and out of order. B still ends up with the right photo, because:
//!
//! - A first write (`If-None-Match: *`) succeeds only once. Every later run has to take the second path.
//! - The second path reads B, then A, then writes with `If-Match` on what it saw in B. So nothing made from older bytes
//!   of A overwrites something made from newer bytes.
//! - B's ETag is a hash of clean bytes, so it can go back: A is set back to an earlier photo (v1, v2, v1), or two
//!   originals have the same clean form. Then a delayed run may still overwrite what is newer. And a first write may
//!   come after the photo was deleted and the run for the delete has ended. So the run looks at A again after every
//!   write, and starts again if A has another version by then; if A has none, it deletes what it has written
//!   (`unpublish`). With `deletes: keep` there is nothing to delete, and no look after a first write.
//! - The SDK sends a PUT again whose answer was lost. If the first one was done, the second is a conflict, and the run
//!   finds its own copy in B. It may be such a delayed write, so A is looked at before the run ends with `current`.
//! - A photo counts as published only with the version id of its original: that names one write, where equal bytes may
//!   have been written twice, with another `Cache-Control`. Without version ids (versioning is off) nothing counts as
//!   published, and every run writes.
//! - The version id and `Cache-Control` that are written come from the same answer as the bytes. Bytes that are still
//!   current (304) get those of a second look, but only if its ETag is that of the bytes: A may have been overwritten
//!   between the two requests, and old bytes under the new id would count as published for good.
//! - A crash before A is looked at is an error, and Lambda runs the event again. If a PUT succeeded but its answer was
//!   an error, the next run gets 412, finds that photo in B and ends with `current`.
//!
//! So when the last run has ended, B has the clean form of what A has, or nothing if A has nothing.
//! `tests/function/interleavings` searches for an order of steps that ends differently.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use scrub::Options;

use crate::config::Deletes;
use crate::error::{Error, RefusalReason};
use crate::event::PhotoEvent;
use crate::outcome::{CleanStats, Outcome, PhotoStats};
use crate::retries::MAX_WRITES;
use crate::store::{
    Body, CleanPhoto, Condition, ETag, Fetched, Looked, Original, Published, Put, Source, Store,
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
    /// Whether what is deleted from A is deleted from B.
    pub deletes: Deletes,
    /// How old an original is when lifecycle deletes it, if it does.
    pub originals_expire_after: Option<Duration>,
}

/// Publishes the clean form of the current object of bucket A under the same key in bucket B, or deletes B's object if
/// there is nothing to publish. `now` is the time at which the run starts.
pub async fn publish<S: Store>(
    store: &S,
    config: &PublishConfig,
    event: &PhotoEvent,
    now: SystemTime,
    stats: &mut PhotoStats,
) -> Result<Outcome, Error> {
    let mut run = Run { store, config, event, now, stats, writes: 0, has_seen_a_young_original: false };
    loop {
        if let Step::Done(outcome) = run.publish_current().await? {
            return Ok(outcome);
        }
    }
}

/// The run for one event.
pub(crate) struct Run<'a, S> {
    pub(crate) store: &'a S,
    pub(crate) config: &'a PublishConfig,
    pub(crate) event: &'a PhotoEvent,
    pub(crate) now: SystemTime,
    pub(crate) stats: &'a mut PhotoStats,
    /// How many PUTs and DELETEs were tried.
    writes: usize,
    /// Whether A had an original that cannot have expired since.
    pub(crate) has_seen_a_young_original: bool,
}

/// Where a run is after a part of its work.
pub(crate) enum Step {
    /// At its end.
    Done(Outcome),
    /// At its start: A or B has changed.
    Again,
}

/// What a run has from A.
enum Read {
    Clean(CleanPhoto),
    /// There is nothing to publish, and this is what follows.
    Nothing(Step),
}

impl<S: Store> Run<'_, S> {
    async fn publish_current(&mut self) -> Result<Step, Error> {
        let mut clean = match self.read_and_scrub(self.store.get_original(self.key(), None).await?).await? {
            Read::Clean(clean) => clean,
            Read::Nothing(step) => return Ok(step),
        };
        let mut condition = Condition::Absent;
        loop {
            self.count_write()?;
            if let Put::Written(etag) = self.store.put_published(self.key(), &clean, &condition).await? {
                if let Some(step) = self.check_original(&clean.source, &etag, Outcome::Clean).await? {
                    return Ok(step);
                }
                clean = match self.update(clean).await? {
                    Read::Clean(current) => current,
                    Read::Nothing(step) => return Ok(step),
                };
            }

            // B has an object. Read B's ETag before A. Then a write with `If-Match` cannot replace a newer photo with
            // an older one.
            let Some(published) = self.store.head_published(self.key()).await? else {
                condition = Condition::Absent;
                continue;
            };
            if is_made_from(&published, &clean.source, self.config)
                && let Some(step) =
                    self.check_original(&clean.source, &published.etag, Outcome::Current).await?
            {
                return Ok(step);
            }
            clean = match self.update(clean).await? {
                Read::Clean(current) => current,
                Read::Nothing(step) => return Ok(step),
            };
            condition = Condition::Match(published.etag);
        }
    }

    /// Looks at A once B has the copy of `source`, with the tag `etag`. The run ends with `outcome` if A still has that
    /// write. `None` if A has another one.
    async fn check_original(
        &mut self,
        source: &Source,
        etag: &ETag,
        outcome: Outcome,
    ) -> Result<Option<Step>, Error> {
        let follows = self.config.deletes == Deletes::Follow;
        if !follows && self.writes == 1 {
            return Ok(Some(Step::Done(outcome)));
        }
        match self.look_at_original().await? {
            Looked::Found(current) if current.is_same_write(source) => Ok(Some(Step::Done(outcome))),
            Looked::Found(_) | Looked::Empty => Ok(None),
            Looked::NotFound if follows && self.has_seen_a_young_original => {
                self.delete_copy(etag, None).await.map(Some)
            }
            Looked::NotFound => Ok(Some(Step::Done(outcome))),
        }
    }

    /// The same clean photo if its bytes are still the current ones, otherwise what A has now.
    async fn update(&mut self, clean: CleanPhoto) -> Result<Read, Error> {
        let fetched = match self.store.get_original(self.key(), Some(&clean.source.etag)).await? {
            // The same bytes may have been written again.
            Fetched::NotModified => match self.look_at_original().await? {
                Looked::Found(source) if source.etag == clean.source.etag => {
                    return Ok(Read::Clean(CleanPhoto { source, ..clean }));
                }
                _ => self.store.get_original(self.key(), None).await?,
            },
            changed => changed,
        };
        // Before the newer body is read: the function's memory is enough for one photo at a time.
        drop(clean);
        self.read_and_scrub(fetched).await
    }

    async fn read_and_scrub(&mut self, fetched: Fetched<S::Body>) -> Result<Read, Error> {
        let Fetched::Found(original) = fetched else {
            return self.original_is_gone().await.map(Read::Nothing);
        };
        let source = original.source.clone();
        self.has_seen_a_young_original |= !self.may_have_expired(&source);
        let withdrawn = self.stats.withdrawn;
        let version = source.version.clone();
        *self.stats = PhotoStats { bytes_in: Some(original.length), version, clean: None, withdrawn };
        match scrub_original(original, self.config).await? {
            Ok(clean) => {
                let bytes = clean.photo.len() as u64;
                let clean_stats = CleanStats { bytes, report: clean.report };
                // What was refused before is not what this run ends with.
                (self.stats.clean, self.stats.withdrawn) = (Some(clean_stats), false);
                let scrubbed_with = self.config.scrubbed_with.clone();
                Ok(Read::Clean(CleanPhoto { photo: clean.photo, source, scrubbed_with }))
            }
            Err(reason) => self.original_is_refused(reason, source).await.map(Read::Nothing),
        }
    }

    /// Looks at A, and remembers whether what is there can expire while the run goes on.
    pub(crate) async fn look_at_original(&mut self) -> Result<Looked, Error> {
        let looked = self.store.look_at_original(self.key()).await?;
        if let Looked::Found(source) = &looked {
            self.has_seen_a_young_original |= !self.may_have_expired(source);
        }
        Ok(looked)
    }

    /// To be called before every PUT and DELETE: an error if there were too many.
    pub(crate) fn count_write(&mut self) -> Result<(), Error> {
        if self.writes == MAX_WRITES {
            let (bucket, key) = (self.config.bucket_b.clone(), self.key().to_owned());
            return Err(Error::Contended { bucket, key, writes: MAX_WRITES });
        }
        self.writes += 1;
        Ok(())
    }

    pub(crate) fn key(&self) -> &str {
        &self.event.key
    }
}

fn is_made_from(published: &Published, source: &Source, config: &PublishConfig) -> bool {
    source.version.is_some()
        && published.source_version == source.version
        && published.scrubbed_with.as_deref() == Some(&config.scrubbed_with)
}

/// The clean photo, or why the original is refused.
async fn scrub_original<B: Body>(
    original: Original<B>,
    config: &PublishConfig,
) -> Result<Result<scrub::Clean, RefusalReason>, Error> {
    let limit = config.max_photo_bytes;
    if original.length > limit {
        return Ok(Err(RefusalReason::TooLarge { bytes: original.length, limit }));
    }
    let photo: Bytes = original.body.read_to_bytes(original.length).await?;
    // The photo itself takes a part of the memory that rotating may use.
    let memory = config.options.memory.saturating_sub(original.length);
    let options = Options { memory, ..config.options.clone() };
    Ok(scrub::scrub(photo, &options).map_err(RefusalReason::from))
}
