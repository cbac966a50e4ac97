//! The real paths of files and folders, to find out whether two names are the same file.

use std::path::{Component, Path, PathBuf};

use crate::text;

/// Why a path has no real one.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("cannot find out which folder {path} is in ({why}); give an absolute path")]
pub(crate) struct NoAbsolutePath {
    path: String,
    why: String,
}

/// The real path of something that may not exist yet: links are resolved as far as it exists.
pub(crate) fn resolve(path: &Path) -> Result<PathBuf, NoAbsolutePath> {
    let absolute = std::path::absolute(path)
        .map_err(|error| NoAbsolutePath { path: text::path(path), why: error.to_string() })?;
    for existing in absolute.ancestors() {
        // Whatever the error is, the folder above it may still be found.
        if let Ok(mut real) = existing.canonicalize() {
            for part in absolute.components().skip(existing.components().count()) {
                match part {
                    Component::ParentDir => _ = real.pop(),
                    part => real.push(part),
                }
            }
            return Ok(real);
        }
    }
    Ok(absolute)
}

/// The real path of a directory entry: its folder is resolved, but the entry itself is not followed if it is a link.
/// Renaming a file to this path replaces the entry.
pub(crate) fn resolve_entry(path: &Path) -> Result<PathBuf, NoAbsolutePath> {
    match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) => {
            Ok(resolve(if folder == Path::new("") { Path::new(".") } else { folder })?.join(name))
        }
        _ => resolve(path),
    }
}
