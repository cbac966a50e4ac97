//! `ripper audit` of buckets with many keys, on listings that a stub makes in the form of AWS's documentation: all that
//! is wrong is found, and the memory does not grow with the number of keys.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::collections::HashMap;
use std::fmt::Write;
use std::fs;
use std::io::Read;
use std::process::Stdio;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, head, post};
use serde_json::json;
use support::{folder, operator_command};

/// How many keys a page of a listing has.
const PAGE: usize = 1000;

/// Every so manieth photo is missing from B, and every so manieth is of an earlier original.
const MISSING: usize = 1000;
const OLDER: usize = 1500;

/// Nearly as long as a key can be, so that keys that are kept show in the memory.
fn key(number: usize) -> String {
    format!("2026/{number:0900}.jpg")
}

/// As AWS answers: the name of the rule has a capital letter.
const NOTIFICATION: &str = "<NotificationConfiguration><CloudFunctionConfiguration><Id>jpg</Id>\
    <CloudFunction>arn:aws:lambda:eu-central-1:000000000000:function:f</CloudFunction>\
    <Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule><Name>Prefix</Name><Value>2026/</Value></FilterRule>\
    <FilterRule><Name>Suffix</Name><Value>.jpg</Value></FilterRule></S3Key></Filter>\
    </CloudFunctionConfiguration></NotificationConfiguration>";

/// Keys of A before all others: outside of the prefix, overwritten, and deleted.
const FIRST: &str = "<Version><Key>2025/a.jpg</Key><VersionId>w</VersionId><IsLatest>true</IsLatest>\
    <LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;e&quot;</ETag><Size>7</Size></Version>\
    <Version><Key>2025/a.jpg</Key><VersionId>v</VersionId><IsLatest>false</IsLatest>\
    <LastModified>2025-01-01T00:00:00.000Z</LastModified><ETag>&quot;e&quot;</ETag><Size>7</Size></Version>\
    <Version><Key>2025/b.jpg</Key><VersionId>v</VersionId><IsLatest>false</IsLatest>\
    <LastModified>2025-01-01T00:00:00.000Z</LastModified><ETag>&quot;e&quot;</ETag><Size>7</Size></Version>\
    <DeleteMarker><Key>2025/b.jpg</Key><VersionId>d</VersionId><IsLatest>true</IsLatest>\
    <LastModified>2026-01-01T00:00:00.000Z</LastModified></DeleteMarker>";

/// Where a page starts, from the marker of the page before.
fn start(marker: Option<&String>) -> usize {
    marker.map_or(0, |marker| marker["2026/".len()..].trim_end_matches(".jpg").parse::<usize>().unwrap() + 1)
}

fn originals(query: &HashMap<String, String>, keys: usize) -> String {
    let from = start(query.get("key-marker"));
    let to = keys.min(from + PAGE);
    let mut xml = String::from("<ListVersionsResult><Name>a-1</Name><MaxKeys>1000</MaxKeys>");
    write!(xml, "<IsTruncated>{}</IsTruncated>", to < keys).unwrap();
    if from == 0 {
        xml.push_str(FIRST);
    }
    for number in from..to {
        write!(
            xml,
            "<Version><Key>{}</Key><VersionId>v{number}</VersionId><IsLatest>true</IsLatest>\
             <LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>\"e\"</ETag><Size>7</Size></Version>",
            key(number)
        )
        .unwrap();
    }
    let last = key(to - 1);
    write!(
        xml,
        "<NextKeyMarker>{last}</NextKeyMarker><NextVersionIdMarker>v</NextVersionIdMarker></ListVersionsResult>"
    )
    .unwrap();
    xml
}

fn copies(query: &HashMap<String, String>, keys: usize) -> String {
    let from = start(query.get("continuation-token"));
    let to = keys.min(from + PAGE);
    let mut xml = String::from("<ListBucketResult><Name>b-1</Name><MaxKeys>1000</MaxKeys>");
    write!(xml, "<IsTruncated>{}</IsTruncated>", to < keys).unwrap();
    for number in (from..to).filter(|number| !number.is_multiple_of(MISSING)) {
        write!(
            xml,
            "<Contents><Key>{}</Key><LastModified>2026-01-01T00:00:09.000Z</LastModified><ETag>\"c\"</ETag>\
             <Size>7</Size></Contents>",
            key(number)
        )
        .unwrap();
    }
    if to < keys {
        write!(xml, "<NextContinuationToken>{}</NextContinuationToken>", key(to - 1)).unwrap();
    }
    xml + "</ListBucketResult>"
}

