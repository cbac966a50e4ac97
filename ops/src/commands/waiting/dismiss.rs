//! `ripper dismiss`: deletes what waits in the queues, after it was shown.

use std::collections::HashSet;
use std::io::{self, Write};

use strum::VariantArray;

use super::failure::FailedEvent;
use super::refusal::RefusedPhoto;
use super::selection::Selection;
use super::{Waiting, rows};
use crate::cli::{DismissArgs, QueueName};
use crate::confirm::confirm;
use crate::failure::{Failure, RunResult};
use crate::operator::OperatorSession;
use crate::queue::{Handled, Message, Queue};
use crate::text;

/// What is to be deleted from one queue.
struct Dismissed {
    queue: Queue,
    ids: HashSet<String>,
}

/// Shows what matches, asks, and deletes what was shown.
pub(crate) async fn dismiss(args: &DismissArgs) -> Result<RunResult, Failure> {
    let session = OperatorSession::begin(&args.select.stack.name).await?;
    let selection = Selection::new(&args.select);
    let mut all = Vec::new();
    let mut is_incomplete = false;
    for name in QueueName::VARIANTS {
        if args.select.queue.is_some_and(|queue| queue != *name) {
            continue;
        }
        let queue = session.queue(*name)?;
        let (ids, missed) = match name {
            QueueName::Failures => choose::<FailedEvent>(&queue, &selection).await?,
            QueueName::Refusals => choose::<RefusedPhoto>(&queue, &selection).await?,
        };
        is_incomplete |= missed;
        all.push(Dismissed { queue, ids });
    }
    let number: usize = all.iter().map(|dismissed| dismissed.ids.len()).sum();
    if number > 0 {
        let question = format!("Delete {}? The photos stay as they are.", text::count(number, "message"));
        if !args.yes && !confirm(&question, "yes")? {
            return Ok(RunResult::Ok);
        }
        let missing = delete(all).await?;
        writeln!(io::stdout().lock(), "{} deleted", text::count(number.saturating_sub(missing), "message"))?;
        if missing > 0 {
            let messages = text::count(missing, "message");
            eprintln!("ripper: {messages} were not received again: somebody else has them");
            is_incomplete = true;
        }
    }
    Ok(if is_incomplete { RunResult::Unexpected } else { RunResult::Ok })
}

/// Shows what matches in a queue. Returns the ids of the messages, and whether the list may have missed some.
async fn choose<T: Waiting>(
    queue: &Queue,
    selection: &Selection<'_>,
) -> Result<(HashSet<String>, bool), Failure> {
    let chosen = selection.read::<T>(queue).await?;
    let ids = chosen.ids();
    rows::show(&chosen.rows, ids.len(), false)?;
    Ok((ids, chosen.is_incomplete))
}

/// Returns how many messages were not there any more.
async fn delete(all: Vec<Dismissed>) -> Result<usize, Failure> {
    let mut missing: usize = 0;
    for Dismissed { queue, ids } in all {
        let worked = queue.work(ids, 1, async |_: &Message| Ok(Handled { result: (), is_done: true })).await;
        worked.ended?;
        missing = missing.saturating_add(worked.missing);
    }
    Ok(missing)
}
