//! `ripper report`: one HTML page with photos before and after scrubbing, for people who want to see what goes.
//!
//! Photos are done one after the other and written at once, so that a page of many photos takes the memory of one.

mod examine;
mod html;
mod page;
mod stack_counts;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;
use std::time::Instant;

use page::Totals;
use stack_counts::StackCounts;

use crate::atomic_write::{atomic_write_private, sync_folder};
use crate::cli::ReportArgs;
use crate::failure::{Failure, RunResult};
use crate::interrupt;
use crate::photo_file::{FileError, has_jpeg_name};
use crate::photo_search::{self, Found, FoundPhoto};
use crate::real_path::{NoAbsolutePath, resolve, resolve_entry};
use crate::stack_session::block_on;
use crate::table;
use crate::text;

/// Most bytes of photos on one page.
const MOST: u64 = 500 << 20;

/// Why no page is written.
#[derive(Debug, thiserror::Error)]
enum ReportError {
    #[error("{0} is a folder; give the page a name in it, for example {0}/report.html")]
    OutIsAFolder(String),
    #[error("{0} is not a regular file; give the page another name")]
    OutIsNoFile(String),
    #[error("{0} has the name of a photo; give the page a name that ends in .html")]
    OutIsNamedLikeAPhoto(String),
    #[error("{0} is one of the photos, and would be overwritten; give the page another name")]
    OutIsAPhoto(String),
    #[error(
        "{0} is there already, and does not start as an earlier page does; delete it, or give the page another name"
    )]
    OutIsNoPage(String),
    #[error("no photo found; name photos, or folders with files that end in .jpg or .jpeg")]
    NoPhoto,
    #[error(
        "{photos} with {bytes} in all are too much for one page, which holds at most {most}; make pages of fewer photos"
    )]
    TooLarge { photos: String, bytes: String, most: String },
    #[error(transparent)]
    NoAbsolutePath(#[from] NoAbsolutePath),
    #[error("cannot read {file}, which the page would replace: {source}; give the page another name")]
    ReadOut { file: String, source: io::Error },
    #[error("cannot write {file}: {source}; no page is written")]
    Write { file: String, source: io::Error },
    #[error(
        "{file} is written, but its folder cannot be synced, so a power failure may lose it: {source}; check the disk"
    )]
    Sync { file: String, source: io::Error },
}

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Write { .. } | ReportError::Sync { .. } | ReportError::ReadOut { .. } => {
                Self::Other(error.into())
            }
            _ => Self::CommandLine(error.into()),
        }
    }
}

/// Writes the page with all photos that the arguments name.
pub(crate) fn run(args: &ReportArgs) -> Result<RunResult, Failure> {
    let started = Instant::now();
    let mut found = photo_search::search(&args.paths);
    let mut errors = std::mem::take(&mut found.errors);
    check_out(&args.out, &mut found)?;
    if found.photos.is_empty() && errors.is_empty() {
        return Err(ReportError::NoPhoto.into());
    }
    if !found.photos.is_empty() {
        let bytes = check_size(&found)?;
        let count = text::count(found.photos.len(), "photo");
        // Each is in the page twice, in base64.
        let page = text::size(bytes.saturating_mul(8) / 3);
        writeln!(io::stdout().lock(), "{count}, {}: the page will have about {page}", text::size(bytes))?;
        let stack = args.stack.as_deref().map(|stack| block_on(StackCounts::take(stack))).transpose()?;
        let totals = write_page(args, stack.as_ref(), &found.photos, &mut errors)?;
        print(args, &found, &totals, started)?;
        if totals.refused > 0 && errors.is_empty() {
            return Ok(RunResult::Unexpected);
        }
    }
    for error in &errors {
        eprintln!("ripper: {error}; this file was skipped");
    }
    Ok(if errors.is_empty() { RunResult::Ok } else { RunResult::Incomplete })
}

