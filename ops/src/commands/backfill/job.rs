//! A backfill of many photos as a job of S3 Batch Operations, which runs the function for each ("Invoke AWS Lambda
//! function", Amazon S3 User Guide). The stack has a bucket for its manifest and its report, and a role.

use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;
use tokio::time::sleep;

use super::key_list::KeyList;
use crate::batch_operations::{BatchOperations, Progress};
use crate::failure::{Failure, RunResult};
use crate::operator::OperatorSession;
use crate::{interrupt, table, text};

/// From so many photos on a job is made: it costs 0.25 USD, and takes some minutes to begin.
pub(super) const FROM: usize = 10_000;

/// How often the job is asked about.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// How a job ended: the JSON line.
#[derive(Debug, Serialize)]
struct Ended<'a> {
    job: &'a str,
    status: &'a str,
    total: u64,
    succeeded: u64,
    failed: u64,
    report: &'a str,
}

/// Makes the job and waits until it ends. None if there is no S3 Batch Operations here.
pub(super) async fn run(
    session: &OperatorSession,
    keys: &mut KeyList,
    json: bool,
) -> Result<Option<RunResult>, Failure> {
    let operations = session.batch_operations()?;
    let manifest = operations.upload_manifest(keys.parts(PART)?).await?;
    let Some(job) = operations.create_job(&manifest).await? else {
        eprintln!("ripper: there is no S3 Batch Operations here, so the function is run directly");
        return Ok(None);
    };
    let report = operations.report_of(&job);
    if !json {
        writeln!(io::stdout().lock(), "job {job} of S3 Batch Operations; its report will be under {report}")?;
    }
    let progress = tokio::select! {
        ended = wait(&operations, &job, keys.len()) => ended?,
        () = interrupt::wait() => {
            return Err(Failure::Interrupted(format!("the job {job} goes on; the S3 console can cancel it")));
        }
    };
    let Progress { status, total, succeeded, failed, why } = &progress;
    if json {
        let ended = Ended {
            job: &job,
            status,
            total: *total,
            succeeded: *succeeded,
            failed: *failed,
            report: &report,
        };
        text::json_line(&mut io::stdout().lock(), &ended)?;
    } else {
        writeln!(io::stdout().lock(), "{status}: {succeeded} of {total} done, {failed} refused or failed")?;
    }
    if status != "Complete" {
        let why = why.as_deref().map_or_else(String::new, |why| format!(" ({})", text::printable(why)));
        return Err(Failure::Other(
            format!("the job {job} ended as {status}{why}; the same command begins where it ended").into(),
        ));
    }
    Ok(Some(if *failed == 0 { RunResult::Ok } else { RunResult::Unexpected }))
}

/// The size of a part of the manifest: 10,000 parts of it ("Amazon S3 multipart upload limits") hold a thousand million
/// keys.
pub(super) const PART: usize = 16 << 20;

async fn wait(operations: &BatchOperations, job: &str, photos: usize) -> Result<Progress, Failure> {
    let bar = table::progress(photos, "photos");
    loop {
        let progress = operations.describe_job(job).await?;
        bar.set_position(progress.succeeded.saturating_add(progress.failed));
        if progress.has_ended() {
            bar.finish_and_clear();
            return Ok(progress);
        }
        sleep(LOOK_EVERY).await;
    }
}
