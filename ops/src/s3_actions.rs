//! One request for each S3 action that IAM can allow or deny. Each request is valid, and leaves no lasting change if it
//! is allowed.

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{
    BucketCannedAcl, BucketVersioningStatus, CompletedMultipartUpload, CompletedPart, ObjectCannedAcl,
    PublicAccessBlockConfiguration, Tagging, VersioningConfiguration,
};
use strum::{IntoStaticStr, VariantArray};

use crate::clients::{CloudError, explain};

/// What a user may try in a bucket, in the order in which it is tried: an object is deleted last, when no other
/// attempt needs it. The names are those of the S3 operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
pub(crate) enum S3Action {
    GetBucketLocation,
    #[strum(serialize = "ListObjectsV2")]
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
    #[strum(serialize = "GetObject with a version")]
    GetObjectVersion,
    #[strum(serialize = "DeleteObject with a version")]
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

/// What the attempts in one bucket work on. All of it exists.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) bucket: String,
    /// A photo.
    pub(crate) photo: String,
    /// A photo that may be deleted, and one of its versions if the bucket keeps versions.
    pub(crate) disposable: String,
    pub(crate) disposable_version: Option<String>,
    /// A key to write to. It does not end like a photo's, so the function is not called.
    pub(crate) scratch: String,
    /// Unfinished uploads of `scratch`, or why they could not be started.
    pub(crate) uploads: Result<Uploads, NotTried>,
    /// The bucket's policy, to be put unchanged, or why it could not be read.
    pub(crate) policy: Result<String, NotTried>,
}

/// Two unfinished uploads: one to complete, with its part 1, and one to abort.
#[derive(Debug, Clone)]
pub(crate) struct Uploads {
    pub(crate) complete: String,
    pub(crate) part_1_etag: String,
    pub(crate) abort: String,
}

/// Why an action was not tried.
#[derive(Debug, Clone)]
pub(crate) struct NotTried(pub(crate) String);

/// How a request ended.
type RequestResult = Result<(), CloudError>;

/// Sends a request and drops the content of its answer.
macro_rules! send {
    ($action:expr, $request:expr) => {
        $request.send().await.map(drop).map_err(|error| explain($action.into(), error))
    };
}

/// Tries an action. An error if something that the action needs could not be prepared.
pub(crate) async fn attempt(
    client: &Client,
    action: S3Action,
    target: &Target,
) -> Result<RequestResult, NotTried> {
    use S3Action::*;
    match action {
        GetBucketLocation | ListBuckets | GetBucketPolicy | PutBucketPolicy | PutBucketAcl
        | PutBucketVersioning | PutPublicAccessBlock | DeleteBucket => {
            on_bucket(client, action, target).await
        }
        CreateMultipartUpload
        | UploadPart
        | ListParts
        | ListMultipartUploads
        | CompleteMultipartUpload
        | AbortMultipartUpload => on_upload(client, action, target).await,
        ListObjects | GetObject | HeadObject | PutObject | PutObjectTagging | PutObjectAcl
        | ListObjectVersions | GetObjectVersion | DeleteObjectVersion | DeleteObject => {
            on_object(client, action, target).await
        }
    }
}

async fn on_object(client: &Client, action: S3Action, target: &Target) -> Result<RequestResult, NotTried> {
    let Target { bucket, photo, disposable, scratch, .. } = target;
    let version = || {
        let version = target.disposable_version.as_deref();
        version.ok_or_else(|| NotTried(format!("{bucket} does not keep versions")))
    };
    Ok(match action {
        S3Action::ListObjects => send!(action, client.list_objects_v2().bucket(bucket).prefix(photo)),
        S3Action::GetObject => send!(action, client.get_object().bucket(bucket).key(photo)),
        S3Action::HeadObject => send!(action, client.head_object().bucket(bucket).key(photo)),
        S3Action::PutObject => send!(action, client.put_object().bucket(bucket).key(scratch)),
        S3Action::PutObjectTagging => {
            let no_tags = Tagging::builder().set_tag_set(Some(Vec::new())).build();
            let no_tags = no_tags.map_err(|error| NotTried(error.to_string()))?;
            send!(action, client.put_object_tagging().bucket(bucket).key(photo).tagging(no_tags))
        }
        S3Action::PutObjectAcl => {
            send!(action, client.put_object_acl().bucket(bucket).key(photo).acl(ObjectCannedAcl::Private))
        }
        S3Action::ListObjectVersions => {
            send!(action, client.list_object_versions().bucket(bucket).prefix(photo))
        }
        S3Action::GetObjectVersion => {
            send!(action, client.get_object().bucket(bucket).key(disposable).version_id(version()?))
        }
        S3Action::DeleteObjectVersion => {
            send!(action, client.delete_object().bucket(bucket).key(disposable).version_id(version()?))
        }
        S3Action::DeleteObject => send!(action, client.delete_object().bucket(bucket).key(disposable)),
        _ => return Err(not_of_this_kind(action)),
    })
}

