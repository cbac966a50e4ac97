//! Photos as files on this machine.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::text;

/// A file or folder that could not be read or written. The exit code reports it; the other photos are not affected.
#[derive(Debug, thiserror::Error)]
#[error("{}: {error}", text::path(.path))]
pub(crate) struct FileError {
    pub(crate) path: PathBuf,
    pub(crate) error: io::Error,
}

/// Reads a photo into memory. Only regular files are read: a pipe or a device could block for ever.
pub(crate) fn read_photo(path: &Path) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    fs::read(path)
}

/// Whether the name ends in .jpg or .jpeg, in upper or lower case.
pub(crate) fn has_jpeg_name(path: &Path) -> bool {
    path.extension()
        .and_then(OsStr::to_str)
        .is_some_and(|extension| ["jpg", "jpeg"].contains(&extension.to_ascii_lowercase().as_str()))
}
