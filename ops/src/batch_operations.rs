//! S3 Batch Operations, as far as a backfill needs it: a manifest, a job, and how far it is ("Creating an S3 Batch
//! Operations job", Amazon S3 User Guide; "CreateJob" and "DescribeJob", Amazon S3 API Reference).

use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_config::SdkConfig;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use aws_sdk_s3control::config::endpoint::{Endpoint, EndpointFuture, Params, ResolveEndpoint};
use aws_sdk_s3control::types::{
    JobManifest, JobManifestFieldName, JobManifestFormat, JobManifestLocation, JobManifestSpec, JobOperation,
    JobReport, JobReportFormat, JobReportScope, LambdaInvokeOperation,
};

use crate::clients::{CloudError, ErrorAnswer};
use crate::failure::Failure;
use crate::operator::explain_operator;

/// The version of the events that the function gets.
const SCHEMA: &str = "2.0";
const REPORTS: &str = "reports";

/// What a stack has for jobs.
#[derive(Debug, Clone)]
pub(crate) struct JobsOfStack {
    pub(crate) bucket: String,
    pub(crate) role_arn: String,
    pub(crate) region: String,
    /// The function's name.
    pub(crate) function: String,
}

/// A manifest in the stack's bucket for jobs.
#[derive(Debug)]
pub(crate) struct Manifest {
    key: String,
    e_tag: String,
}

/// What came of the request for a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Created {
    /// The job has this id.
    Job(String),
    /// The endpoint knows no such request; its answer.
    Absent(ErrorAnswer),
}

/// An upload of a manifest that has begun.
#[derive(Debug)]
pub(crate) struct Upload {
    key: String,
    id: String,
}

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Progress {
    /// In AWS's words, such as `Active` and `Complete`.
    pub(crate) status: String,
    pub(crate) total: u64,
    pub(crate) succeeded: u64,
    pub(crate) failed: u64,
    /// Why the job itself failed.
    pub(crate) why: Option<String>,
}

impl Progress {
    pub(crate) fn has_ended(&self) -> bool {
        // A job that is `Paused` waits for one of a higher priority, and goes on.
        matches!(self.status.as_str(), "Complete" | "Failed" | "Cancelled")
    }
}

/// S3 Batch Operations with the operator's credentials.
#[derive(Debug)]
pub(crate) struct BatchOperations {
    client: aws_sdk_s3control::Client,
    s3: aws_sdk_s3::Client,
    stack: JobsOfStack,
}

impl JobsOfStack {
    /// The partition and the account in arn:PARTITION:iam::ACCOUNT:role/NAME.
    fn partition_and_account(&self) -> (&str, &str) {
        let mut parts = self.role_arn.split(':');
        (parts.nth(1).unwrap_or_default(), parts.nth(2).unwrap_or_default())
    }

    fn function_arn(&self) -> String {
        let (partition, account) = self.partition_and_account();
        format!("arn:{partition}:lambda:{}:{account}:function:{}", self.region, self.function)
    }

    fn bucket_arn(&self) -> String {
        format!("arn:{}:s3:::{}", self.partition_and_account().0, self.bucket)
    }
}

/// An endpoint that was given: without the account in the host name, as AWS's has it.
#[derive(Debug)]
struct Given(String);

impl ResolveEndpoint for Given {
    fn resolve_endpoint<'a>(&'a self, _: &'a Params) -> EndpointFuture<'a> {
        EndpointFuture::ready(Ok(Endpoint::builder().url(self.0.clone()).build()))
    }
}

/// Whether the endpoint took the request for one of another kind. AWS itself has no such answer to CreateJob.
fn is_absent(answer: &ErrorAnswer) -> bool {
    matches!(answer.status, 404 | 405 | 501) || answer.code == "InvalidURI"
}

impl BatchOperations {
    pub(crate) fn new(
        shared: &SdkConfig,
        s3: aws_sdk_s3::Client,
        endpoint: Option<String>,
        stack: JobsOfStack,
    ) -> Self {
        let mut config = aws_sdk_s3control::config::Builder::from(shared);
        if let Some(endpoint) = endpoint {
            config = config.endpoint_resolver(Given(endpoint));
        }
        Self { client: aws_sdk_s3control::Client::from_conf(config.build()), s3, stack }
    }

    /// Begins the upload of a manifest.
    pub(crate) async fn begin_upload(&self) -> Result<Upload, CloudError> {
        let bucket = &self.stack.bucket;
        // A clock before 1970 counts as 1970: the process id makes the name unique as well.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let key = format!("manifests/{now:x}-{:x}.csv", std::process::id());
        let request = self.s3.create_multipart_upload().bucket(bucket).key(&key).content_type("text/csv");
        let begun = request.send().await.map_err(|error| explain_operator("s3:PutObject", bucket, error))?;
        let what = format!("CreateMultipartUpload of {key} in {bucket}");
        let id = begun.upload_id.ok_or(CloudError::Incomplete { what, missing: "an upload id" })?;
        Ok(Upload { key, id })
    }

