//! Deletes what a check made. Neither user may delete in bucket B, nor delete old versions anywhere, so this needs the
//! operator's own credentials; without them, standard error names what is left.

use aws_sdk_s3::Client;

use super::StackSession;
use crate::clients::{CloudError, explain};

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
    let by_operator = async |bucket: &str| match &session.clients.operator {
        Ok(operator) => {
            all_versions(operator, bucket, &session.prefix).await.map_err(|error| error.to_string())
        }
        Err(why) => Err(format!("there are no operator credentials: {why}")),
    };
    if let Err(why) = by_operator(bucket_a).await {
        match current_objects(session).await {
            Ok(()) => left.push(format!(
                "old versions under {} stay in {bucket_a} until its lifecycle rule deletes them ({why})",
                session.prefix
            )),
            Err(error) => {
                left.push(format!("objects under {} are left in {bucket_a} ({error})", session.prefix))
            }
        }
    }
    if let Err(why) = by_operator(bucket_b).await {
        left.push(format!("objects under {} are left in {bucket_b} ({why})", session.prefix));
    }
    left
}

/// What user A may delete: current objects and unfinished uploads in bucket A.
async fn current_objects(session: &StackSession) -> Result<(), CloudError> {
    let (client, bucket) = (&session.clients.user_a, &session.stack.bucket_a);
    for key in session.list(client, bucket, &session.prefix).await? {
        let deleted = client.delete_object().bucket(bucket).key(&key).send().await;
        deleted.map_err(|error| explain(&format!("DeleteObject of {key}"), error))?;
    }
    unfinished_uploads(client, bucket, &session.prefix).await
}

async fn all_versions(client: &Client, bucket: &str, prefix: &str) -> Result<(), CloudError> {
    unfinished_uploads(client, bucket, prefix).await?;
    // What a page lists is deleted, so the first page of the next listing is the next page.
    loop {
        let page = client.list_object_versions().bucket(bucket).prefix(prefix).send().await;
        let page = page.map_err(|error| explain(&format!("ListObjectVersions in {bucket}"), error))?;
        let versions = page.versions().iter().map(|version| (version.key(), version.version_id()));
        let markers = page.delete_markers().iter().map(|marker| (marker.key(), marker.version_id()));
        for (key, version) in versions.chain(markers) {
            let request = client.delete_object().bucket(bucket).set_key(key.map(str::to_owned));
            let deleted = request.set_version_id(version.map(str::to_owned)).send().await;
            deleted.map_err(|error| explain(&format!("DeleteObject with a version in {bucket}"), error))?;
        }
        if page.is_truncated() != Some(true) {
            return Ok(());
        }
    }
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
