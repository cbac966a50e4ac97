//! What a bucket has under a key: versions, delete markers, and unfinished uploads, which hold bytes of a photo too.

use aws_sdk_s3::Client;

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

    /// A listing has no way to name one key, but the key itself comes before all that it is a prefix of.
    async fn find_versions(&mut self, client: &Client, bucket: &str, key: &str) -> Result<(), CloudError> {
        let (mut next_key, mut next_version) = (None, None);
        loop {
            let request = client.list_object_versions().bucket(bucket).prefix(key);
            let page = request.set_key_marker(next_key).set_version_id_marker(next_version).send().await;
            let page = page.map_err(|error| explain_operator("s3:ListBucketVersions", bucket, error))?;
            for version in page.versions().iter().filter(|version| version.key() == Some(key)) {
                self.versions.push(version.version_id().unwrap_or("null").to_owned());
                self.has_current |= version.is_latest() == Some(true);
            }
            let markers = page.delete_markers().iter().filter(|marker| marker.key() == Some(key));
            self.markers.extend(markers.filter_map(|marker| marker.version_id()).map(str::to_owned));
            if page.is_truncated() != Some(true) || page.next_key_marker().is_none_or(|next| next > key) {
                return Ok(());
            }
            (next_key, next_version) = (page.next_key_marker, page.next_version_id_marker);
        }
    }

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
