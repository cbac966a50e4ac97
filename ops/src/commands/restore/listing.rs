//! Lists all versions and delete markers of a bucket by key, a page at a time.

use std::collections::VecDeque;
use std::time::SystemTime;

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::list_object_versions::ListObjectVersionsOutput;
use futures_util::stream::{self, Stream};

use super::history::{Entry, Object};
use crate::clients::CloudError;
use crate::operator::explain_operator;

/// A key, and everything that the bucket has under it.
type History = (String, Vec<Entry>);

/// Where a listing is: what is complete of the pages so far, and the last key, whose entries may go on.
#[derive(Default)]
struct Listing {
    complete: VecDeque<History>,
    last: Option<History>,
    next: Option<(String, String)>,
    is_at_end: bool,
}

/// Every key that starts with the prefix, in order.
pub(super) fn histories<'a>(
    client: &'a Client,
    bucket: &'a str,
    prefix: &'a str,
) -> impl Stream<Item = Result<History, CloudError>> + 'a {
    stream::try_unfold(Listing::default(), async move |mut listing| {
        loop {
            if let Some(history) = listing.complete.pop_front() {
                return Ok(Some((history, listing)));
            }
            if listing.is_at_end {
                return Ok(listing.last.take().map(|history| (history, listing)));
            }
            let (page, next) = page(client, bucket, prefix, listing.next.take()).await?;
            listing.is_at_end = next.is_none();
            listing.next = next;
            for (key, entry) in page {
                match &mut listing.last {
                    Some((last, entries)) if *last == key => entries.push(entry),
                    _ => listing.complete.extend(listing.last.replace((key, vec![entry]))),
                }
            }
        }
    })
}

/// Everything that the bucket has under one key. A listing has no way to name one, but the key itself comes before all
/// that it is a prefix of.
pub(super) async fn history_of(client: &Client, bucket: &str, key: &str) -> Result<Vec<Entry>, CloudError> {
    let (mut entries, mut next) = (Vec::new(), None);
    loop {
        let (found, after) = page(client, bucket, key, next).await?;
        let is_past = found.iter().any(|(found, _)| found != key);
        entries.extend(found.into_iter().filter(|(found, _)| found == key).map(|(_, entry)| entry));
        if is_past || after.is_none() {
            return Ok(entries);
        }
        next = after;
    }
}

/// A page in the order of its keys, and where the next one starts.
async fn page(
    client: &Client,
    bucket: &str,
    prefix: &str,
    next: Option<(String, String)>,
) -> Result<(Vec<(String, Entry)>, Option<(String, String)>), CloudError> {
    let (key, version) = next.unzip();
    let request = client.list_object_versions().bucket(bucket).prefix(prefix);
    let answer = request.set_key_marker(key).set_version_id_marker(version).send().await;
    let answer = answer.map_err(|error| explain_operator("s3:ListBucketVersions", bucket, error))?;
    let next = (answer.is_truncated() == Some(true)).then(|| {
        let key = answer.next_key_marker().unwrap_or_default();
        (key.to_owned(), answer.next_version_id_marker().unwrap_or_default().to_owned())
    });
    let mut page = entries(&answer);
    // The answer has versions and markers apart, each in order.
    page.sort_by(|one, other| one.0.cmp(&other.0));
    Ok((page, next))
}

fn entries(answer: &ListObjectVersionsOutput) -> Vec<(String, Entry)> {
    let versions = answer.versions().iter().filter_map(|version| {
        let entry = Entry {
            id: version.version_id().unwrap_or("null").to_owned(),
            written: SystemTime::try_from(*version.last_modified()?).ok()?,
            object: Some(Object {
                bytes: version.size().and_then(|size| u64::try_from(size).ok()).unwrap_or_default(),
                etag: version.e_tag()?.to_owned(),
            }),
            is_current: version.is_latest() == Some(true),
        };
        Some((version.key()?.to_owned(), entry))
    });
    let markers = answer.delete_markers().iter().filter_map(|marker| {
        let entry = Entry {
            id: marker.version_id().unwrap_or("null").to_owned(),
            written: SystemTime::try_from(*marker.last_modified()?).ok()?,
            object: None,
            is_current: marker.is_latest() == Some(true),
        };
        Some((marker.key()?.to_owned(), entry))
    });
    versions.chain(markers).collect()
}