/// Checks that the page replaces nothing but a page, and drops photos that are named twice.
fn check_out(out: &Path, found: &mut Found) -> Result<(), ReportError> {
    match fs::metadata(out) {
        Ok(about) if about.is_dir() => return Err(ReportError::OutIsAFolder(text::path(out))),
        Ok(about) if !about.is_file() => return Err(ReportError::OutIsNoFile(text::path(out))),
        _ => {}
    }
    let page = resolve_entry(out)?;
    let mut sources = BTreeSet::new();
    let mut photos = Vec::with_capacity(found.photos.len());
    for photo in std::mem::take(&mut found.photos) {
        let entry = resolve_entry(&photo.source)?;
        if [&entry, &resolve(&photo.source)?].contains(&&page) {
            return Err(ReportError::OutIsAPhoto(text::path(out)));
        }
        if sources.insert(entry) {
            photos.push(photo);
        }
    }
    found.photos = photos;
    // A slip of the hand such as `-o *.jpg` must not cost a file that the page does not show.
    if has_jpeg_name(out) {
        return Err(ReportError::OutIsNamedLikeAPhoto(text::path(out)));
    }
    match is_page(out) {
        Ok(true) => Ok(()),
        Ok(false) => Err(ReportError::OutIsNoPage(text::path(out))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(ReportError::ReadOut { file: text::path(out), source }),
    }
}

/// Whether a file may be a page of an earlier run. An empty one holds nothing to lose.
fn is_page(path: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    File::open(path)?.take(page::DOCTYPE.len() as u64).read_to_end(&mut start)?;
    Ok(start.is_empty() || start == page::DOCTYPE.as_bytes())
}

/// The size of all photos, which is bounded.
fn check_size(found: &Found) -> Result<u64, ReportError> {
    // A photo that cannot be examined is named when it cannot be read.
    let sizes = found.photos.iter().filter_map(|photo| fs::metadata(&photo.source).ok());
    let bytes = sizes.fold(0_u64, |sum, about| sum.saturating_add(about.len()));
    if bytes > MOST {
        let photos = text::count(found.photos.len(), "photo");
        return Err(ReportError::TooLarge { photos, bytes: text::size(bytes), most: text::size(MOST) });
    }
    Ok(bytes)
}

fn write_page(
    args: &ReportArgs,
    stack: Option<&StackCounts>,
    photos: &[FoundPhoto],
    errors: &mut Vec<FileError>,
) -> Result<Totals, Failure> {
    let mut totals = Totals::default();
    let bar = table::progress(photos.len(), "writing the page");
    let written = atomic_write_private(&args.out, |file| {
        let mut out = BufWriter::new(file);
        page::start(&mut out, photos.len(), stack)?;
        for photo in photos {
            if interrupt::was_interrupted() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            add_photo(&mut out, args, photo, &mut totals, errors)?;
            bar.inc(1);
        }
        page::end(&mut out, &totals, errors)?;
        out.flush()
    });
    bar.finish_and_clear();
    if written.is_err() && interrupt::was_interrupted() {
        return Err(Failure::Interrupted("no page is written".to_owned()));
    }
    let folder = args.out.parent().unwrap_or(Path::new("."));
    let file = || text::path(&args.out);
    written.map_err(|source| ReportError::Write { file: file(), source })?;
    sync_folder(folder).map_err(|source| ReportError::Sync { file: file(), source })?;
    Ok(totals)
}

fn add_photo(
    out: &mut BufWriter<&mut File>,
    args: &ReportArgs,
    photo: &FoundPhoto,
    totals: &mut Totals,
    errors: &mut Vec<FileError>,
) -> io::Result<()> {
    match examine::examine(&photo.source, &args.settings.options()) {
        Ok(examined) => {
            totals.add(&examined);
            page::photo(out, totals.photos(), &examined)
        }
        Err(error) => {
            errors.push(FileError { path: photo.source.clone(), error });
            Ok(())
        }
    }
}

fn print(args: &ReportArgs, found: &Found, totals: &Totals, started: Instant) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let size = fs::metadata(&args.out).map_or(0, |about| about.len());
    let (page, seconds) = (text::path(&args.out), text::seconds(started.elapsed()));
    writeln!(out, "{page}: {}, {}, in {seconds}", totals.sentence(), text::size(size))?;
    writeln!(out, "It holds the originals with everything private in them: look at it, then delete it.")?;
    found.print_skipped(&mut out)
}
