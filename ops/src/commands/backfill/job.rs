//! A backfill of many photos as a job of S3 Batch Operations, which runs the function for each ("Invoke AWS Lambda
//! function", Amazon S3 User Guide). The stack has a bucket for its manifest and its report, and a role.

use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;
use tokio::time::sleep;

use super::key_list::KeyList;
use crate::batch_operations::{BatchOperations, Created, Manifest, Progress};
use crate::clients::CloudError;
use crate::failure::{Failure, RunResult};
use crate::operator::OperatorSession;
use crate::{interrupt, table, text};

/// From so many photos on a job is made: it costs 0.25 USD, and takes some minutes to begin.
pub(super) const FROM: usize = 10_000;

/// How often the job is asked about.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// How many looks in a row may fail.
const FAILED_LOOKS: u32 = 12;

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
    let manifest = upload(&operations, keys).await?;
    let job = match operations.create_job(&manifest).await? {
        Created::Job(job) => job,
        Created::Absent(answer) => {
            eprintln!(
                "ripper: there is no S3 Batch Operations here ({answer}), so the function is run for each photo"
            );
            return Ok(None);
        }
    };
    let report = operations.report_of(&job);
    // On standard error too, where a script keeps only the JSON line.
    let announced = format!("job {job} of S3 Batch Operations; its report will be under {report}");
    if json {
        eprintln!("ripper: {announced}");
    } else {
        writeln!(io::stdout().lock(), "{announced}")?;
    }
    let goes_on = "goes on; wait for it, or cancel it in the S3 console, before you backfill again";
    let progress = tokio::select! {
        ended = wait(&operations, &job, keys.len()) => {
            ended.map_err(|error| Failure::Other(format!("{error}; the job {job} {goes_on}").into()))?
        }
        () = interrupt::wait() => return Err(Failure::Interrupted(format!("the job {job} {goes_on}"))),
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
            format!(
                "the job {job} ended as {status}{why}; what it has done has its copy, the rest is still to do"
            )
            .into(),
        ));
    }
    Ok(Some(if *failed == 0 { RunResult::Ok } else { RunResult::Unexpected }))
}

/// Uploads the manifest; what is begun is dropped after an error or Ctrl-C.
async fn upload(operations: &BatchOperations, keys: &mut KeyList) -> Result<Manifest, Failure> {
    let upload = operations.begin_upload().await?;
    let part = part_bytes(keys.bytes()?);
    let uploaded = tokio::select! {
        uploaded = operations.upload(&upload, keys.parts(part)?) => uploaded,
        () = interrupt::wait() => Err(Failure::Interrupted("no job was made".to_owned())),
    };
    if uploaded.is_err() {
        operations.abort(&upload).await;
    }
    uploaded
}

/// 16 MiB, or so many that 10,000 parts are enough ("Amazon S3 multipart upload limits", Amazon S3 User Guide).
fn part_bytes(manifest: u64) -> usize {
    usize::try_from(manifest.div_ceil(10_000)).unwrap_or(usize::MAX).max(16 << 20)
}

/// Waits until the job has ended. Some looks in a row may fail: AWS may not know a new job yet, and a job takes hours
/// ("Troubleshooting S3 Batch Operations", Amazon S3 User Guide).
async fn wait(operations: &BatchOperations, job: &str, photos: usize) -> Result<Progress, CloudError> {
    let bar = table::progress(photos, "photos");
    let mut failed = 0_u32;
    loop {
        sleep(LOOK_EVERY).await;
        match operations.describe_job(job).await {
            Ok(progress) => {
                failed = 0;
                bar.set_position(progress.succeeded.saturating_add(progress.failed));
                if progress.has_ended() {
                    bar.finish_and_clear();
                    return Ok(progress);
                }
            }
            // A permission does not come by waiting.
            Err(error) if failed < FAILED_LOOKS && !matches!(error, CloudError::NotAllowed { .. }) => {
                failed = failed.saturating_add(1)
            }
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_of_any_size_fits_into_ten_thousand_parts() {
        for bytes in [0, 1, 16 << 20, 10_000 * (16 << 20), 10_000 * (16 << 20) + 1, 1 << 40] {
            let part = part_bytes(bytes);
            println!("{bytes} bytes in parts of {part}");
            assert!(part >= 16 << 20 && bytes.div_ceil(part as u64) <= 10_000);
        }
    }
}
