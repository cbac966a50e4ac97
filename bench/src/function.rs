//! The function's own `bootstrap`, as a process beside the stub.

use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use scrub::{Bytes, Options, scrub};

use crate::spread::Spread;
use crate::stub::{Seen, Stub};

const STARTS: usize = 100;
const PHOTOS: usize = 300;
const LARGEST: usize = 100_000_000;

/// From the start of the process to its first question for an event.
pub(crate) fn starts(bootstrap: &Path) -> Result<Spread, Box<dyn Error>> {
    let stub = Stub::start(samples::large(100_000))?;
    let mut times = Vec::new();
    // The first start reads the program from the disk.
    for round in 0..=STARTS {
        stub.forget();
        let function = Function::start(bootstrap, &stub)?;
        let (at, _) = asked(&stub)?;
        if round > 0 {
            times.push(at - function.started);
        }
    }
    Spread::of(times).ok_or_else(|| "no starts".into())
}

/// A warm photo.
pub(crate) struct Warm {
    /// From handing out the event to the answer read.
    pub(crate) total: Spread,
    /// The part of it in which the stub S3 had a request in its hands. While it sends, the function receives, so some of the
    /// function's own work is in it.
    pub(crate) in_s3: Spread,
    /// The rest.
    pub(crate) beside: Spread,
}

/// Photos of `size` bytes one after the other through one process.
pub(crate) fn warm(bootstrap: &Path, size: usize) -> Result<Warm, Box<dyn Error>> {
    let photo = samples::large(size);
    let clean = clean_length(&photo)?;
    let stub = Stub::start(photo)?;
    let function = Function::start(bootstrap, &stub)?;
    let (_, mut hand) = asked(&stub)?;
    let (mut total, mut in_s3, mut beside) = (Vec::new(), Vec::new(), Vec::new());
    // What is done once for a process, like growing its heap, belongs to its first photos.
    for round in 0..PHOTOS + 5 {
        let run;
        (run, hand) = one_photo(&stub, &hand, clean)?;
        if round >= 5 {
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

/// One photo of 100 MB through a new process.
pub(crate) fn memory(bootstrap: &Path) -> Result<Memory, Box<dyn Error>> {
    let photo = samples::large(LARGEST);
    let clean = clean_length(&photo)?;
    let stub = Stub::start(photo)?;
    let function = Function::start(bootstrap, &stub)?;
    let (_, hand) = asked(&stub)?;
    let before = function.peak()?;
    one_photo(&stub, &hand, clean)?;
    Ok(Memory { before, after: function.peak()?, photo: LARGEST as u64 })
}

fn clean_length(photo: &[u8]) -> Result<usize, Box<dyn Error>> {
    Ok(scrub(Bytes::copy_from_slice(photo), &Options::default())?.photo.len())
}

/// Waits for the first question for an event, and checks that a connection for each bucket was made before it.
fn asked(stub: &Stub) -> Result<(Instant, Sender<String>), Box<dyn Error>> {
    let mut requests = 0;
    loop {
        match stub.next()? {
            Seen::Served { .. } => requests += 1,
            Seen::Asked { at, hand } if requests == 2 => return Ok((at, hand)),
            _ => return Err(format!("{requests} requests to S3 before the first poll, not 2").into()),
        }
    }
}

struct Run {
    total: Duration,
    in_s3: Duration,
}

/// Hands out an event, follows it to the next question, and checks that a photo of `clean` bytes was published.
fn one_photo(
    stub: &Stub,
    hand: &Sender<String>,
    clean: usize,
) -> Result<(Run, Sender<String>), Box<dyn Error>> {
    let start = Instant::now();
    hand.send(EVENT.to_owned())?;
    let (mut total, mut in_s3, mut requests, mut published, mut next) = (None, Duration::ZERO, 0, None, None);
    // Each connection has a thread of its own, so these come in any order.
    while total.is_none() || next.is_none() || requests < 2 {
        match stub.next()? {
            Seen::Asked { hand, .. } => next = Some(hand),
            Seen::Answered { at, how } if how == "response" => total = Some(at - start),
            Seen::Answered { how, .. } => {
                return Err(format!("the function answered its event with {how}").into());
            }
            Seen::Served { time, put } => {
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
"object":{"key":"my+photo.jpg","size":1,"eTag":"9b2cf535f27731c974343645a3985328","sequencer":"0055AED6DCD90281E5"}}}]}"#;

/// The process, which does not outlive its measurement.
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
            .env("ORIENTATION", "upright")
            .env("ICC", "minimal")
            .stdin(Stdio::null())
            .stdout(File::create(log)?);
        let started = Instant::now();
        let process =
            command.spawn().map_err(|error| format!("{} does not run: {error}", bootstrap.display()))?;
        Ok(Self { process, started })
    }

    /// The most memory it had so far, in bytes (`VmHWM` in proc_pid_status(5)).
    fn peak(&self) -> Result<u64, Box<dyn Error>> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
        let kib: u64 = peak.trim().trim_end_matches(" kB").parse()?;
        Ok(kib * 1024)
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
