//! `ripper dismiss`: deletes what waits in the queues, after it was shown.

use std::collections::HashSet;
use std::io::{self, IsTerminal, Write};

use strum::VariantArray;

use super::failure::FailedEvent;
use super::refusal::RefusedPhoto;
use super::selection::Selection;
use super::{Waiting, open, rows};
use crate::cli::{DismissArgs, QueueName};
use crate::clients::operator_shared;
use crate::failure::{Failure, RunResult};
use crate::queue::{Handled, Message, Queue};
use crate::stack::Stack;
use crate::text;

/// Nobody can be asked.
#[derive(Debug, thiserror::Error)]
#[error("nothing was deleted: there is no terminal to ask on; look at what is listed, and add --yes")]
struct NoTerminal;

/// What is to be deleted from one queue.
struct Dismissed {
    queue: Queue,
    ids: HashSet<String>,
}

/// Shows what matches, asks, and deletes what was shown.
pub(crate) async fn dismiss(args: &DismissArgs) -> Result<RunResult, Failure> {
    let stack_name = &args.select.stack;
    let stack = Stack::outputs(stack_name)?;
    let shared = operator_shared(&stack).await?;
    let selection = Selection::new(&args.select);
    let mut all = Vec::new();
    let mut is_incomplete = false;
    for name in QueueName::VARIANTS {
        if args.select.queue.is_some_and(|queue| queue != *name) {
            continue;
        }
        let queue = open(&stack, stack_name, *name, &shared)?;
        let (ids, missed) = match name {
            QueueName::Failures => choose::<FailedEvent>(&queue, &selection).await?,
            QueueName::Refusals => choose::<RefusedPhoto>(&queue, &selection).await?,
        };
        is_incomplete |= missed;
        all.push(Dismissed { queue, ids });
    }
    let number: usize = all.iter().map(|dismissed| dismissed.ids.len()).sum();
    if number > 0 {
        if !args.yes && !confirm(number)? {
            writeln!(io::stdout().lock(), "nothing was deleted")?;
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

fn confirm(number: usize) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::CommandLine(Box::new(NoTerminal)));
    }
    let mut out = io::stdout().lock();
    write!(out, "Delete {}? The photos stay as they are. Type yes: ", text::count(number, "message"))?;
    out.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}

/// Returns how many messages were not there any more.
async fn delete(all: Vec<Dismissed>) -> Result<usize, Failure> {
    let mut missing: usize = 0;
    for Dismissed { queue, ids } in all {
        let worked = queue.work(ids, async |_: &Message| Ok(Handled { result: (), is_done: true })).await;
        worked.ended?;
        missing = missing.saturating_add(worked.missing);
    }
    Ok(missing)
}