    /// Uploads all parts, each of at least 5 MiB but the last, and ends the upload.
    pub(crate) async fn upload(
        &self,
        upload: &Upload,
        parts: impl Iterator<Item = io::Result<Vec<u8>>>,
    ) -> Result<Manifest, Failure> {
        let (bucket, Upload { key, id }) = (&self.stack.bucket, upload);
        let mut completed = CompletedMultipartUpload::builder();
        for (part, number) in parts.zip(1..) {
            let request = self.s3.upload_part().bucket(bucket).key(key).upload_id(id).part_number(number);
            let sent = request.body(part?.into()).send().await;
            let sent = sent.map_err(|error| explain_operator("s3:PutObject", bucket, error))?;
            let part = CompletedPart::builder().part_number(number).set_e_tag(sent.e_tag).build();
            completed = completed.parts(part);
        }
        let request = self.s3.complete_multipart_upload().bucket(bucket).key(key).upload_id(id);
        let done = request.multipart_upload(completed.build()).send().await;
        let done = done.map_err(|error| explain_operator("s3:PutObject", bucket, error))?;
        let what = format!("CompleteMultipartUpload of {key} in {bucket}");
        let e_tag = done.e_tag.ok_or(CloudError::Incomplete { what, missing: "an ETag" })?;
        Ok(Manifest { key: key.clone(), e_tag: e_tag.trim_matches('"').to_owned() })
    }

    /// Drops what has been uploaded. If that fails, the bucket's lifecycle does it a day later.
    pub(crate) async fn abort(&self, upload: &Upload) {
        let request = self.s3.abort_multipart_upload().bucket(&self.stack.bucket).key(&upload.key);
        let _ = request.upload_id(&upload.id).send().await;
    }

    /// Makes a job that runs the function for every key of the manifest, and begins at once.
    pub(crate) async fn create_job(&self, manifest: &Manifest) -> Result<Created, Failure> {
        let what = "CreateJob of S3 Batch Operations".to_owned();
        let incomplete = |error: aws_sdk_s3control::error::BuildError| CloudError::NoAnswer {
            what: "CreateJob of S3 Batch Operations".to_owned(),
            why: error.to_string(),
        };
        let spec = JobManifestSpec::builder()
            .format(JobManifestFormat::S3BatchOperationsCsv20180820)
            .fields(JobManifestFieldName::Bucket)
            .fields(JobManifestFieldName::Key)
            .build()
            .map_err(incomplete)?;
        let location = JobManifestLocation::builder()
            .object_arn(format!("{}/{}", self.stack.bucket_arn(), manifest.key))
            .e_tag(&manifest.e_tag)
            .build()
            .map_err(incomplete)?;
        let invoke = LambdaInvokeOperation::builder().function_arn(self.stack.function_arn());
        let invoke = invoke.invocation_schema_version(SCHEMA);
        let report = JobReport::builder()
            .bucket(self.stack.bucket_arn())
            .prefix(REPORTS)
            .format(JobReportFormat::ReportCsv20180820)
            .report_scope(JobReportScope::FailedTasksOnly)
            .enabled(true)
            .build();
        let answer = self
            .client
            .create_job()
            .account_id(self.stack.partition_and_account().1)
            .confirmation_required(false)
            .operation(JobOperation::builder().lambda_invoke(invoke.build()).build())
            .manifest(JobManifest::builder().spec(spec).location(location).build())
            .report(report)
            // The same manifest makes no second job.
            .client_request_token(&manifest.key)
            .description("ripper backfill")
            .priority(10)
            .role_arn(&self.stack.role_arn)
            .send()
            .await;
        let resource = format!("the account, or iam:PassRole on {}", self.stack.role_arn);
        match answer.map_err(|error| explain_operator("s3:CreateJob", &resource, error)) {
            Ok(job) => {
                Ok(Created::Job(job.job_id.ok_or(CloudError::Incomplete { what, missing: "a job id" })?))
            }
            Err(CloudError::Answered { answer, .. }) if is_absent(&answer) => Ok(Created::Absent(answer)),
            Err(error) => Err(error.into()),
        }
    }

    /// How far a job is.
    pub(crate) async fn describe_job(&self, job: &str) -> Result<Progress, CloudError> {
        let answer = self
            .client
            .describe_job()
            .account_id(self.stack.partition_and_account().1)
            .job_id(job)
            .send()
            .await;
        let answer = answer.map_err(|error| explain_operator("s3:DescribeJob", job, error))?;
        let what = format!("DescribeJob of {job}");
        let described =
            answer.job.ok_or(CloudError::Incomplete { what: what.clone(), missing: "the job" })?;
        let status = described.status.ok_or(CloudError::Incomplete { what, missing: "the job's status" })?;
        let count =
            |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok()).unwrap_or_default();
        let summary = described.progress_summary;
        let summary = summary.as_ref();
        let why = described.failure_reasons.unwrap_or_default().into_iter().next();
        Ok(Progress {
            status: status.as_str().to_owned(),
            total: count(summary.and_then(|summary| summary.total_number_of_tasks)),
            succeeded: count(summary.and_then(|summary| summary.number_of_tasks_succeeded)),
            failed: count(summary.and_then(|summary| summary.number_of_tasks_failed)),
            why: why.and_then(|why| why.failure_reason.or(why.failure_code)),
        })
    }

    /// Where a job's report is, once the job has ended.
    pub(crate) fn report_of(&self, job: &str) -> String {
        format!("s3://{}/{REPORTS}/job-{job}/", self.stack.bucket)
    }
}
