//! The store in S3, through the AWS SDK.

use std::error::Error;
use std::time::SystemTime;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::RequestId;
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::primitives::{ByteStream, DateTime};
use bytes::{Bytes, BytesMut};

use crate::cache_control::CacheControl;
use crate::config::Config;
use crate::request_error::{RequestError, http_status, with_causes};
use crate::store::{
    Body, CleanPhoto, Condition, Delete, ETag, Fetched, Looked, Original, Published, Put, Source, Store,
    StoreError, VersionId,
};

/// Metadata of a published photo: the version id of its original.
const SOURCE_VERSION: &str = "source-version";
/// Metadata of a published photo: the version and settings of the photo core.
const SCRUB: &str = "scrub";

/// Buckets A and B in S3.
#[derive(Debug, Clone)]
pub struct S3 {
    client: Client,
    bucket_a: String,
    bucket_b: String,
}

impl S3 {
    /// The buckets of the configuration, through `client`.
    pub fn new(client: Client, config: &Config) -> Self {
        Self { client, bucket_a: config.bucket_a.clone(), bucket_b: config.bucket_b.clone() }
    }

    /// Opens a connection to each bucket (each is a host of its own) with the cheapest request that the role may make.
    /// Errors are only logged: the first photo will report them.
    pub async fn open_connections(&self) {
        let head = |bucket: &str| self.client.head_bucket().bucket(bucket).send();
        let (a, b) = tokio::join!(head(&self.bucket_a), head(&self.bucket_b));
        for (bucket, error) in [(&self.bucket_a, a.err()), (&self.bucket_b, b.err())] {
            if let Some(error) = error {
                tracing::warn!(bucket, error = with_causes(&error), "connection was not opened in advance");
            }
        }
    }
}

impl Store for S3 {
    type Body = S3Body;

    async fn get_original(&self, key: &str, unless: Option<&ETag>) -> Result<Fetched<S3Body>, StoreError> {
        let context = RequestContext { operation: "GetObject", bucket: &self.bucket_a, key };
        let request = self
            .client
            .get_object()
            .bucket(context.bucket)
            .key(key)
            .set_if_none_match(unless.map(ETag::quoted));
        match request.send().await {
            Ok(found) => Ok(Fetched::Found(Original {
                source: source_of(&context, &found)?,
                length: context.require_length(found.content_length())?,
                body: S3Body {
                    stream: found.body,
                    operation: context.operation,
                    bucket: context.bucket.to_owned(),
                    key: key.to_owned(),
                },
            })),
            Err(error) if http_status(&error) == Some(304) => Ok(Fetched::NotModified),
            // Not by the status alone: a missing bucket is a 404 too, and does not mean that the photo was deleted.
            Err(error) if error.code() == Some("NoSuchKey") => Ok(Fetched::NotFound),
            Err(error) => Err(context.store_error(&error)),
        }
    }

    async fn look_at_original(&self, key: &str) -> Result<Looked, StoreError> {
        let context = RequestContext { operation: "GetObject", bucket: &self.bucket_a, key };
        let request = self.client.get_object().bucket(context.bucket).key(key).range("bytes=0-0");
        match request.send().await {
            Ok(found) => {
                let source = source_of(&context, &found)?;
                // A connection whose answer was not read to its end cannot be used again.
                found
                    .body
                    .collect()
                    .await
                    .map_err(|error| context.transient("CutOff", with_causes(&error)))?;
                Ok(Looked::Found(source))
            }
            Err(error) if http_status(&error) == Some(416) => Ok(Looked::Empty),
            Err(error) if error.code() == Some("NoSuchKey") => Ok(Looked::NotFound),
            Err(error) => Err(context.store_error(&error)),
        }
    }

    async fn put_published(
        &self,
        key: &str,
        photo: &CleanPhoto,
        condition: &Condition,
    ) -> Result<Put, StoreError> {
        let context = RequestContext { operation: "PutObject", bucket: &self.bucket_b, key };
        let request = self
            .client
            .put_object()
            .bucket(context.bucket)
            .key(key)
            .content_type("image/jpeg")
            .set_cache_control(photo.source.cache_control.as_ref().map(CacheControl::to_string))
            .metadata(SCRUB, &photo.scrubbed_with)
            .body(ByteStream::from(photo.photo.clone()));
        let request = match &photo.source.version {
            Some(version) => request.metadata(SOURCE_VERSION, version.to_string()),
            None => request,
        };
        let request = match condition {
            Condition::Absent => request.if_none_match("*"),
            Condition::Match(etag) => request.if_match(etag.quoted()),
        };
        // The SDK's checksum of the body is in a signed header, and TLS protects the connection. Hashing the photo once
        // more for the signature would only take time.
        match request.customize().disable_payload_signing().send().await {
            Ok(put) => context.require_etag(put.e_tag()).map(Put::Written),
            Err(error) if matches!(http_status(&error), Some(409 | 412)) => Ok(Put::Conflict),
            // The answer to an `If-Match` on an object that is gone ("Conditional write behavior", Amazon S3 User
            // Guide).
            Err(error) if error.code() == Some("NoSuchKey") => Ok(Put::Conflict),
            Err(error) => Err(context.store_error(&error)),
        }
    }

