//! `ripper man`: one manual page with all commands, made from the same text as their help.

use std::io::{self, Write};

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use crate::cli::Cli;
use crate::failure::{Failure, RunResult};

/// Prints the page.
pub(crate) fn run() -> Result<RunResult, Failure> {
    let mut ripper = Cli::command();
    ripper.build();
    let mut page = Vec::new();
    let man = Man::new(ripper.clone()).manual("exif-ripper");
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    more(&ripper, "SH", &mut page)?;
    for command in ripper.get_subcommands().filter(|command| command.get_name() != "help") {
        section(command, &mut page)?;
    }
    io::stdout().lock().write_all(&page)?;
    Ok(RunResult::Ok)
}

/// What would be the page of a command alone, as one section of ripper's.
fn section(command: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    let man = Man::new(command.clone());
    let mut parts = Vec::new();
    man.render_synopsis_section(&mut parts)?;
    man.render_description_section(&mut parts)?;
    man.render_options_section(&mut parts)?;
    let mut heading = Roff::new();
    heading.control("SH", [format!("ripper {}", command.get_name()).as_str()]);
    heading.to_writer(page)?;
    page.extend(String::from_utf8_lossy(&parts).replace("\n.SH ", "\n.SS ").bytes());
    more(command, "SS", page)
}

/// The examples, JSON fields and exit codes below the help. Their columns stay as they are.
fn more(command: &Command, level: &str, page: &mut Vec<u8>) -> io::Result<()> {
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let mut roff = Roff::new();
    roff.control(level, ["MORE"]).control("nf", []);
    for line in text.lines() {
        roff.text([roman(line)]);
    }
    roff.control("fi", []).to_writer(page)
}
