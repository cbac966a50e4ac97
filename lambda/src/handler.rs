//! An event in, every photo it names published or a reason given. One failing record never keeps the others from being tried.

use std::time::Instant;

use serde_json::Value;
use tokio::time::timeout_at;

use crate::batch;
use crate::config::Config;
use crate::error::Error;
use crate::event::{Event, Notification};
use crate::log;
use crate::publish::{Outcome, Rules, Seen, publish};
use crate::store::Store;

/// The function without its runtime.
#[derive(Debug)]
pub struct Handler<S> {
    store: S,
    rules: Rules,
}

impl<S: Store> Handler<S> {
    /// A handler that takes photos from the configuration's bucket A to its bucket B.
    pub fn new(store: S, config: &Config) -> Self {
        let rules = Rules {
            bucket_a: config.bucket_a.clone(),
            bucket_b: config.bucket_b.clone(),
            max_photo_bytes: config.max_photo_bytes,
            core: format!("{} {}", scrub::VERSION, config.options),
            options: config.options.clone(),
        };
        Self { store, rules }
    }

    /// Handles one event. What is not done by `deadline` fails, so that the failure has a name and a log line, which a function
    /// that is killed at its timeout has not.
    ///
    /// The answer to a batch job is the result of each task; other callers read no answer.
    pub async fn handle(&self, event: Value, deadline: Instant) -> Result<Value, Error> {
        let handled = match Event::parse(event, &self.rules.bucket_a) {
            Ok(Event::Notification(notification)) => self.notification(notification, deadline).await,
            Ok(Event::Batch(job)) => return Ok(batch::run(self, job, deadline).await),
            Ok(Event::Test) => {
                tracing::info!("test event");
                Ok(())
            }
            Err(error) => Err(error.into()),
        };
        handled.map(|()| Value::Null)
    }

    /// Bucket A, which every record and task must name.
    pub(crate) fn bucket_a(&self) -> &str {
        &self.rules.bucket_a
    }

    /// Publishes one photo and logs how it went.
    pub(crate) async fn photo(&self, key: &str, deadline: Instant) -> Result<Outcome, Error> {
        let started = Instant::now();
        let mut seen = Seen::default();
        let published = timeout_at(deadline.into(), publish(&self.store, &self.rules, key, &mut seen)).await;
        let ended = published.unwrap_or_else(|_| Err(Error::Deadline { key: key.to_owned() }));
        log::photo(key, &ended, &seen, started.elapsed());
        ended
    }

    async fn notification(&self, notification: Notification, deadline: Instant) -> Result<(), Error> {
        if notification.ignored > 0 {
            tracing::info!(records = notification.ignored, "ignored: not ObjectCreated");
        }
        let records = notification.keys.len();
        let mut failures = Vec::new();
        for key in notification.keys {
            let ended = match key {
                Ok(key) => self.photo(&key, deadline).await.map(|_| ()),
                Err(error) => Err(error.into()),
            };
            failures.extend(ended.err());
        }
        match failures.len() {
            0 => Ok(()),
            1 => Err(failures.remove(0)),
            _ => Err(Error::Several { records, failures }),
        }
    }
}
