//! The rows of a list: messages that say the same are one row.

use std::collections::HashMap;
use std::io::{self, Write};
use std::time::SystemTime;

use aws_sdk_sqs::primitives::{DateTime, DateTimeFormat};
use serde::Serialize;

use super::Waiting;
use crate::queue::{Listing, Message};
use crate::{table, text};

/// A row of a list.
#[derive(Debug, Serialize)]
pub(super) struct Row<T> {
    #[serde(flatten)]
    pub(super) what: T,
    /// When the first message was sent.
    #[serde(serialize_with = "rfc_3339")]
    since: SystemTime,
    /// The ids of the messages.
    #[serde(rename = "messages", serialize_with = "length")]
    pub(super) ids: Vec<String>,
}

/// The rows of a list, the oldest first.
pub(super) fn rows<'a, T: Waiting>(messages: impl IntoIterator<Item = &'a Message>) -> Vec<Row<T>> {
    let mut messages: Vec<&Message> = messages.into_iter().collect();
    messages.sort_by_key(|message| message.sent);
    let mut rows: Vec<Row<T>> = Vec::new();
    let mut known: HashMap<(String, String), usize> = HashMap::new();
    for message in messages {
        let what = T::parse(&message.body);
        let identity = what.identity();
        let row = identity.as_ref().and_then(|identity| rows.get_mut(*known.get(identity)?));
        if let Some(row) = row {
            // The newest one says how it is now.
            row.what = what;
            row.ids.push(message.id.clone());
            continue;
        }
        known.extend(identity.map(|identity| (identity, rows.len())));
        rows.push(Row { what, since: message.sent, ids: vec![message.id.clone()] });
    }
    rows
}

/// Prints a list of rows that have this many messages.
pub(super) fn show<T: Waiting>(rows: &[Row<T>], messages: usize, json: bool) -> io::Result<()> {
    if json {
        let mut out = io::stdout().lock();
        return rows.iter().try_for_each(|row| text::json_line(&mut out, row));
    }
    if !rows.is_empty() {
        let mut table = table::new(&[T::HEADINGS, &["age"]].concat());
        for row in rows {
            let age = SystemTime::now().duration_since(row.since).unwrap_or_default();
            table.add_row(row.what.cells().into_iter().chain([table::number(text::age(age))]));
        }
        table::print(&table)?;
    }
    let number = match rows.len() {
        0 => format!("no {}", T::NOUN),
        rows => text::count(rows, T::NOUN),
    };
    writeln!(io::stdout().lock(), "{number} in {}", text::count(messages, "message"))
}

/// Says so on standard error if a list may be incomplete.
pub(super) fn warn_if_incomplete(listing: &Listing) -> bool {
    if !listing.is_complete {
        eprintln!(
            "ripper: the list may be incomplete: somebody else reads the queue; try again in five minutes"
        );
    }
    !listing.is_complete
}

fn rfc_3339<S: serde::Serializer>(time: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
    let text = DateTime::from(*time).fmt(DateTimeFormat::DateTime);
    serializer.serialize_str(&text.map_err(serde::ser::Error::custom)?)
}

fn length<S: serde::Serializer>(ids: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(ids.len() as u64)
}
