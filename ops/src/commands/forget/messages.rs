//! The messages of both queues that name a key.

use std::collections::HashSet;

use strum::VariantArray;

use super::receipt::Receipt;
use crate::cli::QueueName;
use crate::commands::waiting::keys_of_messages;
use crate::failure::Failure;
use crate::operator::OperatorSession;
use crate::queue::{Handled, Message};

/// Deletes the messages, and looks whether some are left. One that names other photos as well stays: they would be
/// forgotten with it.
pub(super) async fn delete(session: &OperatorSession, receipts: &mut [Receipt<'_>]) -> Result<(), Failure> {
    for name in QueueName::VARIANTS {
        let queue = session.queue(*name)?;
        let mut wanted = HashSet::new();
        for (id, keys) in keys_of_messages(&queue, *name).await?.0 {
            let named: Vec<_> = receipts.iter_mut().filter(|receipt| keys.contains(receipt.key)).collect();
            if named.len() == keys.len() && !keys.is_empty() {
                named.into_iter().for_each(|receipt| receipt.messages = receipt.messages.saturating_add(1));
                wanted.insert(id);
            }
        }
        if !wanted.is_empty() {
            queue.work(wanted, async |_: &Message| Ok(Handled { result: (), is_done: true })).await.ended?;
        }
        let (left, are_all) = keys_of_messages(&queue, *name).await?;
        for receipt in receipts.iter_mut() {
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
