//! Asks before something that cannot be undone.

use std::io::{self, IsTerminal};

use crate::failure::Failure;
use crate::{interrupt, text};

/// Nobody can be asked.
#[derive(Debug, thiserror::Error)]
#[error("nothing was done: there is no terminal to ask on; look at what is listed, and add --yes")]
struct NoTerminal;

/// Whether `expected` is typed after the question. An error where there is no terminal.
pub(crate) fn confirm(question: &str, expected: &str) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::CommandLine(Box::new(NoTerminal)));
    }
    // Not standard output, which may be JSON.
    let printed = text::printable(expected);
    eprint!("{question} Type {printed}: ");
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    if interrupt::was_interrupted() {
        return Err(Failure::Interrupted("nothing was done".to_owned()));
    }
    let answer = answer.trim_end_matches(['\r', '\n']);
    let is_expected = answer == expected || answer == printed;
    if !is_expected {
        eprintln!("nothing was done");
    }
    Ok(is_expected)
}
