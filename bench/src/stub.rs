//! Lambda's Runtime API ("Using the Lambda runtime API for custom runtimes") over HTTP and S3 over TLS, on
//! loopback ports, which tell what the function asked for and when.
//!
//! S3 holds one photo under every key and takes whatever is put: what is measured is the function, and the time that passes in
//! here is told with it. Whether the function is right is for its tests.

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

const PATIENCE: Duration = Duration::from_secs(30);

/// What happened.
pub(crate) enum Seen {
    /// The function asked for an event; it gets one when one is sent to `hand`.
    Asked { at: Instant, hand: Sender<String> },
    /// The function is done with its event: `response` or `error`.
    Answered { at: Instant, how: String },
    /// S3 took a request, from its header read to its answer ready or sent. `put` is the length of the object that came in.
    Served { time: Duration, put: Option<usize> },
}

pub(crate) struct Stub {
    pub(crate) runtime_api: SocketAddr,
    pub(crate) s3: SocketAddr,
    pub(crate) tls: Tls,
    seen: Receiver<Seen>,
}

struct Photo {
    bytes: Vec<u8>,
    headers: String,
}

impl Stub {
    pub(crate) fn start(photo: Vec<u8>) -> Result<Self, Box<dyn Error>> {
        // S3 tells the checksum that it keeps, and the SDK takes its time to check it.
        let checksum = BASE64.encode(crc32fast::hash(&photo).to_be_bytes());
        let headers = format!(
            "ETag: \"9b2cf535f27731c974343645a3985328\"\r\nContent-Type: image/jpeg\r\n\
             x-amz-checksum-crc32: {checksum}\r\nx-amz-checksum-type: FULL_OBJECT\r\n"
        );
        let photo = Arc::new(Photo { bytes: photo, headers });
        let tls = Tls::new()?;
        let (tell, seen) = channel();
        let told = tell.clone();
        let runtime_api = listen(move |stream| {
            stream.set_nodelay(true)?;
            hand_out(Connection::new(stream), &told)
        })?;
        let accepting = tls.clone();
        let s3 = listen(move |stream| serve(accepting.accept(stream)?, &photo, &tell))?;
        Ok(Self { runtime_api, s3, tls, seen })
    }

    /// The next thing that happens.
    pub(crate) fn next(&self) -> Result<Seen, Box<dyn Error>> {
        self.seen.recv_timeout(PATIENCE).map_err(|error| match error {
            RecvTimeoutError::Timeout => format!("the function asked for nothing in {PATIENCE:?}").into(),
            RecvTimeoutError::Disconnected => "the stub has ended".into(),
        })
    }

    /// Forgets what happened so far.
    pub(crate) fn forget(&self) {
        while self.seen.try_recv().is_ok() {}
    }
}

/// Gives each connection a thread of its own. It ends with the function's process, often in the middle of something.
fn listen(talk: impl Fn(TcpStream) -> io::Result<()> + Clone + Send + 'static) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let talk = talk.clone();
            std::thread::spawn(move || talk(stream));
        }
    });
    Ok(address)
}

fn hand_out(mut to: Connection, tell: &Sender<Seen>) -> io::Result<()> {
    while let Some(head) = to.head()? {
        let path = head.line.split(' ').nth(1).unwrap_or_default();
        if !path.ends_with("/invocation/next") {
            to.skip_body(&head)?;
            let how = path.rsplit('/').next().unwrap_or_default().to_owned();
            let _ = tell.send(Seen::Answered { at: Instant::now(), how });
            to.answer("202 Accepted", "", b"")?;
            continue;
        }
        let (hand, event) = channel();
        let _ = tell.send(Seen::Asked { at: Instant::now(), hand });
        // An error says that nothing will come any more.
        let Ok(event) = event.recv() else { return Ok(()) };
        let deadline =
            SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + Duration::from_secs(60);
        let headers = format!(
            "Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n\
             Lambda-Runtime-Deadline-Ms: {}\r\n\
             Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-west-1:123456789012:function:bench\r\n",
            deadline.as_millis()
        );
        to.answer("200 OK", &headers, event.as_bytes())?;
    }
    Ok(())
}

fn serve(mut to: Connection, photo: &Photo, tell: &Sender<Seen>) -> io::Result<()> {
    while let Some(head) = to.head()? {
        let start = Instant::now();
        let told = |put| {
            let _ = tell.send(Seen::Served { time: start.elapsed(), put });
        };
        match head.line.split(' ').next() {
            Some("GET") => {
                to.answer("200 OK", &photo.headers, &photo.bytes)?;
                told(None);
            }
            Some("PUT") => {
                to.skip_body(&head)?;
                told(head.number("x-amz-decoded-content-length").or(head.number("content-length")));
                to.answer("200 OK", "ETag: \"5d41402abc4b2a76b9719d911017c592\"\r\n", b"")?;
            }
            _ => {
                told(None);
                to.answer("200 OK", "", b"")?;
            }
        }
    }
    Ok(())
}
