//! Speed, memory and size of what is deployed, as one table.
//!
//! Everything is measured in one run: the zip's own `bootstrap`, and the photo core built with the function's settings.
//! `docs/benchmarks.md` explains the rows. Nothing here fails because it is slow.

mod function;
mod http;
mod report;
mod rotate;
mod scrub_rounds;
mod stub;
mod tls;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use bench::machine;
use indicatif::{ProgressBar, ProgressStyle};
use report::Report;

const USAGE: &str = "usage: bench ZIP BOOTSTRAP AS_THE_FUNCTION; run it with: just bench. BOOTSTRAP is the program in \
                     ZIP, AS_THE_FUNCTION is this program built with the function's settings";

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let result = match arguments[..] {
        // What the child processes do.
        ["scrub"] => scrub_rounds::run(),
        ["rotate", file] => rotate::run(file.as_ref()),
        [zip, bootstrap, as_the_function] => run(zip.as_ref(), bootstrap.as_ref(), as_the_function.as_ref()),
        _ => {
            eprintln!("bench: {USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(zip: &Path, bootstrap: &Path, as_the_function: &Path) -> Result<(), Box<dyn Error>> {
    // First, while the load is not yet our own.
    let machine = machine::describe();
    let bar = ProgressBar::new(6);
    bar.set_style(ProgressStyle::with_template("{msg} {wide_bar} {pos} of {len}")?);
    let step = |what: &'static str| {
        bar.set_message(what);
        bar.inc(1);
    };
    let mut report = Report::new();

    step("scrub and verify, as the function is built");
    let deployed = scrub_rounds::measure(as_the_function)?;
    report.scrub("as the function is built", deployed.as_ref());
    step("scrub and verify, built for any processor");
    let portable = scrub_rounds::measure(&std::env::current_exe()?)?;
    report.scrub("built for any processor", portable.as_ref());
    // If this processor cannot run the benchmark, it cannot run the function either.
    if deployed.is_some() {
        let with_log = |error: Box<dyn Error>| {
            format!("{error}; the function's log is {}", bootstrap.with_extension("log").display())
        };
        step("24 megapixels rotated");
        report.rotate(&rotate::measure(as_the_function)?);
        step("starts");
        report.start(function::starts(bootstrap).map_err(with_log)?);
        step("warm photos");
        report.warm(&function::warm(bootstrap, 2_500_000).map_err(with_log)?);
        step("a large photo");
        report.memory(&function::memory(bootstrap).map_err(with_log)?);
    }
    let size = std::fs::metadata(zip).map_err(|error| format!("{}: {error}", zip.display()))?.len();
    report.zip(size);
    bar.finish_and_clear();

    println!("{machine}\n\n{report}");
    Ok(())
}
