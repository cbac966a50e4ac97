//! Two buckets with S3's rules for conditional requests ("Conditional requests", Amazon S3 User Guide): an ETag is a
//! hash of the content alone; if the condition `If-None-Match: *` or `If-Match` of a write is false, the answer is 412;
//! an `If-Match` without an object is answered with 404. Bucket A has versioning, unless a test turns it off.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::SystemTime;

use bytes::Bytes;
use exif_ripper::cache_control::CacheControl;
use exif_ripper::store::{
    CleanPhoto, Condition, Delete, ETag, Fetched, Looked, Original, Published, Put, Source, VersionId,
};

use super::in_memory_store::Buffer;
use super::{A, B};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Object {
    pub(crate) bytes: Bytes,
    pub(crate) content_type: String,
    pub(crate) cache_control: Option<String>,
    pub(crate) metadata: HashMap<String, String>,
    /// Given by the bucket, in bucket A.
    pub(crate) version: Option<String>,
    /// Given by the bucket: when it was written.
    pub(crate) written: Option<SystemTime>,
}

impl Object {
    pub(crate) fn jpeg(bytes: Bytes) -> Self {
        Self {
            bytes,
            content_type: "image/jpeg".to_owned(),
            cache_control: None,
            metadata: HashMap::new(),
            version: None,
            written: None,
        }
    }

    /// A hash of the bytes and nothing else, like S3's MD5 for a PUT.
    pub(crate) fn etag(&self) -> String {
        let mut hash = DefaultHasher::new();
        self.bytes.hash(&mut hash);
        format!("{:016x}", hash.finish())
    }

    /// The metadata of a published photo.
    pub(crate) fn source_version(&self) -> Option<&str> {
        self.metadata.get("source-version").map(String::as_str)
    }

    /// What the function's store says about an object of bucket A.
    pub(crate) fn source(&self) -> Source {
        Source {
            etag: ETag::new(&self.etag()),
            version: self.version.as_deref().and_then(VersionId::new),
            cache_control: self.cache_control.as_deref().and_then(CacheControl::from_header),
            written: self.written,
        }
    }
}

/// The answer to a PUT, as an HTTP status.
pub(crate) type Status = u16;

/// How a bucket names versions.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Versioning {
    #[default]
    On,
    /// No version ids.
    Off,
    /// Every object has the id `null`.
    Suspended,
}

#[derive(Debug, Default, Clone)]
pub(crate) struct FakeS3 {
    objects: HashMap<(String, String), Object>,
    versioning: Versioning,
    writes_to_a: usize,
    /// The time of the next writes; without it, the real time.
    pub(crate) clock: Option<SystemTime>,
    /// Every object that was written to bucket B, overwritten ones included.
    pub(crate) versions_of_b: Vec<(String, Object)>,
}

impl FakeS3 {
    /// Bucket A names versions in this way.
    pub(crate) fn with_versioning(versioning: Versioning) -> Self {
        Self { versioning, ..Self::default() }
    }

    pub(crate) fn get(&self, bucket: &str, key: &str) -> Option<&Object> {
        self.objects.get(&(bucket.to_owned(), key.to_owned()))
    }

    pub(crate) fn upload(&mut self, key: &str, photo: Bytes) {
        self.put_unconditionally(A, key, Object::jpeg(photo));
    }

    /// Writes without any condition.
    pub(crate) fn put_unconditionally(&mut self, bucket: &str, key: &str, object: Object) {
        assert_eq!(self.put(bucket, key, object, None, None), 200);
    }

    /// Makes this the current object, with the version and time that it has.
    pub(crate) fn set_current(&mut self, bucket: &str, key: &str, object: Option<Object>) {
        match object {
            Some(object) => drop(self.objects.insert((bucket.to_owned(), key.to_owned()), object)),
            None => self.delete(bucket, key),
        }
    }

    pub(crate) fn delete(&mut self, bucket: &str, key: &str) {
        self.objects.remove(&(bucket.to_owned(), key.to_owned()));
    }

