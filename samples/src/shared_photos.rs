//! Real photos that tests try where they are at hand: hard ones from the test suites of decoders and metadata tools.
//! They belong to others and are not part of the project.

use std::io::Write;
use std::path::{Path, PathBuf};

/// The folder of real photos: the one that SHARED_PHOTOS in the environment names, otherwise `shared/photos` beside the
/// checkout. None if it does not exist, which is reported on stderr.
///
/// # Panics
/// If SHARED_PHOTOS names a folder that does not exist.
pub fn shared_photos_folder() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("SHARED_PHOTOS").map(PathBuf::from) {
        assert!(named.is_dir(), "SHARED_PHOTOS is {}, which is not a folder", named.display());
        return Some(named);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/photos");
    if !folder.is_dir() {
        report_skipped(
            "no folder ../shared/photos beside the checkout and no SHARED_PHOTOS, no real photos tried",
        );
        return None;
    }
    Some(folder)
}

/// Every real photo, with the name of its file. Empty if there is no such folder.
///
/// # Panics
/// If the folder cannot be read.
pub fn shared_photos() -> Vec<(String, Vec<u8>)> {
    let Some(folder) = shared_photos_folder() else { return Vec::new() };
    let entries = std::fs::read_dir(&folder).expect("the folder can be read");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("the folder can be read").path()).collect();
    paths.retain(|path| {
        let extension = path.extension().map(|e| e.to_ascii_lowercase().to_string_lossy().into_owned());
        extension.is_some_and(|extension| ["jpg", "jpeg", "mpo"].contains(&&*extension))
    });
    paths.sort();
    let read = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (name, std::fs::read(path).expect("a photo can be read"))
    };
    paths.iter().map(read).collect()
}

/// Reports that something was not tried, even when the output of tests is captured.
pub fn report_skipped(what: &str) {
    // The harness captures what macros print. A test goes on even if stderr is closed.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {what}");
}
