//! What an audit can find, and how it is shown.

use std::collections::BTreeMap;
use std::io::{self, Write};

use comfy_table::Cell;
use serde::{Deserialize, Serialize};
use strum::Display;

use crate::table::{self, Tone};
use crate::text;

/// The most rows of a table. All of them are in the JSON lines.
const ROWS: usize = 100;

/// How a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub(crate) enum Finding {
    /// B has no copy of the photo.
    Missing,
    /// B's copy is of an earlier original.
    Older,
    /// Another core, or other settings, have made B's copy.
    Stale,
    /// B's copy is not clean.
    Unclean,
    /// The function did not write B's object.
    Foreign,
    /// A has no original, and deletes are followed.
    Extra,
    /// The photo cannot be cleaned.
    Refused,
    /// The original has just changed.
    Pending,
    /// The function is not called for the key.
    Ignored,
    /// A has no original, and the stack keeps the copy.
    Kept,
    /// B has the clean copy of the original.
    Right,
}

impl Finding {
    pub(crate) fn is_wrong(self) -> bool {
        matches!(
            self,
            Self::Missing | Self::Older | Self::Stale | Self::Unclean | Self::Foreign | Self::Extra
        )
    }
}

/// A finding about a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) finding: Finding,
    /// What is wrong with the bytes, by kind and offset.
    pub(super) problem: Option<String>,
}

impl From<Finding> for Found {
    fn from(finding: Finding) -> Self {
        Self { finding, problem: None }
    }
}

#[derive(Debug, Serialize)]
struct Row {
    key: String,
    finding: Finding,
    problem: Option<String>,
}

/// All findings, counted. Of those that are wrong the first ones are kept for a table.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Findings {
    counts: BTreeMap<Finding, u64>,
    #[serde(skip)]
    rows: Vec<Row>,
}

impl Findings {
    /// Counts a finding, and writes its JSON line.
    pub(super) fn add(&mut self, key: String, found: Found, json: bool) -> io::Result<()> {
        let Found { finding, problem } = found;
        let count = self.counts.entry(finding).or_default();
        *count = count.saturating_add(1);
        let row = Row { key, finding, problem };
        if json && !matches!(finding, Finding::Right | Finding::Kept) {
            text::json_line(&mut io::stdout().lock(), &row)?;
        }
        if finding.is_wrong() && self.rows.len() < ROWS {
            self.rows.push(row);
        }
        Ok(())
    }

    /// How many are wrong.
    pub(crate) fn wrong(&self) -> u64 {
        self.counts.iter().filter(|(finding, _)| finding.is_wrong()).map(|(_, count)| count).sum()
    }

    /// Prints the counts, and for people a table of what is wrong.
    pub(crate) fn show(&self, json: bool) -> io::Result<()> {
        if json {
            return text::json_line(&mut io::stdout().lock(), self);
        }
        if !self.rows.is_empty() {
            let mut table = table::new(&["key", "finding", "problem"]);
            for row in &self.rows {
                table.add_row([
                    Cell::new(text::printable(&row.key)),
                    table::toned(row.finding.to_string(), Tone::Bad),
                    Cell::new(row.problem.as_deref().unwrap_or_default()),
                ]);
            }
            table::print(&table)?;
        }
        let mut out = io::stdout().lock();
        let wrong = self.wrong();
        if wrong > self.rows.len() as u64 {
            writeln!(out, "the first {} of {wrong}; --json has all of them", self.rows.len())?;
        }
        let counts: Vec<_> =
            self.counts.iter().map(|(finding, count)| format!("{count} {finding}")).collect();
        let counts = if counts.is_empty() { "no photo".to_owned() } else { counts.join(", ") };
        writeln!(out, "{counts}")
    }
}