    /// A DELETE with `If-Match`.
    pub(crate) fn delete_if_match(&mut self, bucket: &str, key: &str, etag: &str) -> Status {
        match self.get(bucket, key).map(Object::etag) {
            None => 404,
            Some(present) if etag.trim_matches('"') != present => 412,
            Some(_) => {
                self.delete(bucket, key);
                204
            }
        }
    }

    pub(crate) fn put(
        &mut self,
        bucket: &str,
        key: &str,
        mut object: Object,
        if_none_match: Option<&str>,
        if_match: Option<&str>,
    ) -> Status {
        let present = self.get(bucket, key).map(Object::etag);
        match (if_none_match, if_match, present) {
            (Some("*"), _, Some(_)) => return 412,
            (_, Some(_), None) => return 404,
            (_, Some(expected), Some(present)) if expected.trim_matches('"') != present => return 412,
            _ => {}
        }
        object.written = self.clock.or_else(|| Some(SystemTime::now()));
        if bucket == B {
            self.versions_of_b.push((key.to_owned(), object.clone()));
        } else {
            self.writes_to_a += 1;
            object.version = match self.versioning {
                Versioning::On => Some(format!("3HL4kqtJlcpXroDTDmJ{}", self.writes_to_a)),
                Versioning::Off => None,
                Versioning::Suspended => Some("null".to_owned()),
            };
        }
        self.objects.insert((bucket.to_owned(), key.to_owned()), object);
        200
    }

    /// The published object's bytes.
    pub(crate) fn published(&self, key: &str) -> Option<Bytes> {
        self.get(B, key).map(|object| object.bytes.clone())
    }
}

/// The function's operations. Each takes effect at once.
impl FakeS3 {
    pub(crate) fn get_original(&self, key: &str, unless: Option<&ETag>) -> Fetched<Buffer> {
        let Some(object) = self.get(A, key) else { return Fetched::NotFound };
        let source = object.source();
        if unless == Some(&source.etag) {
            return Fetched::NotModified;
        }
        Fetched::Found(Original {
            source,
            length: object.bytes.len() as u64,
            body: Buffer(object.bytes.clone()),
        })
    }

    pub(crate) fn look_at_original(&self, key: &str) -> Looked {
        match self.get(A, key) {
            None => Looked::NotFound,
            Some(object) if object.bytes.is_empty() => Looked::Empty,
            Some(object) => Looked::Found(object.source()),
        }
    }

    pub(crate) fn put_published(&mut self, key: &str, photo: &CleanPhoto, condition: &Condition) -> Put {
        let version = photo.source.version.as_ref().map(|id| ("source-version".to_owned(), id.to_string()));
        let scrubbed_with = ("scrub".to_owned(), photo.scrubbed_with.clone());
        let object = Object {
            cache_control: photo.source.cache_control.as_ref().map(CacheControl::to_string),
            metadata: version.into_iter().chain([scrubbed_with]).collect(),
            ..Object::jpeg(photo.photo.clone())
        };
        let etag = ETag::new(&object.etag());
        let status = match condition {
            Condition::Absent => self.put(B, key, object, Some("*"), None),
            Condition::Match(etag) => self.put(B, key, object, None, Some(&etag.quoted())),
        };
        if status == 200 { Put::Written(etag) } else { Put::Conflict }
    }

    pub(crate) fn head_published(&self, key: &str) -> Option<Published> {
        self.get(B, key).map(|object| Published {
            etag: ETag::new(&object.etag()),
            source_version: object.source_version().and_then(VersionId::new),
            scrubbed_with: object.metadata.get("scrub").cloned(),
            written: object.written,
        })
    }

    pub(crate) fn delete_published(&mut self, key: &str, etag: &ETag) -> Delete {
        if self.delete_if_match(B, key, &etag.quoted()) == 412 { Delete::Conflict } else { Delete::Done }
    }
}
