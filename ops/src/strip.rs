//! `ripper strip`: cleans photos on this machine, on every core, with the core that runs in the function.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Instant;

use bytes::Bytes;
use comfy_table::Cell;
use scrub::Options;
use serde::Serialize;

use crate::atomic;
use crate::cli::StripArgs;
use crate::failure::{Failure, Verdict};
use crate::interrupt;
use crate::sources::{self, Job, Plan, Trouble};
use crate::table::{self, Tone};
use crate::text;

/// What became of one photo: a line of `--json`, a row of the table.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Stripped {
    file: String,
    outcome: &'static str,
    /// The refusal's name; null for a clean photo.
    reason: Option<&'static str>,
    removed: Vec<RemovedPart>,
    /// What became of the orientation; null for a refused photo.
    orientation: Option<String>,
    bytes_in: u64,
    /// 0 for a refused photo, of which nothing is written.
    bytes_out: u64,
    /// The refusal as a sentence, for people.
    #[serde(skip)]
    why: String,
}

/// What was taken out of a photo, of one kind.
#[derive(Debug, Serialize)]
pub(crate) struct RemovedPart {
    pub(crate) kind: String,
    pub(crate) bytes: u64,
}

/// Strips everything that the arguments name.
pub(crate) fn run(args: &StripArgs) -> Result<Verdict, Failure> {
    let started = Instant::now();
    let mut plan = sources::plan(&args.paths, &args.out)?;
    let planned = plan.jobs.len();
    if planned > 0 {
        fs::create_dir_all(&args.out)
            .map_err(|source| Failure::OutFolder { folder: text::path(&args.out), source })?;
    }

    let options = Options { orientation: args.orientation, icc: args.icc, ..Options::default() };
    let mut rows = Vec::new();
    let mut done = 0;
    let mut troubles = std::mem::take(&mut plan.troubles);
    let bar = table::progress(planned, "stripping");
    let written = on_every_core(&plan.jobs, &options, |result| {
        bar.inc(1);
        done += 1;
        match result {
            Ok(row) => {
                if args.json {
                    text::json_line(&mut io::stdout().lock(), &row)?;
                }
                rows.push(row);
            }
            Err(trouble) => troubles.push(trouble),
        }
        Ok(())
    });
    bar.finish_and_clear();
    written?;

    if !args.json {
        print(&rows, &plan, started)?;
    }
    for trouble in &troubles {
        eprintln!("ripper: {trouble}; this file was left out");
    }
    if done < planned {
        let left = text::count(planned - done, "photo");
        return Err(Failure::Interrupted(format!("{left} not done, and nothing is half written")));
    }
    Ok(match rows.iter().any(|row| row.outcome == "refused") {
        _ if !troubles.is_empty() => Verdict::Incomplete,
        true => Verdict::Bad,
        false => Verdict::Good,
    })
}

/// Runs the jobs on every core and hands over the results in the order of the jobs. Stops taking new jobs on Ctrl-C
/// and when `each` fails.
fn on_every_core(
    jobs: &[Job],
    options: &Options,
    mut each: impl FnMut(Result<Stripped, Trouble>) -> io::Result<()>,
) -> io::Result<()> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(jobs.len());
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..workers {
            let (send, next) = (send.clone(), &next);
            scope.spawn(move || {
                while !interrupt::hit() {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(index) else { return };
                    if send.send((index, strip(job, options))).is_err() {
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
        // After Ctrl-C a slower worker may have left a gap; what was done behind it counts all the same.
        early.into_values().try_for_each(each)
    })
}

fn strip(job: &Job, options: &Options) -> Result<Stripped, Trouble> {
    let photo = read(&job.source).map_err(|error| Trouble { path: job.source.clone(), error })?;
    let bytes_in = photo.len() as u64;
    let file = job.source.to_string_lossy().into_owned();
    match scrub::scrub(Bytes::from(photo), options) {
        Ok(clean) => {
            atomic::write(&job.output, &clean.photo)
                .map_err(|error| Trouble { path: job.output.clone(), error })?;
            let bytes_out = clean.photo.len() as u64;
            let removed = removed_parts(&clean.report.removed);
            Ok(Stripped {
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
        Err(refusal) => Ok(Stripped {
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

/// Reads a regular file whole. A pipe or a device could keep us waiting for ever.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    fs::read(path)
}

/// The photo core's sums as they are printed.
pub(crate) fn removed_parts(removed: &[scrub::Removed]) -> Vec<RemovedPart> {
    removed.iter().map(|part| RemovedPart { kind: part.kind.to_string(), bytes: part.bytes }).collect()
}

/// `EXIF 1.2 KiB, XMP 300 B`; empty where nothing goes.
pub(crate) fn removed_text(removed: &[RemovedPart]) -> String {
    let parts: Vec<_> =
        removed.iter().map(|part| format!("{} {}", part.kind, text::size(part.bytes))).collect();
    parts.join(", ")
}

/// What was taken out of a clean photo, and what became of its orientation where there was one.
fn made_of(row: &Stripped) -> String {
    let removed = if row.removed.is_empty() { "nothing".to_owned() } else { removed_text(&row.removed) };
    match row.orientation.as_deref() {
        None | Some("upright") => removed,
        Some(orientation) => format!("{removed}; {orientation}"),
    }
}

fn print(rows: &[Stripped], plan: &Plan, started: Instant) -> io::Result<()> {
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
                None => made_of(row),
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
    if plan.passed_over > 0 {
        writeln!(out, "{} without .jpg or .jpeg passed over", text::count(plan.passed_over, "file"))?;
    }
    if plan.linked_folders > 0 {
        writeln!(out, "{} to folders not followed", text::count(plan.linked_folders, "link"))?;
    }
    Ok(())
}
