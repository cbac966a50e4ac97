//! The requests that the function sends to S3, with their headers, against the two buckets over HTTP.

use exif_ripper::store::{Body, Fetched, Store};

use crate::support::events::form_encode;
use crate::support::fake_s3::Object;
use crate::support::photos::{clean, version};
use crate::support::s3_server::{Fault, S3Server, short};
use crate::support::{A, B, block_on, scrub_metadata};

const KEY: &str = "k.jpg";

#[test]
fn a_new_photo_takes_three_requests_and_only_the_photo_and_four_headers_are_stored() {
    block_on(async {
        let server = S3Server::start().await;
        let original = Object {
            cache_control: Some("public, max-age=60".to_owned()),
            content_type: "image/pjpeg".to_owned(),
            metadata: [("photographer".to_owned(), "somebody".to_owned())].into(),
            ..Object::jpeg(version(1))
        };
        server.with_s3(|s3| s3.put_unconditionally(A, KEY, original));
        let version_id = server.with_s3(|s3| s3.get(A, KEY).unwrap().version.clone().unwrap());
        server.handle_event(KEY).await.unwrap();

        let requests = server.take_requests();
        assert_eq!(short(&requests), ["GET A", "PUT B", "GET A"]);
        assert_eq!(requests[2].headers["range"], "bytes=0-0", "the look at A reads one byte");
        let put = &requests[1].headers;
        println!("{put:#?}");
        assert_eq!(put["if-none-match"], "*");
        assert_eq!(put["content-type"], "image/jpeg");
        assert_eq!(put["cache-control"], "public, max-age=60");
        assert_eq!(put["x-amz-meta-source-version"], version_id);
        assert_eq!(put["x-amz-meta-scrub"], scrub_metadata());
        // All other headers are about the request; they are not stored.
        let stored = [
            "if-none-match",
            "content-type",
            "cache-control",
            "x-amz-meta-source-version",
            "x-amz-meta-scrub",
        ];
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
        assert!(put.contains_key("x-amz-checksum-crc32"), "the body has a checksum");
        assert_eq!(server.with_s3(|s3| s3.published(KEY)), Some(clean(&version(1))));
    });
}

#[test]
fn an_overwritten_photo_is_written_with_if_match() {
    block_on(async {
        let server = S3Server::start().await;
        server.with_s3(|s3| s3.upload(KEY, version(1)));
        server.handle_event(KEY).await.unwrap();
        let first = server.with_s3(|s3| s3.get(B, KEY).unwrap().etag());
        server.with_s3(|s3| s3.upload(KEY, version(2)));
        let second = server.with_s3(|s3| s3.get(A, KEY).unwrap().etag());
        server.take_requests();
        server.handle_event(KEY).await.unwrap();
        let requests = server.take_requests();
        println!("{:?}", short(&requests));
        assert_eq!(short(&requests), ["GET A", "PUT B", "HEAD B", "GET A", "GET A", "PUT B", "GET A"]);
        assert_eq!(requests[3].headers["if-none-match"], format!("\"{second}\""));
        assert_eq!(requests[5].headers["if-match"], format!("\"{first}\""));
        assert!(!requests[5].headers.contains_key("if-none-match"));
        assert_eq!(server.with_s3(|s3| s3.published(KEY)), Some(clean(&version(2))));
    });
}

#[test]
fn a_duplicate_event_takes_four_requests_and_writes_nothing() {
    block_on(async {
        let server = S3Server::start().await;
        server.with_s3(|s3| s3.upload(KEY, version(1)));
        server.handle_event(KEY).await.unwrap();
        server.take_requests();
        server.handle_event(KEY).await.unwrap();
        assert_eq!(short(&server.take_requests()), ["GET A", "PUT B", "HEAD B", "GET A"]);
        assert_eq!(server.with_s3(|s3| s3.versions_of_b.len()), 1);
    });
}

#[test]
fn v1_v2_v1_ends_with_v1() {
    block_on(async {
        let server = S3Server::with_hook(|s3, _, number| {
            if number == 9 {
                s3.upload(KEY, version(1));
            }
            None
        })
        .await;
        server.with_s3(|s3| s3.upload(KEY, version(1)));
        server.handle_event(KEY).await.unwrap();
        server.with_s3(|s3| s3.upload(KEY, version(2)));
        server.handle_event(KEY).await.unwrap();
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
fn every_key_arrives_unchanged() {
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
            server.handle_event(&encoded).await.unwrap();
            let paths: Vec<_> = server.take_requests().into_iter().map(|request| request.path).collect();
            println!("{key:?} in the event: {encoded}, in the request: {}", paths[0]);
            assert_eq!(server.with_s3(|s3| s3.published(key)), Some(clean(&version(number))), "{key:?}");
        }
        println!("{} keys", keys.len());
        assert_eq!(server.with_s3(|s3| s3.versions_of_b.len()), keys.len());
    });
}

#[test]
fn a_deleted_photo_that_b_does_not_have_takes_two_requests() {
    block_on(async {
        let server = S3Server::start().await;
        server.handle_event(KEY).await.unwrap();
        assert_eq!(short(&server.take_requests()), ["GET A", "HEAD B"]);
    });
}

#[test]
fn the_bytes_of_a_photo_have_only_one_handle() {
    block_on(async {
        let server = S3Server::start().await;
        let large = bytes::Bytes::from(vec![7; 900_000]);
        server.with_s3(|s3| s3.upload(KEY, large.clone()));
        let Fetched::Found(original) = server.store().get_original(KEY, None).await.unwrap() else {
            panic!()
        };
        let photo = original.body.read_to_bytes(original.length).await.unwrap();
        println!("{} bytes, unique: {}", photo.len(), photo.is_unique());
        assert_eq!(photo, large);
        assert!(photo.is_unique());
    });
}

#[test]
fn connections_are_warmed_up_by_one_request_to_each_bucket_and_errors_are_ignored() {
    block_on(async {
        let server = S3Server::start().await;
        server.store().open_connections().await;
        let mut requests = short(&server.take_requests());
        requests.sort();
        println!("{requests:?}");
        assert_eq!(requests, ["HEAD A", "HEAD B"]);

        let server = S3Server::with_hook(|_, _, _| Some(Fault::Status(403, "AccessDenied"))).await;
        server.store().open_connections().await;
        assert_eq!(server.take_requests().len(), 2);
    });
}
