//! Finds the photos in the files and folders that a user names.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::photo_file::{FileError, has_jpeg_name};
use crate::text;

/// A photo that was found.
#[derive(Debug)]
pub(crate) struct FoundPhoto {
    /// The photo, as the user would name it.
    pub(crate) source: PathBuf,
    /// Its path inside the folder that was named; the name of a file that was named itself.
    pub(crate) inside: PathBuf,
}

/// Everything that was found, in the order of the arguments and then of the names.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) photos: Vec<FoundPhoto>,
    /// What could not be examined; the other photos are not affected.
    pub(crate) errors: Vec<FileError>,
    /// The number of files in folders that are not named like a JPEG.
    other_files: usize,
    /// The number of links to folders inside folders; they are not followed.
    linked_folders: usize,
}

/// Finds the photos in `paths`. A file is taken whatever its name is; of a folder, the files that end in .jpg or .jpeg
/// are taken.
pub(crate) fn search(paths: &[PathBuf]) -> Found {
    let mut found = Found::default();
    for path in paths {
        match fs::metadata(path) {
            Ok(about) if about.is_dir() => found.walk(path),
            Ok(_) => match path.file_name() {
                Some(name) => {
                    found.photos.push(FoundPhoto { source: path.clone(), inside: name.into() });
                }
                None => found
                    .errors
                    .push(FileError { path: path.clone(), error: io::ErrorKind::InvalidFilename.into() }),
            },
            Err(error) => found.errors.push(FileError { path: path.clone(), error }),
        }
    }
    found
}

impl Found {
    fn walk(&mut self, folder: &Path) {
        for entry in WalkDir::new(folder).sort_by_file_name() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    // An error without a path is about the folder itself.
                    let path = error.path().unwrap_or(folder).to_owned();
                    self.errors.push(FileError { path, error: error.into() });
                    continue;
                }
            };
            let jpeg_name = has_jpeg_name(entry.path());
            // A link to a photo is a photo. A link to a folder may lead anywhere.
            let link = entry.path_is_symlink() && entry.depth() > 0;
            match fs::metadata(entry.path()) {
                Ok(about) if about.is_dir() => self.linked_folders += usize::from(link),
                Ok(_) if !jpeg_name => self.other_files += 1,
                Ok(_) => {
                    let source = entry.path().to_owned();
                    match source.strip_prefix(folder).map(Path::to_owned) {
                        Ok(inside) => self.photos.push(FoundPhoto { source, inside }),
                        Err(error) => {
                            let error = io::Error::other(error);
                            self.errors.push(FileError { path: source, error });
                        }
                    }
                }
                Err(error) if jpeg_name => {
                    self.errors.push(FileError { path: entry.path().to_owned(), error })
                }
                // It would not be taken anyway.
                Err(_) => self.other_files += 1,
            }
        }
    }

    /// Says what was passed over.
    pub(crate) fn print_skipped(&self, out: &mut impl Write) -> io::Result<()> {
        if self.other_files > 0 {
            writeln!(out, "{} not named .jpg or .jpeg skipped", text::count(self.other_files, "file"))?;
        }
        if self.linked_folders > 0 {
            writeln!(out, "{} to folders not followed", text::count(self.linked_folders, "link"))?;
        }
        Ok(())
    }
}
