//! `ripper backfill` of so many photos that it makes a job of S3 Batch Operations: what it asks AWS for, in the form of
//! AWS's documentation ("CreateJob", "DescribeJob", Amazon S3 API Reference), and what it says of the answers. The
//! local AWS has no such jobs.
#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use serde_json::json;
use support::{Ran, folder, operator_command};

/// A job is made from 10,000 photos on.
const PHOTOS: usize = 10_000;

/// What the stub has been asked, and how the job goes.
#[derive(Debug, Default)]
struct Asked {
    manifest: Vec<u8>,
    job: String,
    headers: HeaderMap,
    looks: usize,
    /// The status and the tasks that failed, at the end.
    end: (&'static str, usize),
    /// What CreateJob answers instead, if anything.
    refusal: Option<StatusCode>,
    runs: usize,
    /// Whether nothing may be uploaded.
    denies_uploads: bool,
    /// Whether nobody may see how far the job is.
    denies_looks: bool,
}

type Shared = Arc<Mutex<Asked>>;

fn key(number: usize) -> String {
    format!("2026/größe {number:05}+.jpg")
}

fn xml(text: String) -> Response {
    ([("content-type", "application/xml")], text).into_response()
}

/// Bucket A with all photos on one page for each thousand, and B with none.
fn listing(bucket: &str, query: &HashMap<String, String>) -> String {
    let from = query.get("continuation-token").map_or(0, |token| token.parse().unwrap());
    let to = if bucket == "a-1" { from + 1000 } else { 0 };
    let is_truncated = to > 0 && to < PHOTOS;
    let mut text = format!("<ListBucketResult><IsTruncated>{is_truncated}</IsTruncated>");
    for number in from..to {
        let key = key(number);
        write!(text, "<Contents><Key>{key}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>")
            .unwrap();
        text.push_str("<ETag>\"e\"</ETag><Size>7</Size></Contents>");
    }
    if is_truncated {
        write!(text, "<NextContinuationToken>{to}</NextContinuationToken>").unwrap();
    }
    text + "</ListBucketResult>"
}

async fn bucket(Path(bucket): Path<String>, Query(query): Query<HashMap<String, String>>) -> Response {
    if query.contains_key("notification") {
        return xml("<NotificationConfiguration></NotificationConfiguration>".to_owned());
    }
    xml(listing(bucket.trim_end_matches('/'), &query))
}

async fn upload(
    State(asked): State<Shared>,
    Query(query): Query<HashMap<String, String>>,
    body: Bytes,
) -> Response {
    if asked.lock().unwrap().denies_uploads {
        let denied = "<Error><Code>AccessDenied</Code><Message>m</Message></Error>";
        return (StatusCode::FORBIDDEN, denied).into_response();
    }
    if query.contains_key("uploads") {
        return xml("<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
            .to_owned());
    }
    if query.contains_key("partNumber") {
        asked.lock().unwrap().manifest.extend_from_slice(&body);
        return [("etag", "\"part\"")].into_response();
    }
    let answer = "<CompleteMultipartUploadResult><ETag>\"60e460c9d1046e73f7dde5043ac3ae85-1\"</ETag>";
    xml(format!("{answer}</CompleteMultipartUploadResult>"))
}

async fn create_job(State(asked): State<Shared>, headers: HeaderMap, body: String) -> Response {
    let mut asked = asked.lock().unwrap();
    (asked.job, asked.headers) = (body, headers);
    match asked.refusal {
        Some(status) => {
            (status, "<Error><Code>AccessDenied</Code><Message>m</Message></Error>").into_response()
        }
        None => xml("<CreateJobResult><JobId>00e123a4</JobId></CreateJobResult>".to_owned()),
    }
}

async fn describe_job(State(asked): State<Shared>) -> Response {
    let mut asked = asked.lock().unwrap();
    asked.looks += 1;
    if asked.denies_looks {
        let denied = "<Error><Code>AccessDenied</Code><Message>m</Message></Error>";
        return (StatusCode::FORBIDDEN, denied).into_response();
    }
    let (end, failed) = asked.end;
    let status = if asked.looks == 1 { "Active" } else { end };
    let done = if asked.looks == 1 { 4_000 } else { PHOTOS - failed };
    xml(format!(
        "<DescribeJobResult><Job><JobId>00e123a4</JobId><Status>{status}</Status><ProgressSummary>\
         <TotalNumberOfTasks>{PHOTOS}</TotalNumberOfTasks><NumberOfTasksSucceeded>{done}</NumberOfTasksSucceeded>\
         <NumberOfTasksFailed>{failed}</NumberOfTasksFailed></ProgressSummary><FailureReasons>\
         <member><FailureCode>c</FailureCode><FailureReason>Job failed the threshold</FailureReason></member>\
         </FailureReasons></Job></DescribeJobResult>"
    ))
}

async fn run_function(State(asked): State<Shared>, body: Bytes) -> Response {
    asked.lock().unwrap().runs += 1;
    let event: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let result =
        json!({"taskId": event["tasks"][0]["taskId"], "resultCode": "Succeeded", "resultString": "clean"});
    json!({"invocationSchemaVersion": "1.0", "treatMissingKeysAs": "TemporaryFailure", "invocationId": "ripper",
        "results": [result]})
    .to_string()
    .into_response()
}

/// Backfills everything. Returns what the command did and what AWS was asked.
fn backfill(asked: Asked, arguments: &[&str]) -> (Ran, Asked) {
    let shared = Shared::new(Mutex::new(asked));
    let variables = json!({"SCRUB": "x", "DELETES": "follow", "EXPIRE_ORIGINALS": "Disabled"});
    let configuration = json!({"FunctionName": "f", "Environment": {"Variables": variables}}).to_string();
    let routes = Router::new()
        .route("/v20180820/jobs", post(create_job))
        .route("/v20180820/jobs/00e123a4", get(describe_job))
        .route("/2015-03-31/functions/f/configuration", get(|| async move { configuration }))
        .route("/2019-09-30/functions/f/concurrency", get(|| async { "{}" }))
        .route("/2015-03-31/functions/f/invocations", post(run_function))
        .route("/{bucket}", get(bucket))
        .route("/{bucket}/", get(bucket))
        .route("/{bucket}/{*key}", put(upload).post(upload))
        .fallback(|| async { StatusCode::NOT_IMPLEMENTED })
        .layer(axum::extract::DefaultBodyLimit::disable())
        .with_state(Shared::clone(&shared));
    let dir = folder();
    let mut command = operator_command(dir.path(), &support::serve(routes));
    command.args(["backfill", "--stack", "dev"]).args(arguments);
    let ran = command.output().unwrap().into();
    let asked = std::mem::take(&mut *shared.lock().unwrap());
    (ran, asked)
}

/// The text of the first element of that name.
fn element<'a>(xml: &'a str, name: &str) -> &'a str {
    let (_, rest) = xml.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("no {name} in {xml}"));
    rest.split_once(&format!("</{name}>")).unwrap().0
}