fn object(bucket: &str, key: &str) -> Response {
    let number = start(Some(&key.to_owned())) - 1;
    if bucket == "b-1" && number.is_multiple_of(MISSING) {
        return StatusCode::NOT_FOUND.into_response();
    }
    if bucket == "a-1" {
        return [("x-amz-version-id", format!("v{number}"))].into_response();
    }
    let version = if number.is_multiple_of(OLDER) { "v-earlier".to_owned() } else { format!("v{number}") };
    let metadata = [("x-amz-meta-scrub", "0.2.0 x".to_owned()), ("x-amz-meta-source-version", version)];
    metadata.into_response()
}

/// What SQS says of an empty queue.
fn empty_queue(headers: &HeaderMap) -> Response {
    let answer = if headers["x-amz-target"] == "AmazonSQS.ReceiveMessage" {
        json!({})
    } else {
        json!({"Attributes":
        {"ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesNotVisible": "0"}})
    };
    ([("content-type", "application/x-amz-json-1.0")], answer.to_string()).into_response()
}

/// Serves an AWS whose buckets have this many keys. Returns its address.
fn serve(keys: usize) -> String {
    let bucket = move |Path(bucket): Path<String>, Query(query): Query<HashMap<String, String>>| async move {
        let xml = match bucket.trim_end_matches('/') {
            _ if query.contains_key("notification") => NOTIFICATION.to_owned(),
            "a-1" => originals(&query, keys),
            _ => copies(&query, keys),
        };
        ([("content-type", "application/xml")], xml)
    };
    let variables = json!({"SCRUB": "x", "DELETES": "follow", "EXPIRE_ORIGINALS": "Disabled"});
    let configuration = json!({"FunctionName": "f", "Environment": {"Variables": variables}}).to_string();
    let routes = Router::new()
        .route("/2015-03-31/functions/f/configuration", get(|| async move { configuration }))
        .route("/", post(|headers: HeaderMap, _: Bytes| async move { empty_queue(&headers) }))
        .route("/{bucket}", get(bucket))
        .route("/{bucket}/", get(bucket))
        .route(
            "/{bucket}/{*key}",
            head(|Path((bucket, key)): Path<(String, String)>| async move { object(&bucket, &key) }),
        )
        .fallback(|| async { StatusCode::NOT_IMPLEMENTED });
    support::serve(routes)
}

/// Audits buckets with this many keys. Returns the last line, the number of the others, and the peak of its memory in
/// KiB.
fn audit(keys: usize) -> (String, usize, u64) {
    let dir = folder();
    let mut command = operator_command(dir.path(), &serve(keys));
    command.args(["audit", "--stack", "dev", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut audit = command.spawn().unwrap();
    let mut out = audit.stdout.take().unwrap();
    let lines = std::thread::spawn(move || {
        let mut text = String::new();
        out.read_to_string(&mut text).unwrap();
        text
    });
    let mut peak = 0;
    while audit.try_wait().unwrap().is_none() {
        let status = fs::read_to_string(format!("/proc/{}/status", audit.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(now.unwrap_or_default());
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut said = String::new();
    audit.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    let text = lines.join().unwrap();
    assert_eq!(audit.wait().unwrap().code(), Some(3), "{said}");
    (text.lines().last().unwrap().to_owned(), text.lines().count() - 1, peak)
}

/// The counts that an audit of this many keys should end with.
fn counts(keys: usize) -> (String, usize) {
    let missing = keys.div_ceil(MISSING);
    let older = (0..keys).filter(|n| n.is_multiple_of(OLDER) && !n.is_multiple_of(MISSING)).count();
    let right = keys - missing - older;
    let counts =
        format!("{{\"counts\":{{\"missing\":{missing},\"older\":{older},\"ignored\":1,\"right\":{right}}}}}");
    (counts, missing + older + 1)
}

fn check(keys: usize) -> u64 {
    let started = Instant::now();
    let (last, lines, peak) = audit(keys);
    println!("{keys} keys: {last}, peak {peak} KiB, {:.1} s", started.elapsed().as_secs_f64());
    assert_eq!((last, lines), counts(keys));
    peak
}

#[test]
fn an_audit_over_many_pages_finds_what_is_wrong_and_its_memory_does_not_grow_with_the_keys() {
    let (few, many) = (check(2_000), check(8_000));
    assert!(many < few + 8 * 1024, "{few} KiB, then {many} KiB");
}

#[test]
#[ignore = "takes minutes"]
fn a_million_keys_are_audited_in_bounded_memory() {
    let (few, many) = (check(2_000), check(1_000_000));
    assert!(many < few + 32 * 1024, "{few} KiB, then {many} KiB");
}
