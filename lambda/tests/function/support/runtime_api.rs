//! Lambda's Runtime API, which delivers events to the binary and records what it answers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::sync::Notify;

/// A message from the process.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// The end of the path: `response`, `error` or `init/error`.
    pub(crate) path: String,
    /// The header `lambda-runtime-function-error-type`.
    pub(crate) error_type: Option<String>,
    pub(crate) body: Value,
}

/// Lambda's Runtime API ("Using the Lambda runtime API for custom runtimes") with a list of
/// events to deliver.
#[derive(Clone, Default)]
pub(crate) struct RuntimeApi {
    events: Arc<Mutex<Vec<Value>>>,
    messages: Arc<Mutex<Vec<Message>>>,
    /// Notified when the process asks for an event and there is none left.
    pub(crate) idle: Arc<Notify>,
}

impl RuntimeApi {
    pub(crate) async fn start(events: &[Value]) -> (Self, String) {
        let api = Self { events: Arc::new(Mutex::new(events.to_vec())), ..Self::default() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let app = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{request}/{result}", post(invocation_result))
            .route("/2018-06-01/runtime/init/error", post(init_error))
            .with_state(api.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        (api, address)
    }

    /// All messages so far.
    pub(crate) fn messages(&self) -> Vec<Message> {
        self.messages.lock().unwrap().clone()
    }
}

async fn next(State(api): State<RuntimeApi>) -> Response {
    let event = {
        let mut events = api.events.lock().unwrap();
        (!events.is_empty()).then(|| events.remove(0))
    };
    let Some(event) = event else {
        api.idle.notify_one();
        return std::future::pending().await;
    };
    let deadline =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap() + Duration::from_secs(60);
    let headers = [
        ("lambda-runtime-aws-request-id", super::REQUEST_ID.to_owned()),
        ("lambda-runtime-deadline-ms", deadline.as_millis().to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-west-1:123456789012:function:f".to_owned(),
        ),
    ];
    (headers, event.to_string()).into_response()
}

async fn invocation_result(
    State(api): State<RuntimeApi>,
    Path((_, result)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    record(&api, &result, &headers, &body)
}

async fn init_error(State(api): State<RuntimeApi>, headers: HeaderMap, body: Bytes) -> StatusCode {
    record(&api, "init/error", &headers, &body)
}

fn record(api: &RuntimeApi, path: &str, headers: &HeaderMap, body: &Bytes) -> StatusCode {
    let error_type =
        headers.get("lambda-runtime-function-error-type").map(|kind| kind.to_str().unwrap().to_owned());
    let body = serde_json::from_slice(body).unwrap();
    api.messages.lock().unwrap().push(Message { path: path.to_owned(), error_type, body });
    StatusCode::ACCEPTED
}
