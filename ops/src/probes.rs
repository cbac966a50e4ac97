//! One request for each action that IAM tells apart in S3, made so that it is valid, and so that it changes nothing that
//! lasts if it is let through.

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{
    BucketCannedAcl, BucketVersioningStatus, CompletedMultipartUpload, CompletedPart, ObjectCannedAcl,
    PublicAccessBlockConfiguration, Tagging, VersioningConfiguration,
};

use crate::clients::{CloudError, explain};

/// What a user may try in a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    GetBucketLocation,
    ListObjects,
    GetObject,
    HeadObject,
    PutObject,
    CreateMultipartUpload,
    UploadPart,
    ListParts,
    ListMultipartUploads,
    CompleteMultipartUpload,
    AbortMultipartUpload,
    PutObjectTagging,
    PutObjectAcl,
    ListObjectVersions,
    GetObjectVersion,
    DeleteObjectVersion,
    GetBucketPolicy,
    PutBucketPolicy,
    PutBucketAcl,
    PutBucketVersioning,
    PutPublicAccessBlock,
    DeleteBucket,
    ListBuckets,
    DeleteObject,
}

impl Action {
    /// Every action, in the order they are tried. An object is deleted last, when no other attempt needs it.
    pub(crate) const ALL: [Self; 24] = [
        Self::GetBucketLocation,
        Self::ListObjects,
        Self::GetObject,
        Self::HeadObject,
        Self::PutObject,
        Self::CreateMultipartUpload,
        Self::UploadPart,
        Self::ListParts,
        Self::ListMultipartUploads,
        Self::CompleteMultipartUpload,
        Self::AbortMultipartUpload,
        Self::PutObjectTagging,
        Self::PutObjectAcl,
        Self::ListObjectVersions,
        Self::GetObjectVersion,
        Self::DeleteObjectVersion,
        Self::GetBucketPolicy,
        Self::PutBucketPolicy,
        Self::PutBucketAcl,
        Self::PutBucketVersioning,
        Self::PutPublicAccessBlock,
        Self::DeleteBucket,
        Self::ListBuckets,
        Self::DeleteObject,
    ];

    /// The name of the S3 operation.
    pub(crate) fn name(self) -> String {
        match self {
            Self::ListObjects => "ListObjectsV2".to_owned(),
            Self::GetObjectVersion => "GetObject with a version".to_owned(),
            Self::DeleteObjectVersion => "DeleteObject with a version".to_owned(),
            other => format!("{other:?}"),
        }
    }
}

/// What the attempts in one bucket work on. All of it exists.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) bucket: String,
    /// A photo.
    pub(crate) photo: String,
    /// A photo that may go, and one of its versions.
    pub(crate) victim: String,
    pub(crate) victim_version: Option<String>,
    /// A key to write to. It does not end like a photo's, so that the function is not called.
    pub(crate) scratch: String,
    /// Unfinished uploads of `scratch`; none where nobody could start them.
    pub(crate) uploads: Option<Uploads>,
    /// The bucket's policy, to be put as it is; none where nobody could read it.
    pub(crate) policy: Option<String>,
}

/// Two unfinished uploads: one to complete, with its part 1, and one to abort.
#[derive(Debug, Clone)]
pub(crate) struct Uploads {
    pub(crate) complete: String,
    pub(crate) part_1_etag: String,
    pub(crate) abort: String,
}

