//! JSON log lines on standard output, one for each photo. The stack's metric filters read their fields, so the fields are fixed.
//! A run that ends in an error has one line more, from the runtime, with the error's name and sentence.

use std::str::FromStr;
use std::time::Duration;

use tracing::{Level, Subscriber, error, info, warn};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;

use crate::error::Error;
use crate::event::EventError;
use crate::publish::{Outcome, Seen};

/// Sends log lines to standard output for the rest of the process. The level is `AWS_LAMBDA_LOG_LEVEL`, which Lambda sets from the
/// function's logging configuration, or else `RUST_LOG`, or else `info`.
pub fn init() {
    let level = std::env::var("AWS_LAMBDA_LOG_LEVEL").or_else(|_| std::env::var("RUST_LOG"));
    let level = level.ok().and_then(|level| LevelFilter::from_str(&level).ok()).unwrap_or(LevelFilter::INFO);
    // Fails only where the process has a subscriber already, and then that one gets the lines.
    let _ = tracing::subscriber::set_global_default(subscriber(std::io::stdout, level));
}

/// Flat JSON lines as Lambda reads them: `timestamp`, `level`, `message` and the fields. No colours, no spans.
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
        .with_writer(writer);
    // Libraries speak up for warnings only, whatever the level: at `trace` the SDK prints whole answers, with the user metadata of
    // the originals in their headers.
    let targets = Targets::new().with_default(level.min(LevelFilter::WARN)).with_target("exif_ripper", level);
    tracing_subscriber::registry().with(lines).with(targets)
}

/// The line for one photo.
pub(crate) fn photo(key: &str, ended: &Result<Outcome, Error>, seen: &Seen, took: Duration) {
    let (level, outcome, reason) = match ended {
        Ok(Outcome::Clean) => (Level::INFO, "clean", None),
        Ok(Outcome::Current) => (Level::INFO, "current", None),
        Ok(Outcome::Gone) => (Level::INFO, "gone", None),
        Err(Error::Refused { refusal, .. }) => (Level::WARN, "refused", Some(refusal.name().to_owned())),
        Err(error) => (Level::ERROR, "failed", Some(error.name())),
    };
    let clean = seen.clean.as_ref();
    let removed = clean.map(|clean| {
        clean.report.removed.iter().map(|removed| removed.kind.to_string()).collect::<Vec<_>>().join(",")
    });
    let orientation = clean.map(|clean| clean.report.orientation.to_string());
    // The level of an event is part of its static description, so there is one call for each.
    macro_rules! line {
        ($at:ident) => {
            $at!(
                key,
                outcome,
                reason,
                bytesIn = seen.bytes_in,
                bytesOut = clean.map(|clean| clean.bytes),
                removed,
                orientation,
                ms = took.as_millis() as u64,
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

/// The line for a task of a batch job that names no photo. The job is not failed by it, so the runtime has no line for it.
pub(crate) fn task_failed(problem: &EventError) {
    error!(reason = problem.name(), problem = %problem, "task");
}
