//! The function of a stack, as an operator invokes it: with an event that failed, or with the keys of photos, in the
//! form in which S3 Batch Operations asks for them. Such an event has no time, so where originals expire the function
//! never takes it for a sign that a person has deleted a photo.

use std::collections::HashMap;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_lambda::Client;
use aws_sdk_lambda::config::timeout::TimeoutConfig;
use aws_sdk_lambda::operation::get_function_configuration::GetFunctionConfigurationOutput;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clients::CloudError;
use crate::operator::explain_operator;
use crate::photo_key;

/// How long one run may take: the function's own timeout is a minute, and starting it takes some seconds more.
const RUN_LIMIT: Duration = Duration::from_secs(90);

/// How many photos an operator has in work at the same time, at most.
const AT_ONCE: usize = 8;

/// The function of a stack.
#[derive(Debug)]
pub(crate) struct Function {
    client: Client,
    name: String,
}

/// How a run for one photo ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TaskResult {
    /// Done: clean, current, gone or deleted.
    Done(String),
    /// The photo cannot be cleaned, and the refusals queue has it.
    Refused(String),
    /// The function could not do its work.
    Failed(String),
}

/// The function's answer to a batch job ("Invoke AWS Lambda function", Amazon S3 User Guide).
#[derive(Debug, Deserialize)]
struct Answer {
    results: Vec<AnsweredTask>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnsweredTask {
    result_code: String,
    result_string: String,
}

/// The answer to a run that ended with an error ("Lambda runtime API", AWS Lambda Developer Guide).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RunError {
    error_type: String,
    error_message: String,
}

impl Function {
    pub(crate) fn new(shared: &SdkConfig, name: String) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(5))
            .operation_attempt_timeout(RUN_LIMIT)
            .build();
        let config = aws_sdk_lambda::config::Builder::from(shared).timeout_config(timeouts).build();
        Self { client: Client::from_conf(config), name }
    }

    /// Hands an event to Lambda, which keeps it until it has run, or sends it to the failures queue.
    pub(crate) async fn send(&self, event: &Value) -> Result<(), CloudError> {
        self.invoke(event, InvocationType::Event).await.map(drop)
    }

    /// Runs the function for one photo, and waits for it.
    pub(crate) async fn scrub(&self, bucket_a: &str, key: &str) -> Result<TaskResult, CloudError> {
        let results = self.run_job(&task(bucket_a, key)).await?;
        Ok(results.into_iter().next().unwrap_or_else(|| TaskResult::Failed("it gave no result".to_owned())))
    }

    /// Runs the function for all tasks of an event like those of S3 Batch Operations, and waits for it.
    pub(crate) async fn run_job(&self, event: &Value) -> Result<Vec<TaskResult>, CloudError> {
        let answer = self.invoke(event, InvocationType::RequestResponse).await?;
        if let Ok(Answer { results }) = serde_json::from_slice(&answer) {
            return Ok(results.into_iter().map(task_result).collect());
        }
        let why = serde_json::from_slice(&answer).map_or_else(
            |_| "it answered with something else than results".to_owned(),
            |RunError { error_type, error_message }| format!("{error_type}: {error_message}"),
        );
        Ok(vec![TaskResult::Failed(why)])
    }

    /// Its environment variables.
    pub(crate) async fn environment(&self) -> Result<HashMap<String, String>, CloudError> {
        let environment = self.configuration().await?.environment;
        Ok(environment.and_then(|environment| environment.variables).unwrap_or_default())
    }

    /// How long a run can take at most.
    pub(crate) async fn timeout(&self) -> Result<Duration, CloudError> {
        let seconds = self.configuration().await?.timeout.and_then(|seconds| u64::try_from(seconds).ok());
        let what = format!("lambda:GetFunctionConfiguration of {}", self.name);
        seconds.map(Duration::from_secs).ok_or(CloudError::Incomplete { what, missing: "Timeout" })
    }

    async fn configuration(&self) -> Result<GetFunctionConfigurationOutput, CloudError> {
        let answer = self.client.get_function_configuration().function_name(&self.name).send().await;
        answer.map_err(|error| explain_operator("lambda:GetFunctionConfiguration", &self.name, error))
    }

    /// How many photos an operator may have in work at the same time: of the runs that are reserved for the function
    /// half are left to uploads.
    pub(crate) async fn photos_at_once(&self) -> Result<usize, CloudError> {
        let answer = self.client.get_function_concurrency().function_name(&self.name).send().await;
        let answer =
            answer.map_err(|error| explain_operator("lambda:GetFunctionConcurrency", &self.name, error))?;
        Ok(at_once(answer.reserved_concurrent_executions.and_then(|runs| usize::try_from(runs).ok())))
    }

    async fn invoke(&self, event: &Value, how: InvocationType) -> Result<Vec<u8>, CloudError> {
        let request = self.client.invoke().function_name(&self.name).invocation_type(how);
        let answer = request.payload(Blob::new(event.to_string())).send().await;
        let answer = answer.map_err(|error| explain_operator("lambda:InvokeFunction", &self.name, error))?;
        Ok(answer.payload.map(Blob::into_inner).unwrap_or_default())
    }
}

