//! A folder of many photos, scrubbed by `ripper scrub` on all cores, compared with copying it.

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use bench::drawing;

const FILES: usize = 5_600;
/// Pictures that differ, so that not all files are in the caches of the processor.
const PICTURES: u16 = 28;

pub(crate) struct FolderTimes {
    pub(crate) scrub: Duration,
    pub(crate) copy: Duration,
    pub(crate) bytes: u64,
}

/// Both alternate, twice, and the faster one counts: what slows a disk has nothing to do with either.
pub(crate) fn measure(ripper: &Path) -> Result<FolderTimes, Box<dyn Error>> {
    // On the disk, not in memory: `ripper scrub` syncs each file.
    let folder = tempfile::tempdir_in(ripper.parent().ok_or("ripper is in no folder")?)?;
    let (photos, copies) = (folder.path().join("photos"), folder.path().join("copies"));
    let bytes = make(&photos)?;
    let (mut scrub, mut copy) = (Duration::MAX, Duration::MAX);
    for _ in 0..2 {
        let start = Instant::now();
        done(Command::new("cp").arg("-r").arg(&photos).arg(&copies))?;
        done(&mut Command::new("sync"))?;
        copy = copy.min(start.elapsed());
        std::fs::remove_dir_all(&copies)?;
        let start = Instant::now();
        done(Command::new(ripper).arg("scrub").arg(&photos).arg("--out").arg(&copies).stdout(Stdio::null()))?;
        scrub = scrub.min(start.elapsed());
        std::fs::remove_dir_all(&copies)?;
    }
    Ok(FolderTimes { scrub, copy, bytes })
}

/// Writes the photos, from 20 kB to 350 kB. Returns how many bytes they have.
fn make(folder: &Path) -> Result<u64, Box<dyn Error>> {
    std::fs::create_dir(folder)?;
    let header = crate::photos::camera_header();
    let pictures = (1..=PICTURES).map(|size| drawing::photo(size * 40 + 360, size * 30 + 270, 5, &header));
    let pictures = pictures.collect::<Result<Vec<_>, _>>()?;
    let mut bytes = 0;
    for (number, photo) in (0..FILES).zip(pictures.iter().cycle()) {
        std::fs::write(folder.join(format!("{number}.jpg")), photo)?;
        bytes += photo.len() as u64;
    }
    done(&mut Command::new("sync"))?;
    Ok(bytes)
}

fn done(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let status = command.status().map_err(|error| format!("{command:?} does not run: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?}: {status}").into()) }
}
