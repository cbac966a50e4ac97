//! `ripper completions`: what a shell needs to complete ripper's command line.

use std::io::{self, Write};

use clap::CommandFactory;

use crate::cli::{Cli, CompletionsArgs};
use crate::failure::{Failure, RunResult};

/// Prints the script.
pub(crate) fn run(args: &CompletionsArgs) -> Result<RunResult, Failure> {
    // Into memory first: clap_complete panics if it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "ripper", &mut script);
    io::stdout().lock().write_all(&script)?;
    Ok(RunResult::Ok)
}
