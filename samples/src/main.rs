//! Writes the sample photos into a folder: `cargo run -p samples -- DIR`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs, io};

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let (Some(folder), None) = (arguments.next(), arguments.next()) else {
        eprintln!("give one folder to write the sample photos to: cargo run -p samples -- DIR");
        return ExitCode::from(2);
    };
    match write(&PathBuf::from(&folder)) {
        Ok(count) => {
            println!("{count} sample photos in {}", folder.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("cannot write to {}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &std::path::Path) -> io::Result<usize> {
    let samples = samples::all();
    for sample in &samples {
        let path = folder.join(sample.key);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, &sample.bytes)?;
    }
    Ok(samples.len())
}
