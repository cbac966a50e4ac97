//! The binary as Lambda runs it: a process that asks the Runtime API for events and sends its answers there.

use serde_json::json;

use crate::support::events::created;
use crate::support::function_process::FunctionProcess;
use crate::support::photos::{clean, version};
use crate::support::runtime_api::RuntimeApi;
use crate::support::s3_server::S3Server;
use crate::support::{A, QUEUE, REQUEST_ID, block_on};

#[test]
fn the_binary_publishes_a_photo_keeps_a_refusal_reports_an_error_by_its_name_and_continues() {
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
        let function = FunctionProcess::start(&address, &server.url, &[]);
        api.idle.notified().await;
        let lines = function.stop();

        let messages = api.messages();
        println!("{messages:#?}");
        let paths: Vec<_> = messages.iter().map(|message| message.path.as_str()).collect();
        assert_eq!(paths, ["response", "response", "error", "response"]);
        let refusals = server.sqs.messages();
        println!("{refusals:#?}");
        assert_eq!((refusals.len(), &refusals[0]["key"]), (1, &json!("text.jpg")));
        assert_eq!(refusals[0]["requestId"], REQUEST_ID);
        assert_eq!(server.sqs.requests()[0]["QueueUrl"], QUEUE);
        assert_eq!(messages[2].body["errorType"], "Event.Unknown");

        let photos: Vec<_> = lines.iter().filter(|line| line["message"] == "photo").collect();
        let outcomes: Vec<_> = photos.iter().map(|line| line["outcome"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["clean", "refused", "current"]);
        let errors: Vec<_> =
            lines.iter().filter(|line| line["level"] == "ERROR").map(|line| &line["message"]).collect();
        let error_names = errors.iter().map(|message| message.as_str().unwrap().split(':').next().unwrap());
        assert_eq!(error_names.collect::<Vec<_>>(), ["Event.Unknown"], "one line for each failed run");
        assert_eq!(server.with_s3(|s3| s3.published("my photo.jpg")), Some(clean(&version(1))));
        let warm_up: Vec<_> =
            server.take_requests().iter().take(2).map(|request| request.method.clone()).collect();
        assert_eq!(warm_up, ["HEAD", "HEAD"], "both connections are made before the first event");
    });
}

#[test]
fn the_function_starts_when_s3_is_down() {
    block_on(async {
        let free_address = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let (api, address) = RuntimeApi::start(&[]).await;
        let function = FunctionProcess::start(&address, &format!("http://{free_address}"), &[]);
        api.idle.notified().await;
        let lines = function.stop();
        assert!(lines.iter().all(|line| line["level"] == "WARN"));
    });
}

#[test]
fn a_wrong_configuration_ends_the_process_and_its_reason_is_logged_and_reported_to_lambda() {
    let invalid: [(&str, Option<&str>, &str); 10] = [
        ("BUCKET_A", None, "Config.Missing"),
        ("BUCKET_B", Some(""), "Config.Empty"),
        ("BUCKET_B", Some(A), "Config.SameBucket"),
        ("REFUSALS_QUEUE_URL", None, "Config.Missing"),
        ("REFUSALS_QUEUE_URL", Some("refusals"), "Config.NotAnAddress"),
        ("MAX_PHOTO_MB", Some("many"), "Config.NotANumber"),
        ("MAX_PHOTO_MB", Some("0"), "Config.Zero"),
        ("SCRUB", Some("orientation=sideways"), "Config.NotAChoice"),
        ("MAX_PHOTO_MB", Some("500"), "Config.TooLittleMemory"),
        ("MAX_PHOTO_MB", Some("6000"), "Config.LargerThanAPut"),
    ];
    block_on(async {
        for (name, value, kind) in invalid {
            let (api, address) = RuntimeApi::start(&[created(&["k.jpg"])]).await;
            let (status, lines) =
                FunctionProcess::start(&address, "http://127.0.0.1:9", &[(name, value)]).wait().await;
            println!("{name}={value:?}: {status} {:?}", api.messages());
            assert_eq!(status.code(), Some(1));
            assert_eq!(lines.len(), 1);
            assert_eq!((&lines[0]["level"], &lines[0]["message"]), (&json!("ERROR"), &json!("start")));
            assert_eq!(lines[0]["reason"], kind);
            let messages = api.messages();
            assert_eq!((messages.len(), messages[0].path.as_str()), (1, "init/error"));
            assert_eq!(messages[0].error_type.as_deref(), Some(kind));
            assert_eq!(messages[0].body["errorType"], kind);
            assert!(messages[0].body["errorMessage"].as_str().unwrap().contains(name));
        }
    });
}

#[test]
fn started_by_hand_the_binary_logs_what_is_missing() {
    block_on(async {
        let nothing = [("AWS_LAMBDA_RUNTIME_API", None), ("BUCKET_A", None)];
        let (status, lines) = FunctionProcess::start("", "http://127.0.0.1:9", &nothing).wait().await;
        assert_eq!(status.code(), Some(1));
        assert_eq!(lines[0]["reason"], "Config.Missing");
        assert!(lines[1]["error"].as_str().unwrap().contains("run by AWS Lambda"));
    });
}
