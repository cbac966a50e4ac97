//! SQS over HTTP: takes messages by its JSON protocol ("SendMessage", Amazon SQS API Reference), or fails.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};

/// The status and code of every answer, if it takes no messages.
type Failure = Option<(u16, &'static str)>;

#[derive(Default)]
struct Shared {
    requests: Vec<Value>,
    messages: Vec<Value>,
    failure: Failure,
}

#[derive(Clone, Default)]
pub(crate) struct SqsServer {
    shared: Arc<Mutex<Shared>>,
}

impl SqsServer {
    /// A server of its own, and its address.
    pub(crate) async fn start() -> (Self, String) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = Self::default();
        let app = server.router();
        tokio::spawn(async move { axum::serve(listener, app).await });
        (server, url)
    }

    /// What it answers: SQS has one path.
    pub(crate) fn router(&self) -> Router {
        Router::new().route("/", post(answer)).with_state(self.shared.clone())
    }

    pub(crate) fn fail(&self, status: u16, code: &'static str) {
        self.shared.lock().unwrap().failure = Some((status, code));
    }

    /// Every message that it has taken.
    pub(crate) fn messages(&self) -> Vec<Value> {
        self.shared.lock().unwrap().messages.clone()
    }

    /// The body of every request.
    pub(crate) fn requests(&self) -> Vec<Value> {
        self.shared.lock().unwrap().requests.clone()
    }
}

async fn answer(State(shared): State<Arc<Mutex<Shared>>>, headers: HeaderMap, body: Bytes) -> Response {
    assert_eq!(headers["x-amz-target"], "AmazonSQS.SendMessage");
    assert_eq!(headers["content-type"], "application/x-amz-json-1.0");
    let request: Value = serde_json::from_slice(&body).unwrap();
    let shared = &mut *shared.lock().unwrap();
    shared.requests.push(request.clone());
    if let Some((status, code)) = shared.failure {
        let error =
            json!({"__type": format!("com.amazonaws.sqs#{code}"), "message": "The test asked for this."});
        return (StatusCode::from_u16(status).unwrap(), error.to_string()).into_response();
    }
    shared.messages.push(serde_json::from_str(request["MessageBody"].as_str().unwrap()).unwrap());
    json!({"MessageId": "5fea7756-0ea4-451a-a703-a558b933e274", "MD5OfMessageBody": ""})
        .to_string()
        .into_response()
}
