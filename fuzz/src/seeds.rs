//! Writes what fuzzing starts from, made from the samples: `seeds DIR` makes a folder for each target.

use std::path::Path;
use std::{env, fs, io};

use scrub::{Bytes, Kind, Options};

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).expect("give a folder: seeds DIR");
    let folder = Path::new(&folder);
    let write = |target: &str, name: &str, bytes: &[u8]| {
        let folder = folder.join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), bytes)
    };
    for (name, progressive) in [("small", false), ("small-progressive", true)] {
        write("strip", name, &fuzz::small(progressive))?;
        write("verify", name, &fuzz::small(progressive))?;
    }
    for sample in samples::all() {
        let options = Options::default();
        let photo = Bytes::from(sample.bytes);
        let clean = scrub::scrub(photo.clone(), &options).map_err(io::Error::other)?;
        let inspection = scrub::inspect(&photo, &options).map_err(io::Error::other)?;
        write("strip", sample.name, &photo)?;
        write("verify", sample.name, &clean.photo)?;
        for part in inspection.parts {
            // Behind marker and length, and behind the signature.
            let payload = |signature| photo.slice(part.offset + 4 + signature..part.offset + part.length);
            let name = format!("{}-{}", sample.name, part.offset);
            match part.kind {
                Kind::Exif => write("orientation", &name, &payload(6))?,
                Kind::IccProfile => write("icc", &name, &payload(14))?,
                _ => {}
            }
        }
    }
    Ok(())
}
