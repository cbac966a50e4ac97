//! The outputs of a deployed stack, including the users' keys, from Pulumi.

use std::fmt;
use std::io;
use std::process::{Command, Output, Stdio};

use serde::Deserialize;

use crate::failure::Failure;

/// The outputs of a stack that the checks need.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Stack {
    pub(crate) bucket_a: String,
    pub(crate) bucket_b: String,
    /// None where the stack was deployed by an older version, as below.
    function_name: Option<String>,
    log_retention_days: Option<u64>,
    failures_queue_url: Option<String>,
    refusals_queue_url: Option<String>,
    jobs_bucket: Option<String>,
    jobs_role_arn: Option<String>,
    alerts_topic_arn: String,
    user_a_access_key_id: String,
    user_a_secret_access_key: Secret,
    user_b_access_key_id: String,
    user_b_secret_access_key: Secret,
    /// The region in the topic's ARN.
    #[serde(skip)]
    pub(crate) region: String,
}

/// An access key of one of the stack's users.
#[derive(Debug, Clone)]
pub(crate) struct AccessKey {
    pub(crate) id: String,
    pub(crate) secret: Secret,
}

/// A secret that no message shows.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(pub(crate) String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// Why the stack's outputs could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StackError {
    #[error(
        "pulumi is not on PATH, but is needed for the outputs of {0}; install it, or run `just local` and source \
         target/local/env"
    )]
    NoPulumi(String),
    #[error("pulumi could not be started: {0}")]
    NotStarted(io::Error),
    #[error("there is no stack {stack} in this Pulumi backend; `just up {stack}` creates it")]
    NoStack { stack: String },
    #[error("no Pulumi.yaml here or above; run this in the project's folder")]
    NoProject,
    #[error("pulumi is not logged in; run `pulumi login` with the address of your state")]
    NotLoggedIn,
    #[error(
        "pulumi needs the stack's passphrase; set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE"
    )]
    Passphrase,
    #[error("pulumi did not give the outputs of the stack {stack}: {said}")]
    Failed { stack: String, said: String },
    #[error("the stack {stack} lacks outputs that are needed ({why}); `just up {stack}` deploys all of it")]
    Incomplete { stack: String, why: String },
}

impl From<StackError> for Failure {
    fn from(error: StackError) -> Self {
        Self::Other(error.into())
    }
}

impl Stack {
    /// Asks `pulumi` for the outputs of the stack, secrets included.
    pub(crate) fn outputs(name: &str) -> Result<Self, StackError> {
        let output = Command::new("pulumi")
            .args(["stack", "output", "--json", "--show-secrets", "--non-interactive", "--color", "never"])
            .args(["--stack", name])
            .stdin(Stdio::null())
            .output()
            .map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => StackError::NoPulumi(name.to_owned()),
                _ => StackError::NotStarted(error),
            })?;
        if !output.status.success() {
            return Err(failed(name, &output));
        }
        Self::parse(name, &output.stdout)
    }

    fn parse(name: &str, json: &[u8]) -> Result<Self, StackError> {
        let incomplete = |why: String| StackError::Incomplete { stack: name.to_owned(), why };
        // The message gives only the kind of error, because the text around it may be a secret.
        let outputs: serde_json::Value =
            serde_json::from_slice(json).map_err(|_| incomplete("not JSON".to_owned()))?;
        for key in NEEDED {
            let value = outputs.get(key).and_then(serde_json::Value::as_str);
            if value.is_none_or(str::is_empty) {
                return Err(incomplete(format!("no {key}")));
            }
        }
        let mut stack: Self = serde_json::from_value(outputs)
            .map_err(|_| incomplete("outputs of an unexpected type".to_owned()))?;
        // arn:aws:sns:REGION:ACCOUNT:NAME
        stack.region = match stack.alerts_topic_arn.split(':').collect::<Vec<_>>()[..] {
            ["arn", _, "sns", region, _, _] if !region.is_empty() => region.to_owned(),
            _ => return Err(incomplete("alertsTopicArn is not the ARN of a topic".to_owned())),
        };
        Ok(stack)
    }

    /// How many days the function's log is kept.
    pub(crate) fn log_retention_days(&self, name: &str) -> Result<u64, StackError> {
        let missing =
            || StackError::Incomplete { stack: name.to_owned(), why: "no logRetentionDays".to_owned() };
        self.log_retention_days.ok_or_else(missing)
    }

    /// The name of the function.
    pub(crate) fn function(&self, name: &str) -> Result<String, StackError> {
        present(name, "functionName", &self.function_name)
    }

    /// The address of the queue of failures.
    pub(crate) fn failures_queue(&self, name: &str) -> Result<String, StackError> {
        present(name, "failuresQueueUrl", &self.failures_queue_url)
    }

    /// The address of the queue of refusals.
    pub(crate) fn refusals_queue(&self, name: &str) -> Result<String, StackError> {
        present(name, "refusalsQueueUrl", &self.refusals_queue_url)
    }

    /// The bucket for manifests and reports of jobs.
    pub(crate) fn jobs_bucket(&self, name: &str) -> Result<String, StackError> {
        present(name, "jobsBucket", &self.jobs_bucket)
    }

    /// The role of jobs.
    pub(crate) fn jobs_role_arn(&self, name: &str) -> Result<String, StackError> {
        present(name, "jobsRoleArn", &self.jobs_role_arn)
    }

    pub(crate) fn user_a(&self) -> AccessKey {
        AccessKey { id: self.user_a_access_key_id.clone(), secret: self.user_a_secret_access_key.clone() }
    }

    pub(crate) fn user_b(&self) -> AccessKey {
        AccessKey { id: self.user_b_access_key_id.clone(), secret: self.user_b_secret_access_key.clone() }
    }
}

fn present(stack: &str, output: &str, value: &Option<String>) -> Result<String, StackError> {
    let missing = || StackError::Incomplete { stack: stack.to_owned(), why: format!("no {output}") };
    value.clone().filter(|value| !value.is_empty()).ok_or_else(missing)
}

const NEEDED: [&str; 7] = [
    "bucketA",
    "bucketB",
    "alertsTopicArn",
    "userAAccessKeyId",
    "userASecretAccessKey",
    "userBAccessKeyId",
    "userBSecretAccessKey",
];

/// Turns pulumi's error message into one that says what to do.
fn failed(name: &str, output: &Output) -> StackError {
    let said = String::from_utf8_lossy(&output.stderr);
    let has = |words: &str| said.contains(words);
    if has("no stack named") {
        StackError::NoStack { stack: name.to_owned() }
    } else if has("no Pulumi.yaml project file") || has("no Pulumi project found") {
        StackError::NoProject
    } else if has("PULUMI_ACCESS_TOKEN") || has("pulumi login") || has("not logged in") {
        StackError::NotLoggedIn
    } else if has("PULUMI_CONFIG_PASSPHRASE") || has("incorrect passphrase") {
        StackError::Passphrase
    } else {
        let first = said.lines().map(str::trim).find(|line| line.starts_with("error:"));
        let line = first.or_else(|| said.lines().map(str::trim).rfind(|line| !line.is_empty()));
        let said = line
            .map_or_else(|| output.status.to_string(), |line| line.trim_start_matches("error: ").to_owned());
        StackError::Failed { stack: name.to_owned(), said }
    }
}
