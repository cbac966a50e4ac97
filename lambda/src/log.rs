//! JSON log lines on standard output, one for each photo. The stack's metric filters read their fields, so the fields
//! must not change. If an event fails there is one more line, from the runtime, with the error's name and message.
//!
//! Control characters and marks that change the direction of text are escaped, whatever field they are in: a key may
//! have them, and a terminal would obey them.

use std::io::{self, Write};
use std::str::FromStr;
use std::time::Duration;

use tracing::{Level, Subscriber, error, info, warn};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;

use crate::error::Error;
use crate::event::EventError;
use crate::hidden_characters::escape_hidden;
use crate::outcome::{Outcome, PhotoStats};

/// Sends log lines to standard output from now on. The level is `AWS_LAMBDA_LOG_LEVEL`, which Lambda sets from the
/// function's logging configuration, otherwise `RUST_LOG`, otherwise `info`.
pub fn init() {
    let level = std::env::var("AWS_LAMBDA_LOG_LEVEL").or_else(|_| std::env::var("RUST_LOG"));
    let level = level.ok().and_then(|level| LevelFilter::from_str(&level).ok()).unwrap_or(LevelFilter::INFO);
    // Fails only if the process has a subscriber already, and then that one gets the lines.
    let _ = tracing::subscriber::set_global_default(subscriber(std::io::stdout, level));
}

/// Flat JSON lines as Lambda expects them: `timestamp`, `level`, `message` and the fields. No colours, no spans.
pub fn subscriber<W>(writer: W, level: LevelFilter) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false)
        .with_ansi(false)
        .with_writer(EscapedLines(writer));
    // Libraries log only warnings and errors, whatever the level: at `trace` the SDK prints whole answers, with the
    // user metadata of the originals in their headers.
    let targets = Targets::new().with_default(level.min(LevelFilter::WARN)).with_target("exif_ripper", level);
    tracing_subscriber::registry().with(lines).with(targets)
}

/// Makes writers that escape.
struct EscapedLines<M>(M);

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for EscapedLines<M> {
    type Writer = Escaped<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        Escaped(self.0.make_writer())
    }
}

/// A writer of JSON lines that escapes hidden characters.
struct Escaped<W>(W);

impl<W: Write> Write for Escaped<W> {
    /// The layer writes each line as a whole, so no character is cut in two.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let escaped = escape_hidden(&String::from_utf8_lossy(line));
        self.0.write_all(escaped.as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Writes the line for one photo.
pub(crate) fn photo(key: &str, result: &Result<Outcome, Error>, stats: &PhotoStats, duration: Duration) {
    let (level, outcome, reason) = match result {
        Ok(outcome) => (Level::INFO, outcome.into(), None),
        Err(Error::Refused { reason, .. }) => (Level::WARN, "refused", Some(reason.name().to_owned())),
        Err(error) => (Level::ERROR, "failed", Some(error.name())),
    };
    let clean = stats.clean.as_ref();
    let removed = clean.map(|clean| {
        clean.report.removed.iter().map(|removed| removed.kind.to_string()).collect::<Vec<_>>().join(",")
    });
    let orientation = clean.map(|clean| clean.report.orientation.to_string());
    let recoded = clean.and_then(|clean| clean.report.recoded).map(|reason| reason.to_string());
    // In `tracing` the level of a line must be a constant, so there is one call for each level.
    macro_rules! line {
        ($level:ident) => {
            $level!(
                key,
                outcome,
                reason,
                bytesIn = stats.bytes_in,
                bytesOut = clean.map(|clean| clean.bytes),
                removed,
                orientation,
                recoded,
                withdrawn = stats.withdrawn.then_some(true),
                ms = duration.as_millis() as u64,
                "photo"
            )
        };
    }
    match level {
        Level::INFO => line!(info),
        Level::WARN => line!(warn),
        _ => line!(error),
    }
}

/// Writes the line for a task of a batch job that does not name a photo. It does not fail the job, so there is no line
/// from the runtime.
pub(crate) fn task_failed(error: &EventError) {
    error!(reason = error.name(), problem = %error, "task");
}
