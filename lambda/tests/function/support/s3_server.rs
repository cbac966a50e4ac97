//! The fake S3 over HTTP: answers path-style requests as S3 does. A hook before every request lets a test change the
//! buckets or make the request fail.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};
use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, StatusCode};
use bytes::Bytes;
use exif_ripper::client;
use exif_ripper::error::Error;
use exif_ripper::handler::Handler;
use exif_ripper::s3::S3;
use futures_util::{StreamExt, stream};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::events::created;
use super::fake_refusals::FakeRefusals;
use super::fake_s3::{FakeS3, Object};
use super::sqs_server::SqsServer;
use super::{A, B, REQUEST_ID, config};

/// A request as it was received.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    pub(crate) method: String,
    /// Still encoded.
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
}

impl Recorded {
    /// `GET A`, `PUT B`.
    pub(crate) fn short(&self) -> String {
        let bucket = if self.path.starts_with(&format!("/{A}")) { "A" } else { "B" };
        format!("{} {bucket}", self.method)
    }
}

/// The requests in their short form.
pub(crate) fn short(requests: &[Recorded]) -> Vec<String> {
    requests.iter().map(Recorded::short).collect()
}

/// How a request fails.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// It has no effect and is answered with this status and code.
    Status(u16, &'static str),
    Denied(&'static str),
    /// It has its effect, but the connection breaks in the middle of the answer.
    CutAnswer,
    /// It has its effect, but the answer has no Content-Length.
    NoLength,
    /// The headers of the answer are sent, but never the body.
    HeaderOnly,
    /// It is never answered.
    Hangs,
}

type Hook = Box<dyn FnMut(&mut FakeS3, &Recorded, usize) -> Option<Fault> + Send>;

struct Shared {
    s3: FakeS3,
    requests: Vec<Recorded>,
    hook: Hook,
}

pub(crate) struct S3Server {
    pub(crate) url: String,
    /// SQS at the same address, as on the local AWS.
    pub(crate) sqs: SqsServer,
    shared: Arc<Mutex<Shared>>,
}

impl S3Server {
    pub(crate) async fn start() -> Self {
        Self::with_hook(|_, _, _| None).await
    }

    /// The hook is called with the number of the request, counted from 1.
    pub(crate) async fn with_hook(
        hook: impl FnMut(&mut FakeS3, &Recorded, usize) -> Option<Fault> + Send + 'static,
    ) -> Self {
        let shared = Shared { s3: FakeS3::default(), requests: Vec::new(), hook: Box::new(hook) };
        let shared = Arc::new(Mutex::new(shared));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let sqs = SqsServer::default();
        let app = sqs.router().merge(Router::new().fallback(answer).with_state(shared.clone()));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, sqs, shared }
    }

    pub(crate) fn with_s3<T>(&self, f: impl FnOnce(&mut FakeS3) -> T) -> T {
        f(&mut self.shared.lock().unwrap().s3)
    }

    /// The requests since the last call.
    pub(crate) fn take_requests(&self) -> Vec<Recorded> {
        std::mem::take(&mut self.shared.lock().unwrap().requests)
    }

    /// Handles the event that an object was put into bucket A, with more than enough time.
    pub(crate) async fn handle_event(&self, encoded_key: &str) -> Result<Value, Error> {
        self.handle_event_with(&FakeRefusals::default(), encoded_key).await
    }

    /// The same, with a queue of refusals that the test looks at.
    pub(crate) async fn handle_event_with(
        &self,
        queue: &FakeRefusals,
        encoded_key: &str,
    ) -> Result<Value, Error> {
        let handler = Handler::new(self.store(), queue.clone(), &config());
        let deadline = Instant::now() + Duration::from_secs(60);
        handler.handle(created(&[encoded_key]), REQUEST_ID, deadline).await
    }

    /// The function's store on this server.
    pub(crate) fn store(&self) -> S3 {
        store_at(&self.url)
    }
}

/// The function's store on whatever listens at `url`.
pub(crate) fn store_at(url: &str) -> S3 {
    S3::new(aws_sdk_s3::Client::new(&sdk_config(url)), &config())
}

/// The configuration of the function's clients, for an AWS that listens at `url`.
pub(crate) fn sdk_config(url: &str) -> SdkConfig {
    let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "tests");
    let sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("eu-west-1"))
        .endpoint_url(url)
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build();
    client::with_limits(sdk)
}

async fn answer(State(shared): State<Arc<Mutex<Shared>>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let recorded = Recorded {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect(),
    };
    let (fault, answer) = {
        let shared = &mut *shared.lock().unwrap();
        shared.requests.push(recorded.clone());
        let number = shared.requests.len();
        let fault = (shared.hook)(&mut shared.s3, &recorded, number);
        let answer = match fault {
            Some(Fault::Status(status, code)) => error(&recorded, status, code),
            Some(Fault::Denied(why)) => error_with(&recorded, 403, "AccessDenied", why),
            _ => effect(&mut shared.s3, &recorded, &parts.headers, body),
        };
        (fault, answer)
    };
    match fault {
        Some(Fault::CutAnswer) => with_body(answer, cut),
        Some(Fault::NoLength) => {
            let mut answer =
                with_body(answer, |whole| Body::from_stream(stream::iter([Ok::<_, std::io::Error>(whole)])));
            answer.headers_mut().remove("content-length");
            answer
        }
        Some(Fault::HeaderOnly) => {
            with_body(answer, |_| Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>()))
        }
        Some(Fault::Hangs) => std::future::pending().await,
        _ => answer.map(Body::from),
    }
}

