//! Works through chosen messages of a queue. A message is deleted only once its work is done; whenever this ends, by
//! Ctrl-C, an error or the end of the process, every other one is still in the queue.

use std::collections::HashSet;

use aws_sdk_sqs::types::DeleteMessageBatchRequestEntry;
use futures_util::{StreamExt, stream};

use super::{Message, Queue};
use crate::clients::CloudError;
use crate::failure::Failure;
use crate::operator::explain_operator;
use crate::{interrupt, table};

/// What came of a message.
#[derive(Debug)]
pub(crate) struct Handled<T> {
    pub(crate) result: T,
    /// Whether nobody needs the message any more.
    pub(crate) is_done: bool,
}

/// How far the work came.
#[derive(Debug)]
pub(crate) struct Worked<T> {
    /// What came of each message that was received.
    pub(crate) results: Vec<T>,
    /// How many were not there any more, or hidden because somebody else had received them.
    pub(crate) missing: usize,
    /// Why it ended early.
    pub(crate) ended: Result<(), Failure>,
}

impl Queue {
    /// Receives the messages with these ids, and handles up to `at_once` of them at the same time, ten at most. After
    /// Ctrl-C those that were begun are finished.
    pub(crate) async fn work<T>(
        &self,
        mut wanted: HashSet<String>,
        at_once: usize,
        handle: impl AsyncFn(&Message) -> Result<Handled<T>, Failure>,
    ) -> Worked<T> {
        let bar = table::progress(wanted.len(), "messages");
        let (mut results, mut kept, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
        let mut ended = Ok(());
        while !wanted.is_empty() && ended.is_ok() {
            if interrupt::was_interrupted() {
                ended = Err(Failure::Interrupted(
                    "every message that was not handled is in the queue".to_owned(),
                ));
                break;
            }
            let received = match self.receive().await {
                Ok(received) => received,
                Err(error) => {
                    ended = Err(error.into());
                    break;
                }
            };
            let (chosen, others): (Vec<_>, Vec<_>) =
                received.into_iter().partition(|message| wanted.remove(&message.id));
            // Messages that were hidden first are visible again, so those that are missing do not come any more.
            let came_back = others.iter().any(|message| seen.contains(&message.id));
            if chosen.is_empty() && (others.is_empty() || came_back) {
                break;
            }
            seen.extend(others.iter().map(|message| message.id.clone()));
            kept.extend(others.into_iter().map(|message| message.receipt));
            let handled: Vec<_> =
                stream::iter(&chosen).map(|message| handle(message)).buffered(at_once).collect().await;
            let mut done = Vec::new();
            for (message, handled) in chosen.into_iter().zip(handled) {
                bar.inc(1);
                let is_done = handled.as_ref().is_ok_and(|handled| handled.is_done);
                if is_done { &mut done } else { &mut kept }.push(message.receipt);
                match handled {
                    Ok(handled) => results.push(handled.result),
                    Err(failure) => ended = ended.and(Err(failure)),
                }
            }
            if let Err(error) = self.delete(&done).await {
                kept.extend(done);
                ended = ended.and(Err(error.into()));
            }
        }
        bar.finish_and_clear();
        self.release(&kept).await;
        Worked { results, missing: wanted.len(), ended }
    }

    /// Deletes messages, at most ten, as SQS takes them.
    async fn delete(&self, receipts: &[String]) -> Result<(), CloudError> {
        if receipts.is_empty() {
            return Ok(());
        }
        let entries = receipts.iter().enumerate().filter_map(|(number, receipt)| {
            let entry = DeleteMessageBatchRequestEntry::builder().id(number.to_string());
            entry.receipt_handle(receipt).build().ok()
        });
        let request = self.client.delete_message_batch().queue_url(&self.url);
        let answer = request.set_entries(Some(entries.collect())).send().await;
        let answer = answer.map_err(|error| explain_operator("sqs:DeleteMessage", &self.url, error))?;
        match answer.failed().first() {
            None => Ok(()),
            Some(failed) => Err(CloudError::NotDeleted {
                queue: self.url.clone(),
                messages: answer.failed().len(),
                code: failed.code().to_owned(),
            }),
        }
    }
}
