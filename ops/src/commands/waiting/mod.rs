//! What waits in a stack's queues for somebody to act on it: `ripper failures` and `ripper refusals` list it, `ripper
//! redrive` runs it again, and `ripper dismiss` deletes it.

mod dismiss;
mod failure;
mod redrive;
mod refusal;
mod rows;
mod selection;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use comfy_table::Cell;
use serde::Serialize;

use crate::cli::{FailuresArgs, ListArgs, QueueName, RefusalsArgs};
use crate::failure::{Failure, RunResult};
use crate::operator::OperatorSession;
use crate::queue::Queue;
use failure::FailedEvent;
use refusal::RefusedPhoto;

pub(crate) use dismiss::dismiss;
pub(crate) use redrive::redrive;

/// The reason of a message that nobody can make sense of. It is shown, so that it is not lost.
const UNKNOWN: &str = "Unknown";

/// What a message is about.
trait Waiting: Serialize {
    /// What one is, in the singular.
    const NOUN: &str;
    /// The names of its columns, without that of the age.
    const HEADINGS: &[&str];

    /// What a message says. One that cannot be read is shown as it is.
    fn parse(body: &str) -> Self;

    /// Equal in messages that say the same. None if nothing else says so.
    fn identity(&self) -> Option<(String, String)>;

    /// The keys of its photos.
    fn keys(&self) -> &[String];

    fn reason(&self) -> &str;

    /// Its columns. The texts are printable.
    fn cells(&self) -> Vec<Cell>;
}

/// Lists the events that failed.
pub(crate) async fn failures(FailuresArgs { list }: &FailuresArgs) -> Result<RunResult, Failure> {
    list_queue::<FailedEvent>(list, QueueName::Failures).await
}

/// Lists the photos that were refused.
pub(crate) async fn refusals(RefusalsArgs { list }: &RefusalsArgs) -> Result<RunResult, Failure> {
    list_queue::<RefusedPhoto>(list, QueueName::Refusals).await
}

async fn list_queue<T: Waiting>(args: &ListArgs, name: QueueName) -> Result<RunResult, Failure> {
    let queue = OperatorSession::begin(&args.stack.name).await?.queue(name)?;
    queue
        .read(|listing| {
            rows::show(&rows::rows::<T>(&listing.messages), listing.messages.len(), args.json)?;
            Ok(if rows::warn_if_incomplete(listing) { RunResult::Unexpected } else { RunResult::Ok })
        })
        .await
}

/// The keys and version ids of all refusals.
pub(crate) async fn refused_versions(queue: &Queue) -> Result<HashSet<(String, Option<String>)>, Failure> {
    queue
        .read(|listing| {
            rows::warn_if_incomplete(listing);
            let photos = listing.messages.iter().map(|message| RefusedPhoto::parse(&message.body));
            Ok(photos.map(RefusedPhoto::into_version).collect())
        })
        .await
}

/// The keys that each message of a queue names, by the message's id, and whether these are all messages.
pub(crate) async fn keys_of_messages(
    queue: &Queue,
    name: QueueName,
) -> Result<(HashMap<String, HashSet<String>>, bool), Failure> {
    let keys = |body: &str| match name {
        QueueName::Failures => FailedEvent::parse(body).keys().to_vec(),
        QueueName::Refusals => RefusedPhoto::parse(body).keys().to_vec(),
    };
    queue
        .read(|listing| {
            let messages = listing.messages.iter();
            let keys =
                messages.map(|message| (message.id.clone(), keys(&message.body).into_iter().collect()));
            Ok((keys.collect(), listing.is_complete))
        })
        .await
}