/// The same headers with another body.
fn with_body(answer: Response<Bytes>, body: impl FnOnce(Bytes) -> Body) -> Response<Body> {
    let (mut parts, whole) = answer.into_parts();
    let length = whole.len().max(10);
    parts.headers.entry("content-length").or_insert(length.into());
    Response::from_parts(parts, body(whole))
}

/// The first half of a body, then the connection breaks.
fn cut(whole: Bytes) -> Body {
    let half = whole.slice(..whole.len() / 2);
    let parts = stream::iter([Ok(half), Err(std::io::Error::other("cut"))]);
    Body::from_stream(parts.then(|part| async {
        if part.is_err() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        part
    }))
}

fn effect(s3: &mut FakeS3, request: &Recorded, headers: &HeaderMap, body: Bytes) -> Response<Bytes> {
    let (bucket, key) = request.path[1..].split_once('/').unwrap_or((&request.path[1..], ""));
    if bucket != A && bucket != B {
        return error(request, 404, "NoSuchBucket");
    }
    if key.is_empty() {
        return Response::new(Bytes::new());
    }
    let key = percent_decode_str(key).decode_utf8().unwrap();
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap());
    if request.method == "PUT" {
        let object = Object {
            bytes: body,
            content_type: header("content-type").unwrap_or("binary/octet-stream").to_owned(),
            cache_control: header("cache-control").map(str::to_owned),
            metadata: request
                .headers
                .iter()
                .filter_map(|(name, value)| {
                    Some((name.strip_prefix("x-amz-meta-")?.to_owned(), value.clone()))
                })
                .collect(),
            version: None,
            written: None,
        };
        let etag = object.etag();
        return match s3.put(bucket, &key, object, header("if-none-match"), header("if-match")) {
            200 => Response::builder().header("etag", format!("\"{etag}\"")).body(Bytes::new()).unwrap(),
            404 => error(request, 404, "NoSuchKey"),
            status => error(request, status, "PreconditionFailed"),
        };
    }
    if request.method == "DELETE" {
        return match s3.delete_if_match(bucket, &key, header("if-match").unwrap()) {
            204 => Response::builder().status(204).body(Bytes::new()).unwrap(),
            404 => error(request, 404, "NoSuchKey"),
            status => error(request, status, "PreconditionFailed"),
        };
    }
    read(s3.get(bucket, &key), request, headers)
}

/// The answer to a GET or HEAD.
fn read(object: Option<&Object>, request: &Recorded, headers: &HeaderMap) -> Response<Bytes> {
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap());
    let Some(object) = object else { return error(request, 404, "NoSuchKey") };
    let bytes = match header("range") {
        Some("bytes=0-0") if object.bytes.is_empty() => return error(request, 416, "InvalidRange"),
        Some("bytes=0-0") => object.bytes.slice(..1),
        _ => object.bytes.clone(),
    };
    let etag = format!("\"{}\"", object.etag());
    let mut response =
        Response::builder().header("etag", &etag).header("x-amz-request-id", "79104EXAMPLEB723");
    if let Some(written) = object.written {
        let http_date = DateTime::from(written).fmt(DateTimeFormat::HttpDate).unwrap();
        response = response.header("last-modified", http_date);
    }
    if let Some(version) = &object.version {
        response = response.header("x-amz-version-id", version);
    }
    if header("if-none-match") == Some(&etag) {
        return response.status(StatusCode::NOT_MODIFIED).body(Bytes::new()).unwrap();
    }
    response = response.header("content-type", &object.content_type).header("content-length", bytes.len());
    if let Some(cache_control) = &object.cache_control {
        response = response.header("cache-control", cache_control);
    }
    for (name, value) in &object.metadata {
        response = response.header(format!("x-amz-meta-{name}"), value);
    }
    response.body(if request.method == "HEAD" { Bytes::new() } else { bytes }).unwrap()
}

fn error(request: &Recorded, status: u16, code: &str) -> Response<Bytes> {
    error_with(request, status, code, "The test asked for this.")
}

fn error_with(request: &Recorded, status: u16, code: &str, message: &str) -> Response<Bytes> {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code>\
         <Message>{message}</Message><RequestId>4442587FB7D0A2F9</RequestId></Error>"
    );
    Response::builder()
        .status(status)
        .header("content-type", "application/xml")
        .header("x-amz-request-id", "4442587FB7D0A2F9")
        .body(if request.method == "HEAD" { Bytes::new() } else { Bytes::from(body) })
        .unwrap()
}
