//! Speed, memory and size of what is deployed, as one table.
//!
//! Everything is measured in one run: the zip's own `bootstrap`, and the photo core built with the function's settings.
//! `docs/benchmarks.md` explains the rows. Nothing here fails because it is slow.

mod folder;
mod function;
mod http;
mod jpegtran;
mod photos;
mod process;
mod report;
mod rotate;
mod scrub_rounds;
mod stub;
mod tls;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use bench::drawing::{self, exif_with_orientation};
use bench::machine;
use indicatif::{ProgressBar, ProgressStyle};
use report::{BASELINE, PROGRESSIVE, Report};

const USAGE: &str = "usage: bench ZIP BOOTSTRAP AS_THE_FUNCTION RIPPER PYTHON; run it with: just bench. BOOTSTRAP is \
                     the program in ZIP, AS_THE_FUNCTION is this program built with the function's settings";

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let result = match arguments[..] {
        // What the child processes do.
        ["scrub", file] => scrub_rounds::run(file.as_ref()),
        ["rotate", file] => rotate::run(file.as_ref()),
        [zip, bootstrap, as_the_function, ripper, python] => run(&Programs {
            zip: zip.as_ref(),
            bootstrap: bootstrap.as_ref(),
            as_the_function: as_the_function.as_ref(),
            ripper: ripper.as_ref(),
            python: python.as_ref(),
        }),
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

/// What is measured, and what with.
struct Programs<'a> {
    zip: &'a Path,
    bootstrap: &'a Path,
    as_the_function: &'a Path,
    ripper: &'a Path,
    python: &'a Path,
}

fn run(programs: &Programs) -> Result<(), Box<dyn Error>> {
    // First, while the load is not yet our own.
    let machine = machine::describe();
    if !scrub_rounds::runs(programs.as_the_function)? {
        return Err("this processor cannot run the code that the function is built with".into());
    }
    let bar = ProgressBar::new(9);
    bar.set_style(ProgressStyle::with_template("{msg} {wide_bar} {pos} of {len}")?);
    let step = |what: &'static str| {
        bar.set_message(what);
        bar.inc(1);
    };
    let mut report = Report::new();
    photo_core(programs.as_the_function, &mut report, step)?;
    function(programs, &mut report, step).map_err(|error| {
        format!("{error}; the function's log is {}", programs.bootstrap.with_extension("log").display())
    })?;
    step("a folder of photos");
    report.folder(&folder::measure(programs.ripper)?);
    bar.finish_and_clear();

    println!("{machine}\n\n{report}");
    Ok(())
}

fn photo_core(
    program: &Path,
    report: &mut Report,
    step: impl Fn(&'static str),
) -> Result<(), Box<dyn Error>> {
    let header = photos::camera_header();
    let photos = [("12 MP", photos::megapixels_12(&header)?), ("24 MP", photos::megapixels_24(&header)?)];
    step("baseline photos");
    for (what, photo) in &photos {
        let times = scrub_rounds::measure(program, photo, &jpegtran::COPY)?;
        report.scrub(&format!("{what}, baseline"), BASELINE, &times);
    }
    step("progressive photos");
    for (what, photo) in &photos {
        let times = scrub_rounds::measure(program, &photos::progressive(photo)?, &jpegtran::COPY)?;
        report.scrub(&format!("{what}, progressive"), PROGRESSIVE, &times);
    }
    step("metadata");
    report.metadata(&scrub_rounds::measure(program, &photos::metadata(16_800_000)?, &[])?);
    step("rotation");
    let sideways = drawing::photo(6000, 4000, 4, &exif_with_orientation(6))?;
    report.rotate("24 MP, baseline,", &rotate::measure(program, &sideways, "-optimize")?);
    let sideways = photos::progressive(&sideways)?;
    report.rotate("24 MP, progressive,", &rotate::measure(program, &sideways, "-progressive")?);
    Ok(())
}

fn function(
    programs: &Programs,
    report: &mut Report,
    step: impl Fn(&'static str),
) -> Result<(), Box<dyn Error>> {
    let header = photos::camera_header();
    step("starts");
    report.start(function::starts(programs.bootstrap)?);
    step("warm photos");
    let photo = photos::megapixels_12(&header)?;
    report.warm(photo.len(), &function::warm(programs.bootstrap, photo.clone())?);
    step("warm photos, also in Python");
    let smaller = photos::of_1_7_mb(&header)?;
    report.cpu(smaller.len(), &function::cpu(programs.bootstrap, programs.python, &smaller)?);
    step("memory");
    report.memory(&function::memory(programs.bootstrap, photo)?);
    let error = |error| format!("{}: {error}", programs.zip.display());
    report.zip(std::fs::metadata(programs.zip).map_err(error)?.len());
    Ok(())
}
