//! The arguments of the commands for what waits in a stack's queues.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

/// What a list needs to know.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Stack to look at, such as dev
    #[arg(long, value_name = "STACK", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) stack: String,
    /// Write one JSON line per row to standard output instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

const EXIT_CODES: &str = "\
docs/operations.md says what to do about each reason.

Exit codes:
  0    the list is complete; it may be empty
  1    the queue could not be read
  2    the command line is wrong; nothing was done
  3    the list may be incomplete: others read the queue at the same time
  130  Ctrl-C";

/// List the events that the function could not handle.
///
/// Each was tried three times, or waited for six hours, and is in the failures queue with its error for 14 days. Its
/// photo may be missing from bucket B. Messages are hidden from others while they are read, and are back at the end.
///
/// Uses the credentials that you deploy with (AWS_PROFILE, for example).
#[derive(Debug, Args)]
#[command(after_help = format!("{FAILURES_MORE}\n{EXIT_CODES}"))]
pub(crate) struct FailuresArgs {
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

const FAILURES_MORE: &str = "\
Example:
  ripper failures --stack prod

A JSON line (here on three lines):
  {\"keys\":[\"2026/a.jpg\"],\"reason\":\"Store.AccessDenied\",\"sentence\":\"PutObject of ...\",
   \"since\":\"2026-11-26T09:30:00Z\",\"tries\":3,\"requestId\":\"8f5f...\",\"messages\":1}
  keys       the keys that the event is about, as it names them; decoded
  reason     the error's name; Lambda's own for a run that was stopped, EventAgeExceeded or
             RetriesExhausted for an event that never ran
  since      when the message was sent to the queue
  messages   how many messages say this
";

/// List the photos that cannot be cleaned.
///
/// Each is in the refusals queue for 14 days, with the reason and a sentence that says what to do. Nothing was
/// published for it. A photo that was refused several times is one row. Messages are hidden from others while they are
/// read, and are back at the end.
///
/// Uses the credentials that you deploy with (AWS_PROFILE, for example).
#[derive(Debug, Args)]
#[command(after_help = format!("{REFUSALS_MORE}\n{EXIT_CODES}"))]
pub(crate) struct RefusalsArgs {
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

const REFUSALS_MORE: &str = "\
Example:
  ripper refusals --stack prod

A JSON line (here on three lines):
  {\"key\":\"2026/a.jpg\",\"versionId\":\"3HL4...\",\"bytes\":4096,\"reason\":\"NotAJpeg\",
   \"sentence\":\"not a JPEG: ...\",\"withdrawn\":false,\"eventTime\":\"2026-11-26T09:29:58.120Z\",
   \"since\":\"2026-11-26T09:30:00Z\",\"requestId\":\"8f5f...\",\"messages\":1}
  versionId  the version that was refused; null if bucket A has no versioning
  withdrawn  whether the clean photo that bucket B had under this key was deleted for it
  eventTime  when the photo was uploaded or changed; null if a batch job asked for it
  since      when the first message was sent to the queue
  messages   how many messages say this: a photo may be refused more than once
";
