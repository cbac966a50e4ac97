//! Asks before something that cannot be undone.

use std::io::{self, IsTerminal, Write};

use crate::failure::Failure;
use crate::text;

/// Nobody can be asked.
#[derive(Debug, thiserror::Error)]
#[error("nothing was done: there is no terminal to ask on; look at what is listed, and add --yes")]
struct NoTerminal;

/// Whether `expected` is typed after the question. An error where there is no terminal.
pub(crate) fn confirm(question: &str, expected: &str) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::CommandLine(Box::new(NoTerminal)));
    }
    let mut out = io::stdout().lock();
    write!(out, "{question} Type {}: ", text::printable(expected))?;
    out.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    let is_expected = answer.trim_end_matches(['\r', '\n']) == expected;
    if !is_expected {
        writeln!(out, "nothing was done")?;
    }
    Ok(is_expected)
}
