//! The binary as Lambda runs it: a process that asks the Runtime API for events and answers there.

use std::collections::HashMap;
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::support::events::created;
use crate::support::photos::{clean, version};
use crate::support::s3_server::S3Server;
use crate::support::{A, B, block_on};

/// What the process told the Runtime API: the last part of the path, the error type header, the body.
type Told = (String, Option<String>, Value);

/// Lambda's Runtime API ("Using the Lambda runtime API for custom runtimes") with a list of events to hand out.
#[derive(Clone, Default)]
struct RuntimeApi {
    events: Arc<Mutex<Vec<Value>>>,
    told: Arc<Mutex<Vec<Told>>>,
    /// Rung when the process asks for an event and there is none left.
    idle: Arc<Notify>,
}

impl RuntimeApi {
    async fn start(events: &[Value]) -> (Self, String) {
        let api = Self { events: Arc::new(Mutex::new(events.to_vec())), ..Self::default() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let app = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{request}/{how}", post(ended))
            .route("/2018-06-01/runtime/init/error", post(not_started))
            .with_state(api.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        (api, address)
    }

    fn told(&self) -> Vec<Told> {
        self.told.lock().unwrap().clone()
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
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd".to_owned()),
        ("lambda-runtime-deadline-ms", deadline.as_millis().to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-west-1:123456789012:function:f".to_owned(),
        ),
    ];
    (headers, event.to_string()).into_response()
}

async fn ended(
    State(api): State<RuntimeApi>,
    Path((_, how)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    tell(&api, &how, &headers, &body)
}

async fn not_started(State(api): State<RuntimeApi>, headers: HeaderMap, body: Bytes) -> StatusCode {
    tell(&api, "init/error", &headers, &body)
}

fn tell(api: &RuntimeApi, how: &str, headers: &HeaderMap, body: &Bytes) -> StatusCode {
    let kind =
        headers.get("lambda-runtime-function-error-type").map(|kind| kind.to_str().unwrap().to_owned());
    api.told.lock().unwrap().push((how.to_owned(), kind, serde_json::from_slice(body).unwrap()));
    StatusCode::ACCEPTED
}

/// The process, which does not outlive the test.
struct Function(Child);

impl Function {
    fn start(runtime_api: &str, s3: &str, changed: &[(&str, Option<&str>)]) -> Self {
        let mut environment: HashMap<_, _> = [
            ("AWS_LAMBDA_RUNTIME_API", runtime_api),
            ("AWS_LAMBDA_FUNCTION_NAME", "exif-ripper"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_ENDPOINT_URL", s3),
            ("BUCKET_A", A),
            ("BUCKET_B", B),
            ("MAX_PHOTO_MB", "50"),
            ("ORIENTATION", "upright"),
            ("ICC", "minimal"),
        ]
        .into();
        for (name, value) in changed {
            match value {
                Some(value) => environment.insert(name, value),
                None => environment.remove(name),
            };
        }
        let child = Command::new(env!("CARGO_BIN_EXE_exif-ripper"))
            .env_clear()
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        Self(child.unwrap())
    }

    /// Ends the process and gives its log lines.
    fn stop(mut self) -> Vec<Value> {
        self.0.kill().unwrap();
        self.output().1
    }

    /// Waits until the process ends by itself.
    async fn ended(mut self) -> (ExitStatus, Vec<Value>) {
        tokio::task::spawn_blocking(move || self.output()).await.unwrap()
    }

    fn output(&mut self) -> (ExitStatus, Vec<Value>) {
        let mut text = String::new();
        self.0.stdout.take().unwrap().read_to_string(&mut text).unwrap();
        let mut errors = String::new();
        self.0.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        println!("{text}{errors}");
        assert_eq!(errors, "", "everything is logged as JSON on standard output");
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (self.0.wait().unwrap(), lines)
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_binary_publishes_a_photo_answers_an_error_with_its_name_and_goes_on() {
    block_on(async {
        let server = S3Server::start().await;
        server.with_s3(|s3| {
            s3.upload("my photo.jpg", version(1));
            s3.upload("text.jpg", bytes::Bytes::from_static(b"text"));
        });
        let events = [
            created(&["my+photo.jpg"]),
            created(&["text.jpg"]),
            json!({"what": "is this"}),
            created(&["my+photo.jpg"]),
        ];
        let (api, address) = RuntimeApi::start(&events).await;
        let function = Function::start(&address, &server.url, &[]);
        api.idle.notified().await;
        let lines = function.stop();

        let told = api.told();
        println!("{told:#?}");
        let how: Vec<_> = told.iter().map(|(how, ..)| how.as_str()).collect();
        assert_eq!(how, ["response", "error", "error", "response"]);
        assert_eq!(told[1].2["errorType"], "Refused.NotAJpeg");
        assert!(told[1].2["errorMessage"].as_str().unwrap().contains("\"text.jpg\" in bucket photos-in"));
        assert_eq!(told[2].2["errorType"], "Event.Unknown");

        let photos: Vec<_> = lines.iter().filter(|line| line["message"] == "photo").collect();
        let outcomes: Vec<_> = photos.iter().map(|line| line["outcome"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["clean", "refused", "current"]);
        let errors: Vec<_> =
            lines.iter().filter(|line| line["level"] == "ERROR").map(|line| &line["message"]).collect();
        let names = errors.iter().map(|message| message.as_str().unwrap().split(':').next().unwrap());
        assert_eq!(
            names.collect::<Vec<_>>(),
            ["Refused.NotAJpeg", "Event.Unknown"],
            "one line for each failed run"
        );
        assert_eq!(server.with_s3(|s3| s3.published("my photo.jpg")), Some(clean(&version(1))));
        let warmed: Vec<_> =
            server.take_requests().iter().take(2).map(|request| request.method.clone()).collect();
        assert_eq!(warmed, ["HEAD", "HEAD"], "both connections are made before the first event");
    });
}

#[test]
fn an_s3_that_is_down_at_the_start_does_not_keep_the_function_from_starting() {
    block_on(async {
        let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let (api, address) = RuntimeApi::start(&[]).await;
        let function = Function::start(&address, &format!("http://{free}"), &[]);
        api.idle.notified().await;
        let lines = function.stop();
        assert!(lines.iter().all(|line| line["level"] == "WARN"));
    });
}

#[test]
fn a_wrong_configuration_ends_the_process_says_why_and_tells_lambda() {
    let wrong: [(&str, Option<&str>, &str); 8] = [
        ("BUCKET_A", None, "Config.Missing"),
        ("BUCKET_B", Some(""), "Config.Empty"),
        ("BUCKET_B", Some(A), "Config.SameBucket"),
        ("MAX_PHOTO_MB", Some("many"), "Config.NotANumber"),
        ("MAX_PHOTO_MB", Some("0"), "Config.Zero"),
        ("ORIENTATION", Some("sideways"), "Config.NotAChoice"),
        ("MAX_PHOTO_MB", Some("500"), "Config.TooLittleMemory"),
        ("MAX_PHOTO_MB", Some("6000"), "Config.LargerThanAPut"),
    ];
    block_on(async {
        for (name, value, kind) in wrong {
            let (api, address) = RuntimeApi::start(&[created(&["k.jpg"])]).await;
            let (status, lines) =
                Function::start(&address, "http://127.0.0.1:9", &[(name, value)]).ended().await;
            println!("{name}={value:?}: {status} {:?}", api.told());
            assert_eq!(status.code(), Some(1));
            assert_eq!(lines.len(), 1);
            assert_eq!((&lines[0]["level"], &lines[0]["message"]), (&json!("ERROR"), &json!("start")));
            assert_eq!(lines[0]["reason"], kind);
            let told = api.told();
            assert_eq!((told.len(), told[0].0.as_str(), told[0].1.as_deref()), (1, "init/error", Some(kind)));
            assert_eq!(told[0].2["errorType"], kind);
            assert!(told[0].2["errorMessage"].as_str().unwrap().contains(name));
        }
    });
}

#[test]
fn started_by_hand_the_binary_says_what_is_missing() {
    block_on(async {
        let nothing = [("AWS_LAMBDA_RUNTIME_API", None), ("BUCKET_A", None)];
        let (status, lines) = Function::start("", "http://127.0.0.1:9", &nothing).ended().await;
        assert_eq!(status.code(), Some(1));
        assert_eq!(lines[0]["reason"], "Config.Missing");
        assert!(lines[1]["error"].as_str().unwrap().contains("run by AWS Lambda"));
    });
}
