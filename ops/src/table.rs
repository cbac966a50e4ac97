//! Tables for people: on a terminal they have colours and its width; elsewhere a fixed width that fits a log.

use std::io::{self, IsTerminal, Write};

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, CellAlignment, Color, ContentArrangement, Table};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The colour of a cell on a terminal. The text always says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Good,
    Bad,
    Faint,
}

/// Width in characters where there is no terminal.
const WIDTH: u16 = 120;

/// An empty table with these column headings.
pub(crate) fn new(headings: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_header(headings.to_vec());
    table.set_content_arrangement(ContentArrangement::Dynamic);
    let terminal = io::stdout().is_terminal();
    // Some terminals, such as those of containers, do not know their width and say 0.
    if !terminal || table.width().is_none_or(|width| width == 0) {
        table.set_width(WIDTH);
    }
    if !terminal || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        table.force_no_tty();
    }
    table
}

/// A cell with a colour. The text must be printable.
pub(crate) fn toned(text: impl Into<String>, tone: Tone) -> Cell {
    let color = match tone {
        Tone::Good => Color::Green,
        Tone::Bad => Color::Red,
        Tone::Faint => Color::DarkGrey,
    };
    Cell::new(text.into()).fg(color)
}

/// A cell with a number or a size, aligned right.
pub(crate) fn number(text: impl Into<String>) -> Cell {
    Cell::new(text.into()).set_alignment(CellAlignment::Right)
}

/// Writes the table to standard output, without trailing blanks.
pub(crate) fn print(table: &Table) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{}", table.trim_fmt())
}

/// A progress bar on standard error, shown on a terminal only.
pub(crate) fn progress(steps: usize, what: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(steps as u64), ProgressDrawTarget::stderr());
    // The template is fixed. If the library stopped accepting it, the bar would keep its default style.
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos} of {len}, {eta} left") {
        bar.set_style(style);
    }
    let bar = bar.with_message(what.to_owned());
    bar.tick();
    bar
}

/// The same for work whose length is not known.
pub(crate) fn counter(what: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{msg} {spinner} {human_pos}, {per_sec}, {elapsed}") {
        bar.set_style(style);
    }
    let bar = bar.with_message(what.to_owned());
    bar.tick();
    bar
}
