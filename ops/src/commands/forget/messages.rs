//! The messages of both queues that name a key.

use std::collections::HashSet;
use std::time::Duration;

use strum::VariantArray;
use tokio::time::sleep;

use super::receipt::Receipt;
use crate::cli::QueueName;
use crate::commands::waiting::keys_of_messages;
use crate::failure::Failure;
use crate::operator::OperatorSession;
use crate::queue::{Handled, Message};

/// The numbers of messages that SQS gives lag behind ("GetQueueAttributes", Amazon SQS API Reference), so that a queue
/// may seem to have hidden messages for a while after some were deleted.
const LOOKS: usize = 6;
const BETWEEN_LOOKS: Duration = Duration::from_secs(5);

/// An error if the messages cannot be read.
pub(super) async fn check_access(session: &OperatorSession) -> Result<(), Failure> {
    for name in QueueName::VARIANTS {
        keys_of_messages(&session.queue(*name)?, *name).await?;
    }
    Ok(())
}

/// Deletes the messages, and looks whether some are left. One that names other photos as well stays: they would be
/// forgotten with it.
pub(super) async fn delete(session: &OperatorSession, receipts: &mut [Receipt<'_>]) -> Result<(), Failure> {
    for name in QueueName::VARIANTS {
        let queue = session.queue(*name)?;
        let mut wanted = HashSet::new();
        for (id, keys) in keys_of_messages(&queue, *name).await?.0 {
            let mine = receipts.iter_mut().filter(|receipt| !receipt.is_kept);
            let named: Vec<_> = mine.filter(|receipt| keys.contains(receipt.key)).collect();
            if named.len() == keys.len() && !keys.is_empty() {
                named.into_iter().for_each(|receipt| receipt.messages = receipt.messages.saturating_add(1));
                wanted.insert(id);
            }
        }
        if !wanted.is_empty() {
            queue
                .work(wanted, 1, async |_: &Message| Ok(Handled { result: (), is_done: true }))
                .await
                .ended?;
        }
        let (mut left, mut are_all) = keys_of_messages(&queue, *name).await?;
        for _ in 0..LOOKS {
            if are_all {
                break;
            }
            sleep(BETWEEN_LOOKS).await;
            (left, are_all) = keys_of_messages(&queue, *name).await?;
        }
        for receipt in receipts.iter_mut().filter(|receipt| !receipt.is_kept) {
            if left.values().any(|keys| keys.contains(receipt.key)) {
                receipt.left.push(format!("a message of the {name} queue"));
            } else if !are_all {
                // Nobody can say which photos these are about.
                let hidden = format!(
                    "perhaps a message of the {name} queue, which somebody else reads: run this again"
                );
                receipt.left.push(hidden);
            }
        }
    }
    Ok(())
}
