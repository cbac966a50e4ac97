//! Events as AWS sends them.

use serde_json::{Value, json};

/// A record as in "Event message structure" (Amazon S3 User Guide). The key must be encoded.
pub(crate) fn record(name: &str, bucket: &str, encoded_key: &str) -> Value {
    json!({
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "eu-west-1",
        "eventTime": "2026-01-02T03:04:05.678Z",
        "eventName": name,
        "userIdentity": {"principalId": "AWS:AIDAEXAMPLE"},
        "requestParameters": {"sourceIPAddress": "192.0.2.7"},
        "responseElements": {"x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "FMyUVURIY8"},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "photos",
            "bucket": {
                "name": bucket,
                "ownerIdentity": {"principalId": "A3NL1KOZZKExample"},
                "arn": format!("arn:aws:s3:::{bucket}")
            },
            "object": {
                "key": encoded_key,
                "size": 1024,
                "eTag": "d41d8cd98f00b204e9800998ecf8427e",
                "sequencer": "0055AED6DCD90281E5"
            }
        }
    })
}

/// A notification that each of these keys was put into bucket A. The keys must be encoded.
pub(crate) fn created(encoded_keys: &[&str]) -> Value {
    let records: Vec<_> = encoded_keys.iter().map(|key| record("ObjectCreated:Put", super::A, key)).collect();
    json!({ "Records": records })
}

/// A notification of one change of a photo in bucket A, at a time in RFC 3339.
pub(crate) fn changed(name: &str, encoded_key: &str, time: &str) -> Value {
    let mut record = record(name, super::A, encoded_key);
    record["eventTime"] = time.into();
    json!({ "Records": [record] })
}

/// A key as S3 encodes it in events: the inverse of what the function does, written independently.
pub(crate) fn form_encode(key: &str) -> String {
    key.bytes()
        .map(|byte| match byte {
            b' ' => "+".to_owned(),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' | b'/' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// A job of S3 Batch Operations, invocation schema 1.0.
pub(crate) fn batch(tasks: &[(&str, &str, &str)]) -> Value {
    let tasks: Vec<_> = tasks
        .iter()
        .map(|(id, bucket, key)| {
            json!({"taskId": id, "s3Key": key, "s3VersionId": null, "s3BucketArn": format!("arn:aws:s3:::{bucket}")})
        })
        .collect();
    json!({
        "invocationSchemaVersion": "1.0",
        "invocationId": "YXNkbGZqYWRmaiBhc2RmdW9hZHNmZGpmaGFzbGtkaGZza2RmaAo",
        "job": {"id": "f3cc4f60-61f6-4a2b-8a21-d07600c373ce"},
        "tasks": tasks
    })
}
