//! The store as a trait: the few operations on buckets A and B that publishing a photo needs. Every answer that changes
//! what happens next is a value, everything else is a [`StoreError`]. In production S3 implements it; tests implement
//! it with stores whose every step they control.

use std::fmt;

use bytes::Bytes;
use thiserror::Error;

/// An entity tag without its quotes: S3's identifier for the bytes of an object. Equal tags mean equal bytes and
/// nothing more: an object that is set back to earlier bytes has the earlier tag again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ETag(String);

impl ETag {
    /// Accepts a tag as it is in a header (`"abc"`), in an event (`abc`) or in our own metadata.
    pub fn new(tag: &str) -> Self {
        Self(tag.trim_matches('"').to_owned())
    }

    /// The tag as it is written in the headers `If-Match` and `If-None-Match`.
    pub fn quoted(&self) -> String {
        format!("\"{}\"", self.0)
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The answer to a GET of bucket A.
#[derive(Debug)]
pub enum Fetched<B> {
    /// The current object; its body is not read yet.
    Found(Original<B>),
    /// The current object has the ETag given in `If-None-Match`.
    NotModified,
    /// There is no object with this key.
    NotFound,
}

/// An object of bucket A, before its body is read.
#[derive(Debug)]
pub struct Original<B> {
    /// Its entity tag.
    pub etag: ETag,
    /// Its size in bytes, from the header `Content-Length`.
    pub length: u64,
    /// Its `Cache-Control` header.
    pub cache_control: Option<String>,
    /// Its bytes, still to be read.
    pub body: B,
}

/// A body that can be read once.
pub trait Body {
    /// Reads the whole body into one buffer. A body that is not exactly `length` bytes long is an error; the caller has
    /// checked that they fit in memory. The returned handle is the only one, so its bytes can be changed in
    /// place.
    fn read_to_bytes(self, length: u64) -> impl Future<Output = Result<Bytes, StoreError>>;
}

/// The answer to a HEAD of a photo in bucket B.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Its entity tag.
    pub etag: ETag,
    /// The entity tag of the original it was made from (metadata `source-etag`).
    pub source_etag: Option<ETag>,
    /// The version and settings of the photo core that made it (metadata `scrub`).
    pub scrubbed_with: Option<String>,
}

/// A clean photo with everything that is written with it. Nothing else of the original is carried over.
#[derive(Debug, Clone)]
pub struct CleanPhoto {
    /// The bytes to publish.
    pub photo: Bytes,
    /// The original's `Cache-Control` header.
    pub cache_control: Option<String>,
    /// The entity tag of the original, for the metadata `source-etag`.
    pub source_etag: ETag,
    /// The version and settings of the photo core, for the metadata `scrub`.
    pub scrubbed_with: String,
}

/// The condition of a PUT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// There is no object with this key (`If-None-Match: *`).
    Absent,
    /// The object still has this tag (`If-Match`).
    Match(ETag),
}

/// The answer to a conditional PUT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// Written.
    Written,
    /// Nothing was written: the condition was false (412, or 404 if the object of an `If-Match` is gone), or another
    /// write was in progress at the same time (409).
    Conflict,
}

/// The operations on buckets A and B. Keys are not encoded.
pub trait Store {
    /// The body of a GET.
    type Body: Body;

    /// GET of the current object of bucket A, with `If-None-Match` if `unless` is given.
    fn get_original(
        &self,
        key: &str,
        unless: Option<&ETag>,
    ) -> impl Future<Output = Result<Fetched<Self::Body>, StoreError>>;

    /// HEAD of the current object of bucket A: its entity tag, or `None` if there is no object.
    fn head_original(&self, key: &str) -> impl Future<Output = Result<Option<ETag>, StoreError>>;

    /// Conditional PUT to bucket B, as `image/jpeg`.
    fn put_published(
        &self,
        key: &str,
        photo: &CleanPhoto,
        condition: &Condition,
    ) -> impl Future<Output = Result<Put, StoreError>>;

    /// HEAD of the object in bucket B, or `None` if there is no object.
    fn head_published(&self, key: &str) -> impl Future<Output = Result<Option<Published>, StoreError>>;
}

/// A request that failed, or whose answer cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{operation} of {key:?} in bucket {bucket} failed: {code}: {message}")]
pub struct StoreError {
    /// The operation's name in the S3 API.
    pub operation: &'static str,
    /// The bucket's name.
    pub bucket: String,
    /// The object's key.
    pub key: String,
    /// S3's error code (`SlowDown`, `AccessDenied`). If there was none: `Timeout`, `Connection`, `Request`,
    /// `BadResponse`, `CutOff` or `Http<status>`.
    pub code: String,
    /// The message of S3 or of the connection, with S3's request id, which AWS support asks for.
    pub message: String,
    /// Whether the same request can succeed later without any change.
    pub transient: bool,
}
