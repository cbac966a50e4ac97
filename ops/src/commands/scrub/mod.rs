//! `ripper scrub`: scrubs photos on this machine, on every CPU, with the photo core that runs in the function.

pub(crate) mod inputs;
mod memory;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Instant;

use bytes::Bytes;
use comfy_table::Cell;
use inputs::{Inputs, Job};
use memory::Memory;
use scrub::{Clean, NotRecoded, NotRotated, Options, Orientation, Refusal};
use serde::Serialize;

use crate::atomic_write::{atomic_write, sync_folder};
use crate::cli::ScrubArgs;
use crate::failure::{Failure, RunResult};
use crate::interrupt;
use crate::photo_file::{FileError, read_photo};
use crate::removed::{RemovedKind, happened_text, removed_kinds};
use crate::table::{self, Tone};
use crate::text;

/// The result for one photo: a line of `--json`, a row of the table.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Scrubbed {
    file: String,
    outcome: &'static str,
    /// The refusal's name; null for a clean photo.
    reason: Option<&'static str>,
    removed: Vec<RemovedKind>,
    /// What happened to the orientation; null for a refused photo.
    orientation: Option<String>,
    /// Why the picture was coded again; null if it was not.
    recoded: Option<String>,
    bytes_in: u64,
    /// 0 for a refused photo, for which nothing is written.
    bytes_out: u64,
    /// The refusal as a sentence, for people.
    #[serde(skip)]
    why: String,
}

/// Scrubs all photos that the arguments name.
pub(crate) fn run(args: &ScrubArgs) -> Result<RunResult, Failure> {
    let started = Instant::now();
    let mut inputs = inputs::find(&args.paths, &args.out)?;
    let planned = inputs.jobs.len();
    if planned > 0 {
        fs::create_dir_all(&args.out)
            .map_err(|source| Failure::OutFolder { folder: text::path(&args.out), source })?;
    }

    let options = args.settings.options();
    let mut rows = Vec::new();
    let mut done = 0;
    let mut errors = std::mem::take(&mut inputs.found.errors);
    let bar = table::progress(planned, "scrubbing");
    let written = on_every_cpu(&inputs.jobs, &options, |result| {
        bar.inc(1);
        done += 1;
        match result {
            Ok(row) => {
                if args.json {
                    text::json_line(&mut io::stdout().lock(), &row)?;
                }
                rows.push(row);
            }
            Err(error) => errors.push(error),
        }
        Ok(())
    });
    bar.finish_and_clear();
    written?;
    errors.extend(sync_folders(&inputs.jobs));

    if !args.json {
        print(&rows, &inputs, started)?;
    }
    for error in &errors {
        eprintln!("ripper: {error}; this file was skipped");
    }
    if done < planned {
        let left = text::count(planned - done, "photo");
        return Err(Failure::Interrupted(format!("{left} not done, and no file is half written")));
    }
    Ok(match rows.iter().any(|row| row.outcome == "refused") {
        _ if !errors.is_empty() => RunResult::Incomplete,
        true => RunResult::Unexpected,
        false => RunResult::Ok,
    })
}

