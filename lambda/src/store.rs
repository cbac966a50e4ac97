//! The store as the function needs it: the few operations on buckets A and B that publishing a photo takes, with every answer
//! that changes what happens next as a value and everything else as a [`StoreError`]. S3 is behind it in production; the tests
//! put a store behind it whose every step they decide.

use std::fmt;

use bytes::Bytes;
use thiserror::Error;

/// An entity tag without its quotes: S3's name for the bytes of an object. Equal tags are taken for equal bytes, and for
/// nothing more: an object that goes back to earlier bytes goes back to the earlier tag.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ETag(String);

impl ETag {
    /// Takes a tag as a header (`"abc"`), as an event (`abc`) or as our own metadata gives it.
    pub fn new(tag: &str) -> Self {
        Self(tag.trim_matches('"').to_owned())
    }

    /// The tag as the headers `If-Match` and `If-None-Match` take it.
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
    /// The current object has the ETag that `If-None-Match` named.
    NotModified,
    /// There is no object with this key (any more).
    NotFound,
}

/// An object of bucket A, before its body is read.
#[derive(Debug)]
pub struct Original<B> {
    /// Its entity tag.
    pub etag: ETag,
    /// Its size in bytes, known from the header.
    pub bytes: u64,
    /// Its `Cache-Control` header.
    pub cache_control: Option<String>,
    /// The rest of the answer.
    pub body: B,
}

/// A body that can be read once.
pub trait Body {
    /// Reads the body into one contiguous buffer of exactly `bytes` bytes, which the caller has found small enough to hold. More or
    /// fewer are an error. The returned handle is the only one, so that its bytes can be changed in place.
    fn read(self, bytes: u64) -> impl Future<Output = Result<Bytes, StoreError>>;
}

/// What a HEAD of bucket B tells about a published photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Its entity tag.
    pub etag: ETag,
    /// The entity tag of the original it was made from (metadata `source-etag`).
    pub source_etag: Option<ETag>,
    /// The version and settings of the photo core that made it (metadata `scrub`).
    pub scrub: Option<String>,
}

/// A clean photo with all that is written beside it; nothing else of the original is carried over.
#[derive(Debug, Clone)]
pub struct CleanPhoto {
    /// The bytes to publish.
    pub photo: Bytes,
    /// The original's `Cache-Control` header.
    pub cache_control: Option<String>,
    /// The entity tag of the original, for the metadata `source-etag`.
    pub source_etag: ETag,
    /// The version and settings of the photo core, for the metadata `scrub`.
    pub scrub: String,
}

/// Under which condition a PUT may write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// There is nothing under the key (`If-None-Match: *`).
    Absent,
    /// What is there still has this tag (`If-Match`).
    Match(ETag),
}

/// The answer to a conditional PUT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// Written.
    Written,
    /// Nothing was written because the condition did not hold (412, or 404 where the object of an `If-Match` is gone), or because
    /// another write was under way at the same time (409).
    Raced,
}

/// The operations on buckets A and B. A key is the object's name as it is, not encoded in any way.
pub trait Store {
    /// The body of a GET.
    type Body: Body;

    /// GET of the current object of bucket A, with `If-None-Match` where `unless` is given.
    fn get_original(
        &self,
        key: &str,
        unless: Option<&ETag>,
    ) -> impl Future<Output = Result<Fetched<Self::Body>, StoreError>>;

    /// HEAD of the current object of bucket A: its entity tag, nothing where there is no object.
    fn head_original(&self, key: &str) -> impl Future<Output = Result<Option<ETag>, StoreError>>;

    /// Conditional PUT to bucket B, as `image/jpeg`.
    fn put_published(
        &self,
        key: &str,
        photo: &CleanPhoto,
        condition: &Condition,
    ) -> impl Future<Output = Result<Put, StoreError>>;

    /// HEAD of bucket B.
    fn head_published(&self, key: &str) -> impl Future<Output = Result<Option<Published>, StoreError>>;
}

/// An operation that gave no answer the function can go on with.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{operation} of {key:?} in bucket {bucket} failed: {code}: {message}")]
pub struct StoreError {
    /// The operation's name in the S3 API.
    pub operation: &'static str,
    /// The bucket's name.
    pub bucket: String,
    /// The object's key.
    pub key: String,
    /// S3's error code (`SlowDown`, `AccessDenied`), or `Timeout`, `Connection`, `BadResponse`, `CutOff`, `Http<status>` where
    /// there was none.
    pub code: String,
    /// What S3 or the connection said, with S3's request id to ask AWS about.
    pub message: String,
    /// Whether the same request can succeed later with nothing changed.
    pub transient: bool,
}
