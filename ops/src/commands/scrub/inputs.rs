//! Which photos `ripper scrub` reads and where their clean copies go. All of this is decided before anything is
//! written: no two photos get the same output, and no photo is overwritten.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use walkdir::WalkDir;

use crate::failure::Failure;
use crate::photo_file::{FileError, has_jpeg_name};
use crate::text;

/// One photo to scrub.
#[derive(Debug)]
pub(crate) struct Job {
    /// The photo, as the user would name it.
    pub(crate) source: PathBuf,
    /// Its clean copy.
    pub(crate) output: PathBuf,
}

/// Everything that a run will do, in the order of the arguments and then of the names.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    pub(crate) jobs: Vec<Job>,
    /// What could not be examined; the other photos are not affected.
    pub(crate) errors: Vec<FileError>,
    /// The number of files in folders that are not named like a JPEG.
    pub(crate) other_files: usize,
    /// The number of links to folders inside folders; they are not followed.
    pub(crate) linked_folders: usize,
}

/// Why the command line is not accepted. Nothing has been written.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum InputError {
    #[error("--out {0} is a file; give a folder")]
    OutIsAFile(String),
    #[error(
        "--out {out} is inside the folder {source_folder} that is to be scrubbed; give a folder outside it"
    )]
    OutInsideSource { out: String, source_folder: String },
    #[error("{first} and {second} would both become {output}; scrub them into different --out folders")]
    SameOutput { first: String, second: String, output: String },
    #[error("{source_file} would be overwritten by a clean copy; give another --out")]
    OverSource { source_file: String },
    #[error("{file} would be both a file and a folder; scrub the photos into different --out folders")]
    FileAndFolder { file: String },
    #[error("cannot find out which folder {path} is in ({why}); give an absolute path")]
    NoAbsolutePath { path: String, why: String },
}

impl From<InputError> for Failure {
    fn from(error: InputError) -> Self {
        Self::CommandLine(error.into())
    }
}

/// Finds the photos in `paths`. A file is taken whatever its name is, and keeps it; of a folder, the files that end in
/// .jpg or .jpeg are taken, and keep their paths inside it.
pub(crate) fn find(paths: &[PathBuf], out: &Path) -> Result<Inputs, InputError> {
    if out.exists() && !out.is_dir() {
        return Err(InputError::OutIsAFile(text::path(out)));
    }
    let mut inputs = Inputs::default();
    for path in paths {
        match fs::metadata(path) {
            Ok(about) if about.is_dir() => walk(path, out, &mut inputs)?,
            Ok(_) => match path.file_name() {
                Some(name) => inputs.jobs.push(Job { source: path.clone(), output: out.join(name) }),
                None => inputs
                    .errors
                    .push(FileError { path: path.clone(), error: io::ErrorKind::InvalidFilename.into() }),
            },
            Err(error) => inputs.errors.push(FileError { path: path.clone(), error }),
        }
    }
    check_outputs(inputs)
}

fn walk(folder: &Path, out: &Path, inputs: &mut Inputs) -> Result<(), InputError> {
    if resolve(out)?.starts_with(resolve(folder)?) {
        return Err(InputError::OutInsideSource { out: text::path(out), source_folder: text::path(folder) });
    }
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                // An error without a path is about the folder itself.
                let path = error.path().unwrap_or(folder).to_owned();
                inputs.errors.push(FileError { path, error: error.into() });
                continue;
            }
        };
        let jpeg_name = has_jpeg_name(entry.path());
        // A link to a photo is a photo. A link to a folder may lead anywhere, the output included.
        let link = entry.path_is_symlink() && entry.depth() > 0;
        match fs::metadata(entry.path()) {
            Ok(about) if about.is_dir() => inputs.linked_folders += usize::from(link),
            Ok(_) if !jpeg_name => inputs.other_files += 1,
            Ok(_) => {
                let source = entry.path().to_owned();
                match source.strip_prefix(folder).map(|inside| out.join(inside)) {
                    Ok(output) => inputs.jobs.push(Job { source, output }),
                    Err(error) => {
                        let error = io::Error::other(error);
                        inputs.errors.push(FileError { path: source, error });
                    }
                }
            }
            Err(error) if jpeg_name => inputs.errors.push(FileError { path: entry.path().to_owned(), error }),
            // It would not be scrubbed anyway.
            Err(_) => inputs.other_files += 1,
        }
    }
    Ok(())
}

/// Checks that every output has one source, and that no output is a source.
fn check_outputs(mut inputs: Inputs) -> Result<Inputs, InputError> {
    let mut outputs: BTreeMap<PathBuf, (PathBuf, PathBuf)> = BTreeMap::new();
    let mut sources = BTreeSet::new();
    let mut jobs = Vec::with_capacity(inputs.jobs.len());
    for job in inputs.jobs {
        let (real, output) = (resolve(&job.source)?, resolve_entry(&job.output)?);
        sources.extend([real.clone(), resolve_entry(&job.source)?]);
        if let Some((other, other_real)) = outputs.get(&output) {
            if *other_real == real {
                continue;
            }
            return Err(InputError::SameOutput {
                first: text::path(other),
                second: text::path(&job.source),
                output: text::path(&job.output),
            });
        }
        outputs.insert(output, (job.source.clone(), real));
        jobs.push(job);
    }
    for output in outputs.keys() {
        if sources.contains(output) {
            return Err(InputError::OverSource { source_file: text::path(output) });
        }
        if let Some(file) = output.ancestors().skip(1).find(|folder| outputs.contains_key(*folder)) {
            return Err(InputError::FileAndFolder { file: text::path(file) });
        }
    }
    inputs.jobs = jobs;
    Ok(inputs)
}

/// The real path of something that may not exist yet: links are resolved as far as it exists.
fn resolve(path: &Path) -> Result<PathBuf, InputError> {
    let absolute = std::path::absolute(path)
        .map_err(|error| InputError::NoAbsolutePath { path: text::path(path), why: error.to_string() })?;
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
fn resolve_entry(path: &Path) -> Result<PathBuf, InputError> {
    match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) => {
            Ok(resolve(if folder == Path::new("") { Path::new(".") } else { folder })?.join(name))
        }
        _ => resolve(path),
    }
}
