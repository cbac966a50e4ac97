//! Searches for the file that takes the photo core the most time, by hill climbing: a file is a few numbers
//! ([`genes`]), the slowest of its size and outcome is kept, and changed at random.
//!
//! `just slowest MINUTES SEED`. Times are of the processor, for `scrub::scrub`, which includes verifying. What depends
//! on how a time turns out is not repeated by the same seed, so each find is printed with all its numbers, and
//! `just slowest GENES` measures it again in every size. `just slowest known` measures what is known to be slow.

mod file;
mod genes;
mod scans;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use fastrand::Rng;
use file::File;
use genes::Genes;
use rustix::time::{ClockId, clock_gettime};
use scrub::{Bytes, Clean, Options, Orientation, Refusal, scrub, verify};

/// About how large files are made, in bytes.
const SIZES: [usize; 4] = [1 << 14, 1 << 20, 16 << 20, 100 << 20];
/// What is known to be slow, to start from: what was thought of, then what was found.
const KNOWN: [&str; 22] = [
    // A sequential picture of the fewest bits, and with codes that no lookup finds.
    "scans=4",
    "scans=4 sampling=3 dc-code=15 ac-code=15",
    "scans=4 sampling=1 coefficients=63 size=10 random=255",
    // Runs of ended blocks, in first scans and in later ones.
    "coding=1 scans=100 bands=1 ac-low=13 end-run=14",
    "coding=1 scans=100 bands=63 ac-low=1 end-run=14",
    "coding=1 scans=14 bands=1 ac-low=13 end-run=14 coefficients=1 size=1 dc-size=11",
    "coding=1 scans=24 bands=1 ac-low=13 coefficients=4 size=1 run=3 random=255",
    // One bit for a block.
    "coding=1 scans=14 dc-low=13",
    "coding=2 scans=1",
    // An interval for each MCU, and something to change in each.
    "scans=1 interval=1 padding=1 surplus=1",
    "scans=1 damage=1 sampling=1 coefficients=63 size=10",
    "coding=4 bands=1 scans=4 random=255",
    // Blank progressive pictures, rotated or coded again: found in an hour.
    "coding=1 scans=14 bands=1 dc-low=2 ac-low=13 dc-size=1 size=1 end-run=14 interval=2608 orientation=8 damage=3",
    "coding=1 width=1 halved=4 scans=15 bands=1 dc-low=2 ac-low=13 dc-size=1 size=1 orientation=8 damage=3",
    "coding=1 scans=14 bands=1 dc-low=1 ac-low=13 dc-code=1 end-run=14 surplus=2 orientation=8",
    "coding=1 sampling=4 width=1 halved=1 scans=15 bands=1 dc-low=4 ac-low=13 end-run=13 orientation=8",
    "coding=1 width=3 scans=28 bands=1 ac-low=13 ac-code=1 coefficients=1 size=1 end-run=7 random=17",
    // A sequential one with short intervals, arithmetic ones, and scans that come again and again.
    "width=1 halved=4 scans=15 ac-code=11 dc-size=1 size=1 end-run=7 interval=56855 orientation=7",
    "width=1 halved=4 scans=14 dc-low=2 ac-code=10 dc-size=2 size=1 interval=56855 profile=4 orientation=7",
    "coding=4 sampling=2 halved=3 scans=12 coefficients=5 run=6 size=1 random=127 interval=2 surplus=3 orientation=7",
    "coding=4 sampling=2 scans=12 ac-low=7 coefficients=10 run=6 random=127 interval=2 surplus=3 orientation=7",
    "coding=1 sampling=1 scans=3 again=1 dc-code=2 coefficients=3 run=12 size=2 random=255 interval=1 orientation=7",
];

/// A file and how it went.
struct Find {
    genes: Genes,
    bytes: usize,
    blocks: usize,
    time: Duration,
    /// The part of it for verifying what came out.
    verifying: Duration,
    outcome: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [_, ref genes @ ..] if genes.first().is_some_and(|gene| gene.contains('=')) => {
            let genes: Genes = genes.join(" ").parse()?;
            SIZES.into_iter().for_each(|size| println!("{}", measure(&genes, size).0));
            Ok(())
        }
        [_, "known"] => {
            let mut finds = Vec::new();
            for genes in KNOWN {
                let genes = genes.parse()?;
                finds.extend(SIZES.map(|size| measure(&genes, size).0));
            }
            finds.sort_by_key(|find| find.time);
            finds.iter().rev().for_each(|find| println!("{find}"));
            Ok(())
        }
        [folder, minutes] => search(folder.as_ref(), minutes.parse()?, now()),
        [folder, minutes, seed] => search(folder.as_ref(), minutes.parse()?, seed.parse()?),
        _ => {
            Err("usage: slowest FOLDER MINUTES [SEED], slowest FOLDER GENE=VALUE..., or slowest FOLDER known; see \
                 just slowest"
                .into())
        }
    }
}

