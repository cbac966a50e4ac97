//! The store as a trait: the few operations on buckets A and B that publishing a photo needs. Every answer that changes
//! what happens next is a value, everything else is a [`StoreError`]. In production S3 implements it; tests implement
//! it with stores whose every step they control.

use std::fmt;
use std::time::SystemTime;

use bytes::Bytes;
use thiserror::Error;

use crate::cache_control::CacheControl;

/// An entity tag without its quotes: S3's identifier for the bytes of an object. Equal tags mean equal bytes and
/// nothing more: an object that is set back to earlier bytes has the earlier tag again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ETag(String);

impl ETag {
    /// Accepts a tag as it is in a header (`"abc"`).
    pub fn new(tag: &str) -> Self {
        Self(tag.trim_matches('"').to_owned())
    }

    /// The tag as it is written in the headers `If-Match` and `If-None-Match`.
    pub fn quoted(&self) -> String {
        format!("\"{}\"", self.0)
    }
}

/// A version id of an object in a bucket with versioning. It names one write, and tells nothing about its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VersionId(String);

impl VersionId {
    /// `None` for the id `null`, which objects that were written without versioning share ("How S3 Versioning works",
    /// Amazon S3 User Guide): it does not name one write.
    pub fn new(id: &str) -> Option<Self> {
        (!id.is_empty() && id != "null").then(|| Self(id.to_owned()))
    }
}

impl fmt::Display for VersionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What S3 says about one write of an object of bucket A, all of it in one answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Source {
    /// The entity tag of its bytes. It stays in the function: it is a hash of the original.
    pub etag: ETag,
    /// Its version id, if the bucket has versioning.
    pub version: Option<VersionId>,
    /// What may be published of its `Cache-Control` header.
    pub cache_control: Option<CacheControl>,
    /// When it was written, in whole seconds.
    pub written: Option<SystemTime>,
}

impl Source {
    /// Whether both are the same write, as far as S3 can tell: by version id, or without one by what would be
    /// published.
    pub fn is_same_write(&self, other: &Self) -> bool {
        match (&self.version, &other.version) {
            (Some(version), Some(other)) => version == other,
            (None, None) => self.etag == other.etag && self.cache_control == other.cache_control,
            _ => false,
        }
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

/// The answer to a look at bucket A: a GET of one byte. A HEAD would not do: its 404 has no body, so it may as well be
/// that of a missing bucket, and what is gone from A is deleted from B.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Looked {
    /// The current object.
    Found(Source),
    /// The current object has no first byte (416); the answer may name neither its tag nor its version.
    Empty,
    /// There is no object with this key.
    NotFound,
}

/// An object of bucket A, before its body is read.
#[derive(Debug)]
pub struct Original<B> {
    /// Which write it is.
    pub source: Source,
    /// Its size in bytes, from the header `Content-Length`.
    pub length: u64,
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
    /// The version id of the original it was made from (metadata `source-version`).
    pub source_version: Option<VersionId>,
    /// The version and settings of the photo core that made it (metadata `scrub`).
    pub scrubbed_with: Option<String>,
    /// When it was written, in whole seconds.
    pub written: Option<SystemTime>,
}

/// A clean photo with everything that is written with it. Nothing else of the original is carried over.
#[derive(Debug, Clone)]
pub struct CleanPhoto {
    /// The bytes to publish.
    pub photo: Bytes,
    /// The original. Published are its version id, as the metadata `source-version`, and its `Cache-Control`.
    pub source: Source,
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Put {
    /// Written, with this entity tag.
    Written(ETag),
    /// Nothing was written: the condition was false (412, or 404 if the object of an `If-Match` is gone), or another
    /// write was in progress at the same time (409).
    Conflict,
}

/// The answer to a DELETE with `If-Match`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delete {
    /// There is no object with this key any more (204, or 404 if there was none).
    Done,
    /// Nothing was deleted: the object has another tag (412), or a write was in progress at the same time (409).
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

    /// Looks at the current object of bucket A.
    fn look_at_original(&self, key: &str) -> impl Future<Output = Result<Looked, StoreError>>;

    /// Conditional PUT to bucket B, as `image/jpeg`.
    fn put_published(
        &self,
        key: &str,
        photo: &CleanPhoto,
        condition: &Condition,
    ) -> impl Future<Output = Result<Put, StoreError>>;

    /// HEAD of the object in bucket B, or `None` if there is no object.
    fn head_published(&self, key: &str) -> impl Future<Output = Result<Option<Published>, StoreError>>;

    /// Deletes the object in bucket B if it has this tag. With versioning, B gets a delete marker, and the photo can be
    /// restored.
    fn delete_published(&self, key: &str, etag: &ETag) -> impl Future<Output = Result<Delete, StoreError>>;
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
