//! How many photos are where in a stack: what a page about a stack shows of the path of a photo.

use std::time::SystemTime;

use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use futures_util::TryStreamExt;

use crate::bucket_listing;
use crate::cli::QueueName;
use crate::failure::Failure;
use crate::operator::OperatorSession;
use crate::table;

/// The counts of a stack at a time.
#[derive(Debug)]
pub(super) struct StackCounts {
    pub(super) stack: String,
    /// When they were taken, in UTC.
    pub(super) at: String,
    /// How many objects each bucket has.
    pub(super) originals: u64,
    pub(super) clean: u64,
    /// How many messages wait in each queue, about.
    pub(super) refusals: u64,
    pub(super) failures: u64,
}

impl StackCounts {
    /// Lists both buckets, and asks both queues.
    pub(super) async fn take(stack: &str) -> Result<Self, Failure> {
        let session = OperatorSession::begin(stack).await?;
        let at = DateTime::from(SystemTime::now()).fmt(DateTimeFormat::DateTime).unwrap_or_default();
        let originals = objects(&session, &session.stack.bucket_a).await?;
        let clean = objects(&session, &session.stack.bucket_b).await?;
        let refusals = session.queue(QueueName::Refusals)?.waiting().await?;
        let failures = session.queue(QueueName::Failures)?.waiting().await?;
        Ok(Self { stack: stack.to_owned(), at, originals, clean, refusals, failures })
    }
}

async fn objects(session: &OperatorSession, bucket: &str) -> Result<u64, Failure> {
    let bar = table::counter("objects counted");
    let mut objects = std::pin::pin!(bucket_listing::current(&session.s3, bucket, ""));
    let mut count: u64 = 0;
    while objects.try_next().await?.is_some() {
        count = count.saturating_add(1);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(count)
}
