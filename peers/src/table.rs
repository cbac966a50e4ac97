//! The tables, in Markdown, so that `docs/benchmarks.md` can show them as they were printed.

use std::time::Duration;

use bench::spread::Spread;
use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};

use crate::judge::Finding;

const COLUMNS: [(&str, Finding); 10] = [
    ("EXIF", Finding::Exif),
    ("GPS", Finding::Gps),
    ("other metadata", Finding::OtherMetadata),
    ("secrets", Finding::Secret),
    ("trailing bytes", Finding::Trailing),
    ("pixels changed", Finding::Pixels),
    ("sideways", Finding::Sideways),
    ("profile lost", Finding::ProfileLost),
    ("names in profile", Finding::ProfileName),
    ("Adobe lost", Finding::AdobeLost),
];

/// What is wrong with one file, or why the stripper refused it.
pub(crate) type FileFindings = Result<Vec<Finding>, String>;

/// The findings for each file, or why the stripper was not run.
pub(crate) type PeerFindings = Result<Vec<FileFindings>, String>;

/// How many files have which finding, one row for each stripper. Why one was not run is in the list of versions.
pub(crate) fn findings(rows: &[(&str, PeerFindings)]) -> String {
    let header = ["stripper", "done", "refused"].into_iter().chain(COLUMNS.map(|(name, _)| name));
    let mut table = new_table(header);
    for (name, findings) in rows {
        let Ok(files) = findings else {
            table.add_row([name, "not run"]);
            continue;
        };
        let done: Vec<_> = files.iter().flatten().collect();
        let with = |finding| done.iter().filter(|found| found.contains(&finding)).count();
        let mut row =
            vec![(*name).to_owned(), done.len().to_string(), (files.len() - done.len()).to_string()];
        row.extend(COLUMNS.map(|(_, finding)| match (finding, with(Finding::PixelsUnknown)) {
            (Finding::Pixels, unknown @ 1..) => format!("{} ({unknown} unknown)", with(finding)),
            _ => with(finding).to_string(),
        }));
        table.add_row(row);
    }
    table.trim_fmt()
}

/// The times of one stripper.
pub(crate) struct PeerTimes {
    pub(crate) name: &'static str,
    /// What the times include.
    pub(crate) timed: &'static str,
    /// The times of each photo, or why there are none.
    pub(crate) photos: Vec<Result<Vec<Duration>, String>>,
}

/// The median times, one row for each stripper.
pub(crate) fn times(names: &[&str], rows: &[PeerTimes]) -> String {
    let header = ["stripper"].into_iter().chain(names.iter().copied()).chain(["time of"]);
    let mut table = new_table(header);
    for PeerTimes { name, timed, photos } in rows {
        let cell = |times: &Result<Vec<Duration>, String>| match times {
            Ok(times) => Spread::of(times.clone()).map(Spread::middle).unwrap_or_default(),
            Err(why) => why.clone(),
        };
        let cells = photos.iter().map(cell);
        table.add_row([(*name).to_owned()].into_iter().chain(cells).chain([(*timed).to_owned()]));
    }
    if let Some(last) = table.column_mut(names.len() + 1) {
        last.set_cell_alignment(CellAlignment::Left);
    }
    table.trim_fmt()
}

fn new_table<'a>(header: impl Iterator<Item = &'a str>) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header(header);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
