//! The function on its S3 store, against the two buckets over HTTP: which requests it sends, with which headers, and what it makes
//! of the answers.

use std::time::{Duration, Instant};

use exif_ripper::error::Error;
use exif_ripper::handler::Handler;
use exif_ripper::store::{Body, Fetched, Store};
use serde_json::Value;

use crate::support::events::{created, form_encode};
use crate::support::fake_s3::Object;
use crate::support::photos::{clean, version};
use crate::support::s3_server::{Fault, Recorded, S3Server, store_at};
use crate::support::{A, B, block_on, config, scrub_metadata};

const KEY: &str = "k.jpg";

async fn run(server: &S3Server, encoded_key: &str) -> Result<Value, Error> {
    let handler = Handler::new(server.store(), &config());
    handler.handle(created(&[encoded_key]), Instant::now() + Duration::from_secs(60)).await
}

fn name(result: &Result<Value, Error>) -> String {
    result.as_ref().map_or_else(Error::name, |_| "ok".to_owned())
}

fn short(requests: &[Recorded]) -> Vec<String> {
    requests.iter().map(Recorded::short).collect()
}

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
    let result = run(&server, KEY).await;
    println!("{times} times {fault:?} at {when}: {}", name(&result));
    (server, result)
}

#[test]
fn a_new_photo_takes_two_requests_and_sends_nothing_but_the_photo_and_its_four_headers() {
    block_on(async {
        let server = S3Server::start().await;
        let original = Object {
            cache_control: Some("public, max-age=60".to_owned()),
            content_type: "image/pjpeg".to_owned(),
            metadata: [("photographer".to_owned(), "somebody".to_owned())].into(),
            ..Object::jpeg(version(1))
        };
        let etag = original.etag();
        server.with_s3(|s3| s3.place(A, KEY, original));
        run(&server, KEY).await.unwrap();

        let requests = server.take_requests();
        assert_eq!(short(&requests), ["GET A", "PUT B"]);
        let put = &requests[1].headers;
        println!("{put:#?}");
        assert_eq!(put["if-none-match"], "*");
        assert_eq!(put["content-type"], "image/jpeg");
        assert_eq!(put["cache-control"], "public, max-age=60");
        assert_eq!(put["x-amz-meta-source-etag"], etag);
        assert_eq!(put["x-amz-meta-scrub"], scrub_metadata());
        // What is left is how a request is made, not what is stored.
        let stored =
            ["if-none-match", "content-type", "cache-control", "x-amz-meta-source-etag", "x-amz-meta-scrub"];
        let transport = [
            "accept",
            "accept-encoding",
            "amz-sdk-invocation-id",
            "amz-sdk-request",
            "authorization",
            "connection",
            "content-length",
            "expect",
            "host",
            "user-agent",
            "x-amz-checksum-crc32",
            "x-amz-content-sha256",
            "x-amz-date",
            "x-amz-sdk-checksum-algorithm",
            "x-amz-user-agent",
        ];
        for header in put.keys().map(String::as_str) {
            assert!(stored.contains(&header) || transport.contains(&header), "{header}");
        }
        assert!(put.contains_key("x-amz-checksum-crc32"), "the body is covered by a checksum");
        assert_eq!(server.with_s3(|s3| s3.published(KEY)), Some(clean(&version(1))));
    });
}

#[test]
fn an_overwritten_photo_is_looked_up_and_written_with_if_match() {
    block_on(async {
        let server = S3Server::start().await;
        server.with_s3(|s3| s3.upload(KEY, version(1)));
        run(&server, KEY).await.unwrap();
        let first = server.with_s3(|s3| s3.get(B, KEY).unwrap().etag());
        server.with_s3(|s3| s3.upload(KEY, version(2)));
        let second = server.with_s3(|s3| s3.get(A, KEY).unwrap().etag());
        server.take_requests();
        run(&server, KEY).await.unwrap();
        let requests = server.take_requests();
        println!("{:?}", short(&requests));
        assert_eq!(short(&requests), ["GET A", "PUT B", "HEAD B", "GET A", "PUT B", "HEAD A"]);
        assert_eq!(requests[3].headers["if-none-match"], format!("\"{second}\""));
        assert_eq!(requests[4].headers["if-match"], format!("\"{first}\""));
        assert!(!requests[4].headers.contains_key("if-none-match"));
        assert_eq!(server.with_s3(|s3| s3.published(KEY)), Some(clean(&version(2))));
    });
}

#[test]
fn a_duplicate_event_takes_three_requests_and_writes_nothing() {
    block_on(async {
        let server = S3Server::start().await;
        server.with_s3(|s3| s3.upload(KEY, version(1)));
        run(&server, KEY).await.unwrap();
        server.take_requests();
        run(&server, KEY).await.unwrap();
        assert_eq!(short(&server.take_requests()), ["GET A", "PUT B", "HEAD B"]);
        assert_eq!(server.with_s3(|s3| s3.versions_of_b.len()), 1);
    });
}

