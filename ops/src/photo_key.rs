//! For which keys the function is called, and how events name them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The suffixes in the notification of bucket A. S3 compares them with case.
const SUFFIXES: [&str; 4] = [".jpg", ".JPG", ".jpeg", ".JPEG"];

/// Whether a key ends as those of photos do.
pub(crate) fn has_suffix(key: &str) -> bool {
    SUFFIXES.iter().any(|suffix| key.ends_with(suffix))
}

/// What a key in an event or in a manifest of S3 Batch Operations does not encode.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_');

/// A key as events and manifests have it.
pub(crate) fn encoded(key: &str) -> String {
    utf8_percent_encode(key, PLAIN).to_string()
}
