//! `ripper failures` and `ripper refusals`: what waits in a stack's queues for somebody to act on it.

mod failure;
mod refusal;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io::{self, Write};
use std::time::SystemTime;

use aws_sdk_sqs::primitives::{DateTime, DateTimeFormat};
use comfy_table::Cell;
use failure::FailedEvent;
use refusal::RefusedPhoto;
use serde::Serialize;

use crate::cli::{FailuresArgs, RefusalsArgs};
use crate::clients::operator_queues;
use crate::failure::{Failure, RunResult};
use crate::queue::{Listing, Message, Queue};
use crate::stack::Stack;
use crate::{table, text};

/// The reason of a message that nobody can make sense of. It is shown, so that it is not lost.
const UNKNOWN: &str = "Unknown";

/// Lists the events that failed.
pub(crate) async fn failures(FailuresArgs { list }: &FailuresArgs) -> Result<RunResult, Failure> {
    let stack = Stack::outputs(&list.stack)?;
    let queue = Queue::new(operator_queues(&stack).await?, stack.failures_queue(&list.stack)?);
    queue.read(|listing| show(&rows(listing, FailedEvent::parse), listing, list.json, "event")).await
}

/// Lists the photos that were refused.
pub(crate) async fn refusals(RefusalsArgs { list }: &RefusalsArgs) -> Result<RunResult, Failure> {
    let stack = Stack::outputs(&list.stack)?;
    let queue = Queue::new(operator_queues(&stack).await?, stack.refusals_queue(&list.stack)?);
    queue.read(|listing| show(&rows(listing, RefusedPhoto::parse), listing, list.json, "photo")).await
}

/// A row of a list: one or more messages that say the same.
#[derive(Debug, Serialize)]
struct Row<T> {
    #[serde(flatten)]
    what: T,
    /// When the first message was sent.
    #[serde(serialize_with = "rfc_3339")]
    since: SystemTime,
    messages: usize,
}

/// What a message is about.
trait Waiting: Serialize {
    /// The names of its columns, without that of the age.
    const HEADINGS: &[&str];

    /// Equal in messages that say the same. None if nothing else says so.
    fn identity(&self) -> Option<(String, String)>;

    /// Its columns. The texts are printable.
    fn cells(&self) -> Vec<Cell>;
}

/// The rows of a list, the oldest first.
fn rows<T: Waiting>(listing: &Listing, parse: impl Fn(&str) -> T) -> Vec<Row<T>> {
    let mut messages: Vec<&Message> = listing.messages.iter().collect();
    messages.sort_by_key(|message| message.sent);
    let mut rows: Vec<Row<T>> = Vec::new();
    let mut known: HashMap<(String, String), usize> = HashMap::new();
    for message in messages {
        let what = parse(&message.body);
        let identity = what.identity();
        let row = identity.as_ref().and_then(|identity| rows.get_mut(*known.get(identity)?));
        if let Some(row) = row {
            row.messages = row.messages.saturating_add(1);
            continue;
        }
        known.extend(identity.map(|identity| (identity, rows.len())));
        rows.push(Row { what, since: message.sent, messages: 1 });
    }
    rows
}

/// Prints a list. `what` is what a row is, in the singular.
fn show<T: Waiting>(
    rows: &[Row<T>],
    listing: &Listing,
    json: bool,
    what: &str,
) -> Result<RunResult, Failure> {
    let mut out = io::stdout().lock();
    if json {
        for row in rows {
            text::json_line(&mut out, row)?;
        }
    } else {
        drop(out);
        print(rows, listing.messages.len(), what)?;
    }
    if listing.is_complete {
        return Ok(RunResult::Ok);
    }
    eprintln!("ripper: the list may be incomplete: somebody else reads the queue; try again in five minutes");
    Ok(RunResult::Unexpected)
}

fn print<T: Waiting>(rows: &[Row<T>], messages: usize, what: &str) -> io::Result<()> {
    if !rows.is_empty() {
        let mut table = table::new(&[T::HEADINGS, &["age"]].concat());
        for row in rows {
            let age = SystemTime::now().duration_since(row.since).unwrap_or_default();
            table.add_row(row.what.cells().into_iter().chain([table::number(text::age(age))]));
        }
        table::print(&table)?;
    }
    let number = match rows.len() {
        0 => format!("no {what}"),
        rows => text::count(rows, what),
    };
    writeln!(io::stdout().lock(), "{number} in {}", text::count(messages, "message"))
}

fn rfc_3339<S: serde::Serializer>(time: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
    let text = DateTime::from(*time).fmt(DateTimeFormat::DateTime);
    serializer.serialize_str(&text.map_err(serde::ser::Error::custom)?)
}
