//! `ripper scrub`: scrubs photos on this machine, on every CPU, with the photo core that runs in the function.

pub(crate) mod inputs;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Instant;

use bytes::Bytes;
use comfy_table::Cell;
use inputs::{Inputs, Job};
use scrub::Options;
use serde::Serialize;

use crate::atomic_write::atomic_write;
use crate::cli::ScrubArgs;
use crate::failure::{Failure, RunResult};
use crate::interrupt;
use crate::photo_file::{FileError, read_photo};
use crate::removed::{RemovedKind, removed_kinds, removed_text};
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

    let options = args.options();
    let mut rows = Vec::new();
    let mut done = 0;
    let mut errors = std::mem::take(&mut inputs.errors);
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
    std::thread::scope(|scope| {
        for _ in 0..workers {
            let (send, next) = (send.clone(), &next);
            scope.spawn(move || {
                while !interrupt::was_interrupted() {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(index) else { return };
                    if send.send((index, scrub_file(job, options))).is_err() {
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

fn scrub_file(job: &Job, options: &Options) -> Result<Scrubbed, FileError> {
    let photo = read_photo(&job.source).map_err(|error| FileError { path: job.source.clone(), error })?;
    let bytes_in = photo.len() as u64;
    let file = job.source.to_string_lossy().into_owned();
    match scrub::scrub(Bytes::from(photo), options) {
        Ok(clean) => {
            atomic_write(&job.output, &clean.photo)
                .map_err(|error| FileError { path: job.output.clone(), error })?;
            let bytes_out = clean.photo.len() as u64;
            let removed = removed_kinds(&clean.report.removed);
            Ok(Scrubbed {
                file,
                outcome: "clean",
                reason: None,
                removed,
                orientation: Some(clean.report.orientation.to_string()),
                bytes_in,
                bytes_out,
                why: String::new(),
            })
        }
        Err(refusal) => Ok(Scrubbed {
            file,
            outcome: "refused",
            reason: Some(refusal.name()),
            removed: Vec::new(),
            orientation: None,
            bytes_in,
            bytes_out: 0,
            why: refusal.to_string(),
        }),
    }
}

/// What was removed from a clean photo, and what happened to its orientation if it had one.
fn removed_and_orientation(row: &Scrubbed) -> String {
    let removed = if row.removed.is_empty() { "nothing".to_owned() } else { removed_text(&row.removed) };
    match row.orientation.as_deref() {
        None | Some("upright") => removed,
        Some(orientation) => format!("{removed}; {orientation}"),
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
                None => removed_and_orientation(row),
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
    if inputs.other_files > 0 {
        writeln!(out, "{} not named .jpg or .jpeg skipped", text::count(inputs.other_files, "file"))?;
    }
    if inputs.linked_folders > 0 {
        writeln!(out, "{} to folders not followed", text::count(inputs.linked_folders, "link"))?;
    }
    Ok(())
}