fn now() -> u64 {
    SystemTime::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_secs())
}

fn search(folder: &Path, minutes: f64, seed: u64) -> Result<(), Box<dyn Error>> {
    println!("seed {seed}");
    std::fs::create_dir_all(folder)?;
    let mut rng = Rng::with_seed(seed);
    let mut best: BTreeMap<(usize, String), Find> = BTreeMap::new();
    let mut known = KNOWN.iter().map(|genes| genes.parse::<Genes>()).collect::<Result<Vec<_>, _>>()?;
    let mut spent = [Duration::ZERO; SIZES.len()];
    let (start, mut tried) = (Instant::now(), 0);
    while start.elapsed().as_secs_f64() < minutes * 60.0 {
        let (genes, size) = match known.last() {
            // In the third size, which is quick and yet large enough for all limits.
            Some(_) => (known.pop().ok_or("checked above")?, 2),
            None => {
                let parents: Vec<&Find> = best.values().collect();
                let genes = match rng.u8(..) {
                    0..16 => Genes::random(&mut rng),
                    _ => parents[rng.usize(..parents.len())].genes.mutated(&mut rng),
                };
                // Each size gets the same time.
                (genes, (0..SIZES.len()).min_by_key(|&size| spent[size]).unwrap_or(0))
            }
        };
        let begun = Instant::now();
        let (mut find, bytes) = measure(&genes, SIZES[size]);
        let key = (size, kind(&find.outcome));
        let is_slower = |find: &Find| best.get(&key).is_none_or(|best| find.time > best.time.mul_f64(1.02));
        if is_slower(&find) {
            // Once more, in case something else slowed it.
            let again = measure(&genes, SIZES[size]).0;
            find = if again.time < find.time { again } else { find };
        }
        if is_slower(&find) {
            println!("{find}");
            std::fs::write(path(folder, &key), bytes)?;
            best.insert(key, find);
        }
        spent[size] += begun.elapsed();
        tried += 1;
    }
    println!("\nseed {seed}: {tried} files in {minutes} minutes; the slowest of each size and outcome:");
    best.values().for_each(|find| println!("{find}"));
    println!("They are in {}", folder.display());
    Ok(())
}

/// The first word of an outcome: finds of the same kind compete.
fn kind(outcome: &str) -> String {
    outcome.split([' ', ':']).next().unwrap_or_default().to_owned()
}

fn path(folder: &Path, (size, kind): &(usize, String)) -> PathBuf {
    folder.join(format!("{}-{kind}.jpg", SIZES[*size]))
}

/// Makes a file and scrubs it.
fn measure(genes: &Genes, size: usize) -> (Find, Vec<u8>) {
    let File { bytes, blocks } = File::new(genes, size);
    let (length, photo) = (bytes.len(), Bytes::copy_from_slice(&bytes));
    let begun = cpu_time();
    let result = scrub(photo, &Options::default());
    let time = cpu_time().saturating_sub(begun);
    let begun = cpu_time();
    if let Ok(clean) = &result {
        // What was rotated is not tagged, so these options are right for all.
        std::hint::black_box(verify(&clean.photo, &Options::default())).ok();
    }
    let verifying = cpu_time().saturating_sub(begun);
    let outcome = outcome(&result);
    (Find { genes: genes.clone(), bytes: length, blocks, time, verifying, outcome }, bytes)
}

fn outcome(result: &Result<Clean, Refusal>) -> String {
    match result {
        Ok(Clean { report, .. }) => match (&report.recoded, &report.orientation) {
            (None, Orientation::Rotated { .. }) => "rotated".into(),
            (None, Orientation::Tagged { not_rotated, .. }) => format!("tagged: {not_rotated:?}"),
            (None, _) => "clean".into(),
            (Some(why), Orientation::Rotated { .. }) => format!("recoded-and-rotated: {why:?}"),
            (Some(why), _) => format!("recoded: {why:?}"),
        },
        Err(refusal) => format!("refused: {refusal:?}"),
    }
}

/// What this thread has taken of the processor.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

impl std::fmt::Display for Find {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        let mib = self.bytes as f64 / f64::from(1 << 20);
        let each_block = ms(self.time) * 1e6 / self.blocks.max(1) as f64;
        write!(f, "{:8.1} ms ({:.1} verifying), {mib:.2} MiB, ", ms(self.time), ms(self.verifying))?;
        write!(f, "{:.0} ms/MiB, {:.1} M blocks, ", ms(self.time) / mib, self.blocks as f64 / 1e6)?;
        write!(f, "{each_block:.2} ns/block, {}; {}", self.outcome, self.genes)
    }
}