/// Tries an action. None where what it needs could not be prepared.
pub(crate) async fn attempt(
    client: &Client,
    action: Action,
    target: &Target,
) -> Option<Result<(), CloudError>> {
    let Target { bucket, photo, victim, scratch, .. } = target;
    let what = action.name();
    let uploads = target.uploads.as_ref();
    let version = target.victim_version.as_deref();

    /// Sends a request and forgets what it gives.
    macro_rules! send {
        ($request:expr) => {
            $request.send().await.map(|_| ()).map_err(|error| explain(&what, error))
        };
    }

    Some(match action {
        Action::GetBucketLocation => send!(client.get_bucket_location().bucket(bucket)),
        Action::ListObjects => send!(client.list_objects_v2().bucket(bucket).prefix(photo)),
        Action::GetObject => send!(client.get_object().bucket(bucket).key(photo)),
        Action::HeadObject => send!(client.head_object().bucket(bucket).key(photo)),
        Action::PutObject => send!(client.put_object().bucket(bucket).key(scratch)),
        Action::CreateMultipartUpload => send!(client.create_multipart_upload().bucket(bucket).key(scratch)),
        Action::UploadPart => {
            let part =
                client.upload_part().bucket(bucket).key(scratch).upload_id(&uploads?.complete).part_number(2);
            send!(part.body(vec![b'-'; 8].into()))
        }
        Action::ListParts => {
            send!(client.list_parts().bucket(bucket).key(scratch).upload_id(&uploads?.complete))
        }
        Action::ListMultipartUploads => send!(client.list_multipart_uploads().bucket(bucket).prefix(scratch)),
        Action::CompleteMultipartUpload => {
            let part = CompletedPart::builder().part_number(1).e_tag(&uploads?.part_1_etag).build();
            let parts = CompletedMultipartUpload::builder().parts(part).build();
            let complete = client.complete_multipart_upload().bucket(bucket).key(scratch);
            send!(complete.upload_id(&uploads?.complete).multipart_upload(parts))
        }
        Action::AbortMultipartUpload => {
            send!(client.abort_multipart_upload().bucket(bucket).key(scratch).upload_id(&uploads?.abort))
        }
        Action::PutObjectTagging => {
            let none = Tagging::builder().set_tag_set(Some(Vec::new())).build().ok()?;
            send!(client.put_object_tagging().bucket(bucket).key(photo).tagging(none))
        }
        Action::PutObjectAcl => {
            send!(client.put_object_acl().bucket(bucket).key(photo).acl(ObjectCannedAcl::Private))
        }
        Action::ListObjectVersions => send!(client.list_object_versions().bucket(bucket).prefix(photo)),
        Action::GetObjectVersion => {
            send!(client.get_object().bucket(bucket).key(victim).version_id(version?))
        }
        Action::DeleteObjectVersion => {
            send!(client.delete_object().bucket(bucket).key(victim).version_id(version?))
        }
        Action::GetBucketPolicy => send!(client.get_bucket_policy().bucket(bucket)),
        Action::PutBucketPolicy => {
            send!(client.put_bucket_policy().bucket(bucket).policy(target.policy.as_ref()?))
        }
        // With ACLs off, S3 refuses this to everybody, but says AccessDenied only to those who may not.
        Action::PutBucketAcl => send!(client.put_bucket_acl().bucket(bucket).acl(BucketCannedAcl::Private)),
        Action::PutBucketVersioning => {
            let enabled = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
            send!(client.put_bucket_versioning().bucket(bucket).versioning_configuration(enabled))
        }
        Action::PutPublicAccessBlock => {
            let all = PublicAccessBlockConfiguration::builder()
                .block_public_acls(true)
                .block_public_policy(true)
                .ignore_public_acls(true)
                .restrict_public_buckets(true)
                .build();
            send!(client.put_public_access_block().bucket(bucket).public_access_block_configuration(all))
        }
        // A bucket with objects in it is not deleted, whoever asks.
        Action::DeleteBucket => send!(client.delete_bucket().bucket(bucket)),
        Action::ListBuckets => send!(client.list_buckets()),
        Action::DeleteObject => send!(client.delete_object().bucket(bucket).key(victim)),
    })
}

/// Starts the two uploads, as somebody who may.
pub(crate) async fn start_uploads(client: &Client, bucket: &str, key: &str) -> Result<Uploads, CloudError> {
    let start = async || {
        let started = client.create_multipart_upload().bucket(bucket).key(key).send().await;
        let started =
            started.map_err(|error| explain(&format!("CreateMultipartUpload in {bucket}"), error))?;
        Ok(started.upload_id().unwrap_or_default().to_owned())
    };
    let (complete, abort) = (start().await?, start().await?);
    let part = client.upload_part().bucket(bucket).key(key).upload_id(&complete).part_number(1);
    let part = part.body(vec![b'-'; 8].into()).send().await;
    let part = part.map_err(|error| explain(&format!("UploadPart in {bucket}"), error))?;
    Ok(Uploads { complete, part_1_etag: part.e_tag().unwrap_or_default().to_owned(), abort })
}
