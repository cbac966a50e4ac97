//! What bucket A had under a key, and which of it is to come back.

use std::time::SystemTime;

use aws_sdk_s3::Client;
use futures_util::TryStreamExt;
use futures_util::stream::{self, Stream, StreamExt};
use serde::Serialize;
use strum::Display;

use crate::bucket_listing::{Version, versions};
use crate::clients::CloudError;

/// What happened to a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Display)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub(super) enum Lost {
    Deleted,
    Overwritten,
}

/// The earlier version of a photo, and what it is to replace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Earlier {
    pub(super) version: String,
    pub(super) written: SystemTime,
    pub(super) bytes: u64,
    pub(super) was: Lost,
    /// The ETag of the object that is current now. None if it is deleted.
    pub(super) current: Option<String>,
}

/// All versions of each key that starts with the prefix, a key at a time.
pub(super) fn histories<'a>(
    client: &'a Client,
    bucket: &'a str,
    prefix: &'a str,
) -> impl Stream<Item = Result<(String, Vec<Version>), CloudError>> + 'a {
    let versions = Box::pin(versions(client, bucket, prefix).peekable());
    stream::try_unfold(versions, async |mut versions| {
        let Some(first) = versions.try_next().await? else { return Ok(None) };
        let key = first.key.clone();
        let mut history = vec![first];
        let has_key = |next: &Result<Version, CloudError>| next.as_ref().map_or(true, |next| next.key == key);
        while let Some(next) = versions.as_mut().next_if(has_key).await {
            history.push(next?);
        }
        Ok(Some(((key, history), versions)))
    })
}

/// What is to come back of a key with these versions: what it was at `since`, or before the last change. None if that
/// is what it is now, or if there is no such version.
pub(super) fn earlier(versions: &[Version], since: Option<SystemTime>) -> Option<Earlier> {
    let current = versions.iter().find(|version| version.is_current);
    let mut past: Vec<&Version> = versions.iter().filter(|version| !version.is_current).collect();
    // Newest first. S3 lists seconds: of a version and a marker of the same one, the version is restored, as nothing is
    // lost by that.
    past.sort_by_key(|version| (std::cmp::Reverse(version.written), version.object.is_none()));
    let wanted = match since {
        Some(since) if current.is_some_and(|current| current.written <= since) => return None,
        Some(since) => past.into_iter().find(|version| version.written <= since)?,
        None => past.into_iter().find(|version| version.object.is_some())?,
    };
    // It was deleted at that time.
    let object = wanted.object.as_ref()?;
    let current = current.and_then(|current| current.object.as_ref());
    // A run that was interrupted has restored it, or it was overwritten with itself.
    if current.is_some_and(|current| current.etag == object.etag) {
        return None;
    }
    Some(Earlier {
        version: wanted.id.clone(),
        written: wanted.written,
        bytes: object.bytes,
        was: if current.is_some() { Lost::Overwritten } else { Lost::Deleted },
        current: current.map(|object| object.etag.clone()),
    })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::bucket_listing::Object;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    /// Versions written at these seconds, oldest first; a number below 0 is a delete marker.
    fn history(times: &[i64]) -> Vec<Version> {
        let version = |(index, time): (usize, &i64)| Version {
            key: "a.jpg".to_owned(),
            id: format!("v{index}"),
            written: at(time.unsigned_abs()),
            object: (*time > 0).then(|| Object { bytes: 1, etag: format!("e{index}") }),
            is_current: index + 1 == times.len(),
        };
        times.iter().enumerate().map(version).rev().collect()
    }

    fn chosen(times: &[i64], since: Option<u64>) -> Option<(String, Lost, Option<String>)> {
        earlier(&history(times), since.map(at)).map(|found| (found.version, found.was, found.current))
    }

    fn some(version: &str, was: Lost, current: Option<&str>) -> Option<(String, Lost, Option<String>)> {
        Some((version.to_owned(), was, current.map(str::to_owned)))
    }

    #[test]
    fn a_deleted_photo_comes_back_as_it_was_last() {
        assert_eq!(chosen(&[1, 2, -3], None), some("v1", Lost::Deleted, None));
        assert_eq!(chosen(&[1, -2, -3, -4], None), some("v0", Lost::Deleted, None));
    }

    #[test]
    fn an_overwritten_photo_becomes_what_it_was_before() {
        assert_eq!(chosen(&[1, 2, 3], None), some("v1", Lost::Overwritten, Some("e2")));
        assert_eq!(chosen(&[1, -2, 3], None), some("v0", Lost::Overwritten, Some("e2")));
    }

    #[test]
    fn a_photo_with_one_version_and_a_key_with_none_stay() {
        assert_eq!(chosen(&[1], None), None);
        assert_eq!(chosen(&[-1], None), None);
        assert_eq!(chosen(&[], None), None);
    }

    #[test]
    fn since_a_time_a_photo_becomes_what_it_was_then() {
        assert_eq!(chosen(&[10, 20, 30], Some(25)), some("v1", Lost::Overwritten, Some("e2")));
        assert_eq!(chosen(&[10, 20, -30], Some(15)), some("v0", Lost::Deleted, None));
        assert_eq!(chosen(&[10, 20, 30], Some(20)), some("v1", Lost::Overwritten, Some("e2")));
    }

    #[test]
    fn what_has_not_changed_since_then_or_was_not_there_then_stays() {
        assert_eq!(chosen(&[10, 20], Some(20)), None);
        assert_eq!(chosen(&[10, -20], Some(25)), None);
        assert_eq!(chosen(&[10, 20], Some(5)), None, "it is newer");
        assert_eq!(chosen(&[10, -20, 30], Some(25)), None, "it was deleted then");
    }

    #[test]
    fn what_is_restored_already_is_not_copied_again() {
        let mut versions = history(&[10, 20, 30]);
        assert!(earlier(&versions, Some(at(15))).is_some());
        // The newest is a copy of the oldest.
        versions[0].object = versions[2].object.clone();
        assert_eq!(earlier(&versions, Some(at(15))), None);
    }

    #[test]
    fn of_a_version_and_a_marker_of_the_same_second_the_version_comes_back() {
        assert_eq!(chosen(&[10, -10, 30], Some(10)), some("v0", Lost::Overwritten, Some("e2")));
    }
}
