//! Scrub and verify of one photo, compared with jpegtran and with a plain copy of the same bytes.
//!
//! jpegtran decodes all coefficients and codes them again, so the ratio shows what the two walks over the coded data
//! cost. Its time is that of its whole process, files in memory. A copy is the least that a function could do with a
//! photo; it goes to memory that was written to before, so that it does not pay for fresh pages. All alternate, round
//! by round, so that whatever slows the machine slows all. The photo is cleaned in place, as the function does it:
//! `scrub` gets the only handle.
//!
//! The time depends much on which instructions of the processor the compiler may use, so this runs in a child process:
//! this program, built as the function is.

use std::error::Error;
use std::hint::black_box;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use bench::machine::memory_folder;
use bench::spread::Spread;
use scrub::{Bytes, Options, Orientation, scrub, verify};

use crate::jpegtran;

const ROUNDS: usize = 9;
/// Rounds in the child process for each that it is started for.
const INNER_ROUNDS: usize = 3;
const SIGILL: i32 = 4;

pub(crate) struct ScrubTimes {
    pub(crate) copy: Spread,
    pub(crate) scrub: Spread,
    /// The part of it for verifying what came out.
    pub(crate) verify: Spread,
    /// The rest: walking the coded data, and writing.
    pub(crate) walk: Spread,
    /// Nothing if jpegtran was not asked to run.
    pub(crate) jpegtran: Option<Spread>,
    /// Size of the photo, in bytes.
    pub(crate) photo: usize,
}

/// Whether this processor can run what `program` was built for.
pub(crate) fn runs(program: &Path) -> Result<bool, Box<dyn Error>> {
    let status = Command::new(program).stderr(Stdio::null()).status();
    let status = status.map_err(|error| format!("{} does not run: {error}", program.display()))?;
    Ok(status.signal() != Some(SIGILL))
}

/// Runs `program scrub`, and jpegtran with these options if there are any.
pub(crate) fn measure(program: &Path, photo: &[u8], options: &[&str]) -> Result<ScrubTimes, Box<dyn Error>> {
    let folder = memory_folder()?;
    let (file, output) = (folder.path().join("a.jpg"), folder.path().join("b.jpg"));
    std::fs::write(&file, photo)?;
    let mut times: [Vec<Duration>; 4] = Default::default();
    let mut beside = Vec::new();
    for _ in 0..ROUNDS {
        let child = Command::new(program).arg("scrub").arg(&file).stderr(Stdio::inherit()).output()?;
        if !child.status.success() {
            return Err(format!("{} scrub: {}", program.display(), child.status).into());
        }
        for line in String::from_utf8(child.stdout)?.lines() {
            let nanoseconds: Vec<u64> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
            let [copy, scrub, verify] = nanoseconds[..] else {
                return Err("a line is not three times".into());
            };
            for (times, time) in times.iter_mut().zip([copy, scrub, verify, scrub.saturating_sub(verify)]) {
                times.push(Duration::from_nanos(time));
            }
        }
        if !options.is_empty() {
            beside.push(jpegtran::run(options, &file, &output)?);
        }
    }
    let [copy, scrub, verify, walk] = times.map(Spread::of);
    let (Some(copy), Some(scrub), Some(verify), Some(walk)) = (copy, scrub, verify, walk) else {
        return Err("no rounds".into());
    };
    Ok(ScrubTimes { copy, scrub, verify, walk, jpegtran: Spread::of(beside), photo: photo.len() })
}

/// What the child does: prints one line a round, the nanoseconds of the copy, of scrub and verify, and of verify.
pub(crate) fn run(file: &Path) -> Result<(), Box<dyn Error>> {
    let photo = std::fs::read(file)?;
    let mut copy = photo.clone();
    for _ in 0..INNER_ROUNDS {
        let start = Instant::now();
        copy.copy_from_slice(black_box(&photo));
        black_box(&mut copy);
        let copying = start.elapsed();

        let given = Bytes::from(photo.clone());
        let start = Instant::now();
        let clean = black_box(scrub(black_box(given), &Options::default()));
        let scrubbing = start.elapsed();
        let clean = clean?;
        if clean.report.recoded.is_some() || matches!(clean.report.orientation, Orientation::Tagged { .. }) {
            return Err("the photo was coded again, or tagged".into());
        }

        let start = Instant::now();
        black_box(verify(black_box(&clean.photo), &Options::default()))?;
        println!("{} {} {}", copying.as_nanos(), scrubbing.as_nanos(), start.elapsed().as_nanos());
    }
    Ok(())
}
