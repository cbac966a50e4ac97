//! What a bucket has under a key: versions, delete markers, and unfinished uploads, which hold bytes of a photo too.

use aws_sdk_s3::Client;

use crate::bucket_listing::versions_of;
use crate::clients::CloudError;
use crate::operator::explain_operator;

/// All that a bucket has under a key.
#[derive(Debug, Default)]
pub(super) struct Traces {
    /// The ids of the versions.
    pub(super) versions: Vec<String>,
    /// The ids of the delete markers.
    pub(super) markers: Vec<String>,
    /// The ids of the unfinished uploads.
    pub(super) uploads: Vec<String>,
    /// Whether there is a current object.
    pub(super) has_current: bool,
}

impl Traces {
    pub(super) async fn find(client: &Client, bucket: &str, key: &str) -> Result<Self, CloudError> {
        let mut traces = Self::default();
        traces.find_versions(client, bucket, key).await?;
        traces.find_uploads(client, bucket, key).await?;
        Ok(traces)
    }

    async fn find_versions(&mut self, client: &Client, bucket: &str, key: &str) -> Result<(), CloudError> {
        for version in versions_of(client, bucket, key).await? {
            let is_object = version.object.is_some();
            self.has_current |= is_object && version.is_current;
            if is_object { &mut self.versions } else { &mut self.markers }.push(version.id);
        }
        Ok(())
    }

    /// A listing has no way to name one key, but the key itself comes before all that it is a prefix of.
    async fn find_uploads(&mut self, client: &Client, bucket: &str, key: &str) -> Result<(), CloudError> {
        let (mut next_key, mut next_upload) = (None, None);
        loop {
            let request = client.list_multipart_uploads().bucket(bucket).prefix(key);
            let page = request.set_key_marker(next_key).set_upload_id_marker(next_upload).send().await;
            let page =
                page.map_err(|error| explain_operator("s3:ListBucketMultipartUploads", bucket, error))?;
            let uploads = page.uploads().iter().filter(|upload| upload.key() == Some(key));
            self.uploads.extend(uploads.filter_map(|upload| upload.upload_id()).map(str::to_owned));
            if page.is_truncated() != Some(true) || page.next_key_marker().is_none_or(|next| next > key) {
                return Ok(());
            }
            (next_key, next_upload) = (page.next_key_marker, page.next_upload_id_marker);
        }
    }

    pub(super) async fn delete_uploads(
        &self,
        client: &Client,
        bucket: &str,
        key: &str,
    ) -> Result<(), CloudError> {
        for upload in &self.uploads {
            let request = client.abort_multipart_upload().bucket(bucket).key(key).upload_id(upload);
            let aborted = request.send().await;
            aborted.map_err(|error| explain_operator("s3:AbortMultipartUpload", bucket, error))?;
        }
        Ok(())
    }

    pub(super) async fn delete_versions(
        &self,
        client: &Client,
        bucket: &str,
        key: &str,
    ) -> Result<(), CloudError> {
        delete(client, bucket, key, &self.versions).await
    }

    pub(super) async fn delete_markers(
        &self,
        client: &Client,
        bucket: &str,
        key: &str,
    ) -> Result<(), CloudError> {
        delete(client, bucket, key, &self.markers).await
    }
}

async fn delete(client: &Client, bucket: &str, key: &str, ids: &[String]) -> Result<(), CloudError> {
    for id in ids {
        let deleted = client.delete_object().bucket(bucket).key(key).version_id(id).send().await;
        deleted.map_err(|error| explain_operator("s3:DeleteObjectVersion", bucket, error))?;
    }
    Ok(())
}
