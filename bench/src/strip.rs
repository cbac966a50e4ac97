//! Strip and verify of one photo beside a plain copy of the same bytes.
//!
//! A copy is the least that a function could do with a photo, so the ratio tells how much of its time is ours. Both run in
//! turn, round by round, so that whatever slows the machine slows both. The photo is cleaned in place, as the function does
//! it: `scrub` gets the only handle. The copy goes to memory that has been written to before, so that it does not pay for
//! fresh pages.
//!
//! What the compiler may use of the processor decides much of the time, and one program can be built for one processor
//! only. So this runs in a child: this program itself, or the same program built as the function is.

use std::error::Error;
use std::hint::black_box;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use scrub::{Bytes, Options, scrub};

use crate::spread::Spread;

const SIZE: usize = 16_800_000;
const ROUNDS: usize = 200;
const SIGILL: i32 = 4;

pub(crate) struct Times {
    pub(crate) copy: Spread,
    pub(crate) strip: Spread,
}

/// Runs `program strip`. Nothing where this processor cannot run what the program was built for.
pub(crate) fn by(program: &Path) -> Result<Option<Times>, Box<dyn Error>> {
    let child = Command::new(program).arg("strip").stderr(Stdio::inherit()).output();
    let child = child.map_err(|error| format!("{} does not run: {error}", program.display()))?;
    if child.status.signal() == Some(SIGILL) {
        return Ok(None);
    }
    if !child.status.success() {
        return Err(format!("{} strip: {}", program.display(), child.status).into());
    }
    let (mut copy, mut strip) = (Vec::new(), Vec::new());
    for line in String::from_utf8(child.stdout)?.lines() {
        let (one, other) = line.split_once(' ').ok_or("a round has two times")?;
        copy.push(Duration::from_nanos(one.parse()?));
        strip.push(Duration::from_nanos(other.parse()?));
    }
    let spread = |rounds| Spread::of(rounds).ok_or("no rounds");
    Ok(Some(Times { copy: spread(copy)?, strip: spread(strip)? }))
}

/// The child's part: a line a round, nanoseconds of the copy and of strip and verify.
pub(crate) fn rounds() -> Result<(), Box<dyn Error>> {
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
        let stripping = start.elapsed();
        clean?;
        println!("{} {}", copying.as_nanos(), stripping.as_nanos());
    }
    Ok(())
}
