//! Writes a file as a whole or not at all: it is written under a temporary name in the same folder, synced, then
//! renamed; the rename lasts once the folder is synced too. No temporary file is left, whether the disk is full, the
//! file too large or the run ended by a signal.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::{Builder, NamedTempFile};

/// The temporary files that are there now. Locked while one is created, renamed or deleted.
static PARTS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Writes `bytes` to `path`, and creates its folder if needed. A file that is there already is replaced in one step;
/// on an error it stays. The caller syncs the folder, once for all the files in it.
pub(crate) fn atomic_write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A photo gets the permissions that the user's umask gives any new file.
    write_part(path, 0o666, |part| part.write_all(bytes))
}

/// The same for a file that only its owner may read, and that `write` writes piece by piece.
pub(crate) fn atomic_write_private(
    path: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    write_part(path, 0o600, write)
}

fn write_part(path: &Path, mode: u32, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    // Only the root and the empty path have no parent; neither can be written to, and the rename says so.
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut part = create_part(folder, mode)?;
    let written = write(part.as_file_mut()).and_then(|()| part.as_file().sync_all());
    let mut parts = lock_parts();
    parts.remove(part.path());
    match written {
        Ok(()) => part.persist(path).map(|_| ()).map_err(io::Error::from),
        Err(error) => {
            drop(part);
            Err(error)
        }
    }
}

/// Deletes all temporary files, and ends the process before it can make another one.
pub(crate) fn delete_parts_and_exit(code: i32) -> ! {
    let parts = lock_parts();
    for part in parts.iter() {
        // The process ends either way, and there is nobody left to tell.
        let _ = fs::remove_file(part);
    }
    std::process::exit(code)
}

#[cfg_attr(not(unix), allow(unused_variables, unused_mut, reason = "only Unix has these permissions"))]
fn create_part(folder: &Path, mode: u32) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".ripper-").suffix(".part");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    let mut parts = lock_parts();
    let part = builder.tempfile_in(folder)?;
    parts.insert(part.path().to_owned());
    Ok(part)
}

fn lock_parts() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    PARTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes the renames in a folder last through a power failure. Not every file system can sync a folder.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    let folder = if folder == Path::new("") { Path::new(".") } else { folder };
    if cfg!(unix) {
        match File::open(folder)?.sync_all() {
            Err(error) if error.kind() != io::ErrorKind::InvalidInput => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