#[test]
fn v1_v2_v1_ends_with_v1() {
    block_on(async {
        let server = S3Server::with_hook(|s3, _, number| {
            if number == 7 {
                s3.upload(KEY, version(1));
            }
            None
        })
        .await;
        server.with_s3(|s3| s3.upload(KEY, version(1)));
        run(&server, KEY).await.unwrap();
        server.with_s3(|s3| s3.upload(KEY, version(2)));
        run(&server, KEY).await.unwrap();
        let requests = server.take_requests();
        println!("{:?}", short(&requests));
        assert_eq!(server.with_s3(|s3| s3.published(KEY)), Some(clean(&version(1))));
        assert!(
            server
                .with_s3(|s3| s3.versions_of_b.iter().any(|(_, object)| object.bytes == clean(&version(2))))
        );
    });
}

#[test]
fn every_key_arrives_as_it_is() {
    let keys = [
        "plain.jpg",
        "with space.jpg",
        "plus+plus.jpg",
        "50% off.jpg",
        "100%25.jpg",
        "folder/sub folder/a&b=c?d#e.jpg",
        "фото/日本語/élan.jpg",
        "/leading/slash.jpg",
        "double//slash.jpg",
        "a/../b/./c.jpg",
        "quote'\"<>;:@!$*(),~.jpg",
        "tab\tand\u{7f}.jpg",
        "😀.JPEG",
    ];
    block_on(async {
        let server = S3Server::start().await;
        for (number, key) in (1..).zip(keys) {
            server.with_s3(|s3| s3.upload(key, version(number)));
            let encoded = form_encode(key);
            run(&server, &encoded).await.unwrap();
            let paths: Vec<_> = server.take_requests().into_iter().map(|request| request.path).collect();
            println!("{key:?} came as {encoded} and was asked for as {}", paths[0]);
            assert_eq!(server.with_s3(|s3| s3.published(key)), Some(clean(&version(number))), "{key:?}");
        }
        println!("{} keys", keys.len());
        assert_eq!(server.with_s3(|s3| s3.versions_of_b.len()), keys.len());
    });
}

#[test]
fn a_photo_that_is_gone_takes_one_request() {
    block_on(async {
        let server = S3Server::start().await;
        run(&server, KEY).await.unwrap();
        assert_eq!(short(&server.take_requests()), ["GET A"]);
    });
}

#[test]
fn a_bucket_that_is_gone_is_not_taken_for_a_photo_that_is_gone() {
    block_on(async {
        for when in ["GET A", "PUT B"] {
            let (_, result) = failing(when, 9, Fault::Status(404, "NoSuchBucket")).await;
            assert_eq!(name(&result), "Store.NoSuchBucket");
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
        assert_eq!(name(&run(&server, KEY).await), "Store.Http403");
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
        run(&server, KEY).await.unwrap();
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
        assert_eq!(name(&result), "Transient.CutOff");
        assert_eq!(server.with_s3(|s3| s3.published(KEY)), None);
        run(&server, KEY).await.unwrap();
        assert_eq!(server.with_s3(|s3| s3.published(KEY)), Some(clean(&version(1))));
    });
}

#[test]
fn a_photo_of_unknown_length_is_not_read() {
    block_on(async {
        let (_, result) = failing("GET A", 9, Fault::NoLength).await;
        assert_eq!(name(&result), "Transient.BadResponse");
    });
}

#[test]
fn a_photo_over_the_limit_is_refused_before_its_body_has_come() {
    block_on(async {
        let server = S3Server::with_hook(|_, _, _| Some(Fault::HeaderOnly)).await;
        let large = vec![0; usize::try_from(config().max_photo_bytes).unwrap() + 1];
        server.with_s3(|s3| s3.upload(KEY, large.into()));
        let result = run(&server, KEY).await;
        println!("{result:?}");
        assert_eq!(name(&result), "Refused.TooLarge");
    });
}

#[test]
fn a_server_that_never_answers_fails_in_time() {
    block_on(async {
        let server = S3Server::with_hook(|_, _, _| Some(Fault::Hangs)).await;
        let handler = Handler::new(server.store(), &config());
        let result = handler.handle(created(&[KEY]), Instant::now() + Duration::from_millis(100)).await;
        assert_eq!(name(&result), "Transient.Deadline");
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
        assert_eq!(name(&result), "Transient.Connection");
    });
}

#[test]
fn a_photo_read_is_the_only_handle_to_its_bytes() {
    block_on(async {
        let server = S3Server::start().await;
        let large = bytes::Bytes::from(vec![7; 900_000]);
        server.with_s3(|s3| s3.upload(KEY, large.clone()));
        let Fetched::Found(original) = server.store().get_original(KEY, None).await.unwrap() else {
            panic!()
        };
        let photo = original.body.read_to_bytes(original.bytes).await.unwrap();
        println!("{} bytes, unique: {}", photo.len(), photo.is_unique());
        assert_eq!(photo, large);
        assert!(photo.is_unique());
    });
}

#[test]
fn connections_are_warmed_by_one_request_to_each_bucket_and_errors_do_not_matter() {
    block_on(async {
        let server = S3Server::start().await;
        server.store().warm().await;
        let mut requests = short(&server.take_requests());
        requests.sort();
        println!("{requests:?}");
        assert_eq!(requests, ["HEAD A", "HEAD B"]);

        let server = S3Server::with_hook(|_, _, _| Some(Fault::Status(403, "AccessDenied"))).await;
        server.store().warm().await;
        assert_eq!(server.take_requests().len(), 2);
    });
}
