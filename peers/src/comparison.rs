//! Gives all strippers the same files and judges what comes out, in one run.
//!
//! None of the judging is done by the photo core: ExifTool and a walk over the segments find what is left in a photo,
//! decoders find what happened to its picture.

use std::collections::HashMap;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use bench::machine;
use indicatif::{ProgressBar, ProgressStyle};

use crate::exiftool::{self, Tags};
use crate::files::{self, File};
use crate::judge::judge;
use crate::strippers::{self, Peer};
use crate::table::{self, FileFindings, PeerFindings, PeerTimes};

/// Every finding, one line for each file and stripper.
const DETAILS: &str = "target/peers.tsv";
const ROUNDS: usize = 11;

/// Prints the tables for the files made by code and, if some are given, for `photos`.
pub(crate) fn run(python: &Path, exiftool: &Path, photos: &[PathBuf]) -> Result<(), Box<dyn Error>> {
    // First, while the load is not yet our own.
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
    let mut details = "file\tstripper\tfindings\n".to_owned();
    for (what, files) in [("made by code", &made), ("given", &given)] {
        if !files.is_empty() {
            let rows = findings(&mut peers, files, exiftool, &bar, &mut details)?;
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
    println!("{text}\nEvery finding is in {DETAILS}.");
    Ok(())
}

/// Lets all strippers run over the files, and judges what they made.
fn findings(
    peers: &mut [Peer],
    files: &[File],
    exiftool: &Path,
    bar: &ProgressBar,
    details: &mut String,
) -> Result<Vec<(&'static str, PeerFindings)>, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let originals = folder.path().join("originals");
    fs::create_dir(&originals)?;
    for (i, file) in files.iter().enumerate() {
        fs::write(originals.join(file_name(i)), &file.bytes)?;
    }
    let before = exiftool::tags_of(exiftool, &originals)?;
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
        let mut results = Vec::new();
        for i in 0..files.len() {
            results.push(stripper.scrub(&originals.join(file_name(i)), &cleaned.join(file_name(i))));
            bar.inc(1);
        }
        let after = exiftool::tags_of(exiftool, &cleaned)?;
        let found = judge_all(files, results, &cleaned, &before, &after);
        let found = found.map_err(|error| format!("{}: {error}", peer.name))?;
        bar.inc(files.len() as u64);
        for (file, found) in files.iter().zip(&found) {
            writeln!(details, "{}\t{}\t{found:?}", file.name, peer.name)?;
        }
        fs::remove_dir_all(cleaned)?;
        rows.push((peer.name, Ok(found)));
    }
    Ok(rows)
}

/// Judges what one stripper made of the files.
fn judge_all(
    files: &[File],
    results: Vec<Result<(), String>>,
    cleaned: &Path,
    before: &HashMap<String, Tags>,
    after: &HashMap<String, Tags>,
) -> Result<Vec<FileFindings>, Box<dyn Error>> {
    let mut all = Vec::new();
    for (i, (file, result)) in files.iter().zip(results).enumerate() {
        let name = file_name(i);
        all.push(match result {
            Ok(()) => {
                let tags = before.get(&name).zip(after.get(&name));
                let (before, after) =
                    tags.ok_or_else(|| format!("ExifTool reported nothing about {}", file.name))?;
                Ok(judge(file, before, &fs::read(cleaned.join(&name))?, after))
            }
            Err(why) => Err(why),
        });
    }
    Ok(all)
}

/// The table of times.
fn times(peers: &mut [Peer], photos: &[File], bar: &ProgressBar) -> Result<String, Box<dyn Error>> {
    let folder = machine::memory_folder()?;
    let names: Vec<_> = photos.iter().map(|photo| photo.name.as_str()).collect();
    for (i, photo) in photos.iter().enumerate() {
        fs::write(folder.path().join(file_name(i)), &photo.bytes)?;
    }
    let mut rows = Vec::new();
    for peer in peers {
        let (Some(timed), Ok((_, stripper))) = (peer.timed, &mut peer.started) else { continue };
        bar.set_message(peer.name);
        let times = (0..photos.len()).map(|i| {
            bar.inc(1);
            stripper.times(&folder.path().join(file_name(i)), ROUNDS)
        });
        rows.push(PeerTimes { name: peer.name, timed, photos: times.collect() });
    }
    Ok(table::times(&names, &rows))
}

fn file_name(number: usize) -> String {
    format!("{number:04}.jpg")
}
