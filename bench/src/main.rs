//! Speed, memory and size, as one table; and other strippers beside the photo core, as some more.
//!
//! Everything is measured in one run, on what is deployed: the zip's own `bootstrap`, and the photo core built with the function's
//! settings. `docs/benchmarks.md` says what the rows mean. Nothing here fails for being slow.

mod function;
mod http;
mod machine;
mod peers;
mod report;
mod spread;
mod strip;
mod stub;
mod tls;
mod turn;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use report::Report;

const USAGE: &str = "arguments are ZIP, the BOOTSTRAP out of it, and this program AS_THE_FUNCTION is built; run it with: just bench. Or peers, PYTHON, EXIFTOOL \
                     and PHOTOS; run it with: just peers";

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["strip"] => strip::rounds(),
        ["turn", file] => turn::round(file.as_ref()),
        ["peers", python, exiftool, ref photos @ ..] => {
            let photos: Vec<_> = photos.iter().map(Into::into).collect();
            peers::run(python.as_ref(), exiftool.as_ref(), &photos)
        }
        [zip, bootstrap, as_the_function] => run(zip.as_ref(), bootstrap.as_ref(), as_the_function.as_ref()),
        _ => {
            eprintln!("bench: {USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(zip: &Path, bootstrap: &Path, as_the_function: &Path) -> Result<(), Box<dyn Error>> {
    // Before the load is our own.
    let machine = machine::describe();
    let bar = ProgressBar::new(6);
    bar.set_style(ProgressStyle::with_template("{msg} {wide_bar} {pos} of {len}")?);
    let step = |what: &'static str| {
        bar.set_message(what);
        bar.inc(1);
    };
    let mut report = Report::new();

    step("strip and verify, as the function is built");
    let deployed = strip::by(as_the_function)?;
    report.strip("as the function is built", deployed.as_ref());
    step("strip and verify, plain");
    report.strip("built for any processor", strip::by(&std::env::current_exe()?)?.as_ref());
    // What this processor cannot run as a benchmark, it cannot run as a function either.
    if deployed.is_some() {
        let told = |error: Box<dyn Error>| {
            format!("{error}; the function's log is {}", bootstrap.with_extension("log").display())
        };
        step("24 megapixels turned");
        report.turn(&turn::by(as_the_function)?);
        step("starts");
        report.start(function::starts(bootstrap).map_err(told)?);
        step("warm photos");
        report.warm(&function::warm(bootstrap, 2_500_000).map_err(told)?);
        step("a large photo");
        report.memory(&function::memory(bootstrap).map_err(told)?);
    }
    let size = std::fs::metadata(zip).map_err(|error| format!("{}: {error}", zip.display()))?.len();
    report.zip(size);
    bar.finish_and_clear();

    println!("{machine}\n\n{report}");
    Ok(())
}
