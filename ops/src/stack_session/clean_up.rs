//! Deletes what a check made. Neither user may delete in bucket B, nor delete old versions anywhere, so this needs the
//! operator's own credentials; without them, standard error names what is left.

use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::BuildError;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use tokio::time::{Instant, sleep};

use super::StackSession;
use crate::clients::{CloudError, ErrorAnswer, explain};

/// How long nothing may have left bucket B until it is taken for what the function leaves there.
const SETTLED_AFTER: Duration = Duration::from_secs(3);

/// How many objects of a bucket one request deletes. Each delete in bucket A is an event that runs the function: many
/// at once would be in the way of uploads. In bucket B it is the most that S3 allows.
const AT_ONCE_IN_A: usize = 10;
const AT_ONCE_IN_B: usize = 1_000;

/// Deletes the originals in bucket A as user A, so that the function finds nothing more to scrub. Errors are ignored
/// here because [`delete_everything`] tries again, and reports them.
pub(super) async fn delete_originals(session: &StackSession) {
    let _ = current_objects(session).await;
}

/// Deletes every version of every object under the run's prefix in both buckets, and every unfinished upload.
/// Returns a sentence for each thing that is left.
pub(super) async fn delete_everything(session: &StackSession) -> Vec<String> {
    let mut left = Vec::new();
    let (bucket_a, bucket_b) = (&session.stack.bucket_a, &session.stack.bucket_b);
    // Delete markers first: a version that is removed for good may uncover an older one, which the function would then
    // publish.
    if let Err(error) = current_objects(session).await {
        left.push(format!("objects under {} are left in {bucket_a} ({error})", session.prefix));
        return left;
    }
    wait_for_the_function(session).await;
    let by_operator = async |bucket: &str, at_once| match &session.clients.operator {
        Ok(operator) => {
            let deleted = all_versions(operator, bucket, &session.prefix, at_once).await;
            deleted.map_err(|error| error.to_string())
        }
        Err(why) => Err(format!("there are no operator credentials: {why}")),
    };
    if let Err(why) = by_operator(bucket_a, AT_ONCE_IN_A).await {
        left.push(format!(
            "old versions under {} stay in {bucket_a} until its lifecycle rule deletes them ({why})",
            session.prefix
        ));
    }
    if let Err(why) = by_operator(bucket_b, AT_ONCE_IN_B).await {
        left.push(format!("objects under {} are left in {bucket_b} ({why})", session.prefix));
    }
    left
}

/// Waits while the function follows the deletes. Where the stack keeps copies, nothing leaves bucket B.
async fn wait_for_the_function(session: &StackSession) {
    let (mut before, mut changed) = (usize::MAX, Instant::now());
    while let Ok(keys) = session.list(&session.clients.user_b, &session.stack.bucket_b, &session.prefix).await
    {
        if keys.len() != before {
            (before, changed) = (keys.len(), Instant::now());
        }
        if keys.is_empty() || changed.elapsed() > SETTLED_AFTER {
            return;
        }
        sleep(Duration::from_millis(200)).await;
    }
}

/// What user A may delete: current objects and unfinished uploads in bucket A.
async fn current_objects(session: &StackSession) -> Result<(), CloudError> {
    let (client, bucket) = (&session.clients.user_a, &session.stack.bucket_a);
    let keys = session.list(client, bucket, &session.prefix).await?;
    let keys: Vec<_> = keys.into_iter().map(|key| (key, None)).collect();
    delete(client, bucket, &keys, AT_ONCE_IN_A).await?;
    unfinished_uploads(client, bucket, &session.prefix).await
}

/// Every version first, and markers only then: a marker that goes before the versions under it uncovers them.
async fn all_versions(client: &Client, bucket: &str, prefix: &str, at_once: usize) -> Result<(), CloudError> {
    unfinished_uploads(client, bucket, prefix).await?;
    for markers_too in [false, true] {
        let mut next = (None, None);
        loop {
            let request = client.list_object_versions().bucket(bucket).prefix(prefix);
            let page = request.set_key_marker(next.0).set_version_id_marker(next.1).send().await;
            let page = page.map_err(|error| explain(&format!("ListObjectVersions in {bucket}"), error))?;
            let versions = page.versions().iter().map(|version| (version.key(), version.version_id()));
            let markers = page.delete_markers().iter().map(|marker| (marker.key(), marker.version_id()));
            let found = versions.chain(markers.filter(|_| markers_too));
            let found =
                found.filter_map(|(key, version)| Some((key?.to_owned(), version.map(str::to_owned))));
            delete(client, bucket, &found.collect::<Vec<_>>(), at_once).await?;
            if page.is_truncated() != Some(true) {
                break;
            }
            next = (page.next_key_marker, page.next_version_id_marker);
        }
    }
    Ok(())
}

/// A key, and the version if only that one is meant.
type Object = (String, Option<String>);

/// Deletes objects or versions, so many with each request ("DeleteObjects", Amazon S3 API Reference).
async fn delete(client: &Client, bucket: &str, objects: &[Object], at_once: usize) -> Result<(), CloudError> {
    let what = format!("DeleteObjects in {bucket}");
    let incomplete = |error: BuildError| CloudError::NoAnswer { what: what.clone(), why: error.to_string() };
    for some in objects.chunks(at_once) {
        let mut delete = Delete::builder().quiet(true);
        for (key, version) in some {
            let object = ObjectIdentifier::builder().key(key).set_version_id(version.clone());
            delete = delete.objects(object.build().map_err(incomplete)?);
        }
        let request = client.delete_objects().bucket(bucket).delete(delete.build().map_err(incomplete)?);
        let answer = request.send().await.map_err(|error| explain(&what, error))?;
        if let Some(error) = answer.errors().first() {
            let code = error.code().unwrap_or_default().to_owned();
            // The answer's own status is 200.
            let status = if code == "AccessDenied" { 403 } else { 500 };
            return Err(CloudError::Answered { what, answer: ErrorAnswer { status, code } });
        }
    }
    Ok(())
}

async fn unfinished_uploads(client: &Client, bucket: &str, prefix: &str) -> Result<(), CloudError> {
    loop {
        let page = client.list_multipart_uploads().bucket(bucket).prefix(prefix).send().await;
        let page = page.map_err(|error| explain(&format!("ListMultipartUploads in {bucket}"), error))?;
        for upload in page.uploads() {
            let request =
                client.abort_multipart_upload().bucket(bucket).set_key(upload.key().map(str::to_owned));
            let aborted = request.set_upload_id(upload.upload_id().map(str::to_owned)).send().await;
            aborted.map_err(|error| explain(&format!("AbortMultipartUpload in {bucket}"), error))?;
        }
        if page.is_truncated() != Some(true) {
            return Ok(());
        }
    }
}
