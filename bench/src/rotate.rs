//! A photo that is scrubbed and rotated upright, compared with jpegtran, which only rotates it.
//!
//! jpegtran's time is that of the whole process, which reads and writes files in memory.

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use bench::machine::{memory_folder, peak_memory};
use bench::spread::Spread;
use scrub::{Bytes, Options, Orientation};

use crate::jpegtran;

const ROUNDS: usize = 7;

pub(crate) struct RotateTimes {
    pub(crate) rotate: Spread,
    pub(crate) jpegtran: Spread,
    /// Size of the photo, in bytes.
    pub(crate) photo: usize,
    /// The most memory the process had, in bytes.
    pub(crate) peak: u64,
}

/// Runs `program rotate` and jpegtran, alternating. `coding` are jpegtran's options for writing it as it was coded.
pub(crate) fn measure(program: &Path, photo: &[u8], coding: &str) -> Result<RotateTimes, Box<dyn Error>> {
    let folder = memory_folder()?;
    let (file, output) = (folder.path().join("a.jpg"), folder.path().join("b.jpg"));
    std::fs::write(&file, photo)?;
    let (mut rotate, mut beside, mut peak) = (Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        let child = Command::new(program).arg("rotate").arg(&file).stderr(Stdio::inherit()).output()?;
        if !child.status.success() {
            return Err(format!("{} rotate: {}", program.display(), child.status).into());
        }
        let line = String::from_utf8(child.stdout)?;
        let (time, memory) = line.trim().split_once(' ').ok_or("a line is not a time and a peak")?;
        rotate.push(Duration::from_nanos(time.parse()?));
        peak = peak.max(memory.parse()?);
        let options = ["-rotate", "90", "-trim", coding, "-copy", "none"];
        beside.push(jpegtran::run(&options, &file, &output)?);
    }
    let (Some(rotate), Some(jpegtran)) = (Spread::of(rotate), Spread::of(beside)) else {
        return Err("no rounds".into());
    };
    Ok(RotateTimes { rotate, jpegtran, photo: photo.len(), peak })
}

/// What the child does: prints the nanoseconds of one rotation, and the peak of memory in bytes.
pub(crate) fn run(file: &Path) -> Result<(), Box<dyn Error>> {
    let photo = Bytes::from(std::fs::read(file)?);
    let start = Instant::now();
    let clean = black_box(scrub::scrub(black_box(photo), &Options::default())?);
    let time = start.elapsed();
    if !matches!(clean.report.orientation, Orientation::Rotated { .. }) {
        return Err(format!("the photo was not rotated: {}", clean.report.orientation).into());
    }
    println!("{} {}", time.as_nanos(), peak_memory("self")?);
    Ok(())
}
