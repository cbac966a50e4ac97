//! Writes the files that fuzzing starts from, made from the samples: `seeds DIR` makes a folder for each target.

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
        write("scrub", name, &fuzz::small(progressive))?;
        write("verify", name, &fuzz::small(progressive))?;
    }
    // Each of the first choices is a coding.
    for choice in 0..=255 {
        write("walk", &format!("coding-{choice}"), &[0, choice, 0, 0, 0, 0, 0])?;
    }
    for (number, (_, file)) in (0..).zip(samples::coded::every_sampling()) {
        if let Ok(clean) = scrub::scrub(file.into(), &Options::default()) {
            write("verify_walk", &format!("sampling-{number}"), &clean.photo)?;
        }
    }
    for sample in samples::all() {
        let options = Options::default();
        let photo = Bytes::from(sample.bytes);
        let clean = scrub::scrub(photo.clone(), &options).map_err(io::Error::other)?;
        let inspection = scrub::inspect(&photo, &options).map_err(io::Error::other)?;
        write("scrub", sample.name, &photo)?;
        write("verify", sample.name, &clean.photo)?;
        let mut chunks = Vec::new();
        for part in inspection.parts {
            // After the marker, the length and the signature.
            let payload = |signature| photo.slice(part.offset + 4 + signature..part.offset + part.length);
            match part.kind {
                Kind::Exif => write("orientation", &format!("{}-{}", sample.name, part.offset), &payload(6))?,
                Kind::IccProfile => chunks.push(payload(12)),
                _ => {}
            }
        }
        // By their numbers, which come first: a sample may have the chunks in another order.
        chunks.sort();
        if !chunks.is_empty() {
            let profile: Vec<u8> = chunks.iter().flat_map(|chunk| chunk[2..].iter().copied()).collect();
            write("icc", sample.name, &profile)?;
        }
    }
    Ok(())
}
