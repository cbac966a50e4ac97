//! For which keys the function is called.

/// The suffixes in the notification of bucket A. S3 compares them with case.
const SUFFIXES: [&str; 4] = [".jpg", ".JPG", ".jpeg", ".JPEG"];

/// Whether a key ends as those of photos do.
pub(crate) fn has_suffix(key: &str) -> bool {
    SUFFIXES.iter().any(|suffix| key.ends_with(suffix))
}
