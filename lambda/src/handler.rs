//! Handles one event: publishes every photo that it names, and keeps the refusals of those that cannot be cleaned. A
//! record that fails does not stop the others.

use std::time::{Instant, SystemTime};

use serde_json::Value;
use tokio::time::timeout_at;

use crate::batch;
use crate::config::Config;
use crate::error::Error;
use crate::event::{Event, Notification, PhotoEvent};
use crate::log;
use crate::outcome::{Outcome, PhotoStats};
use crate::publish::{PublishConfig, publish};
use crate::refusals::{RefusalsQueue, RefusedPhoto};
use crate::store::Store;

/// One run of the function.
struct Run<'a> {
    request_id: &'a str,
    deadline: Instant,
}

/// The function without its runtime.
#[derive(Debug)]
pub struct Handler<S, Q> {
    store: S,
    refusals: Q,
    config: PublishConfig,
}

impl<S: Store, Q: RefusalsQueue> Handler<S, Q> {
    /// A handler that publishes photos from the configuration's bucket A to its bucket B.
    pub fn new(store: S, refusals: Q, config: &Config) -> Self {
        let config = PublishConfig {
            bucket_a: config.bucket_a.clone(),
            bucket_b: config.bucket_b.clone(),
            max_photo_bytes: config.max_photo_bytes,
            scrubbed_with: format!("{} {}", scrub::VERSION, config.options),
            options: config.options.clone(),
            deletes: config.deletes,
            originals_expire_after: config.originals_expire_after,
        };
        Self { store, refusals, config }
    }

    /// Handles one event. A photo that is not published by `deadline` fails, so that the failure has a name and a log
    /// line. It would have neither if Lambda killed the function at its timeout.
    ///
    /// The answer to a batch job is the result of each task; other callers do not read the answer. `request_id` is
    /// Lambda's id of this run.
    pub async fn handle(&self, event: Value, request_id: &str, deadline: Instant) -> Result<Value, Error> {
        let run = &Run { request_id, deadline };
        let result = match Event::parse(event, &self.config.bucket_a) {
            Ok(Event::Notification(notification)) => self.publish_all(notification, run).await,
            Ok(Event::Batch(job)) => {
                let publish = async |photo: &PhotoEvent| self.publish_photo(photo, run).await;
                return Ok(batch::run_tasks(job, &self.config.bucket_a, publish).await);
            }
            Ok(Event::Test) => {
                tracing::info!("test event");
                Ok(())
            }
            Err(error) => Err(error.into()),
        };
        result.map(|()| Value::Null)
    }

    /// Publishes one photo and writes its log line. `Error::Refused` means that its refusal is in the queue.
    async fn publish_photo(&self, photo: &PhotoEvent, run: &Run<'_>) -> Result<Outcome, Error> {
        let started = Instant::now();
        let mut stats = PhotoStats::default();
        let published =
            timeout_at(run.deadline.into(), self.publish_or_refuse(photo, run.request_id, &mut stats)).await;
        let result = published.unwrap_or_else(|_| Err(Error::Deadline { key: photo.key.clone() }));
        log::photo(&photo.key, &result, &stats, started.elapsed());
        result
    }

    async fn publish_or_refuse(
        &self,
        photo: &PhotoEvent,
        request_id: &str,
        stats: &mut PhotoStats,
    ) -> Result<Outcome, Error> {
        let result = publish(&self.store, &self.config, photo, SystemTime::now(), stats).await;
        if let Err(Error::Refused { reason, .. }) = &result {
            self.refusals.keep(&RefusedPhoto::new(photo, stats, reason, request_id)).await?;
        }
        result
    }

    async fn publish_all(&self, notification: Notification, run: &Run<'_>) -> Result<(), Error> {
        if notification.ignored > 0 {
            tracing::info!(records = notification.ignored, "ignored: not about a created or removed photo");
        }
        let records = notification.photos.len();
        let mut failures = Vec::new();
        for photo in notification.photos {
            let result = match photo {
                Ok(photo) => self.publish_photo(&photo, run).await.map(|_| ()),
                Err(error) => Err(error.into()),
            };
            match result {
                // Not a failure: the photo would be refused again.
                Ok(()) | Err(Error::Refused { .. }) => (),
                Err(error) => failures.push(error),
            }
        }
        match failures.len() {
            0 => Ok(()),
            1 => Err(failures.remove(0)),
            _ => Err(Error::Several { records, failures }),
        }
    }
}