    async fn head_published(&self, key: &str) -> Result<Option<Published>, StoreError> {
        let context = RequestContext { operation: "HeadObject", bucket: &self.bucket_b, key };
        match self.client.head_object().bucket(context.bucket).key(key).send().await {
            Ok(head) => {
                let metadata = |name| head.metadata().and_then(|all| all.get(name)).cloned();
                Ok(Some(Published {
                    etag: context.require_etag(head.e_tag())?,
                    source_version: metadata(SOURCE_VERSION).and_then(|id| VersionId::new(&id)),
                    scrubbed_with: metadata(SCRUB),
                    written: system_time(head.last_modified()),
                }))
            }
            Err(error) if http_status(&error) == Some(404) => Ok(None),
            Err(error) => Err(context.store_error(&error)),
        }
    }

    async fn delete_published(&self, key: &str, etag: &ETag) -> Result<Delete, StoreError> {
        let context = RequestContext { operation: "DeleteObject", bucket: &self.bucket_b, key };
        let request = self.client.delete_object().bucket(context.bucket).key(key).if_match(etag.quoted());
        match request.send().await {
            Ok(_) => Ok(Delete::Done),
            Err(error) if error.code() == Some("NoSuchKey") => Ok(Delete::Done),
            Err(error) if matches!(http_status(&error), Some(409 | 412)) => Ok(Delete::Conflict),
            Err(error) => Err(context.store_error(&error)),
        }
    }
}

fn source_of(context: &RequestContext, found: &GetObjectOutput) -> Result<Source, StoreError> {
    Ok(Source {
        etag: context.require_etag(found.e_tag())?,
        version: found.version_id().and_then(VersionId::new),
        cache_control: found.cache_control().and_then(CacheControl::from_header),
        written: system_time(found.last_modified()),
    })
}

fn system_time(time: Option<&DateTime>) -> Option<SystemTime> {
    time.and_then(|time| SystemTime::try_from(*time).ok())
}

/// The body of a GET that S3 is still sending.
#[derive(Debug)]
pub struct S3Body {
    stream: ByteStream,
    operation: &'static str,
    bucket: String,
    key: String,
}

impl Body for S3Body {
    async fn read_to_bytes(mut self, length: u64) -> Result<Bytes, StoreError> {
        let context = RequestContext { operation: self.operation, bucket: &self.bucket, key: &self.key };
        let length = usize::try_from(length).map_err(|_| {
            context.transient("BadResponse", format!("a body of {length} bytes is too long for memory"))
        })?;
        // One buffer of the right size: the SDK's own `collect` keeps all chunks and copies them at the end, which
        // needs memory for two photos.
        let mut photo = BytesMut::with_capacity(length);
        while let Some(chunk) = self.stream.next().await {
            let chunk = chunk.map_err(|error| context.transient("CutOff", with_causes(&error)))?;
            if chunk.len() > length - photo.len() {
                return Err(context.transient(
                    "BadResponse",
                    format!("the body is longer than its Content-Length of {length} bytes"),
                ));
            }
            photo.extend_from_slice(&chunk);
        }
        if photo.len() < length {
            return Err(context
                .transient("CutOff", format!("the body ended after {} of {length} bytes", photo.len())));
        }
        Ok(photo.freeze())
    }
}

/// What a request is about, for errors.
struct RequestContext<'a> {
    operation: &'static str,
    bucket: &'a str,
    key: &'a str,
}

impl RequestContext<'_> {
    fn require_etag(&self, tag: Option<&str>) -> Result<ETag, StoreError> {
        tag.map(ETag::new).ok_or_else(|| self.transient("BadResponse", "no ETag".to_owned()))
    }

    fn require_length(&self, length: Option<i64>) -> Result<u64, StoreError> {
        let length = length.and_then(|length| u64::try_from(length).ok());
        length.ok_or_else(|| self.transient("BadResponse", "no Content-Length".to_owned()))
    }

    fn transient(&self, code: &str, message: String) -> StoreError {
        StoreError {
            operation: self.operation,
            bucket: self.bucket.to_owned(),
            key: self.key.to_owned(),
            code: code.to_owned(),
            message,
            transient: true,
        }
    }

    fn store_error<E>(&self, error: &SdkError<E, HttpResponse>) -> StoreError
    where
        E: ProvideErrorMetadata + RequestId + Error + 'static,
    {
        let RequestError { code, message, transient } = RequestError::from_sdk(error);
        StoreError { transient, ..self.transient(&code, message) }
    }
}
