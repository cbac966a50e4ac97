//! What the function does when S3 answers with an error, breaks off or does not answer, against the two buckets over
//! HTTP.

use std::time::{Duration, Instant};

use exif_ripper::error::Error;
use exif_ripper::handler::Handler;
use serde_json::Value;

use crate::support::events::created;
use crate::support::fake_s3::Object;
use crate::support::photos::{clean, version};
use crate::support::s3_server::{Fault, S3Server, short, store_at};
use crate::support::{B, block_on, config, result_name};

const KEY: &str = "k.jpg";

/// Runs the event against a server where the first request that `when` names fails so often.
async fn failing(when: &'static str, times: usize, fault: Fault) -> (S3Server, Result<Value, Error>) {
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
fn a_bucket_that_is_gone_is_not_taken_for_a_photo_that_is_gone() {
    block_on(async {
        for when in ["GET A", "PUT B"] {
            let (_, result) = failing(when, 9, Fault::Status(404, "NoSuchBucket")).await;
            assert_eq!(result_name(&result), "Store.NoSuchBucket");
        }
    });
}

#[test]
fn what_passes_within_three_attempts_is_not_noticed() {
    block_on(async {
        for (when, status, code) in
            [("GET A", 503, "SlowDown"), ("PUT B", 500, "InternalError"), ("PUT B", 503, "SlowDown")]
        {
            let (server, result) = failing(when, 1, Fault::Status(status, code)).await;
            result.unwrap();
            assert_eq!(server.take_requests().len(), 3);
            assert_eq!(server.with_s3(|s3| s3.published(KEY)), Some(clean(&version(1))));
        }
    });
}

#[test]
fn what_does_not_pass_is_transient_and_names_code_and_request() {
    block_on(async {
        let (server, result) = failing("PUT B", 9, Fault::Status(503, "SlowDown")).await;
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
fn a_lack_of_rights_is_not_transient() {
    block_on(async {
        for when in ["GET A", "PUT B"] {
            let (_, result) = failing(when, 9, Fault::Status(403, "AccessDenied")).await;
            let error = result.unwrap_err();
            assert_eq!((error.name().as_str(), error.is_transient()), ("Store.AccessDenied", false));
        }
    });
}

#[test]
fn a_head_without_rights_has_its_status_for_a_name() {
    block_on(async {
        let server = S3Server::with_hook(|_, request, _| {
            (request.short() == "HEAD B").then_some(Fault::Status(403, "AccessDenied"))
        })
        .await;
        server.with_s3(|s3| {
            s3.upload(KEY, version(1));
            s3.place(B, KEY, Object::jpeg(version(9)));
        });
        assert_eq!(result_name(&server.handle_event(KEY).await), "Store.Http403");
    });
}

#[test]
fn a_conflict_409_and_a_failed_precondition_412_lead_to_another_look() {
    block_on(async {
        for (status, code) in [(409, "ConditionalRequestConflict"), (412, "PreconditionFailed")] {
            let (server, result) = failing("PUT B", 1, Fault::Status(status, code)).await;
            result.unwrap();
            assert_eq!(short(&server.take_requests()), ["GET A", "PUT B", "HEAD B", "PUT B", "HEAD A"]);
            assert_eq!(server.with_s3(|s3| s3.published(KEY)), Some(clean(&version(1))));
        }
    });
}

#[test]
fn an_object_of_b_that_vanishes_before_if_match_is_written_anew() {
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
            s3.place(B, KEY, Object::jpeg(version(9)));
        });
        server.handle_event(KEY).await.unwrap();
        println!("{:?}", short(&server.take_requests()));
        assert_eq!(server.with_s3(|s3| s3.published(KEY)), Some(clean(&version(1))));
    });
}

#[test]
fn a_put_that_was_done_and_then_cut_off_ends_as_done() {
    block_on(async {
        let (server, result) = failing("PUT B", 1, Fault::CutAnswer).await;
        result.unwrap();
        println!("{:?}", short(&server.take_requests()));
        assert_eq!(server.with_s3(|s3| s3.versions_of_b.len()), 1);
        assert_eq!(server.with_s3(|s3| s3.published(KEY)), Some(clean(&version(1))));
    });
}

#[test]
fn a_photo_that_is_cut_off_on_the_way_is_transient_and_publishes_nothing() {
    block_on(async {
        let (server, result) = failing("GET A", 1, Fault::CutAnswer).await;
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
        let (_, result) = failing("GET A", 9, Fault::NoLength).await;
        assert_eq!(result_name(&result), "Transient.BadResponse");
    });
}

#[test]
fn a_photo_over_the_limit_is_refused_before_its_body_has_come() {
    block_on(async {
        let server = S3Server::with_hook(|_, _, _| Some(Fault::HeaderOnly)).await;
        let large = vec![0; usize::try_from(config().max_photo_bytes).unwrap() + 1];
        server.with_s3(|s3| s3.upload(KEY, large.into()));
        let result = server.handle_event(KEY).await;
        println!("{result:?}");
        assert_eq!(result_name(&result), "Refused.TooLarge");
    });
}

#[test]
fn a_server_that_never_answers_fails_in_time() {
    block_on(async {
        let server = S3Server::with_hook(|_, _, _| Some(Fault::Hangs)).await;
        let handler = Handler::new(server.store(), &config());
        let result = handler.handle(created(&[KEY]), Instant::now() + Duration::from_millis(100)).await;
        assert_eq!(result_name(&result), "Transient.Deadline");
    });
}

#[test]
fn nobody_listening_is_transient() {
    block_on(async {
        // A port that was free a moment ago.
        let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let handler = Handler::new(store_at(&format!("http://{free}")), &config());
        let result = handler.handle(created(&[KEY]), Instant::now() + Duration::from_secs(30)).await;
        println!("{result:?}");
        assert_eq!(result_name(&result), "Transient.Connection");
    });
}
