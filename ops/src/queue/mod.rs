//! A queue of a stack: reads all of its messages and gives them back, or works through some of them. A message that was
//! received is hidden from other readers for a while, and comes back by itself if nobody deletes it.

mod list;
mod work;

use std::time::{Duration, SystemTime};

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{ChangeMessageVisibilityBatchRequestEntry, MessageSystemAttributeName};

use crate::clients::CloudError;
use crate::operator::explain_operator;
use crate::text;

pub(crate) use list::Listing;
pub(crate) use work::{Handled, Worked};

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
    /// The same each time that it is received.
    pub(crate) id: String,
    pub(crate) body: String,
    /// When it was sent.
    pub(crate) sent: SystemTime,
    /// What deletes it or gives it back, since it was last received.
    receipt: String,
}

#[cfg(test)]
impl Message {
    /// A message that came from no queue.
    pub(crate) fn of(id: &str, body: String, sent: SystemTime) -> Self {
        Self { id: id.to_owned(), body, sent, receipt: String::new() }
    }
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

    /// Some messages, hidden from now on. None if there are no more.
    async fn receive(&self) -> Result<Vec<Message>, CloudError> {
        let request = self
            .client
            .receive_message()
            .queue_url(&self.url)
            .max_number_of_messages(BATCH as i32)
            .visibility_timeout(HIDDEN)
            .wait_time_seconds(WAIT)
            .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp);
        let answer = request.send().await;
        let answer = answer.map_err(|error| explain_operator("sqs:ReceiveMessage", &self.url, error))?;
        let messages = answer.messages.into_iter().flatten().filter_map(|message| {
            let sent = message.attributes.as_ref().and_then(|attributes| {
                attributes.get(&MessageSystemAttributeName::SentTimestamp)?.parse::<u64>().ok()
            });
            Some(Message {
                id: message.message_id?,
                body: message.body.unwrap_or_default(),
                sent: SystemTime::UNIX_EPOCH + Duration::from_millis(sent.unwrap_or_default()),
                receipt: message.receipt_handle?,
            })
        });
        Ok(messages.collect())
    }

    /// Makes messages visible again. If that fails they are visible when their time is over.
    async fn release(&self, receipts: &[String]) {
        let mut hidden: usize = 0;
        let mut why = String::new();
        for some in receipts.chunks(BATCH) {
            let entries = some.iter().enumerate().filter_map(|(number, receipt)| {
                let entry = ChangeMessageVisibilityBatchRequestEntry::builder().id(number.to_string());
                entry.receipt_handle(receipt).visibility_timeout(0).build().ok()
            });
            let request = self.client.change_message_visibility_batch().queue_url(&self.url);
            let answer = request.set_entries(Some(entries.collect())).send().await;
            let failed = match answer {
                Ok(answer) => answer.failed().len(),
                Err(error) => {
                    let error = explain_operator("sqs:ChangeMessageVisibility", &self.url, error);
                    why = format!(" ({error})");
                    some.len()
                }
            };
            hidden = hidden.saturating_add(failed);
        }
        if hidden > 0 {
            let messages = text::count(hidden, "message");
            eprintln!(
                "ripper: {messages} could not be made visible again at once, and will be in five minutes{}",
                text::printable(&why)
            );
        }
    }
}
