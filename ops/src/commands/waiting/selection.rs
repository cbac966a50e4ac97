//! Which rows of a list a command is about.

use std::collections::HashSet;

use glob::Pattern;

use super::Waiting;
use super::rows::{self, Row};
use crate::cli::SelectArgs;
use crate::failure::Failure;
use crate::queue::Queue;

/// Rows by their reason and their keys.
#[derive(Debug)]
pub(super) struct Selection<'a> {
    reason: Option<&'a Pattern>,
    key: Option<&'a Pattern>,
}

/// The chosen rows of a queue.
#[derive(Debug)]
pub(super) struct Chosen<T> {
    pub(super) rows: Vec<Row<T>>,
    /// How many rows there are in all.
    pub(super) of: usize,
    /// Whether the list may have missed some.
    pub(super) is_incomplete: bool,
}

impl<'a> Selection<'a> {
    pub(super) fn new(args: &'a SelectArgs) -> Self {
        Self { reason: args.reason.as_ref(), key: args.key.as_ref() }
    }

    pub(super) fn has(&self, what: &impl Waiting) -> bool {
        let any_key = |pattern: &Pattern| what.keys().iter().any(|key| pattern.matches(key));
        self.reason.is_none_or(|pattern| pattern.matches(what.reason())) && self.key.is_none_or(any_key)
    }

    /// Reads a queue, and gives all messages back.
    pub(super) async fn read<T: Waiting>(&self, queue: &Queue) -> Result<Chosen<T>, Failure> {
        queue
            .read(|listing| {
                let of = rows::rows::<T>(&listing.messages).len();
                // Each message by itself: of two about the same photo only one may have the reason.
                let messages = listing.messages.iter();
                let rows = rows::rows::<T>(messages.filter(|message| self.has(&T::parse(&message.body))));
                Ok(Chosen { rows, of, is_incomplete: rows::warn_if_incomplete(listing) })
            })
            .await
    }
}

impl<T> Chosen<T> {
    /// The ids of their messages.
    pub(super) fn ids(&self) -> HashSet<String> {
        self.rows.iter().flat_map(|row| row.ids.iter().cloned()).collect()
    }
}
