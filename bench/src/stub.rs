//! Lambda's Runtime API ("Using the Lambda runtime API for custom runtimes") over HTTP and S3 over TLS, on
//! loopback ports. They report what the function asked for and when.
//!
//! S3 has the same photo under every key and accepts whatever is put. What is measured is the function; the time spent
//! in the stub is reported with it. Whether the function is right is for its tests to check.

use std::error::Error;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::http::Connection;
use crate::tls::Tls;

/// That of the photo.
const ETAG: &str = "ETag: \"9b2cf535f27731c974343645a3985328\"\r\n";
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the function did.
pub(crate) enum Activity {
    /// It asked for an event; it gets the one that is sent to `reply`.
    Poll { at: Instant, reply: Sender<String> },
    /// It is done with its event; `kind` is `response` or `error`.
    Answer { at: Instant, kind: String },
    /// It sent a request to S3. `time` is from its header read until its answer is ready or sent; `put` is the length
    /// of an object that was put.
    S3Request { time: Duration, put: Option<usize> },
}

pub(crate) struct Stub {
    pub(crate) runtime_api: SocketAddr,
    pub(crate) s3: SocketAddr,
    pub(crate) tls: Tls,
    activities: Receiver<Activity>,
}

struct Photo {
    bytes: Vec<u8>,
    headers: String,
}

impl Stub {
    pub(crate) fn start(photo: Vec<u8>) -> Result<Self, Box<dyn Error>> {
        // S3 sends the checksum that it stores, and the SDK spends time checking it.
        let checksum = BASE64.encode(crc32fast::hash(&photo).to_be_bytes());
        let headers = format!(
            "{ETAG}Content-Type: image/jpeg\r\n\
             x-amz-checksum-crc32: {checksum}\r\nx-amz-checksum-type: FULL_OBJECT\r\n"
        );
        let photo = Arc::new(Photo { bytes: photo, headers });
        let tls = Tls::new()?;
        let (report, activities) = channel();
        let report_too = report.clone();
        let runtime_api = listen(move |stream| {
            stream.set_nodelay(true)?;
            serve_runtime_api(Connection::new(stream), &report_too)
        })?;
        let acceptor = tls.clone();
        let s3 = listen(move |stream| serve_s3(acceptor.accept(stream)?, &photo, &report))?;
        Ok(Self { runtime_api, s3, tls, activities })
    }

    /// Waits for the next activity.
    pub(crate) fn next(&self) -> Result<Activity, Box<dyn Error>> {
        self.activities.recv_timeout(TIMEOUT).map_err(|error| match error {
            RecvTimeoutError::Timeout => format!("the function did nothing for {TIMEOUT:?}").into(),
            RecvTimeoutError::Disconnected => "the stub has ended".into(),
        })
    }

    /// Discards what was reported so far.
    pub(crate) fn discard(&self) {
        while self.activities.try_recv().is_ok() {}
    }
}

/// Gives each connection a thread of its own. It ends with the function's process, often in the middle of a request.
fn listen(serve: impl Fn(TcpStream) -> io::Result<()> + Clone + Send + 'static) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = serve.clone();
            std::thread::spawn(move || serve(stream));
        }
    });
    Ok(address)
}

fn serve_runtime_api(mut connection: Connection, report: &Sender<Activity>) -> io::Result<()> {
    while let Some(head) = connection.head()? {
        let path = head.line.split(' ').nth(1).unwrap_or_default();
        if !path.ends_with("/invocation/next") {
            connection.skip_body(&head)?;
            let kind = path.rsplit('/').next().unwrap_or_default().to_owned();
            let _ = report.send(Activity::Answer { at: Instant::now(), kind });
            connection.answer("202 Accepted", "", b"")?;
            continue;
        }
        let (reply, event) = channel();
        let _ = report.send(Activity::Poll { at: Instant::now(), reply });
        // An error means that no event will come.
        let Ok(event) = event.recv() else { return Ok(()) };
        let deadline =
            SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + Duration::from_secs(60);
        let headers = format!(
            "Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n\
             Lambda-Runtime-Deadline-Ms: {}\r\n\
             Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-west-1:123456789012:function:bench\r\n",
            deadline.as_millis()
        );
        connection.answer("200 OK", &headers, event.as_bytes())?;
    }
    Ok(())
}

fn serve_s3(mut connection: Connection, photo: &Photo, report: &Sender<Activity>) -> io::Result<()> {
    while let Some(head) = connection.head()? {
        let start = Instant::now();
        let served = |put| {
            let _ = report.send(Activity::S3Request { time: start.elapsed(), put });
        };
        match head.line.split(' ').next() {
            // The function looks at one byte, which comes without the checksum of the whole.
            Some("GET") if head.header("range").is_some() => {
                let headers = format!("{ETAG}Content-Range: bytes 0-0/{}\r\n", photo.bytes.len());
                connection.answer("206 Partial Content", &headers, &photo.bytes[..1])?;
                served(None);
            }
            Some("GET") => {
                connection.answer("200 OK", &photo.headers, &photo.bytes)?;
                served(None);
            }
            Some("PUT") => {
                connection.skip_body(&head)?;
                served(head.number("x-amz-decoded-content-length").or(head.number("content-length")));
                connection.answer("200 OK", "ETag: \"5d41402abc4b2a76b9719d911017c592\"\r\n", b"")?;
            }
            _ => {
                served(None);
                connection.answer("200 OK", "", b"")?;
            }
        }
    }
    Ok(())
}
