//! What the function does when S3 answers with an error, cuts off its answer or does not answer, over HTTP.

use std::time::{Duration, Instant};

use exif_ripper::error::Error;
use exif_ripper::handler::Handler;
use serde_json::Value;

use crate::support::events::created;
use crate::support::fake_refusals::FakeRefusals;
use crate::support::fake_s3::Object;
use crate::support::photos::{clean, version};
use crate::support::s3_server::{Fault, S3Server, short, store_at};
use crate::support::{B, REQUEST_ID, block_on, config, result_name};

const KEY: &str = "k.jpg";

/// Runs the event against a server where the first `times` requests of the form `when` fail.
async fn run_with_fault(when: &'static str, times: usize, fault: Fault) -> (S3Server, Result<Value, Error>) {
    let mut left = times;
    let server = S3Server::with_hook(move |_, request, _| {
        let hit = request.short() == when && left > 0;
        left -= usize::from(hit);
        hit.then_some(fault)
    })
    .await;
    server.with_s3(|s3| s3.upload(KEY, version(1)));
    let result = server.handle_event(KEY).await;
    println!("{times} times {fault:?} at {when}: {}", result_name(&result));
    (server, result)
}

#[test]
fn a_missing_bucket_is_not_taken_for_a_deleted_photo() {
    block_on(async {
        for when in ["GET A", "PUT B"] {
            let (_, result) = run_with_fault(when, 9, Fault::Status(404, "NoSuchBucket")).await;
            assert_eq!(result_name(&result), "Store.NoSuchBucket");
        }
    });
}

#[test]
fn an_error_that_passes_within_three_attempts_does_not_matter() {
    block_on(async {
        for (when, status, code) in
            [("GET A", 503, "SlowDown"), ("PUT B", 500, "InternalError"), ("PUT B", 503, "SlowDown")]
        {
            let (server, result) = run_with_fault(when, 1, Fault::Status(status, code)).await;
            result.unwrap();
            assert_eq!(server.take_requests().len(), 4);
            assert_eq!(server.with_s3(|s3| s3.published(KEY)), Some(clean(&version(1))));
        }
    });
}

#[test]
fn an_error_that_does_not_pass_is_transient_and_names_its_code_and_request_id() {
    block_on(async {
        let (server, result) = run_with_fault("PUT B", 9, Fault::Status(503, "SlowDown")).await;
        let error = result.unwrap_err();
        println!("{error}");
        assert_eq!(error.name(), "Transient.SlowDown");
        for part in ["PutObject", "\"k.jpg\"", "photos-out", "4442587FB7D0A2F9"] {
            assert!(error.to_string().contains(part), "{part}");
        }
        assert_eq!(short(&server.take_requests()), ["GET A", "PUT B", "PUT B", "PUT B"]);
        assert_eq!(server.with_s3(|s3| s3.published(KEY)), None);
    });
}

#[test]
fn missing_permissions_are_not_transient() {
    block_on(async {
        for when in ["GET A", "PUT B"] {
            let (_, result) = run_with_fault(when, 9, Fault::Status(403, "AccessDenied")).await;
            let error = result.unwrap_err();
            assert_eq!((error.name().as_str(), error.is_transient()), ("Store.AccessDenied", false));
        }
    });
}

#[test]
fn a_photo_under_a_key_that_the_function_may_not_use_is_a_failure_that_names_the_key() {
    const WHY: &str = "User: arn:aws:sts::123456789012:assumed-role/role/ripper is not authorized to perform: \
                       kms:Decrypt on resource: arn:aws:kms:eu-west-1:210987654321:key/1234abcd because no \
                       resource-based policy allows the kms:Decrypt action";
    block_on(async {
        let (server, result) = run_with_fault("GET A", 9, Fault::Denied(WHY)).await;
        let error = result.unwrap_err();
        println!("{error}");
        assert_eq!((error.name().as_str(), error.is_transient()), ("Store.AccessDenied", false));
        for part in ["kms:Decrypt", "arn:aws:kms:eu-west-1:210987654321:key/1234abcd", "\"k.jpg\""] {
            assert!(error.to_string().contains(part), "{part}");
        }
        assert_eq!(server.with_s3(|s3| s3.published(KEY)), None);
    });
}

#[test]
fn a_redirect_while_names_propagate_is_transient() {
    block_on(async {
        let (_, result) = run_with_fault("GET A", 9, Fault::Status(307, "TemporaryRedirect")).await;
        let error = result.unwrap_err();
        assert_eq!((error.name().as_str(), error.is_transient()), ("Transient.TemporaryRedirect", true));
    });
}

