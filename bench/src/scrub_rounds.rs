//! Scrub and verify of one photo, compared with a plain copy of the same bytes.
//!
//! A copy is the least that a function could do with a photo, so the ratio shows how much of its time is ours. The two
//! alternate, round by round, so that whatever slows the machine slows both. The photo is cleaned in place, as the
//! function does it: `scrub` gets the only handle. The copy goes to memory that was written to before, so that it does
//! not pay for fresh pages.
//!
//! The time depends much on which instructions of the processor the compiler may use, and a program can be built for
//! one kind of processor only. So this runs in a child process: this program itself, or the same program built as the
//! function is.

use std::error::Error;
use std::hint::black_box;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use bench::spread::Spread;
use scrub::{Bytes, Options, scrub};

const SIZE: usize = 16_800_000;
const ROUNDS: usize = 200;
const SIGILL: i32 = 4;

pub(crate) struct ScrubTimes {
    pub(crate) copy: Spread,
    pub(crate) scrub: Spread,
}

/// Runs `program scrub`. Nothing if this processor cannot run what the program was built for.
pub(crate) fn measure(program: &Path) -> Result<Option<ScrubTimes>, Box<dyn Error>> {
    let child = Command::new(program).arg("scrub").stderr(Stdio::inherit()).output();
    let child = child.map_err(|error| format!("{} does not run: {error}", program.display()))?;
    if child.status.signal() == Some(SIGILL) {
        return Ok(None);
    }
    if !child.status.success() {
        return Err(format!("{} scrub: {}", program.display(), child.status).into());
    }
    let (mut copy, mut scrub) = (Vec::new(), Vec::new());
    for line in String::from_utf8(child.stdout)?.lines() {
        let (copying, scrubbing) = line.split_once(' ').ok_or("a line is not two times")?;
        copy.push(Duration::from_nanos(copying.parse()?));
        scrub.push(Duration::from_nanos(scrubbing.parse()?));
    }
    let spread = |rounds| Spread::of(rounds).ok_or("no rounds");
    Ok(Some(ScrubTimes { copy: spread(copy)?, scrub: spread(scrub)? }))
}

/// What the child does: prints one line a round, the nanoseconds of the copy and of scrub and verify.
pub(crate) fn run() -> Result<(), Box<dyn Error>> {
    let photo = samples::large(SIZE);
    let mut copy = photo.clone();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        copy.copy_from_slice(black_box(&photo));
        black_box(&mut copy);
        let copying = start.elapsed();

        let given = Bytes::from(photo.clone());
        let start = Instant::now();
        let clean = black_box(scrub(black_box(given), &Options::default()));
        let scrubbing = start.elapsed();
        clean?;
        println!("{} {}", copying.as_nanos(), scrubbing.as_nanos());
    }
    Ok(())
}