async fn on_upload(client: &Client, action: S3Action, target: &Target) -> Result<RequestResult, NotTried> {
    let Target { bucket, scratch, .. } = target;
    let uploads = || target.uploads.as_ref().map_err(NotTried::clone);
    Ok(match action {
        S3Action::CreateMultipartUpload => {
            send!(action, client.create_multipart_upload().bucket(bucket).key(scratch))
        }
        S3Action::UploadPart => {
            let part = client.upload_part().bucket(bucket).key(scratch).upload_id(&uploads()?.complete);
            send!(action, part.part_number(2).body(vec![b'-'; 8].into()))
        }
        S3Action::ListParts => {
            send!(action, client.list_parts().bucket(bucket).key(scratch).upload_id(&uploads()?.complete))
        }
        S3Action::ListMultipartUploads => {
            send!(action, client.list_multipart_uploads().bucket(bucket).prefix(scratch))
        }
        S3Action::CompleteMultipartUpload => {
            let part = CompletedPart::builder().part_number(1).e_tag(&uploads()?.part_1_etag).build();
            let parts = CompletedMultipartUpload::builder().parts(part).build();
            let complete = client.complete_multipart_upload().bucket(bucket).key(scratch);
            send!(action, complete.upload_id(&uploads()?.complete).multipart_upload(parts))
        }
        S3Action::AbortMultipartUpload => {
            let abort = client.abort_multipart_upload().bucket(bucket).key(scratch);
            send!(action, abort.upload_id(&uploads()?.abort))
        }
        _ => return Err(not_of_this_kind(action)),
    })
}

async fn on_bucket(client: &Client, action: S3Action, target: &Target) -> Result<RequestResult, NotTried> {
    let bucket = &target.bucket;
    Ok(match action {
        S3Action::GetBucketLocation => send!(action, client.get_bucket_location().bucket(bucket)),
        S3Action::ListBuckets => send!(action, client.list_buckets()),
        S3Action::GetBucketPolicy => send!(action, client.get_bucket_policy().bucket(bucket)),
        S3Action::PutBucketPolicy => {
            let policy = target.policy.as_ref().map_err(NotTried::clone)?;
            send!(action, client.put_bucket_policy().bucket(bucket).policy(policy))
        }
        // With ACLs off, S3 refuses this to everybody, but says AccessDenied only to those who may not.
        S3Action::PutBucketAcl => {
            send!(action, client.put_bucket_acl().bucket(bucket).acl(BucketCannedAcl::Private))
        }
        S3Action::PutBucketVersioning => {
            let enabled = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
            let put = client.put_bucket_versioning().bucket(bucket);
            send!(action, put.versioning_configuration(enabled))
        }
        S3Action::PutPublicAccessBlock => {
            let all = PublicAccessBlockConfiguration::builder()
                .block_public_acls(true)
                .block_public_policy(true)
                .ignore_public_acls(true)
                .restrict_public_buckets(true)
                .build();
            let put = client.put_public_access_block().bucket(bucket);
            send!(action, put.public_access_block_configuration(all))
        }
        // S3 does not delete a bucket that contains objects, whoever asks.
        S3Action::DeleteBucket => send!(action, client.delete_bucket().bucket(bucket)),
        _ => return Err(not_of_this_kind(action)),
    })
}

/// [`attempt`] passes each action to the function that handles it, so only a bug in this file leads here.
fn not_of_this_kind(action: S3Action) -> NotTried {
    NotTried(format!("this build has no request for {action:?}"))
}

/// Starts the two uploads, with credentials that allow it.
pub(crate) async fn start_uploads(client: &Client, bucket: &str, key: &str) -> Result<Uploads, CloudError> {
    let start = async || {
        let what = format!("CreateMultipartUpload in {bucket}");
        let started = client.create_multipart_upload().bucket(bucket).key(key).send().await;
        let id = started.map_err(|error| explain(&what, error))?.upload_id;
        id.ok_or(CloudError::Incomplete { what, missing: "UploadId" })
    };
    let (complete, abort) = (start().await?, start().await?);
    let what = format!("UploadPart in {bucket}");
    let part = client.upload_part().bucket(bucket).key(key).upload_id(&complete).part_number(1);
    let part = part.body(vec![b'-'; 8].into()).send().await;
    let etag = part.map_err(|error| explain(&what, error))?.e_tag;
    let part_1_etag = etag.ok_or(CloudError::Incomplete { what, missing: "ETag" })?;
    Ok(Uploads { complete, part_1_etag, abort })
}
