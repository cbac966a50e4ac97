//! Which photos `ripper scrub` reads and where their clean copies go. All of this is decided before anything is
//! written: no two photos get the same output, and no photo is overwritten.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::photo_search::{self, Found};
use crate::real_path::{NoAbsolutePath, resolve, resolve_entry};
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
#[derive(Debug)]
pub(crate) struct Inputs {
    pub(crate) jobs: Vec<Job>,
    /// What else the search has found; its photos are the jobs.
    pub(crate) found: Found,
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
    #[error(transparent)]
    NoAbsolutePath(#[from] NoAbsolutePath),
}

impl From<InputError> for Failure {
    fn from(error: InputError) -> Self {
        Self::CommandLine(error.into())
    }
}

/// Finds the photos in `paths` and where their copies go: a file keeps its name, a photo in a folder its path in it.
pub(crate) fn find(paths: &[PathBuf], out: &Path) -> Result<Inputs, InputError> {
    if out.exists() && !out.is_dir() {
        return Err(InputError::OutIsAFile(text::path(out)));
    }
    for folder in paths.iter().filter(|path| path.is_dir()) {
        if resolve(out)?.starts_with(resolve(folder)?) {
            let source_folder = text::path(folder);
            return Err(InputError::OutInsideSource { out: text::path(out), source_folder });
        }
    }
    let mut found = photo_search::search(paths);
    let photos = std::mem::take(&mut found.photos).into_iter();
    let jobs = photos.map(|photo| Job { output: out.join(photo.inside), source: photo.source }).collect();
    Ok(Inputs { jobs: check_outputs(jobs)?, found })
}

/// Checks that every output has one source, and that no output is a source.
fn check_outputs(found: Vec<Job>) -> Result<Vec<Job>, InputError> {
    let mut outputs: BTreeMap<PathBuf, (PathBuf, PathBuf)> = BTreeMap::new();
    let mut sources = BTreeSet::new();
    let mut jobs = Vec::with_capacity(found.len());
    for job in found {
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
    Ok(jobs)
}