fn at_once(reserved: Option<usize>) -> usize {
    reserved.map_or(AT_ONCE, |reserved| AT_ONCE.min(reserved / 2).max(1))
}

/// An event with one task, in schema 1.0.
fn task(bucket_a: &str, key: &str) -> Value {
    json!({
        "invocationSchemaVersion": "1.0",
        "invocationId": "ripper",
        "job": {"id": "ripper"},
        "tasks": [{
            "taskId": "1",
            "s3Key": photo_key::encoded(key),
            "s3VersionId": null,
            "s3BucketArn": format!("arn:aws:s3:::{bucket_a}"),
        }],
    })
}

/// The function answers `PermanentFailure` to refusals and to errors that need a repair; only their names differ.
fn task_result(task: AnsweredTask) -> TaskResult {
    if task.result_code == "Succeeded" {
        return TaskResult::Done(task.result_string);
    }
    match task.result_string.strip_prefix("Refused.") {
        Some(refused) => TaskResult::Refused(refused.to_owned()),
        None => TaskResult::Failed(task.result_string),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn results(answer: &str) -> Vec<TaskResult> {
        let Answer { results } = serde_json::from_str(answer).unwrap();
        results.into_iter().map(task_result).collect()
    }

    #[test]
    fn results_differ_by_code_and_name() {
        let seen = results(
            r#"{"invocationSchemaVersion":"1.0","treatMissingKeysAs":"TemporaryFailure","invocationId":"ripper",
            "results":[{"taskId":"1","resultCode":"Succeeded","resultString":"clean"},
            {"taskId":"2","resultCode":"PermanentFailure","resultString":"Refused.Empty: no bytes"},
            {"taskId":"3","resultCode":"PermanentFailure","resultString":"Store.AccessDenied: denied"},
            {"taskId":"4","resultCode":"TemporaryFailure","resultString":"Transient.SlowDown: slow"}]}"#,
        );
        println!("{seen:?}");
        let failed = |why: &str| TaskResult::Failed(why.to_owned());
        assert_eq!(
            seen,
            [
                TaskResult::Done("clean".to_owned()),
                TaskResult::Refused("Empty: no bytes".to_owned()),
                failed("Store.AccessDenied: denied"),
                failed("Transient.SlowDown: slow"),
            ]
        );
    }

    #[test]
    fn half_of_the_reserved_runs_are_left_to_uploads() {
        let cases = [(None, 8), (Some(100), 8), (Some(10), 5), (Some(3), 1), (Some(1), 1), (Some(0), 1)];
        for (reserved, expected) in cases {
            println!("{reserved:?} reserved: {}", at_once(reserved));
            assert_eq!(at_once(reserved), expected);
        }
    }

    #[test]
    fn a_key_in_an_event_is_encoded_as_in_a_manifest() {
        let event = task("a-1", "2026/größe +1%.jpg");
        println!("{event}");
        let task = &event["tasks"][0];
        assert_eq!(task["s3Key"], "2026/gr%C3%B6%C3%9Fe%20%2B1%25.jpg");
        assert_eq!(task["s3BucketArn"], "arn:aws:s3:::a-1");
    }
}
