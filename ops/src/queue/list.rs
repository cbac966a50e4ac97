//! Reads all messages of a queue. They are hidden while they are read, so that none is read twice, and are visible
//! again at once when the list is done.

use std::collections::BTreeMap;

use aws_sdk_sqs::types::QueueAttributeName;

use super::{Message, Queue};
use crate::clients::CloudError;
use crate::failure::Failure;
use crate::operator::explain_operator;
use crate::{interrupt, table};

/// The messages of a queue.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) messages: Vec<Message>,
    /// Whether these are all: nobody else had any, and as many came as the queue said.
    pub(crate) is_complete: bool,
}

impl Queue {
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
            let received = self.receive().await?;
            bar.inc(received.len() as u64);
            if received.is_empty() {
                bar.finish_and_clear();
                return Ok(hidden == 0 && messages.len() as u64 >= visible);
            }
            for message in received {
                if messages.insert(message.id.clone(), message).is_some() {
                    // Reading took so long that what was read first is visible again.
                    bar.finish_and_clear();
                    return Ok(false);
                }
            }
        }
    }

    /// About how many messages wait.
    pub(crate) async fn waiting(&self) -> Result<u64, CloudError> {
        let (visible, hidden) = self.counts().await?;
        Ok(visible.saturating_add(hidden))
    }

    /// About how many messages are visible, and how many others have received.
    async fn counts(&self) -> Result<(u64, u64), CloudError> {
        let names = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        ];
        let request = self.client.get_queue_attributes().queue_url(&self.url);
        let answer = request.set_attribute_names(Some(names.to_vec())).send().await;
        let answer = answer.map_err(|error| explain_operator("sqs:GetQueueAttributes", &self.url, error))?;
        let count = |name| answer.attributes()?.get(name)?.parse().ok();
        let [visible, hidden] = names.each_ref().map(|name| count(name).unwrap_or_default());
        Ok((visible, hidden))
    }
}