#[test]
fn many_photos_become_a_job_on_the_same_function_with_a_manifest_and_a_report_in_the_stacks_bucket() {
    let (ran, asked) = backfill(Asked { end: ("Complete", 0), ..Asked::default() }, &["--json"]);
    assert_eq!(ran.code, Some(0));
    let manifest = String::from_utf8(asked.manifest).unwrap();
    assert_eq!(manifest.lines().count(), PHOTOS);
    assert_eq!(manifest.lines().next().unwrap(), "a-1,2026/gr%C3%B6%C3%9Fe%2000000%2B.jpg");
    let job = &asked.job;
    println!("{job}");
    for (name, value) in [
        ("ConfirmationRequired", "false"),
        ("FunctionArn", "arn:aws:lambda:eu-central-1:000000000000:function:f"),
        ("InvocationSchemaVersion", "2.0"),
        ("Enabled", "true"),
        ("ReportScope", "FailedTasksOnly"),
        ("RoleArn", "arn:aws:iam::000000000000:role/jobs"),
        ("ETag", "60e460c9d1046e73f7dde5043ac3ae85-1"),
    ] {
        assert_eq!(element(job, name), value, "{name}");
    }
    let manifest = element(job, "Manifest");
    assert_eq!(element(manifest, "Format"), "S3BatchOperations_CSV_20180820");
    assert_eq!(element(manifest, "Fields"), "<member>Bucket</member><member>Key</member>");
    assert!(element(manifest, "ObjectArn").starts_with("arn:aws:s3:::jobs-1/manifests/"));
    let report = element(job, "Report");
    assert_eq!(element(report, "Format"), "Report_CSV_20180820");
    assert_eq!(element(report, "Bucket"), "arn:aws:s3:::jobs-1");
    assert!(!element(job, "ClientRequestToken").is_empty());
    assert_eq!(asked.headers["x-amz-account-id"], "000000000000");
    assert_eq!((asked.looks, asked.runs), (2, 0));
    let expected = json!({"job": "00e123a4", "status": "Complete", "total": PHOTOS, "succeeded": PHOTOS, "failed": 0,
        "report": "s3://jobs-1/reports/job-00e123a4/"});
    assert_eq!(ran.lines(), [expected]);
}

#[test]
fn tasks_that_failed_and_a_job_that_failed_are_said_and_have_exit_codes() {
    let (ran, _) = backfill(Asked { end: ("Complete", 7), ..Asked::default() }, &[]);
    assert_eq!(ran.code, Some(3));
    assert!(ran.out.contains("10000 runs of the function by a job"));
    assert!(ran.out.contains("9993 of 10000 done, 7 refused or failed"));
    assert!(ran.out.contains("s3://jobs-1/reports/job-00e123a4/"));
    let (ran, _) = backfill(Asked { end: ("Failed", 6_000), ..Asked::default() }, &[]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.sentence().contains("ended as Failed (Job failed the threshold)"));
}

#[test]
fn where_there_are_no_jobs_the_function_is_run_for_each_photo() {
    let absent = Asked { refusal: Some(StatusCode::NOT_FOUND), ..Asked::default() };
    let (ran, asked) = backfill(absent, &[]);
    assert_eq!(ran.code, Some(0));
    assert_eq!((asked.runs, asked.looks), (PHOTOS, 0));
    assert!(ran.out.contains("10000 clean"));
}

#[test]
fn a_missing_permission_is_named() {
    let denied = Asked { refusal: Some(StatusCode::FORBIDDEN), ..Asked::default() };
    let (ran, asked) = backfill(denied, &[]);
    assert_eq!((ran.code, asked.runs), (Some(1), 0));
    assert!(ran.sentence().contains("s3:CreateJob") && ran.sentence().contains("iam:PassRole"));
    let (ran, asked) = backfill(Asked { denies_uploads: true, ..Asked::default() }, &[]);
    assert_eq!((ran.code, asked.runs, asked.job), (Some(1), 0, String::new()));
    assert!(ran.sentence().contains("do not allow s3:PutObject on jobs-1"));
    // The job is made then, and goes on: its name is said before anybody asks how far it is.
    let (ran, asked) = backfill(Asked { denies_looks: true, ..Asked::default() }, &[]);
    assert_eq!((ran.code, asked.runs, asked.job.is_empty()), (Some(1), 0, false));
    println!("{}{}", ran.out, ran.err);
    assert!(ran.sentence().contains("do not allow s3:DescribeJob on 00e123a4"));
    assert!(ran.out.contains("00e123a4"));
}
