//! The function's own `bootstrap`, as a process that talks to the stub.

use std::error::Error;
use std::fs::File;
use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use bench::machine::peak_memory;
use bench::spread::Spread;
use scrub::{Bytes, Options, scrub};

use crate::stub::{Activity, Stub};

const STARTS: usize = 100;
const WARM_UP: usize = 5;
const PHOTOS: usize = 300;
const LARGEST: usize = 100_000_000;

/// From the start of the process to its first poll for an event.
pub(crate) fn starts(bootstrap: &Path) -> Result<Spread, Box<dyn Error>> {
    let stub = Stub::start(samples::large(100_000))?;
    let mut times = Vec::new();
    // The first start reads the program from the disk.
    for round in 0..=STARTS {
        stub.discard();
        let function = Function::start(bootstrap, &stub)?;
        let (at, _) = first_poll(&stub)?;
        if round > 0 {
            times.push(at - function.started);
        }
    }
    Spread::of(times).ok_or_else(|| "no starts".into())
}

/// The times of a photo in a process that has had photos before.
pub(crate) struct Warm {
    /// From handing out the event until the answer has been read.
    pub(crate) total: Spread,
    /// The part of it in which the stub S3 was handling a request. While it sends, the function receives, so this
    /// contains some of the function's own work.
    pub(crate) in_s3: Spread,
    /// The rest.
    pub(crate) beside: Spread,
}

/// Sends photos of `size` bytes through one process, one after the other.
pub(crate) fn warm(bootstrap: &Path, size: usize) -> Result<Warm, Box<dyn Error>> {
    let photo = samples::large(size);
    let clean = clean_length(&photo)?;
    let stub = Stub::start(photo)?;
    let function = Function::start(bootstrap, &stub)?;
    let (_, mut reply) = first_poll(&stub)?;
    let (mut total, mut in_s3, mut beside) = (Vec::new(), Vec::new(), Vec::new());
    // The first photos pay for what a process does once, like growing its heap.
    for round in 0..WARM_UP + PHOTOS {
        let run;
        (run, reply) = one_photo(&stub, &reply, clean)?;
        if round >= WARM_UP {
            total.push(run.total);
            in_s3.push(run.in_s3);
            beside.push(run.total.saturating_sub(run.in_s3));
        }
    }
    drop(function);
    let spread = |rounds| Spread::of(rounds).ok_or("no photos");
    Ok(Warm { total: spread(total)?, in_s3: spread(in_s3)?, beside: spread(beside)? })
}

/// The most memory that a process had, in bytes.
pub(crate) struct Memory {
    pub(crate) before: u64,
    pub(crate) after: u64,
    pub(crate) photo: u64,
}

/// Sends one photo of 100 MB through a new process.
pub(crate) fn memory(bootstrap: &Path) -> Result<Memory, Box<dyn Error>> {
    let photo = samples::large(LARGEST);
    let clean = clean_length(&photo)?;
    let stub = Stub::start(photo)?;
    let function = Function::start(bootstrap, &stub)?;
    let (_, reply) = first_poll(&stub)?;
    let before = function.peak()?;
    one_photo(&stub, &reply, clean)?;
    Ok(Memory { before, after: function.peak()?, photo: LARGEST as u64 })
}

fn clean_length(photo: &[u8]) -> Result<usize, Box<dyn Error>> {
    Ok(scrub(Bytes::copy_from_slice(photo), &Options::default())?.photo.len())
}

/// Waits for the first poll for an event, and checks that each bucket was connected to before it.
fn first_poll(stub: &Stub) -> Result<(Instant, Sender<String>), Box<dyn Error>> {
    let mut requests = 0;
    loop {
        match stub.next()? {
            Activity::S3Request { .. } => requests += 1,
            Activity::Poll { at, reply } if requests == 2 => return Ok((at, reply)),
            _ => return Err(format!("{requests} requests to S3 before the first poll, not 2").into()),
        }
    }
}

struct Run {
    total: Duration,
    in_s3: Duration,
}

/// Hands out an event, waits for the answer and the next poll, and checks that a photo of `clean` bytes was published.
fn one_photo(
    stub: &Stub,
    reply: &Sender<String>,
    clean: usize,
) -> Result<(Run, Sender<String>), Box<dyn Error>> {
    let start = Instant::now();
    reply.send(EVENT.to_owned())?;
    let (mut total, mut in_s3, mut requests, mut published, mut next) = (None, Duration::ZERO, 0, None, None);
    // Each connection has a thread of its own, so these come in any order.
    while total.is_none() || next.is_none() || requests < 2 {
        match stub.next()? {
            Activity::Poll { reply, .. } => next = Some(reply),
            Activity::Answer { at, kind } if kind == "response" => total = Some(at - start),
            Activity::Answer { kind, .. } => {
                return Err(format!("the function answered its event with {kind}").into());
            }
            Activity::S3Request { time, put } => {
                in_s3 += time;
                requests += 1;
                published = published.or(put);
            }
        }
    }
    if published != Some(clean) || requests != 2 {
        return Err(
            format!("{requests} requests and {published:?} bytes published, not 2 and {clean}").into()
        );
    }
    let (Some(total), Some(next)) = (total, next) else { return Err("no answer".into()) };
    Ok((Run { total, in_s3 }, next))
}

const EVENT: &str = r#"{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"eu-west-1",
"eventTime":"2026-01-02T03:04:05.678Z","eventName":"ObjectCreated:Put","userIdentity":{"principalId":"AIDAEXAMPLE"},
"requestParameters":{"sourceIPAddress":"192.0.2.1"},"responseElements":{"x-amz-request-id":"C3D13FE58DE4C810"},
"s3":{"s3SchemaVersion":"1.0","configurationId":"upload","bucket":{"name":"photos-in",
"ownerIdentity":{"principalId":"A3NL1KOZZKExample"},"arn":"arn:aws:s3:::photos-in"},
"object":{"key":"my+photo.jpg","size":1,"eTag":"9b2cf535f27731c974343645a3985328",
"sequencer":"0055AED6DCD90281E5"}}}]}"#;

/// The process. It is killed when the measurement ends.
struct Function {
    process: Child,
    started: Instant,
}

impl Function {
    fn start(bootstrap: &Path, stub: &Stub) -> Result<Self, Box<dyn Error>> {
        let log = bootstrap.with_extension("log");
        let trusted = bootstrap.with_extension("pem");
        stub.tls.write_trusted(&trusted)?;
        let mut command = Command::new(bootstrap);
        command
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", stub.runtime_api.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "bench")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .env("AWS_ENDPOINT_URL", format!("https://{}", stub.s3))
            .env("SSL_CERT_FILE", trusted)
            .env("BUCKET_A", "photos-in")
            .env("BUCKET_B", "photos-out")
            .env("MAX_PHOTO_MB", "200")
            .env("SCRUB", Options::default().to_string())
            .stdin(Stdio::null())
            .stdout(File::create(log)?);
        let started = Instant::now();
        let process =
            command.spawn().map_err(|error| format!("{} does not run: {error}", bootstrap.display()))?;
        Ok(Self { process, started })
    }

    /// The most memory it had so far, in bytes.
    fn peak(&self) -> io::Result<u64> {
        peak_memory(&self.process.id().to_string())
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
