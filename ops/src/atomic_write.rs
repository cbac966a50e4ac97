//! Writes a file as a whole or not at all: it is written under a temporary name in the same folder, then renamed.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::Builder;

/// Writes `bytes` to `path`, and creates its folder if needed. A file that is there already is replaced in one step;
/// on an error it stays.
pub(crate) fn atomic_write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // Only the root and the empty path have no parent; neither can be written to, and the rename says so.
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = Builder::new();
    builder.prefix(".ripper-").suffix(".part");
    // A temporary file is private by default; a photo gets the permissions that the user's umask gives any new file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}
