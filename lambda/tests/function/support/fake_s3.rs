//! Two buckets with S3's rules for conditional requests ("Conditional requests", Amazon S3 User Guide): an ETag is a
//! hash of the content alone; if the condition `If-None-Match: *` or `If-Match` of a write is false, the answer is 412;
//! an `If-Match` without an object is answered with 404.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use bytes::Bytes;
use exif_ripper::store::{CleanPhoto, Condition, ETag, Fetched, Original, Published, Put};

use super::in_memory_store::Buffer;
use super::{A, B};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Object {
    pub(crate) bytes: Bytes,
    pub(crate) content_type: String,
    pub(crate) cache_control: Option<String>,
    pub(crate) metadata: HashMap<String, String>,
}

impl Object {
    pub(crate) fn jpeg(bytes: Bytes) -> Self {
        Self { bytes, content_type: "image/jpeg".to_owned(), cache_control: None, metadata: HashMap::new() }
    }

    /// A hash of the bytes and nothing else, like S3's MD5 for a PUT.
    pub(crate) fn etag(&self) -> String {
        let mut hash = DefaultHasher::new();
        self.bytes.hash(&mut hash);
        format!("{:016x}", hash.finish())
    }
}

/// The answer to a PUT, as an HTTP status.
pub(crate) type Status = u16;

#[derive(Debug, Default, Clone)]
pub(crate) struct FakeS3 {
    objects: HashMap<(String, String), Object>,
    /// Every object that was written to bucket B, overwritten ones included.
    pub(crate) versions_of_b: Vec<(String, Object)>,
}

impl FakeS3 {
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

    pub(crate) fn delete(&mut self, bucket: &str, key: &str) {
        self.objects.remove(&(bucket.to_owned(), key.to_owned()));
    }

    pub(crate) fn put(
        &mut self,
        bucket: &str,
        key: &str,
        object: Object,
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
        if bucket == B {
            self.versions_of_b.push((key.to_owned(), object.clone()));
        }
        self.objects.insert((bucket.to_owned(), key.to_owned()), object);
        200
    }

    /// The published object's bytes.
    pub(crate) fn published(&self, key: &str) -> Option<Bytes> {
        self.get(B, key).map(|object| object.bytes.clone())
    }
}

/// The function's four operations. Each takes effect at once.
impl FakeS3 {
    pub(crate) fn get_original(&self, key: &str, unless: Option<&ETag>) -> Fetched<Buffer> {
        let Some(object) = self.get(A, key) else { return Fetched::NotFound };
        let etag = ETag::new(&object.etag());
        if unless == Some(&etag) {
            return Fetched::NotModified;
        }
        Fetched::Found(Original {
            etag,
            length: object.bytes.len() as u64,
            cache_control: object.cache_control.clone(),
            body: Buffer(object.bytes.clone()),
        })
    }

    pub(crate) fn head_original(&self, key: &str) -> Option<ETag> {
        self.get(A, key).map(|object| ETag::new(&object.etag()))
    }

    pub(crate) fn put_published(&mut self, key: &str, photo: &CleanPhoto, condition: &Condition) -> Put {
        let metadata =
            [("source-etag", photo.source_etag.to_string()), ("scrub", photo.scrubbed_with.clone())];
        let object = Object {
            cache_control: photo.cache_control.clone(),
            metadata: metadata.map(|(name, value)| (name.to_owned(), value)).into(),
            ..Object::jpeg(photo.photo.clone())
        };
        let status = match condition {
            Condition::Absent => self.put(B, key, object, Some("*"), None),
            Condition::Match(etag) => self.put(B, key, object, None, Some(&etag.quoted())),
        };
        if status == 200 { Put::Written } else { Put::Conflict }
    }

    pub(crate) fn head_published(&self, key: &str) -> Option<Published> {
        self.get(B, key).map(|object| Published {
            etag: ETag::new(&object.etag()),
            source_etag: object.metadata.get("source-etag").map(|tag| ETag::new(tag)),
            scrubbed_with: object.metadata.get("scrub").cloned(),
        })
    }
}
