//! Other metadata strippers, compared with the photo core: what they leave in photos, and how long they take.
//! `docs/benchmarks.md` explains the columns.

mod comparison;
mod exiftool;
mod files;
mod judge;
mod picture;
mod program;
mod runner;
mod strippers;
mod table;
mod walk;

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "usage: peers PYTHON EXIFTOOL [PHOTO ...]; run it with: just peers";

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(python), Some(exiftool)) = (arguments.next(), arguments.next()) else {
        eprintln!("peers: {USAGE}");
        return ExitCode::from(2);
    };
    let photos: Vec<_> = arguments.collect();
    match comparison::run(&python, &exiftool, &photos) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("peers: {error}");
            ExitCode::FAILURE
        }
    }
}