#[test]
fn a_head_without_permission_is_named_by_its_status() {
    block_on(async {
        let server = S3Server::with_hook(|_, request, _| {
            (request.short() == "HEAD B").then_some(Fault::Status(403, "AccessDenied"))
        })
        .await;
        server.with_s3(|s3| {
            s3.upload(KEY, version(1));
            s3.put_unconditionally(B, KEY, Object::jpeg(version(9)));
        });
        assert_eq!(result_name(&server.handle_event(KEY).await), "Store.Http403");
    });
}

#[test]
fn after_409_and_412_the_bucket_is_read_again() {
    block_on(async {
        for (status, code) in [(409, "ConditionalRequestConflict"), (412, "PreconditionFailed")] {
            let (server, result) = run_with_fault("PUT B", 1, Fault::Status(status, code)).await;
            result.unwrap();
            assert_eq!(short(&server.take_requests()), ["GET A", "PUT B", "HEAD B", "PUT B", "GET A"]);
            assert_eq!(server.with_s3(|s3| s3.published(KEY)), Some(clean(&version(1))));
        }
    });
}

#[test]
fn an_object_of_b_that_vanishes_before_if_match_is_written_again() {
    block_on(async {
        let server = S3Server::with_hook(|s3, _, number| {
            if number == 5 {
                s3.delete(B, KEY);
            }
            None
        })
        .await;
        server.with_s3(|s3| {
            s3.upload(KEY, version(1));
            s3.put_unconditionally(B, KEY, Object::jpeg(version(9)));
        });
        server.handle_event(KEY).await.unwrap();
        println!("{:?}", short(&server.take_requests()));
        assert_eq!(server.with_s3(|s3| s3.published(KEY)), Some(clean(&version(1))));
    });
}

#[test]
fn a_put_that_was_done_but_whose_answer_was_cut_off_is_a_success() {
    block_on(async {
        let (server, result) = run_with_fault("PUT B", 1, Fault::CutAnswer).await;
        result.unwrap();
        println!("{:?}", short(&server.take_requests()));
        assert_eq!(server.with_s3(|s3| s3.versions_of_b.len()), 1);
        assert_eq!(server.with_s3(|s3| s3.published(KEY)), Some(clean(&version(1))));
    });
}

#[test]
fn a_photo_whose_body_is_cut_off_is_transient_and_publishes_nothing() {
    block_on(async {
        let (server, result) = run_with_fault("GET A", 1, Fault::CutAnswer).await;
        println!("{result:?}");
        assert_eq!(result_name(&result), "Transient.CutOff");
        assert_eq!(server.with_s3(|s3| s3.published(KEY)), None);
        server.handle_event(KEY).await.unwrap();
        assert_eq!(server.with_s3(|s3| s3.published(KEY)), Some(clean(&version(1))));
    });
}

#[test]
fn a_photo_of_unknown_length_is_not_read() {
    block_on(async {
        let (_, result) = run_with_fault("GET A", 9, Fault::NoLength).await;
        assert_eq!(result_name(&result), "Transient.BadResponse");
    });
}

#[test]
fn a_photo_over_the_limit_is_refused_before_its_body_is_read() {
    block_on(async {
        let server = S3Server::with_hook(|_, _, _| Some(Fault::HeaderOnly)).await;
        let large = vec![0; usize::try_from(config().max_photo_bytes).unwrap() + 1];
        server.with_s3(|s3| s3.upload(KEY, large.into()));
        let queue = FakeRefusals::default();
        let result = server.handle_event_with(&queue, KEY).await;
        println!("{result:?} {:?}", queue.messages());
        assert_eq!(result_name(&result), "ok");
        assert_eq!(queue.messages()[0]["reason"], "TooLarge");
    });
}

#[test]
fn a_server_that_never_answers_is_a_failure_before_the_deadline() {
    block_on(async {
        let server = S3Server::with_hook(|_, _, _| Some(Fault::Hangs)).await;
        let handler = Handler::new(server.store(), FakeRefusals::default(), &config());
        let deadline = Instant::now() + Duration::from_millis(100);
        let result = handler.handle(created(&[KEY]), REQUEST_ID, deadline).await;
        assert_eq!(result_name(&result), "Transient.Deadline");
    });
}

#[test]
fn a_refused_connection_is_transient() {
    block_on(async {
        // A port that was free a moment ago.
        let free_address = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let store = store_at(&format!("http://{free_address}"));
        let handler = Handler::new(store, FakeRefusals::default(), &config());
        let deadline = Instant::now() + Duration::from_secs(30);
        let result = handler.handle(created(&[KEY]), REQUEST_ID, deadline).await;
        println!("{result:?}");
        assert_eq!(result_name(&result), "Transient.Connection");
    });
}
