//! The store in S3, through the AWS SDK.

use std::error::Error;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::RequestId;
use aws_sdk_s3::primitives::ByteStream;
use bytes::{Bytes, BytesMut};

use crate::cache_control::CacheControl;
use crate::config::Config;
use crate::request_error::{RequestError, http_status, with_causes};
use crate::store::{
    Body, CleanPhoto, Condition, ETag, Fetched, Original, Published, Put, Source, Store, StoreError,
    VersionId,
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
                source: context.source(found.e_tag(), found.version_id(), found.cache_control())?,
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

    async fn head_original(&self, key: &str) -> Result<Option<Source>, StoreError> {
        let context = RequestContext { operation: "HeadObject", bucket: &self.bucket_a, key };
        match self.client.head_object().bucket(context.bucket).key(key).send().await {
            Ok(head) => context.source(head.e_tag(), head.version_id(), head.cache_control()).map(Some),
            Err(error) if http_status(&error) == Some(404) => Ok(None),
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
            Ok(_) => Ok(Put::Written),
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
                }))
            }
            Err(error) if http_status(&error) == Some(404) => Ok(None),
            Err(error) => Err(context.store_error(&error)),
        }
    }
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

    fn source(
        &self,
        tag: Option<&str>,
        version: Option<&str>,
        cache_control: Option<&str>,
    ) -> Result<Source, StoreError> {
        Ok(Source {
            etag: self.require_etag(tag)?,
            version: version.and_then(VersionId::new),
            cache_control: cache_control.and_then(CacheControl::from_header),
        })
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
