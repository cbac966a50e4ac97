//! What was deleted of a photo, what is left, and what no command can delete.

use std::io::{self, Write};
use std::time::{Duration, SystemTime};

use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use comfy_table::Cell;
use serde::Serialize;

use super::traces::Traces;
use crate::{table, text};

/// What was deleted of a photo.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Receipt<'a> {
    pub(super) key: &'a str,
    versions_a: usize,
    versions_b: usize,
    pub(super) markers: usize,
    uploads: usize,
    pub(super) messages: usize,
    /// What is still there.
    pub(super) left: Vec<String>,
    /// Whether there is a new photo under the key, which is not to be forgotten.
    #[serde(skip)]
    pub(super) is_kept: bool,
}

impl<'a> Receipt<'a> {
    /// What was found after the wait, and is deleted then.
    pub(super) fn new(key: &'a str, a: &Traces, b: &Traces) -> Self {
        Self {
            key,
            versions_a: a.versions.len(),
            versions_b: b.versions.len(),
            markers: 0,
            uploads: a.uploads.len().saturating_add(b.uploads.len()),
            messages: 0,
            left: Vec::new(),
            is_kept: false,
        }
    }

    /// Adds what the buckets still have.
    pub(super) fn look_again(&mut self, a: &Traces, b: &Traces) {
        for (bucket, traces) in [("A", a), ("B", b)] {
            for (number, what) in [
                (traces.versions.len(), "version"),
                (traces.markers.len(), "delete marker"),
                (traces.uploads.len(), "upload"),
            ] {
                if number > 0 {
                    self.left.push(format!("{} in bucket {bucket}", text::count(number, what)));
                }
            }
        }
    }

    pub(super) fn is_complete(&self) -> bool {
        self.left.is_empty()
    }
}

/// Shows what is there before anything is deleted.
pub(super) fn announce(key: &str, a: &Traces, b: &Traces) -> io::Result<()> {
    let versions = |traces: &Traces| text::count(traces.versions.len(), "version");
    let key = text::printable(key);
    writeln!(io::stdout().lock(), "{key}: {} in bucket A, {} in bucket B", versions(a), versions(b))
}

/// Prints the receipts. For people it also says what is not in the hands of this command.
pub(super) fn show(
    receipts: &[Receipt<'_>],
    stack: &str,
    started: SystemTime,
    log_days: u64,
    json: bool,
) -> io::Result<()> {
    if json {
        let mut out = io::stdout().lock();
        return receipts.iter().try_for_each(|receipt| text::json_line(&mut out, receipt));
    }
    let headings = ["deleted", "versions in A", "in B", "markers", "uploads", "messages", "left"];
    let mut table = table::new(&headings);
    for receipt in receipts {
        let number = |number: usize| table::number(number.to_string());
        table.add_row([
            Cell::new(text::printable(receipt.key)),
            number(receipt.versions_a),
            number(receipt.versions_b),
            number(receipt.markers),
            number(receipt.uploads),
            number(receipt.messages),
            Cell::new(if receipt.is_complete() { "nothing".to_owned() } else { receipt.left.join(", ") }),
        ]);
    }
    table::print(&table)?;
    // As a shell needs them.
    let quoted = |key: &str| format!("'{}'", text::printable(key).replace('\'', r"'\''"));
    let keys: Vec<_> = receipts.iter().map(|receipt| quoted(receipt.key)).collect();
    // A retry may come for six hours after an event (`maximumEventAgeInSeconds` in Main.yaml).
    let retries = utc(started + Duration::from_secs(6 * 3600));
    let logs = match log_days {
        // The value of CloudWatch for logs that never expire.
        0 => "kept until somebody deletes them".to_owned(),
        days => {
            let end = started + Duration::from_secs(days.saturating_add(1).saturating_mul(24 * 3600));
            format!("deleted by {}, after {days} days", utc(end))
        }
    };
    writeln!(
        io::stdout().lock(),
        "\nNot in the hands of this command:\n\
         - log lines with the key: {logs}\n\
         - an event that still waits inside Lambda may put the key into a queue until {retries}; then run:\n  \
         just forget {stack} {}\n\
         - lists and reports of backfill jobs, in the stack's bucket for them, for 30 days\n\
         - access logs, CloudTrail\n\
         - caches of browsers and CDNs, and whatever users A and B have copied",
        keys.join(" ")
    )
}

/// A time to the second, such as 2026-11-26T09:30:00Z.
fn utc(time: SystemTime) -> String {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    DateTime::from_secs(seconds).fmt(DateTimeFormat::DateTime).unwrap_or_default()
}
