//! A photo of 24 megapixels turned upright, beside jpegtran, which does no more than turn it.
//!
//! The photo is drawn and encoded by code: 6000 x 4000 pixels, a quarter of the colour samples, as cameras write it. jpegtran is
//! the one on PATH, or the one that JPEGTRAN names; its time is that of the process, reading and writing files in memory.

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use scrub::{Bytes, Options, Orientation};

use crate::spread::Spread;

const WIDTH: u16 = 6000;
const HEIGHT: u16 = 4000;
const ROUNDS: usize = 7;

pub(crate) struct Times {
    pub(crate) turn: Spread,
    /// Nothing where there is no jpegtran.
    pub(crate) jpegtran: Option<Spread>,
    /// Size of the photo, in bytes.
    pub(crate) photo: usize,
    /// The most memory the process had, in bytes.
    pub(crate) peak: u64,
}

/// Runs `program turn` and jpegtran, in turn.
pub(crate) fn by(program: &Path) -> Result<Times, Box<dyn Error>> {
    // In memory where the machine has such a folder, so that no disk is measured.
    let folder = ["/dev/shm"].into_iter().map(Path::new).find(|folder| folder.is_dir());
    let folder = tempfile::tempdir_in(folder.unwrap_or(&std::env::temp_dir()))?;
    let (file, output) = (folder.path().join("a.jpg"), folder.path().join("b.jpg"));
    let photo = photo()?;
    std::fs::write(&file, &photo)?;
    let jpegtran = std::env::var_os("JPEGTRAN").unwrap_or_else(|| "jpegtran".into());
    let (mut turn, mut beside, mut peak) = (Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        let child = Command::new(program).arg("turn").arg(&file).stderr(Stdio::inherit()).output()?;
        if !child.status.success() {
            return Err(format!("{} turn: {}", program.display(), child.status).into());
        }
        let line = String::from_utf8(child.stdout)?;
        let (time, memory) = line.trim().split_once(' ').ok_or("a round has a time and a peak")?;
        turn.push(Duration::from_nanos(time.parse()?));
        peak = peak.max(memory.parse()?);
        let start = Instant::now();
        let arguments = ["-rotate", "90", "-trim", "-copy", "none", "-outfile"];
        let ran = Command::new(&jpegtran).args(arguments).arg(&output).arg(&file).status();
        beside.extend(ran.is_ok_and(|status| status.success()).then(|| start.elapsed()));
    }
    let turn = Spread::of(turn).ok_or("no rounds")?;
    Ok(Times { turn, jpegtran: Spread::of(beside), photo: photo.len(), peak })
}

/// The child's part: nanoseconds of turning, and the peak of memory.
pub(crate) fn round(file: &Path) -> Result<(), Box<dyn Error>> {
    let photo = Bytes::from(std::fs::read(file)?);
    let start = Instant::now();
    let clean = black_box(scrub::scrub(black_box(photo), &Options::default())?);
    let took = start.elapsed();
    if !matches!(clean.report.orientation, Orientation::Rotated { .. }) {
        return Err(format!("the photo was not turned: {}", clean.report.orientation).into());
    }
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let peak: u64 = peak.trim().trim_end_matches(" kB").parse()?;
    println!("{} {}", took.as_nanos(), peak * 1024);
    Ok(())
}

/// Twenty-four megapixels, lying on their side.
pub(crate) fn photo() -> Result<Vec<u8>, Box<dyn Error>> {
    let exif = b"\xFF\xE1\0\x22Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    drawn(WIDTH, HEIGHT, 4, exif)
}

/// A picture with so many bits of noise, and `segments` behind SOI.
pub(crate) fn drawn(
    width: u16,
    height: u16,
    noise_bits: u32,
    segments: &[u8],
) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut state = 1_u32;
    let mut noise = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> (u32::BITS - noise_bits)) as f32
    };
    let mut pixels = Vec::with_capacity(usize::from(width) * usize::from(height) * 3);
    for y in 0..height {
        for x in 0..width {
            let (x, y) = (f32::from(x), f32::from(y));
            let light = 120.0 + 60.0 * (x * 0.011).sin() + 40.0 * (y * 0.017 + x * 0.003).cos();
            pixels.extend([0.0, 12.0, -20.0].map(|tint| (light + tint + noise()) as u8));
        }
    }
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, 90);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.encode(&pixels, width, height, ColorType::Rgb)?;
    jpeg.splice(2..2, segments.iter().copied());
    Ok(jpeg)
}
