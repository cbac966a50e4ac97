//! What the commands of an operator share: the outputs of a stack, and clients with the operator's own credentials,
//! from AWS's default chain.

use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::config::{ProvideCredentials, Region, SharedHttpClient};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};

use crate::batch_operations::{BatchOperations, JobsOfStack};
use crate::cli::QueueName;
use crate::clients::{CloudError, cause, endpoint, endpoint_in, explain, http_client, timeouts};
use crate::failure::Failure;
use crate::function::Function;
use crate::queue::Queue;
use crate::stack::Stack;

/// A stack as its operator sees it.
#[derive(Debug)]
pub(crate) struct OperatorSession {
    pub(crate) stack: Stack,
    pub(crate) s3: aws_sdk_s3::Client,
    stack_name: String,
    shared: SdkConfig,
}

impl OperatorSession {
    /// Asks Pulumi for the stack, and AWS's default chain for credentials.
    pub(crate) async fn begin(stack_name: &str) -> Result<Self, Failure> {
        let stack = Stack::outputs(stack_name)?;
        let endpoint = endpoint()?;
        let http = http_client(endpoint.as_deref())?;
        let shared = operator_config(&stack, &http).await.map_err(CloudError::NoCredentials)?;
        let s3 = aws_sdk_s3::Client::from_conf(s3_config(&shared, endpoint.is_some()));
        Ok(Self { stack, s3, stack_name: stack_name.to_owned(), shared })
    }

    pub(crate) fn queue(&self, name: QueueName) -> Result<Queue, Failure> {
        let url = match name {
            QueueName::Failures => self.stack.failures_queue(&self.stack_name)?,
            QueueName::Refusals => self.stack.refusals_queue(&self.stack_name)?,
        };
        Ok(Queue::new(aws_sdk_sqs::Client::new(&self.shared), url))
    }

    pub(crate) fn function(&self) -> Result<Function, Failure> {
        Ok(Function::new(&self.shared, self.stack.function(&self.stack_name)?))
    }

    pub(crate) fn batch_operations(&self) -> Result<BatchOperations, Failure> {
        let (bucket, role_arn) =
            (self.stack.jobs_bucket(&self.stack_name)?, self.stack.jobs_role_arn(&self.stack_name)?);
        let function = self.stack.function(&self.stack_name)?;
        let jobs = JobsOfStack { bucket, role_arn, region: self.stack.region.clone(), function };
        let endpoint = endpoint_in(["AWS_ENDPOINT_URL_S3_CONTROL", "AWS_ENDPOINT_URL"])?;
        Ok(BatchOperations::new(&self.shared, self.s3.clone(), endpoint, jobs))
    }
}

/// What the operator's clients share, or why AWS's default chain finds no credentials.
pub(crate) async fn operator_config(stack: &Stack, http: &SharedHttpClient) -> Result<SdkConfig, String> {
    let shared = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(stack.region.clone()))
        .http_client(http.clone())
        .timeout_config(timeouts())
        .load()
        .await;
    // Load the credentials now, so that a run without them reports this at its start.
    let provider = shared.credentials_provider().ok_or("this build has no credentials provider")?;
    provider.provide_credentials().await.map_err(|error| {
        // The first line says what is missing; the chain's providers follow, one on each line.
        let cause = cause(&error);
        let why = cause.split_once('\n').map_or(cause.as_str(), |(first, _)| first);
        let why = why.trim_end_matches(". Attempted:");
        format!("{why}; set AWS_PROFILE or log in, as for pulumi up")
    })?;
    Ok(shared)
}

/// The configuration of a client of S3 with the operator's credentials.
pub(crate) fn s3_config(shared: &SdkConfig, path_style: bool) -> aws_sdk_s3::Config {
    aws_sdk_s3::config::Builder::from(shared).force_path_style(path_style).build()
}

/// [`explain`] for a request with the operator's own credentials. `permission` is the one that it needs, and `resource`
/// what it is about.
pub(crate) fn explain_operator<E>(
    permission: &'static str,
    resource: &str,
    error: SdkError<E, HttpResponse>,
) -> CloudError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    // The services have different statuses and codes for the same answer; that to a HEAD has no code.
    let is_denied = error.code().is_some_and(|code| code.starts_with("AccessDenied"));
    match explain(&format!("{permission} of {resource}"), error) {
        CloudError::Answered { answer, .. }
            if is_denied || answer.status == 403 && answer.code.is_empty() =>
        {
            CloudError::NotAllowed { permission, resource: resource.to_owned() }
        }
        error => error,
    }
}
