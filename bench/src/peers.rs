//! Other strippers beside the photo core: the same files, one judge, one run. `docs/benchmarks.md` says what the columns mean.
//!
//! What is left in a photo is judged by ExifTool and by a walk over its segments, what became of its picture by decoders, and
//! none of it by the photo core.

mod exiftool;
mod files;
mod judge;
mod picture;
mod program;
mod runner;
mod strippers;
mod table;
mod walk;

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use files::File;
use indicatif::{ProgressBar, ProgressStyle};
use strippers::Peer;
use table::{Times, Verdict};
use tempfile::TempDir;

use crate::machine;

/// Every verdict, a line a file.
const DETAILS: &str = "target/peers.tsv";
const ROUNDS: usize = 11;

/// Prints the tables for the files made by code and, if some are given, for `photos`.
pub(crate) fn run(python: &Path, exiftool: &Path, photos: &[PathBuf]) -> Result<(), Box<dyn Error>> {
    // Before the load is our own.
    let machine = machine::describe();
    let bar = ProgressBar::new(0);
    bar.set_style(ProgressStyle::with_template("{msg} {wide_bar} {pos} of {len}")?);
    let given = files::given(photos)?;
    bar.set_message("drawing photos");
    let timed = files::timed()?;
    let made = [files::samples(), timed.clone()].concat();
    bar.set_message("starting the strippers");
    let mut peers = strippers::all(python, exiftool);
    bar.set_length((peers.len() * (2 * (made.len() + given.len()) + timed.len())) as u64);

    let times = times(&mut peers, &timed, &bar)?;
    let mut text = format!("{machine}\n\n");
    let mut details = "file\tstripper\tverdict\n".to_owned();
    for (what, files) in [("made by code", &made), ("given", &given)] {
        if !files.is_empty() {
            let rows = verdicts(&mut peers, files, exiftool, &bar, &mut details)?;
            writeln!(text, "{} files, {what}:\n\n{}\n", files.len(), table::findings(&rows))?;
        }
    }
    writeln!(text, "{times}\n")?;
    for peer in peers.iter().filter(|peer| peer.is_judged && peer.timed.is_some()) {
        let version = peer
            .started
            .as_ref()
            .map_or_else(|why| format!("not run: {why}"), |(version, _)| version.clone());
        writeln!(text, "- {}: {version}", peer.name)?;
    }
    bar.finish_and_clear();
    fs::write(DETAILS, details)?;
    println!("{text}\nEvery verdict is in {DETAILS}.");
    Ok(())
}

/// Lets all strippers run over the files, and then judges what they made.
fn verdicts(
    peers: &mut [Peer],
    files: &[File],
    exiftool: &Path,
    bar: &ProgressBar,
    details: &mut String,
) -> Result<Vec<(&'static str, Verdict)>, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let originals = folder.path().join("originals");
    fs::create_dir(&originals)?;
    for (i, file) in files.iter().enumerate() {
        fs::write(originals.join(named(i)), &file.bytes)?;
    }
    let before = exiftool::read(exiftool, &originals)?;
    let mut rows = Vec::new();
    for (number, peer) in peers.iter_mut().enumerate().filter(|(_, peer)| peer.is_judged) {
        bar.set_message(peer.name);
        let stripper = match &mut peer.started {
            Ok((_, stripper)) => stripper,
            Err(why) => {
                rows.push((peer.name, Err(why.clone())));
                continue;
            }
        };
        let cleaned = folder.path().join(number.to_string());
        fs::create_dir(&cleaned)?;
        let mut done = Vec::new();
        for i in 0..files.len() {
            done.push(stripper.strip(&originals.join(named(i)), &cleaned.join(named(i))));
            bar.inc(1);
        }
        let after = exiftool::read(exiftool, &cleaned)?;
        let mut verdict = Vec::new();
        for (i, (file, done)) in files.iter().zip(done).enumerate() {
            bar.inc(1);
            let found = match done {
                Ok(()) => {
                    let (before, after) =
                        before.get(&named(i)).zip(after.get(&named(i))).ok_or_else(|| {
                            format!("ExifTool said nothing of {}, cleaned by {}", file.name, peer.name)
                        })?;
                    Ok(judge::judge(file, before, &fs::read(cleaned.join(named(i)))?, after))
                }
                Err(why) => Err(why),
            };
            writeln!(details, "{}\t{}\t{found:?}", file.name, peer.name)?;
            verdict.push(found);
        }
        fs::remove_dir_all(cleaned)?;
        rows.push((peer.name, Ok(verdict)));
    }
    Ok(rows)
}

/// The table of times.
fn times(peers: &mut [Peer], photos: &[File], bar: &ProgressBar) -> Result<String, Box<dyn Error>> {
    let folder = in_memory()?;
    let names: Vec<_> = photos.iter().map(|photo| photo.name.as_str()).collect();
    for (i, photo) in photos.iter().enumerate() {
        fs::write(folder.path().join(named(i)), &photo.bytes)?;
    }
    let mut rows = Vec::new();
    for peer in peers {
        let (Some(timed), Ok((_, stripper))) = (peer.timed, &mut peer.started) else { continue };
        bar.set_message(peer.name);
        let of_all = (0..photos.len()).map(|i| {
            bar.inc(1);
            stripper.times(&folder.path().join(named(i)), ROUNDS)
        });
        rows.push(Times { name: peer.name, timed, photos: of_all.collect() });
    }
    Ok(table::times(&names, &rows))
}

fn named(number: usize) -> String {
    format!("{number:04}.jpg")
}

/// A folder in memory where the machine has such a place, so that no disk is measured.
fn in_memory() -> Result<TempDir, std::io::Error> {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }
}
