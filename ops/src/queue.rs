//! Reads all messages of a queue and gives them back: they are hidden from other readers for a while, so that none is
//! read twice, and are visible again at once when the list is done.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, MessageSystemAttributeName, QueueAttributeName,
};

use crate::clients::{CloudError, explain};
use crate::failure::Failure;
use crate::{interrupt, table, text};

/// SQS gives and takes at most this many messages at once.
const BATCH: usize = 10;
/// How long messages are hidden at most, in seconds: enough to read tens of thousands.
const HIDDEN: i32 = 300;
/// How long a request waits for messages, in seconds: it asks all of SQS's servers then ("Amazon SQS short and long
/// polling").
const WAIT: i32 = 1;

/// A message of a queue.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) body: String,
    /// When it was sent.
    pub(crate) sent: SystemTime,
    receipt: String,
}

#[cfg(test)]
impl Message {
    /// A message that came from no queue.
    pub(crate) fn of(body: String, sent: SystemTime) -> Self {
        Self { body, sent, receipt: String::new() }
    }
}

/// The messages of a queue.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) messages: Vec<Message>,
    /// Whether these are all: nobody else had any, and as many came as the queue said.
    pub(crate) is_complete: bool,
}

/// A queue of a stack.
#[derive(Debug)]
pub(crate) struct Queue {
    client: Client,
    url: String,
}

impl Queue {
    pub(crate) fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }

    /// Reads all messages, and shows them to `then` before they are given back: after an error and after Ctrl-C too.
    pub(crate) async fn read<T>(
        &self,
        then: impl FnOnce(&Listing) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut messages = BTreeMap::new();
        let read = tokio::select! {
            read = self.receive_all(&mut messages) => read.map_err(Failure::from),
            () = interrupt::wait() => Err(Failure::Interrupted(
                "all messages are in the queue, but some may be hidden for five minutes".to_owned(),
            )),
        };
        let messages: Vec<Message> = messages.into_values().collect();
        let receipts: Vec<String> = messages.iter().map(|message| message.receipt.clone()).collect();
        let result = read.and_then(|is_complete| then(&Listing { messages, is_complete }));
        self.release(&receipts).await;
        result
    }

    /// Receives messages until there are no more, by their ids.
    async fn receive_all(&self, messages: &mut BTreeMap<String, Message>) -> Result<bool, CloudError> {
        let (visible, hidden) = self.counts().await?;
        let bar = table::progress(usize::try_from(visible).unwrap_or(usize::MAX), "messages");
        loop {
            let request = self
                .client
                .receive_message()
                .queue_url(&self.url)
                .max_number_of_messages(BATCH as i32)
                .visibility_timeout(HIDDEN)
                .wait_time_seconds(WAIT)
                .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp);
            let answer = request
                .send()
                .await
                .map_err(|error| explain(&format!("ReceiveMessage of {}", self.url), error))?;
            bar.inc(answer.messages().len() as u64);
            if answer.messages().is_empty() {
                bar.finish_and_clear();
                return Ok(hidden == 0 && messages.len() as u64 >= visible);
            }
            for message in answer.messages.into_iter().flatten() {
                let sent = message.attributes.as_ref().and_then(|attributes| {
                    attributes.get(&MessageSystemAttributeName::SentTimestamp)?.parse::<u64>().ok()
                });
                let sent = SystemTime::UNIX_EPOCH + Duration::from_millis(sent.unwrap_or_default());
                let (Some(id), Some(receipt)) = (message.message_id, message.receipt_handle) else {
                    continue;
                };
                let message = Message { body: message.body.unwrap_or_default(), sent, receipt };
                if messages.insert(id, message).is_some() {
                    // Reading took so long that what was read first is visible again.
                    bar.finish_and_clear();
                    return Ok(false);
                }
            }
        }
    }

    /// About how many messages are visible, and how many others have received.
    async fn counts(&self) -> Result<(u64, u64), CloudError> {
        let names = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        ];
        let request = self.client.get_queue_attributes().queue_url(&self.url);
        let answer = request.set_attribute_names(Some(names.to_vec())).send().await;
        let answer =
            answer.map_err(|error| explain(&format!("GetQueueAttributes of {}", self.url), error))?;
        let count = |name| answer.attributes()?.get(name)?.parse().ok();
        let [visible, hidden] = names.each_ref().map(|name| count(name).unwrap_or_default());
        Ok((visible, hidden))
    }

    /// Makes messages visible again. If that fails they are visible when their time is over, so the list is good.
    async fn release(&self, receipts: &[String]) {
        let mut hidden: usize = 0;
        for some in receipts.chunks(BATCH) {
            let entries = some.iter().enumerate().filter_map(|(number, receipt)| {
                let entry = ChangeMessageVisibilityBatchRequestEntry::builder().id(number.to_string());
                entry.receipt_handle(receipt).visibility_timeout(0).build().ok()
            });
            let request = self.client.change_message_visibility_batch().queue_url(&self.url);
            let answer = request.set_entries(Some(entries.collect())).send().await;
            let failed = answer.map_or(some.len(), |answer| answer.failed().len());
            hidden = hidden.saturating_add(failed);
        }
        if hidden > 0 {
            let messages = text::count(hidden, "message");
            eprintln!(
                "ripper: {messages} could not be made visible again at once, and will be in five minutes"
            );
        }
    }
}