/// Runs the jobs on every CPU and passes the results to `each` in the order of the jobs. Starts no more jobs after
/// Ctrl-C, or when `each` fails.
fn on_every_cpu(
    jobs: &[Job],
    options: &Options,
    mut each: impl FnMut(Result<Scrubbed, FileError>) -> io::Result<()>,
) -> io::Result<()> {
    // A system that does not say how many CPUs it has gets one thread.
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(jobs.len());
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::channel();
    let memory = Memory::new(options.memory);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            let (send, next, memory) = (send.clone(), &next, &memory);
            scope.spawn(move || {
                while !interrupt::was_interrupted() {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(index) else { return };
                    if send.send((index, scrub_file(job, options, memory))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        let mut early = BTreeMap::new();
        let mut due = 0;
        for (index, result) in receive {
            early.insert(index, result);
            while let Some(result) = early.remove(&due) {
                due += 1;
                each(result)?;
            }
        }
        // After Ctrl-C a slower worker may leave a gap; the jobs after it are done and count.
        early.into_values().try_for_each(each)
    })
}

/// Scrubs a file, with no more memory than is free. Few photos are rotated, so it is tried without rotating first; then
/// it is known how much more this photo takes.
fn scrub_file(job: &Job, options: &Options, memory: &Memory) -> Result<Scrubbed, FileError> {
    let unreadable = |error| FileError { path: job.source.clone(), error };
    let length = fs::metadata(&job.source).map_err(unreadable)?.len();
    let mut taken = memory.take(length);
    let photo = read_photo(&job.source).map_err(unreadable)?;
    let mut bytes_in = photo.len() as u64;
    let in_place = Options { memory: 0, ..options.clone() };
    let mut result = scrub::scrub(Bytes::from(photo), &in_place);
    if let Some(more) = more_memory(&result, options) {
        drop((result, taken));
        taken = memory.take(length.saturating_add(more));
        let photo = read_photo(&job.source).map_err(unreadable)?;
        bytes_in = photo.len() as u64;
        result = scrub::scrub(Bytes::from(photo), options);
    }
    if let Ok(clean) = &result {
        atomic_write(&job.output, &clean.photo)
            .map_err(|error| FileError { path: job.output.clone(), error })?;
    }
    drop(taken);
    Ok(Scrubbed::new(job, bytes_in, &result))
}

/// How much more memory a photo takes that could not be rotated, or coded again, in place.
fn more_memory(result: &Result<Clean, Refusal>, options: &Options) -> Option<u64> {
    match result {
        Ok(clean) => match clean.report.orientation {
            Orientation::Tagged { not_rotated: Some(NotRotated::Memory { needs, .. }), .. } => Some(needs),
            _ => None,
        },
        // It is rare, and rotating it then may take more than coding it again does.
        Err(Refusal::NotRecoded { because: NotRecoded::Memory { .. }, .. }) => Some(options.memory),
        Err(_) => None,
    }
}

/// Syncs every folder that a clean copy is in, so that the copies are there after a power failure.
fn sync_folders(jobs: &[Job]) -> Vec<FileError> {
    let folders: BTreeSet<_> = jobs.iter().filter_map(|job| job.output.parent()).collect();
    // A folder is not there if none of its photos could be cleaned.
    let synced = folders.into_iter().filter(|folder| folder.is_dir());
    let sync =
        |folder: &Path| sync_folder(folder).err().map(|error| FileError { path: folder.into(), error });
    synced.filter_map(sync).collect()
}

impl Scrubbed {
    fn new(job: &Job, bytes_in: u64, result: &Result<Clean, Refusal>) -> Self {
        let clean = result.as_ref().ok();
        let refusal = result.as_ref().err();
        Self {
            file: job.source.to_string_lossy().into_owned(),
            outcome: if clean.is_some() { "clean" } else { "refused" },
            reason: refusal.map(Refusal::name),
            removed: clean.map(|clean| removed_kinds(&clean.report.removed)).unwrap_or_default(),
            orientation: clean.map(|clean| clean.report.orientation.to_string()),
            recoded: clean.and_then(|clean| clean.report.recoded).map(|reason| reason.to_string()),
            bytes_in,
            bytes_out: clean.map_or(0, |clean| clean.photo.len() as u64),
            why: refusal.map(ToString::to_string).unwrap_or_default(),
        }
    }
}

fn print(rows: &[Scrubbed], inputs: &Inputs, started: Instant) -> io::Result<()> {
    let mut table = table::new(&["photo", "outcome", "before", "after", "removed or reason"]);
    for row in rows {
        let clean = row.outcome == "clean";
        let tone = if clean { Tone::Good } else { Tone::Bad };
        table.add_row([
            Cell::new(text::printable(&row.file)),
            table::toned(row.outcome, tone),
            table::number(text::size(row.bytes_in)),
            table::number(if clean { text::size(row.bytes_out) } else { "-".to_owned() }),
            Cell::new(match row.reason {
                Some(reason) => reason.to_owned(),
                None => {
                    let orientation =
                        row.orientation.as_deref().filter(|orientation| *orientation != "upright");
                    happened_text(&row.removed, orientation, row.recoded.as_deref())
                }
            }),
        ]);
    }
    if !rows.is_empty() {
        table::print(&table)?;
    }
    let (clean, refused): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.outcome == "clean");
    let bytes_in = clean.iter().map(|row| row.bytes_in).sum();
    let bytes_out = clean.iter().map(|row| row.bytes_out).sum();
    let mut out = io::stdout().lock();
    for row in &refused {
        writeln!(out, "{} is refused: {}", text::printable(&row.file), row.why)?;
    }
    writeln!(
        out,
        "{} clean ({} became {}), {} refused, in {}",
        text::count(clean.len(), "photo"),
        text::size(bytes_in),
        text::size(bytes_out),
        refused.len(),
        text::seconds(started.elapsed()),
    )?;
    inputs.found.print_skipped(&mut out)
}
