//! `ripper redrive`: runs the function again for what waits in a queue. A message is deleted once Lambda has taken its
//! event, or once the function has dealt with its photo. To do it twice does no harm, as the function always works on
//! the current photo.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::Waiting;
use super::failure::FailedEvent;
use super::refusal::RefusedPhoto;
use super::selection::{Chosen, Selection};
use crate::cli::{QueueName, RedriveArgs};
use crate::clients::CloudError;
use crate::failure::{Failure, RunResult};
use crate::function::{Function, TaskResult};
use crate::operator::OperatorSession;
use crate::queue::{Handled, Message, Queue, Worked};
use crate::text;

/// How many events are sent at the same time. Lambda runs them as it has room.
const SENT_AT_ONCE: usize = 10;

/// What came of a message.
#[derive(Debug, Serialize)]
struct Redriven {
    keys: Vec<String>,
    outcome: Outcome,
    /// What the function said.
    sentence: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, strum::Display)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
enum Outcome {
    /// Lambda has taken the event, and runs it up to three times.
    Sent,
    /// The function has dealt with the photo.
    Done,
    /// The photo cannot be cleaned. There is a new message in the refusals queue.
    Refused,
    /// The function could not do its work. The message is still in the queue.
    Failed,
    /// The message has no event. It is still in the queue.
    Unknown,
}

/// Runs what waits in a queue again.
pub(crate) async fn redrive(args: &RedriveArgs) -> Result<RunResult, Failure> {
    let session = OperatorSession::begin(&args.select.stack.name).await?;
    let name = args.select.queue.unwrap_or(QueueName::Failures);
    let (queue, function) = (session.queue(name)?, session.function()?);
    let selection = Selection::new(&args.select);
    match name {
        QueueName::Failures => {
            let chosen = selection.read::<FailedEvent>(&queue).await?;
            let handle = async |message: &Message| again(&function, &message.body).await;
            work(&queue, chosen, SENT_AT_ONCE, args.json, handle).await
        }
        QueueName::Refusals => {
            let chosen = selection.read::<RefusedPhoto>(&queue).await?;
            let handle =
                async |message: &Message| scrub(&function, &session.stack.bucket_a, &message.body).await;
            work(&queue, chosen, function.photos_at_once().await?, args.json, handle).await
        }
    }
}

async fn work<T: Waiting>(
    queue: &Queue,
    chosen: Chosen<T>,
    at_once: usize,
    json: bool,
    handle: impl AsyncFn(&Message) -> Result<Handled<Redriven>, Failure>,
) -> Result<RunResult, Failure> {
    if !json {
        let number = text::count(chosen.of, T::NOUN);
        writeln!(io::stdout().lock(), "{} of {number} to run again", chosen.rows.len())?;
    }
    let Worked { results, missing, ended } = queue.work(chosen.ids(), at_once, handle).await;
    show(&results, json)?;
    ended?;
    if missing > 0 {
        let messages = text::count(missing, "message");
        eprintln!(
            "ripper: {messages} were not received again: somebody else has them; try again in five minutes"
        );
    }
    let all_well = results.iter().all(|result| matches!(result.outcome, Outcome::Sent | Outcome::Done));
    let is_all = all_well && missing == 0 && !chosen.is_incomplete;
    Ok(if is_all { RunResult::Ok } else { RunResult::Unexpected })
}

/// Runs a failed event again. What S3 sent goes to Lambda's own queue, with its retries. The results of a batch job are
/// an answer that somebody has to read, so it is waited for.
async fn again(function: &Function, body: &str) -> Result<Handled<Redriven>, Failure> {
    let keys = FailedEvent::parse(body).keys().to_vec();
    let Some(event) = FailedEvent::event(body) else {
        return Ok(handled(keys, Outcome::Unknown, Some("the message has no event".to_owned())));
    };
    if event.get("tasks").is_none() {
        function.send(&event).await?;
        return Ok(handled(keys, Outcome::Sent, None));
    }
    let results = function.run_job(&event).await?;
    Ok(of_tasks(keys, results))
}

/// Runs the function for a photo that was refused: after an upgrade, or with other settings, it may be clean.
async fn scrub(function: &Function, bucket_a: &str, body: &str) -> Result<Handled<Redriven>, Failure> {
    let keys = RefusedPhoto::parse(body).keys().to_vec();
    let Some(key) = keys.first() else {
        return Ok(handled(keys, Outcome::Unknown, Some("the message has no key".to_owned())));
    };
    let result = match function.scrub(bucket_a, key).await {
        // Too many runs, for example: this photo waits for another time.
        Err(error @ CloudError::Answered { .. }) => TaskResult::Failed(error.to_string()),
        result => result?,
    };
    Ok(of_tasks(keys, vec![result]))
}

/// The worst of the results.
fn of_tasks(keys: Vec<String>, results: Vec<TaskResult>) -> Handled<Redriven> {
    let each = results.into_iter().map(|result| match result {
        TaskResult::Done(outcome) => (Outcome::Done, outcome),
        TaskResult::Refused(sentence) => (Outcome::Refused, sentence),
        TaskResult::Failed(sentence) => (Outcome::Failed, sentence),
    });
    let worst = each.max_by_key(|(outcome, _)| *outcome);
    let (outcome, sentence) = worst.unwrap_or((Outcome::Failed, "it gave no result".to_owned()));
    handled(keys, outcome, Some(sentence))
}

fn handled(keys: Vec<String>, outcome: Outcome, sentence: Option<String>) -> Handled<Redriven> {
    let is_done = matches!(outcome, Outcome::Sent | Outcome::Done | Outcome::Refused);
    Handled { result: Redriven { keys, outcome, sentence }, is_done }
}

/// Prints what came of the messages: for people a line for each that is not done, and a summary.
fn show(results: &[Redriven], json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        return results.iter().try_for_each(|result| text::json_line(&mut out, result));
    }
    let mut numbers = BTreeMap::<Outcome, usize>::new();
    for Redriven { keys, outcome, sentence } in results {
        let number = numbers.entry(*outcome).or_default();
        *number = number.saturating_add(1);
        if let (Outcome::Refused | Outcome::Failed | Outcome::Unknown, Some(sentence)) = (outcome, sentence) {
            let keys: Vec<_> = keys.iter().map(|key| text::printable(key)).collect();
            writeln!(out, "{} {outcome}: {}", keys.join(", "), text::printable(sentence))?;
        }
    }
    let numbers: Vec<_> = numbers.iter().map(|(outcome, number)| format!("{number} {outcome}")).collect();
    if !numbers.is_empty() {
        writeln!(out, "{}", numbers.join(", "))?;
    }
    Ok(())
}

impl FailedEvent {
    /// The event of a message, as it is to be sent again.
    fn event(body: &str) -> Option<Value> {
        let mut message: Value = serde_json::from_str(body).ok()?;
        let event = message.get_mut("requestPayload")?.take();
        event.is_object().then_some(event)
    }
}
