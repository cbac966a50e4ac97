//! Lists what a bucket holds in the order of its keys, a page at a time, so that a bucket of any size fits in memory.

mod join;
mod versions;

use std::collections::VecDeque;
use std::time::SystemTime;

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::DateTime;
use futures_util::TryStreamExt;
use futures_util::future::ready;
use futures_util::stream::{self, Stream};

use crate::clients::CloudError;
use crate::operator::explain_operator;

pub(crate) use join::{Pair, join};
#[cfg(test)]
pub(crate) use versions::Object;
pub(crate) use versions::{Version, versions, versions_of};

/// The current object under a key, or the delete marker that hides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) key: String,
    pub(crate) bytes: u64,
    pub(crate) written: Option<SystemTime>,
    /// Its version id, if it was listed with versions and the bucket keeps them.
    pub(crate) version: Option<String>,
    /// Whether it is a delete marker. Only a listing with versions has those.
    pub(crate) is_marker: bool,
}

/// Where a listing is.
struct Listing<T, C> {
    page: VecDeque<T>,
    /// Where the next page starts. None before the first one.
    next: Option<C>,
    is_last: bool,
}

/// A page and where the next one starts. None if it is the last one.
type Page<T, C> = (VecDeque<T>, Option<C>);

/// The current objects with their version ids, and the delete markers of what was deleted.
pub(crate) fn with_versions<'a>(
    client: &'a Client,
    bucket: &'a str,
    prefix: &'a str,
) -> impl Stream<Item = Result<Listed, CloudError>> + 'a {
    versions(client, bucket, prefix).try_filter_map(|version| {
        ready(Ok(version.is_current.then(|| Listed {
            key: version.key,
            bytes: version.object.as_ref().map_or(0, |object| object.bytes),
            written: Some(version.written),
            is_marker: version.object.is_none(),
            version: Some(version.id).filter(|id| version.object.is_some() && id != "null"),
        })))
    })
}

/// The current objects without their version ids.
pub(crate) fn current<'a>(
    client: &'a Client,
    bucket: &'a str,
    prefix: &'a str,
) -> impl Stream<Item = Result<Listed, CloudError>> + 'a {
    pages(async move |next: Option<String>| {
        let request = client.list_objects_v2().bucket(bucket).prefix(prefix);
        let answer = request.set_continuation_token(next).send().await;
        let answer = answer.map_err(|error| explain_operator("s3:ListBucket", bucket, error))?;
        let next = answer.next_continuation_token().map(str::to_owned);
        let page = answer.contents().iter().filter_map(|object| {
            Some(Listed {
                key: object.key()?.to_owned(),
                bytes: bytes(object.size()),
                written: time(object.last_modified()),
                version: None,
                is_marker: false,
            })
        });
        Ok((page.collect(), next))
    })
}

/// Flattens pages. `fetch` gets the page that starts there.
fn pages<T, C>(
    fetch: impl AsyncFn(Option<C>) -> Result<Page<T, C>, CloudError>,
) -> impl Stream<Item = Result<T, CloudError>> {
    let start = Listing { page: VecDeque::new(), next: None, is_last: false };
    stream::try_unfold((start, fetch), async |(mut listing, fetch)| {
        loop {
            if let Some(object) = listing.page.pop_front() {
                return Ok(Some((object, (listing, fetch))));
            }
            if listing.is_last {
                return Ok(None);
            }
            let (page, next) = fetch(listing.next.take()).await?;
            listing = Listing { page, is_last: next.is_none(), next };
        }
    })
}

fn bytes(size: Option<i64>) -> u64 {
    size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default()
}

fn time(time: Option<&DateTime>) -> Option<SystemTime> {
    SystemTime::try_from(*time?).ok()
}
