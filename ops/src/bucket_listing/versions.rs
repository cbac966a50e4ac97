//! Lists every version and delete marker of a bucket, in the order of their keys.

use std::collections::VecDeque;
use std::time::SystemTime;

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::DateTime;
use futures_util::TryStreamExt;
use futures_util::future::ready;
use futures_util::stream::Stream;

use super::{Page, bytes, pages};
use crate::clients::CloudError;
use crate::operator::explain_operator;

const REQUEST: &str = "ListObjectVersions";

/// A version of an object, or a delete marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) key: String,
    /// `null` in a bucket that keeps no versions.
    pub(crate) id: String,
    pub(crate) written: SystemTime,
    /// None for a delete marker.
    pub(crate) object: Option<Object>,
    pub(crate) is_current: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Object {
    pub(crate) bytes: u64,
    pub(crate) etag: String,
}

/// The key, and the version if there is one, after which a page starts.
type After = (String, Option<String>);

/// All versions and delete markers of the keys that start with the prefix.
pub(crate) fn versions<'a>(
    client: &'a Client,
    bucket: &'a str,
    prefix: &'a str,
) -> impl Stream<Item = Result<Version, CloudError>> + 'a {
    pages(async move |after| page(client, bucket, prefix, after).await)
}

/// Those of one key. A listing has no way to name one, but the key itself comes before all that it is a prefix of.
pub(crate) async fn versions_of(
    client: &Client,
    bucket: &str,
    key: &str,
) -> Result<Vec<Version>, CloudError> {
    let of_key = versions(client, bucket, key).try_take_while(|version| ready(Ok(version.key == key)));
    of_key.try_collect().await
}

async fn page(
    client: &Client,
    bucket: &str,
    prefix: &str,
    after: Option<After>,
) -> Result<Page<Version, After>, CloudError> {
    let (key, version) = after.unzip();
    let request = client.list_object_versions().bucket(bucket).prefix(prefix);
    let answer = request.set_key_marker(key).set_version_id_marker(version.flatten()).send().await;
    let answer = answer.map_err(|error| explain_operator("s3:ListBucketVersions", bucket, error))?;
    let next = match answer.is_truncated() {
        Some(true) => {
            let key = required(answer.next_key_marker(), "the key of the next page")?;
            Some((key, answer.next_version_id_marker().map(str::to_owned)))
        }
        _ => None,
    };
    let objects = answer.versions().iter().map(|version| {
        let etag = required(version.e_tag(), "an ETag")?;
        Ok(Version {
            key: required(version.key(), "a key")?,
            id: required(version.version_id(), "a version id")?,
            written: time(version.last_modified())?,
            object: Some(Object { bytes: bytes(version.size()), etag }),
            is_current: version.is_latest() == Some(true),
        })
    });
    let markers = answer.delete_markers().iter().map(|marker| {
        Ok(Version {
            key: required(marker.key(), "a key")?,
            id: required(marker.version_id(), "a version id")?,
            written: time(marker.last_modified())?,
            object: None,
            is_current: marker.is_latest() == Some(true),
        })
    });
    let mut page = objects.chain(markers).collect::<Result<VecDeque<_>, CloudError>>()?;
    // The answer has the two kinds apart, each in order.
    page.make_contiguous().sort_by(|one, other| one.key.cmp(&other.key));
    Ok((page, next))
}

fn required(value: Option<&str>, missing: &'static str) -> Result<String, CloudError> {
    value.map(str::to_owned).ok_or_else(|| CloudError::Incomplete { what: REQUEST.to_owned(), missing })
}

fn time(time: Option<&DateTime>) -> Result<SystemTime, CloudError> {
    let time = time.and_then(|time| SystemTime::try_from(*time).ok());
    time.ok_or_else(|| CloudError::Incomplete { what: REQUEST.to_owned(), missing: "a time" })
}
