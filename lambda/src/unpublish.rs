//! Deletes B's copy when its original is gone from A, or is refused: with `deletes: follow`, B has the clean copy of
//! what A has now, or nothing. B has versions, so an unwanted delete can be undone until they are cleared away.
//!
//! - An original is gone if a GET answers that there is no such key. A bucket that is missing or forbidden is an error.
//! - A photo that lifecycle took from A stays in B. S3 sends no removal event for it that this function gets, but the
//!   event of an upload, a batch job or a delete may be run after it. So if originals expire in this stack, it must be
//!   certain that a person deleted this one: nothing that was current at the time of the event can have expired if the
//!   event is younger than originals become, or if the run itself has seen an original that is. An older event counts
//!   only if it is the removal itself and comes after B's copy was written. An event without a time is old.
//! - The DELETE has the tag of what was seen in B as its condition. Equal clean bytes have equal tags, so the copy of a
//!   photo that was uploaded again in between may be deleted as well. To catch it, the run looks at A after a DELETE,
//!   and starts again if there is a photo other than the one that was just refused.
//! - A crash before that look is an error, and Lambda runs the event again.
//!
//! An upload may have no event of its own run after the DELETE, so this look is what makes the argument of `publish`
//! hold with deletes: whoever changes B last has looked at A since.

use std::time::{Duration, SystemTime};

use crate::config::Deletes;
use crate::error::{Error, RefusalReason};
use crate::event::Change;
use crate::outcome::Outcome;
use crate::publish::{Run, Step};
use crate::store::{Delete, ETag, Looked, Source, Store};

/// A version that is removed for good may make an older one current again, which lifecycle may take at its next run,
/// once a day.
const OLD_FOR_A_REVIVED_VERSION: Duration = Duration::from_secs(24 * 60 * 60);

impl<S: Store> Run<'_, S> {
    /// What follows if A has no object with this key.
    pub(crate) async fn original_is_gone(&mut self) -> Result<Step, Error> {
        if self.config.deletes == Deletes::Keep {
            return Ok(Step::Done(Outcome::Gone));
        }
        if self.was_deleted_by_a_person() {
            return self.delete_any_copy(None).await;
        }
        let (Change::MarkerAdded | Change::VersionRemoved, Some(removed)) =
            (self.event.change, self.event.time)
        else {
            return Ok(Step::Done(Outcome::Gone));
        };
        match self.store.head_published(self.key()).await? {
            Some(copy) if copy.written.is_some_and(|written| written <= removed) => {
                self.delete_copy(&copy.etag, None).await
            }
            _ => Ok(Step::Done(Outcome::Gone)),
        }
    }

    /// What follows if the original is refused. It may have been put there to withdraw the one before.
    pub(crate) async fn original_is_refused(
        &mut self,
        reason: RefusalReason,
        source: Source,
    ) -> Result<Step, Error> {
        if self.config.deletes == Deletes::Follow
            && let Step::Again = self.delete_any_copy(Some(&source)).await?
        {
            return Ok(Step::Again);
        }
        Err(Error::Refused { bucket: self.config.bucket_a.clone(), key: self.key().to_owned(), reason })
    }

    /// Deletes whatever B has under this key.
    async fn delete_any_copy(&mut self, refused: Option<&Source>) -> Result<Step, Error> {
        match self.store.head_published(self.key()).await? {
            Some(copy) => self.delete_copy(&copy.etag, refused).await,
            None => Ok(Step::Done(Outcome::Gone)),
        }
    }

    /// Deletes B's copy if it has this tag, and looks at A again.
    pub(crate) async fn delete_copy(&mut self, etag: &ETag, refused: Option<&Source>) -> Result<Step, Error> {
        self.count_write()?;
        if self.store.delete_published(self.key(), etag).await? == Delete::Conflict {
            return Ok(Step::Again);
        }
        self.stats.withdrawn |= refused.is_some();
        match (self.look_at_original().await?, refused) {
            (Looked::NotFound, _) => Ok(Step::Done(Outcome::Deleted)),
            (Looked::Found(current), Some(refused)) if current.is_same_write(refused) => {
                Ok(Step::Done(Outcome::Deleted))
            }
            _ => Ok(Step::Again),
        }
    }

    /// Whether lifecycle may have taken this original from A.
    pub(crate) fn may_have_expired(&self, source: &Source) -> bool {
        self.config.originals_expire_after.is_some_and(|days| !self.is_younger(source.written, days))
    }

    /// Whether an original that is gone cannot have expired.
    fn was_deleted_by_a_person(&self) -> bool {
        let Some(days) = self.config.originals_expire_after.filter(|_| !self.has_seen_a_young_original)
        else {
            return true;
        };
        let limit = match self.event.change {
            Change::VersionRemoved => days.min(OLD_FOR_A_REVIVED_VERSION),
            Change::Created | Change::MarkerAdded => days,
        };
        self.is_younger(self.event.time, limit)
    }

    /// A time that is not known is old. One after the start of the run is young: clocks differ.
    fn is_younger(&self, time: Option<SystemTime>, limit: Duration) -> bool {
        time.is_some_and(|time| self.now.duration_since(time).unwrap_or_default() < limit)
    }
}
