//! `ripper inspect`: every part of a photo, and whether it would be kept. Values only when asked for.

use std::io::{self, Write};
use std::path::Path;

use comfy_table::Cell;
use scrub::Action;
use serde::Serialize;

use crate::cli::InspectArgs;
use crate::failure::{Failure, RunResult};
use crate::metadata_values::{self, Value};
use crate::photo_file::read_photo;
use crate::removed::{RemovedKind, removed_kinds, removed_text};
use crate::table::{self, Tone};
use crate::text;

/// A line of `--json`.
#[derive(Debug, Serialize)]
struct Inspected {
    file: String,
    bytes: u64,
    /// The refusal's name; null if the photo can be cleaned.
    reason: Option<&'static str>,
    /// Why the picture would be coded again, without what is not drawn; null if it would not be.
    recoded: Option<String>,
    parts: Vec<Part>,
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<Vec<Value>>,
    /// The refusal as a sentence, for people.
    #[serde(skip)]
    why: String,
}

/// A part of a photo, and what is removed of it.
#[derive(Debug, Serialize)]
struct Part {
    offset: usize,
    length: usize,
    kind: String,
    action: &'static str,
    removed: Vec<RemovedKind>,
}

impl Part {
    fn of(part: &scrub::Part) -> Self {
        let action = match part.action {
            Action::Keep => "kept",
            Action::Rewrite => "rewritten",
            Action::Remove => "removed",
        };
        let (offset, length, kind) = (part.offset, part.length, part.kind.to_string());
        Self { offset, length, kind, action, removed: removed_kinds(&part.removed) }
    }
}

/// Inspects every file; one that cannot be read does not stop the rest.
pub(crate) fn run(args: &InspectArgs) -> Result<RunResult, Failure> {
    let mut result = RunResult::Ok;
    for file in &args.files {
        let photo = match read_photo(file) {
            Ok(photo) => photo,
            Err(error) => {
                eprintln!("ripper: {}: {error}; this file was skipped", text::path(file));
                result = RunResult::Incomplete;
                continue;
            }
        };
        let inspected = inspect(file, &photo, args.values);
        if inspected.reason.is_some() && result == RunResult::Ok {
            result = RunResult::Unexpected;
        }
        if args.json {
            text::json_line(&mut io::stdout().lock(), &inspected)?;
        } else {
            print(&inspected)?;
        }
    }
    Ok(result)
}

fn inspect(file: &Path, photo: &[u8], with_values: bool) -> Inspected {
    let file = file.to_string_lossy().into_owned();
    let bytes = photo.len() as u64;
    match scrub::inspect(photo, &scrub::Options::default()) {
        Ok(inspection) => {
            let values = with_values.then(|| metadata_values::of_photo(photo, &inspection.parts));
            let parts = inspection.parts.iter().map(Part::of).collect();
            let recoded = inspection.report.recoded.map(|reason| reason.to_string());
            Inspected { file, bytes, reason: None, recoded, parts, values, why: String::new() }
        }
        Err(refusal) => Inspected {
            file,
            bytes,
            reason: Some(refusal.name()),
            recoded: None,
            parts: Vec::new(),
            values: with_values.then(Vec::new),
            why: refusal.to_string(),
        },
    }
}

fn print(inspected: &Inspected) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let file = text::printable(&inspected.file);
    if inspected.reason.is_some() {
        return writeln!(out, "{file}: would be refused: {}", text::printable(&inspected.why));
    }
    let removed = inspected.parts.iter().flat_map(|part| &part.removed).map(|removed| removed.bytes).sum();
    let size = text::size(inspected.bytes);
    write!(out, "{file}: {size}, of which {} would be removed", text::size(removed))?;
    if let Some(reason) = &inspected.recoded {
        write!(out, "; the picture would be coded again: {reason}")?;
    }
    writeln!(out)?;
    let mut table = table::new(&["offset", "length", "part", "action", "removed"]);
    for part in &inspected.parts {
        let tone = match part.action {
            "removed" => Tone::Bad,
            "kept" => Tone::Faint,
            _ => Tone::Good,
        };
        table.add_row([
            table::number(part.offset.to_string()),
            table::number(part.length.to_string()),
            Cell::new(part.kind.as_str()),
            table::toned(part.action, tone),
            Cell::new(removed_text(&part.removed)),
        ]);
    }
    drop(out);
    table::print(&table)?;
    if let Some(values) = &inspected.values {
        let mut table = table::new(&["offset", "name", "value"]);
        for value in values {
            table.add_row([
                table::number(value.offset.to_string()),
                Cell::new(text::printable(&value.name)),
                Cell::new(metadata_values::shortened(&value.value, "--json")),
            ]);
        }
        if values.is_empty() {
            writeln!(io::stdout().lock(), "no values found")?;
        } else {
            table::print(&table)?;
        }
    }
    Ok(())
}
