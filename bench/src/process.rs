//! A function that talks to the stub, in a process of its own: the zip's `bootstrap`, or what it replaces.

use std::error::Error;
use std::fs::File;
use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use bench::machine::{cpu_time, peak_memory};
use scrub::Options;

use crate::stub::Stub;

/// The process. It is killed when the measurement ends.
pub(crate) struct Process {
    process: Child,
    pub(crate) started: Instant,
}

impl Process {
    /// The function. Its log and the certificates that it trusts are written beside it.
    pub(crate) fn function(bootstrap: &Path, stub: &Stub) -> Result<Self, Box<dyn Error>> {
        Self::start(Command::new(bootstrap).env_clear(), &bootstrap.with_extension("log"), stub)
    }

    /// The function of the system that this one replaces, in Python.
    pub(crate) fn original(python: &Path, log: &Path, stub: &Stub) -> Result<Self, Box<dyn Error>> {
        Self::start(Command::new(python).args(["-m", "peers.runners.start", "original_function"]), log, stub)
    }

    fn start(command: &mut Command, log: &Path, stub: &Stub) -> Result<Self, Box<dyn Error>> {
        let trusted = log.with_extension("pem");
        stub.tls.write_trusted(&trusted)?;
        command
            .env("AWS_LAMBDA_RUNTIME_API", stub.runtime_api.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "bench")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_DEFAULT_REGION", "eu-west-1")
            .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .env("AWS_ENDPOINT_URL", format!("https://{}", stub.s3))
            .env("SSL_CERT_FILE", &trusted)
            .env("AWS_CA_BUNDLE", &trusted)
            .env("BUCKET_A", "photos-in")
            .env("BUCKET_B", "photos-out")
            .env("REFUSALS_QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/123456789012/refusals")
            .env("MAX_PHOTO_MB", "200")
            .env("SCRUB", Options::default().to_string())
            .env("DELETES", "follow")
            .env("EXPIRE_ORIGINALS", "Disabled")
            .env("EXPIRE_ORIGINALS_DAYS", "30")
            .stdin(Stdio::null())
            .stdout(File::create(log)?);
        let started = Instant::now();
        let process = command.spawn().map_err(|error| format!("{command:?} does not run: {error}"))?;
        Ok(Self { process, started })
    }

    /// The most memory it had so far, in bytes.
    pub(crate) fn peak(&self) -> io::Result<u64> {
        peak_memory(&self.process.id().to_string())
    }

    /// What it has taken of the processor so far, in all its threads.
    pub(crate) fn cpu_time(&self) -> io::Result<Duration> {
        cpu_time(self.process.id())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
