//! Runs the tasks of an S3 Batch Operations job, which is how to scrub photos that are in bucket A already ("Invoke AWS
//! Lambda function", Amazon S3 User Guide). A failed task is a result here, not an error: it goes into the job's own
//! report. So does a refused one, which is in the refusals queue as well.

use aws_lambda_events::event::s3::batch_job::{
    S3BatchJobEvent, S3BatchJobResponse, S3BatchJobResult, S3BatchJobTask,
};
use serde_json::Value;

use crate::error::Error;
use crate::event::{Change, EventError, PhotoEvent, check_bucket, decode_key};
use crate::log;
use crate::outcome::Outcome;

/// Publishes the photo of every task with `publish`, and returns one result for each task. Every task must be about
/// `bucket_a`.
pub(crate) async fn run_tasks(
    job: S3BatchJobEvent,
    bucket_a: &str,
    publish: impl AsyncFn(&PhotoEvent) -> Result<Outcome, Error>,
) -> Value {
    let mut response = S3BatchJobResponse::default();
    for task in job.tasks {
        let result = match task_photo(&task, bucket_a) {
            Ok(photo) => publish(&photo).await,
            Err(error) => {
                log::task_failed(&error);
                Err(error.into())
            }
        };
        response.results.push(task_result(task.task_id, &result));
    }
    response.invocation_schema_version = job.invocation_schema_version;
    response.invocation_id = job.invocation_id;
    // A task without a result was not run.
    response.treat_missing_keys_as = Some("TemporaryFailure".to_owned());
    serde_json::to_value(response).unwrap_or_default()
}

fn task_photo(task: &S3BatchJobTask, bucket_a: &str) -> Result<PhotoEvent, EventError> {
    let encoded = task.s3_key.as_deref().ok_or(EventError::Incomplete { field: "s3Key" })?;
    check_bucket(
        task_bucket(task).ok_or(EventError::Incomplete { field: "s3BucketArn or s3Bucket" })?,
        bucket_a,
        encoded,
    )?;
    Ok(PhotoEvent { key: decode_key(encoded)?, time: None, change: Change::Created })
}

/// Schema 1.0 has the bucket's ARN, schema 2.0 its name.
fn task_bucket(task: &S3BatchJobTask) -> Option<&str> {
    let arn = task.s3_bucket_arn.as_deref().map(|arn| arn.rsplit(':').next().unwrap_or(arn));
    arn.or_else(|| task.other.get("s3Bucket").and_then(Value::as_str))
}

fn task_result(task_id: Option<String>, result: &Result<Outcome, Error>) -> S3BatchJobResult {
    let (code, text) = match result {
        Ok(outcome) => ("Succeeded", <&str>::from(outcome).to_owned()),
        // Whatever the reason: the job's report alone must not be the only place that has the refusal.
        Err(error @ Error::Queue(_)) => ("TemporaryFailure", format!("{error:?}")),
        Err(error) if error.is_transient() => ("TemporaryFailure", format!("{error:?}")),
        Err(error) => ("PermanentFailure", format!("{error:?}")),
    };
    let mut task_result = S3BatchJobResult::default();
    task_result.task_id = task_id;
    task_result.result_code = Some(code.to_owned());
    task_result.result_string = Some(text);
    task_result
}
