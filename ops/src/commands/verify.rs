//! `ripper verify`: checks that files are clean, with the verifier that every photo has to pass before it is published.
//! It shares no code with what scrubs, so it also checks files that something else wrote.

use std::io::{self, Write};
use std::path::Path;

use comfy_table::Cell;
use scrub::Options;
use serde::Serialize;

use crate::cli::VerifyArgs;
use crate::failure::{Failure, RunResult};
use crate::photo_file::read_photo;
use crate::table::{self, Tone};
use crate::text;

/// The result for one file: a line of `--json`, a row of the table.
#[derive(Debug, Serialize)]
struct Verified {
    file: String,
    bytes: u64,
    clean: bool,
    /// What is wrong, and at which offset; null for a clean file.
    problem: Option<String>,
}

/// Verifies every file; one that cannot be read does not stop the rest.
pub(crate) fn run(args: &VerifyArgs) -> Result<RunResult, Failure> {
    let options = args.settings.options();
    let mut rows = Vec::new();
    let mut unread = 0;
    for file in &args.files {
        match read_photo(file) {
            Ok(photo) => {
                let row = verify(file, &photo, &options);
                if args.json {
                    text::json_line(&mut io::stdout().lock(), &row)?;
                }
                rows.push(row);
            }
            Err(error) => {
                eprintln!("ripper: {}: {error}; this file was skipped", text::path(file));
                unread += 1;
            }
        }
    }
    if !args.json && !rows.is_empty() {
        print(&rows)?;
    }
    Ok(match rows.iter().all(|row| row.clean) {
        _ if unread > 0 => RunResult::Incomplete,
        true => RunResult::Ok,
        false => RunResult::Unexpected,
    })
}

fn verify(file: &Path, photo: &[u8], options: &Options) -> Verified {
    let problem = scrub::verify(photo, options).err().map(|violation| violation.to_string());
    Verified {
        file: file.to_string_lossy().into_owned(),
        bytes: photo.len() as u64,
        clean: problem.is_none(),
        problem,
    }
}

fn print(rows: &[Verified]) -> io::Result<()> {
    let mut table = table::new(&["photo", "result", "size", "problem"]);
    for row in rows {
        let (result, tone) = if row.clean { ("clean", Tone::Good) } else { ("not clean", Tone::Bad) };
        table.add_row([
            Cell::new(text::printable(&row.file)),
            table::toned(result, tone),
            table::number(text::size(row.bytes)),
            Cell::new(row.problem.as_deref().unwrap_or_default()),
        ]);
    }
    table::print(&table)?;
    let clean = rows.iter().filter(|row| row.clean).count();
    writeln!(io::stdout().lock(), "{} clean, {} not clean", text::count(clean, "file"), rows.len() - clean)
}
