//! The strippers: what each is called, how it is started, how it is timed.

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use scrub::{Bytes, Options};

use crate::program::{Program, StayOpen};
use crate::runner::Runner;

/// Something that removes metadata from photos.
pub(crate) trait Stripper {
    /// Reads `photo` and writes `clean`. The error says why it could not.
    fn scrub(&mut self, photo: &Path, clean: &Path) -> Result<(), String>;

    /// The time of each of the `rounds`, after some to warm up. By default it includes reading and writing the files.
    fn times(&mut self, photo: &Path, rounds: usize) -> Result<Vec<Duration>, String> {
        let clean = photo.with_extension("clean.jpg");
        after_warm_up(rounds, || {
            let _ = std::fs::remove_file(&clean);
            let start = Instant::now();
            self.scrub(photo, &clean)?;
            Ok(start.elapsed())
        })
    }
}

const WARM_UP: usize = 2;

fn after_warm_up(
    rounds: usize,
    mut round: impl FnMut() -> Result<Duration, String>,
) -> Result<Vec<Duration>, String> {
    let mut times: Vec<_> = (0..WARM_UP + rounds).map(|_| round()).collect::<Result<_, _>>()?;
    Ok(times.split_off(WARM_UP))
}

/// A row of the table.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    /// What the time includes, if it is timed.
    pub(crate) timed: Option<&'static str>,
    /// Whether what it makes is judged. Not if it differs from the one before in speed only.
    pub(crate) is_judged: bool,
    /// Its version and the stripper itself, or why there is none.
    pub(crate) started: Result<(String, Box<dyn Stripper>), String>,
}

/// All of them, started. `python` is the one in the tools' environment.
pub(crate) fn all(python: &Path, exiftool: &Path) -> Vec<Peer> {
    let jpegtran = std::env::var_os("JPEGTRAN").unwrap_or_else(|| "jpegtran".into());
    let jpegtran = Path::new(&jpegtran);
    vec![
        // What the judge finds in the files as they are.
        Peer { timed: None, ..peer("a plain copy", "", library("", Ok)) },
        peer("this project", IN_PROCESS, library(env!("CARGO_PKG_VERSION"), with_scrub)),
        peer("img-parts, `set_exif(None)`", IN_PROCESS, library(&locked("img-parts"), with_img_parts)),
        peer("ExifTool `-all=`", PROCESS, exiftool_all(exiftool)),
        Peer {
            is_judged: false,
            ..peer("ExifTool `-all=`, `-stay_open`", "open process", StayOpen::start(exiftool))
        },
        peer("jpegtran `-copy none`", PROCESS, jpegtran_copy(jpegtran, "none")),
        peer("jpegtran `-copy icc`", PROCESS, jpegtran_copy(jpegtran, "icc")),
        peer("Pillow, `exif_transpose`, quality 95", IN_PROCESS, Runner::start(python, "pillow")),
        peer("sharp, `rotate()`, quality 95", IN_PROCESS, Runner::start(python, "sharp")),
        peer("Python `exif`, `delete_all()`", IN_PROCESS, Runner::start(python, "exif")),
    ]
}

const IN_PROCESS: &str = "in process";
const PROCESS: &str = "whole process";

fn peer<S: Stripper + 'static>(
    name: &'static str,
    timed: &'static str,
    started: Result<(String, S), String>,
) -> Peer {
    let started = started.map(|(version, stripper)| (version, Box::new(stripper) as Box<dyn Stripper>));
    Peer { name, timed: Some(timed), is_judged: true, started }
}

/// A function in this process.
struct Library(fn(Bytes) -> Result<Bytes, String>);

fn library(version: &str, scrub: fn(Bytes) -> Result<Bytes, String>) -> Result<(String, Library), String> {
    Ok((version.to_owned(), Library(scrub)))
}

impl Stripper for Library {
    fn scrub(&mut self, photo: &Path, clean: &Path) -> Result<(), String> {
        let bytes = std::fs::read(photo).map_err(|error| error.to_string())?;
        std::fs::write(clean, (self.0)(bytes.into())?).map_err(|error| error.to_string())
    }

    fn times(&mut self, photo: &Path, rounds: usize) -> Result<Vec<Duration>, String> {
        let bytes = std::fs::read(photo).map_err(|error| error.to_string())?;
        after_warm_up(rounds, || {
            let given = Bytes::from(bytes.clone());
            let start = Instant::now();
            let clean = black_box((self.0)(black_box(given))?);
            let time = start.elapsed();
            drop(clean);
            Ok(time)
        })
    }
}

fn with_scrub(photo: Bytes) -> Result<Bytes, String> {
    let clean = scrub::scrub(photo, &Options::default()).map_err(|refusal| refusal.to_string())?;
    Ok(clean.photo)
}

fn with_img_parts(photo: Bytes) -> Result<Bytes, String> {
    use img_parts::ImageEXIF;
    let mut jpeg = img_parts::jpeg::Jpeg::from_bytes(photo).map_err(|error| error.to_string())?;
    jpeg.set_exif(None);
    Ok(jpeg.encoder().bytes())
}

/// The version of a crate, from the lock file that this program was built with.
fn locked(name: &str) -> String {
    let found = include_str!("../../Cargo.lock").split_once(&format!("name = \"{name}\"\nversion = \""));
    found.and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default().to_owned()
}

fn exiftool_all(program: &Path) -> Result<(String, Program), String> {
    Program::start(program, "-ver", |program, photo, clean| {
        let mut command = Command::new(program);
        command.args(["-q", "-q", "-all=", "-o"]).arg(clean).arg(photo);
        command
    })
}

fn jpegtran_copy(program: &Path, what: &'static str) -> Result<(String, Program), String> {
    Program::start(program, "-version", move |program, photo, clean| {
        let mut command = Command::new(program);
        command.args(["-copy", what, "-outfile"]).arg(clean).arg(photo);
        command
    })
}
