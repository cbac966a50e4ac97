//! `ripper`, the operator's tool of exif-ripper. It scrubs and inspects photos on this machine with the photo core, the
//! crate `scrub`, which also runs in the function. It tests a deployed stack from the outside, as its users see it, and
//! acts on what failed, is missing, or is to be forgotten.

mod atomic_write;
mod batch_operations;
mod bucket_listing;
mod cli;
mod clients;
mod commands;
mod compare;
mod confirm;
mod failure;
mod function;
mod interrupt;
mod metadata_values;
mod operator;
mod photo_file;
mod photo_key;
mod photo_search;
mod queue;
mod real_path;
mod removed;
mod s3_actions;
mod settings;
mod stack;
mod stack_session;
mod table;
mod text;

use std::process::ExitCode;

use clap::Parser;
use cli::{Cli, Command};
use failure::{Failure, RunResult};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return cli::explain(&error),
    };
    match run(&cli.command) {
        Ok(result) => result.into(),
        Err(failure) => {
            // The program that reads our output has closed it, and needs no message about that.
            if !failure.is_broken_pipe() {
                eprintln!("ripper: {}", text::printable(&failure.to_string()));
            }
            // Ctrl-C also reaches the programs that we run, such as pulumi, and then shows as an error of theirs.
            if interrupt::was_interrupted() { ExitCode::from(130) } else { failure.exit_code() }
        }
    }
}

fn run(command: &Command) -> Result<RunResult, Failure> {
    interrupt::listen()?;
    match command {
        Command::Scrub(args) => commands::scrub::run(args),
        Command::Inspect(args) => commands::inspect::run(args),
        Command::Report(args) => commands::report::run(args),
        Command::Verify(args) => commands::verify::run(args),
        Command::Smoke(args) => stack_session::block_on(commands::smoke::run(args)),
        Command::Load(args) => stack_session::block_on(commands::load::run(args)),
        Command::Access(args) => stack_session::block_on(commands::access::run(args)),
        Command::Audit(args) => stack_session::block_on(commands::audit::run(args)),
        Command::Backfill(args) => stack_session::block_on(commands::backfill::run(args)),
        Command::Failures(args) => stack_session::block_on(commands::waiting::failures(args)),
        Command::Refusals(args) => stack_session::block_on(commands::waiting::refusals(args)),
        Command::Redrive(args) => stack_session::block_on(commands::waiting::redrive(args)),
        Command::Dismiss(args) => stack_session::block_on(commands::waiting::dismiss(args)),
        Command::Forget(args) => stack_session::block_on(commands::forget::run(args)),
        Command::Restore(args) => stack_session::block_on(commands::restore::run(args)),
        Command::Completions(args) => commands::completions::run(args),
        Command::Man(_) => commands::man::run(),
    }
}
