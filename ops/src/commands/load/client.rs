//! One client of the load: what it uploads, overwrites and deletes, and how long it waits for each.

use std::time::{Duration, Instant};

use bytes::Bytes;
use indicatif::ProgressBar;
use tokio::time::sleep;

use crate::clients::CloudError;
use crate::failure::Failure;
use crate::stack_session::{Deadline, StackSession};

/// How often bucket B is looked into.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Every so many uploads one overwrites a photo that is still on its way.
const OVERWRITE_EVERY: usize = 5;
/// After so many uploads one photo is deleted.
const DELETE_EVERY: usize = 10;

/// What one client has done and seen.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) uploads: usize,
    pub(super) overwrites: usize,
    pub(super) deletes: usize,
    /// From the start of each upload that was waited for until its clean copy could be read.
    pub(super) times: Vec<Duration>,
    /// What bucket B did not show in time.
    pub(super) lost: usize,
}

/// A client with keys of its own, so that it knows what bucket B has to show for each.
#[derive(Debug)]
pub(super) struct Client<'a> {
    session: &'a StackSession,
    photos: &'a [Bytes],
    number: usize,
    /// Whether bucket B follows deletes.
    follows_deletes: bool,
    seen: Seen,
}

impl<'a> Client<'a> {
    pub(super) fn new(
        session: &'a StackSession,
        photos: &'a [Bytes],
        number: usize,
        follows_deletes: bool,
    ) -> Self {
        Self { session, photos, number, follows_deletes, seen: Seen::default() }
    }

    /// Sends this many uploads, one after the other.
    pub(super) async fn send(mut self, uploads: usize, bar: &ProgressBar) -> Result<Seen, Failure> {
        while self.seen.uploads < uploads {
            let key = format!("{}{}/{}.jpg", self.session.prefix, self.number, self.seen.uploads);
            let mut version = self.upload(&key).await?;
            if (self.seen.uploads + 1).is_multiple_of(OVERWRITE_EVERY) && self.seen.uploads < uploads {
                version = self.upload(&key).await?;
                self.seen.overwrites += 1;
                bar.inc(1);
            }
            let (started, version) = version;
            match self.wait_until(&key, Some(&version)).await? {
                true => self.seen.times.push(started.elapsed()),
                false => self.seen.lost += 1,
            }
            bar.inc(1);
            if self.follows_deletes && self.seen.uploads.is_multiple_of(DELETE_EVERY) {
                self.session.delete_original(&key).await?;
                self.seen.deletes += 1;
                self.seen.lost += usize::from(!self.wait_until(&key, None).await?);
            }
        }
        Ok(self.seen)
    }

    /// Uploads the next photo; returns when that began, and the version that it became.
    async fn upload(&mut self, key: &str) -> Result<(Instant, String), Failure> {
        let photo = &self.photos[(self.number + self.seen.uploads) % self.photos.len()];
        let started = Instant::now();
        let version = self.session.upload(key, photo, Deadline::for_photos(0)).await?;
        self.seen.uploads += 1;
        let what = format!("PutObject of {key} as user A");
        Ok((started, version.ok_or(CloudError::Incomplete { what, missing: "a version id" })?))
    }

    /// Whether bucket B shows the copy of this version, or nothing, within the time that a photo may take.
    async fn wait_until(&self, key: &str, version: Option<&str>) -> Result<bool, Failure> {
        let deadline = Deadline::for_photos(0);
        while self.session.source_version(key).await?.as_deref() != version {
            if deadline.passed() {
                return Ok(false);
            }
            sleep(LOOK_EVERY).await;
        }
        Ok(true)
    }
}
