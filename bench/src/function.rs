//! The function's own `bootstrap`, and what it replaces, sent photos by the stub.

use std::error::Error;
use std::path::Path;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use bench::spread::Spread;
use scrub::{Bytes, Options, scrub};

use crate::process::Process;
use crate::stub::{Activity, Stub};

const STARTS: usize = 100;
const WARM_UP: usize = 5;
const PHOTOS: usize = 300;
const CPU_PHOTOS: usize = 100;
/// Requests for a photo: GET and PUT, and the function's look at the original after the PUT.
const REQUESTS: usize = 3;
const REQUESTS_OF_ORIGINAL: usize = 2;
/// The function connects to both buckets before its first poll.
const CONNECTIONS: usize = 2;

/// From the start of the process to its first poll for an event.
pub(crate) fn starts(bootstrap: &Path) -> Result<Spread, Box<dyn Error>> {
    let stub = Stub::start(Vec::new())?;
    let mut times = Vec::new();
    // The first start reads the program from the disk.
    for round in 0..=STARTS {
        stub.discard();
        let function = Process::function(bootstrap, &stub)?;
        let (at, _) = first_poll(&stub, CONNECTIONS)?;
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

/// Sends a photo through one process, again and again.
pub(crate) fn warm(bootstrap: &Path, photo: Vec<u8>) -> Result<Warm, Box<dyn Error>> {
    let clean = Some(clean_length(&photo)?);
    let stub = Stub::start(photo)?;
    let function = Process::function(bootstrap, &stub)?;
    let (_, mut reply) = first_poll(&stub, CONNECTIONS)?;
    let (mut total, mut in_s3, mut beside) = (Vec::new(), Vec::new(), Vec::new());
    // The first photos pay for what a process does once, like growing its heap.
    for round in 0..WARM_UP + PHOTOS {
        let run;
        (run, reply) = one_photo(&stub, &reply, REQUESTS, clean)?;
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

/// Sends one photo through a new process.
pub(crate) fn memory(bootstrap: &Path, photo: Vec<u8>) -> Result<Memory, Box<dyn Error>> {
    let (clean, length) = (Some(clean_length(&photo)?), photo.len() as u64);
    let stub = Stub::start(photo)?;
    let function = Process::function(bootstrap, &stub)?;
    let (_, reply) = first_poll(&stub, CONNECTIONS)?;
    let before = function.peak()?;
    one_photo(&stub, &reply, REQUESTS, clean)?;
    Ok(Memory { before, after: function.peak()?, photo: length })
}

/// What the processor does for a photo: in the function, and in the one that it replaces. Both get the same events.
pub(crate) struct Cpu {
    pub(crate) function: Duration,
    pub(crate) original: Duration,
}

/// Sends a photo through a process of each, again and again.
pub(crate) fn cpu(bootstrap: &Path, python: &Path, photo: &[u8]) -> Result<Cpu, Box<dyn Error>> {
    let clean = clean_length(photo)?;
    let stub = Stub::start(photo.to_vec())?;
    let function = cpu_of(&Process::function(bootstrap, &stub)?, &stub, CONNECTIONS, REQUESTS, Some(clean))?;
    let stub = Stub::start(photo.to_vec())?;
    let process = Process::original(python, &bootstrap.with_file_name("original.log"), &stub)?;
    // It connects when it needs to, and what it publishes is not for us to check.
    Ok(Cpu { function, original: cpu_of(&process, &stub, 0, REQUESTS_OF_ORIGINAL, None)? })
}

fn cpu_of(
    process: &Process,
    stub: &Stub,
    connections: usize,
    requests: usize,
    clean: Option<usize>,
) -> Result<Duration, Box<dyn Error>> {
    let (_, mut reply) = first_poll(stub, connections)?;
    let mut before = Duration::ZERO;
    for round in 0..WARM_UP + CPU_PHOTOS {
        if round == WARM_UP {
            before = process.cpu_time()?;
        }
        (_, reply) = one_photo(stub, &reply, requests, clean)?;
    }
    Ok((process.cpu_time()? - before) / CPU_PHOTOS as u32)
}

fn clean_length(photo: &[u8]) -> Result<usize, Box<dyn Error>> {
    Ok(scrub(Bytes::copy_from_slice(photo), &Options::default())?.photo.len())
}

/// Waits for the first poll for an event, and checks how many buckets were connected to before it.
fn first_poll(stub: &Stub, connections: usize) -> Result<(Instant, Sender<String>), Box<dyn Error>> {
    let mut requests = 0;
    loop {
        match stub.next()? {
            Activity::S3Request { .. } => requests += 1,
            Activity::Poll { at, reply } if requests == connections => return Ok((at, reply)),
            _ => {
                return Err(
                    format!("{requests} requests to S3 before the first poll, not {connections}").into()
                );
            }
        }
    }
}

struct Run {
    total: Duration,
    in_s3: Duration,
}

/// Hands out an event, waits for the answer and the next poll, and checks that a photo was published with the expected
/// number of requests, of `clean` bytes if that is known.
fn one_photo(
    stub: &Stub,
    reply: &Sender<String>,
    expected: usize,
    clean: Option<usize>,
) -> Result<(Run, Sender<String>), Box<dyn Error>> {
    let start = Instant::now();
    reply.send(EVENT.to_owned())?;
    let (mut total, mut in_s3, mut requests, mut published, mut next) = (None, Duration::ZERO, 0, None, None);
    // Each connection has a thread of its own, so these come in any order.
    while total.is_none() || next.is_none() || requests < expected {
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
    if published.is_none() || clean.is_some() && published != clean || requests != expected {
        let found =
            format!("{requests} requests and {published:?} bytes published, not {expected} and {clean:?}");
        return Err(found.into());
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
