//! Lists the current objects of a bucket in the order of their keys, a page at a time, so that a bucket of any size
//! fits in memory.

mod join;

use std::collections::VecDeque;
use std::time::SystemTime;

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::DateTime;
use futures_util::stream::{self, Stream};

use crate::clients::CloudError;
use crate::operator::explain_operator;

pub(crate) use join::{Pair, join};

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
struct Listing<C> {
    page: VecDeque<Listed>,
    /// Where the next page starts. None before the first one.
    next: Option<C>,
    is_last: bool,
}

/// A page and where the next one starts. None if it is the last one.
type Page<C> = (VecDeque<Listed>, Option<C>);

/// The current objects with their version ids, and the delete markers of what was deleted.
pub(crate) fn with_versions<'a>(
    client: &'a Client,
    bucket: &'a str,
    prefix: &'a str,
) -> impl Stream<Item = Result<Listed, CloudError>> + 'a {
    pages(async move |next: Option<(String, String)>| {
        let (key, version) = next.unzip();
        let request = client.list_object_versions().bucket(bucket).prefix(prefix);
        let answer = request.set_key_marker(key).set_version_id_marker(version).send().await;
        let answer = answer.map_err(|error| explain_operator("s3:ListBucketVersions", bucket, error))?;
        let next = (answer.is_truncated() == Some(true)).then(|| {
            (
                answer.next_key_marker().unwrap_or_default().to_owned(),
                answer.next_version_id_marker().unwrap_or_default().to_owned(),
            )
        });
        let current = answer.versions().iter().filter(|version| version.is_latest() == Some(true));
        let current = current.filter_map(|version| {
            let id = version.version_id().filter(|id| *id != "null");
            Some(Listed {
                key: version.key()?.to_owned(),
                bytes: bytes(version.size()),
                written: time(version.last_modified()),
                version: id.map(str::to_owned),
                is_marker: false,
            })
        });
        let markers = answer.delete_markers().iter().filter(|marker| marker.is_latest() == Some(true));
        let markers = markers.filter_map(|marker| {
            let (key, written) = (marker.key()?.to_owned(), time(marker.last_modified()));
            Some(Listed { key, bytes: 0, written, version: None, is_marker: true })
        });
        // The answer has the two kinds apart, each in order. Of a key only one of them is current.
        let mut page: Vec<_> = current.chain(markers).collect();
        page.sort_by(|one, other| one.key.cmp(&other.key));
        Ok((page.into(), next))
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
fn pages<C: Clone>(
    fetch: impl AsyncFn(Option<C>) -> Result<Page<C>, CloudError>,
) -> impl Stream<Item = Result<Listed, CloudError>> {
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
