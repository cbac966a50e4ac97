//! Which photos `strip` takes and where their clean copies go, decided before anything is written: two photos never
//! land on one name, and no photo is written over.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use walkdir::WalkDir;

use crate::text;

/// One photo to clean.
#[derive(Debug)]
pub(crate) struct Job {
    /// The photo, as the user would name it.
    pub(crate) source: PathBuf,
    /// Its clean copy.
    pub(crate) output: PathBuf,
}

/// Everything a run will do, in the order of the arguments and then of the names.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) jobs: Vec<Job>,
    /// What could not be looked at; the rest goes on.
    pub(crate) troubles: Vec<Trouble>,
    /// Files in folders that are not named like a JPEG.
    pub(crate) passed_over: usize,
    /// Links to folders inside folders; they are not followed.
    pub(crate) linked_folders: usize,
}

/// A file or folder that could not be read or written. It costs the run its exit code, not the other photos.
#[derive(Debug, thiserror::Error)]
#[error("{}: {error}", text::path(.path))]
pub(crate) struct Trouble {
    pub(crate) path: PathBuf,
    pub(crate) error: io::Error,
}

/// A command line that would harm something. Nothing has been written.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum PlanError {
    #[error("--out {0} is a file; give a folder")]
    OutIsAFile(String),
    #[error(
        "--out {out} lies inside the folder {source_folder} that is to be stripped; give a folder outside it"
    )]
    OutInsideSource { out: String, source_folder: String },
    #[error("{first} and {second} would both become {output}; strip them into different --out folders")]
    SameOutput { first: String, second: String, output: String },
    #[error("{source_file} would be written over by a clean copy; give another --out")]
    OverSource { source_file: String },
    #[error("{file} would be both a file and a folder; strip its sources into different --out folders")]
    FileAndFolder { file: String },
}

/// Finds the photos under `paths`. A file keeps its name, whatever it is; a folder keeps the paths inside it, of files
/// that end in .jpg or .jpeg.
pub(crate) fn plan(paths: &[PathBuf], out: &Path) -> Result<Plan, PlanError> {
    if out.exists() && !out.is_dir() {
        return Err(PlanError::OutIsAFile(text::path(out)));
    }
    let mut plan = Plan::default();
    for path in paths {
        match fs::metadata(path) {
            Ok(about) if about.is_dir() => walk(path, out, &mut plan)?,
            Ok(_) => match path.file_name() {
                Some(name) => plan.jobs.push(Job { source: path.clone(), output: out.join(name) }),
                None => plan
                    .troubles
                    .push(Trouble { path: path.clone(), error: io::ErrorKind::InvalidFilename.into() }),
            },
            Err(error) => plan.troubles.push(Trouble { path: path.clone(), error }),
        }
    }
    settle(plan)
}

fn walk(folder: &Path, out: &Path, plan: &mut Plan) -> Result<(), PlanError> {
    if resolve(out).starts_with(resolve(folder)) {
        return Err(PlanError::OutInsideSource { out: text::path(out), source_folder: text::path(folder) });
    }
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_owned();
                plan.troubles.push(Trouble { path, error: error.into() });
                continue;
            }
        };
        let named_like_jpeg = is_named_like_jpeg(entry.path());
        // A link to a photo is a photo. A link to a folder may lead anywhere, the output included.
        let link = entry.path_is_symlink() && entry.depth() > 0;
        match fs::metadata(entry.path()) {
            Ok(about) if about.is_dir() => plan.linked_folders += usize::from(link),
            Ok(_) if !named_like_jpeg => plan.passed_over += 1,
            Ok(_) => {
                let inside = entry.path().strip_prefix(folder).unwrap_or(entry.path());
                plan.jobs.push(Job { source: entry.path().to_owned(), output: out.join(inside) });
            }
            Err(error) if named_like_jpeg => {
                plan.troubles.push(Trouble { path: entry.path().to_owned(), error })
            }
            Err(_) => plan.passed_over += 1,
        }
    }
    Ok(())
}

/// Whether a name ends like a JPEG's, in whatever case.
pub(crate) fn is_named_like_jpeg(path: &Path) -> bool {
    path.extension()
        .and_then(OsStr::to_str)
        .is_some_and(|end| ["jpg", "jpeg"].contains(&end.to_ascii_lowercase().as_str()))
}

/// Checks that every output has one source, and that no output is a source.
fn settle(mut plan: Plan) -> Result<Plan, PlanError> {
    let mut outputs: BTreeMap<PathBuf, (PathBuf, PathBuf)> = BTreeMap::new();
    let mut sources = BTreeSet::new();
    let mut jobs = Vec::with_capacity(plan.jobs.len());
    for job in plan.jobs {
        let (real, output) = (resolve(&job.source), resolve_entry(&job.output));
        sources.extend([real.clone(), resolve_entry(&job.source)]);
        if let Some((other, other_real)) = outputs.get(&output) {
            if *other_real == real {
                continue;
            }
            return Err(PlanError::SameOutput {
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
            return Err(PlanError::OverSource { source_file: text::path(output) });
        }
        if let Some(file) = output.ancestors().skip(1).find(|folder| outputs.contains_key(*folder)) {
            return Err(PlanError::FileAndFolder { file: text::path(file) });
        }
    }
    plan.jobs = jobs;
    Ok(plan)
}

/// The real path of something that may not exist yet: links resolved as far as it exists.
fn resolve(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for existing in absolute.ancestors() {
        if let Ok(real) = existing.canonicalize() {
            let mut real = real;
            for part in absolute.strip_prefix(existing).unwrap_or(Path::new("")).components() {
                match part {
                    Component::ParentDir => _ = real.pop(),
                    part => real.push(part),
                }
            }
            return real;
        }
    }
    absolute
}

/// The real place of a directory entry: its folder resolved, itself not followed if it is a link. Renaming a file to
/// this path replaces the entry.
fn resolve_entry(path: &Path) -> PathBuf {
    match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) => {
            resolve(if folder == Path::new("") { Path::new(".") } else { folder }).join(name)
        }
        _ => resolve(path),
    }
}
