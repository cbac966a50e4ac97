//! `ripper forget`: erases photos for good. The order matters:
//!
//! 1. The photo is deleted from A, so that no new run of the function reads it.
//! 2. Runs that have read it before may still write it to B. They end within the function's timeout.
//! 3. Then all versions are deleted, and only after them the delete markers: a marker that goes first makes the version
//!    under it current again, and the function would publish it.
//! 4. The messages that name the key are deleted last, because the runs may have sent some.

mod messages;
mod receipt;
mod traces;

use std::time::{Duration, SystemTime};

use tokio::time::sleep;

use crate::cli::ForgetArgs;
use crate::clients::CloudError;
use crate::confirm::confirm;
use crate::failure::{Failure, RunResult};
use crate::operator::{OperatorSession, explain_operator};
use crate::{interrupt, table};
use receipt::Receipt;
use traces::Traces;

/// What a run may need beyond its timeout until its last request has taken effect.
const MARGIN: Duration = Duration::from_secs(2);

/// Asks, erases, looks again, and prints receipts.
pub(crate) async fn run(args: &ForgetArgs) -> Result<RunResult, Failure> {
    let session = OperatorSession::begin(&args.stack.name).await?;
    let timeout = session.function()?.timeout().await?;
    let log_days = session.stack.log_retention_days(&args.stack.name)?;
    let keys = keys(args);
    if !args.json {
        for key in &keys {
            let (a, b) = (in_a(&session, key).await?, in_b(&session, key).await?);
            receipt::announce(key, &a, &b)?;
        }
    }
    let (question, expected) = match &keys[..] {
        [key] => ("This photo cannot be restored.", (*key).to_owned()),
        several => ("These photos cannot be restored.", several.len().to_string()),
    };
    if !args.yes && !confirm(question, &expected)? {
        return Ok(RunResult::Ok);
    }
    // Without access to the queues nothing is begun.
    messages::check_access(&session).await?;
    let started = SystemTime::now();
    let mut receipts = Vec::new();
    let ended = tokio::select! {
        ended = erase_all(&session, &keys, timeout, &mut receipts) => ended,
        () = interrupt::wait() => {
            Err(Failure::Interrupted("some of it may be deleted; run it again for the rest".to_owned()))
        }
    };
    let ended = match ended {
        Ok(()) => finish(&session, &mut receipts).await,
        failed => failed,
    };
    // What was deleted is said in any case.
    if ended.is_ok() || !receipts.is_empty() {
        receipt::show(&receipts, &args.stack.name, started, log_days, args.json)?;
    }
    ended?;
    let nothing_left = receipts.iter().all(Receipt::is_complete);
    Ok(if nothing_left { RunResult::Ok } else { RunResult::Unexpected })
}

/// The keys, each once.
fn keys(args: &ForgetArgs) -> Vec<&str> {
    let mut keys: Vec<&str> = args.keys.iter().map(String::as_str).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

async fn in_a(session: &OperatorSession, key: &str) -> Result<Traces, CloudError> {
    Traces::find(&session.s3, &session.stack.bucket_a, key).await
}

async fn in_b(session: &OperatorSession, key: &str) -> Result<Traces, CloudError> {
    Traces::find(&session.s3, &session.stack.bucket_b, key).await
}

/// Deletes the messages, and looks again.
async fn finish(session: &OperatorSession, receipts: &mut [Receipt<'_>]) -> Result<(), Failure> {
    messages::delete(session, receipts).await?;
    for receipt in receipts {
        let (a, b) = (in_a(session, receipt.key).await?, in_b(session, receipt.key).await?);
        receipt.look_again(&a, &b);
    }
    Ok(())
}

async fn erase_all<'a>(
    session: &OperatorSession,
    keys: &[&'a str],
    timeout: Duration,
    receipts: &mut Vec<Receipt<'a>>,
) -> Result<(), Failure> {
    let bucket_a = &session.stack.bucket_a;
    for key in keys {
        let deleted = session.s3.delete_object().bucket(bucket_a).key(*key).send().await;
        deleted.map_err(|error| explain_operator("s3:DeleteObject", bucket_a, error))?;
    }
    wait(timeout + MARGIN).await;
    let bar = table::progress(keys.len(), "photos");
    for key in keys {
        receipts.push(erase(session, key).await?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}

/// Deletes everything under a key whose original is deleted.
async fn erase<'a>(session: &OperatorSession, key: &'a str) -> Result<Receipt<'a>, Failure> {
    let (a, b) = (in_a(session, key).await?, in_b(session, key).await?);
    if a.has_current {
        // Somebody wants to keep what is to be forgotten: to be decided by people.
        let mut receipt = Receipt::new(key, &Traces::default(), &Traces::default());
        receipt.is_kept = true;
        receipt.left.push("it was uploaded again: run this again to erase the new photo too".to_owned());
        return Ok(receipt);
    }
    let both = [(&session.stack.bucket_a, &a), (&session.stack.bucket_b, &b)];
    for (bucket, traces) in both {
        traces.delete_uploads(&session.s3, bucket, key).await?;
        traces.delete_versions(&session.s3, bucket, key).await?;
    }
    // The removal of the versions calls the function again, which finds nothing in A and leaves B as it is.
    let (a_again, b_again) = (in_a(session, key).await?, in_b(session, key).await?);
    let mut receipt = Receipt::new(key, &a, &b);
    for (bucket, traces) in [(&session.stack.bucket_a, &a_again), (&session.stack.bucket_b, &b_again)] {
        if traces.versions.is_empty() {
            receipt.markers = receipt.markers.saturating_add(traces.markers.len());
            traces.delete_markers(&session.s3, bucket, key).await?;
        }
    }
    Ok(receipt)
}

async fn wait(time: Duration) {
    let seconds = usize::try_from(time.as_secs()).unwrap_or(usize::MAX);
    let bar = table::progress(seconds, "waiting for runs that have read it, seconds");
    for _ in 0..seconds {
        sleep(Duration::from_secs(1)).await;
        bar.inc(1);
    }
    bar.finish_and_clear();
}
