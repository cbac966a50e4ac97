//! `ripper`, the operator's tool of exif-ripper: it cleans and inspects photos on this machine with the same core that
//! runs in the function, and tries a deployed stack from the outside, as its users see it.

mod access;
mod atomic;
mod cli;
mod clients;
mod failure;
mod inspect;
mod interrupt;
mod live;
mod photos;
mod probes;
mod same;
mod smoke;
mod sources;
mod stack;
mod strip;
mod table;
mod text;
mod values;

use std::process::ExitCode;

use clap::Parser;
use cli::{Cli, Command};
use failure::{Failure, Verdict};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return cli::explain(&error),
    };
    match run(&cli.command) {
        Ok(verdict) => verdict.into(),
        Err(failure) => {
            // Whoever reads our output has had enough of it; that is no news to them.
            if !failure.is_broken_pipe() {
                eprintln!("ripper: {}", text::printable(&failure.to_string()));
            }
            // Ctrl-C reaches what we run as well, pulumi for instance, and shows as an error of theirs.
            if interrupt::hit() { ExitCode::from(130) } else { failure.exit_code() }
        }
    }
}

fn run(command: &Command) -> Result<Verdict, Failure> {
    interrupt::listen()?;
    match command {
        Command::Strip(args) => strip::run(args),
        Command::Inspect(args) => inspect::run(args),
        Command::Smoke(args) => live::block_on(smoke::run(args)),
        Command::Access(args) => live::block_on(access::run(args)),
    }
}
