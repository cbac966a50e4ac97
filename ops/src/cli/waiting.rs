//! The arguments of the commands for what waits in a stack's queues.

use clap::{ArgGroup, Args, ValueEnum};
use glob::Pattern;
use strum::{Display, VariantArray};

use super::StackArgs;

/// What a list needs to know.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) stack: StackArgs,
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

/// A queue of a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, ValueEnum, VariantArray)]
#[strum(serialize_all = "lowercase")]
pub(crate) enum QueueName {
    /// Events that the function could not handle
    Failures,
    /// Photos that cannot be cleaned
    Refusals,
}

/// Which messages a command is about.
#[derive(Debug, Args)]
pub(crate) struct SelectArgs {
    #[command(flatten)]
    pub(crate) stack: StackArgs,
    /// Queue to look at
    #[arg(long, value_name = "QUEUE")]
    pub(crate) queue: Option<QueueName>,
    /// Only what has this reason; a pattern: Transient.* for instance
    #[arg(long, value_name = "PATTERN", value_parser = Pattern::new)]
    pub(crate) reason: Option<Pattern>,
    /// Only photos with this key; a pattern: 2026/* for instance
    #[arg(long, value_name = "PATTERN", value_parser = Pattern::new)]
    pub(crate) key: Option<Pattern>,
}

const PATTERNS: &str = "\
In a pattern * stands for any number of characters, slashes included, ? for one, and [ab] for one of
these; [*] stands for the character *.
";

/// Run the function again for events that failed, or for photos that were refused.
///
/// Without --queue these are the events of the failures queue. They go to Lambda as they were, and it tries each of
/// them three times; what fails again is in the failures queue as a new message. Photos of the refusals queue are
/// scrubbed one by one, to be run after an upgrade or a change of a setting: what is clean now leaves the queue, and
/// what is refused again is there as a new message, with its new reason.
///
/// A message is deleted only once Lambda has taken the event, or the function has dealt with the photo. Running an
/// event twice does no harm, so this can be stopped and started again at any time.
///
/// Uses the credentials that you deploy with (AWS_PROFILE, for example).
#[derive(Debug, Args)]
#[command(after_help = format!("{REDRIVE_MORE}\n{PATTERNS}\n{REDRIVE_EXIT_CODES}"))]
pub(crate) struct RedriveArgs {
    #[command(flatten)]
    pub(crate) select: SelectArgs,
    /// Write one JSON line per message to standard output instead of a summary
    #[arg(long)]
    pub(crate) json: bool,
}

const REDRIVE_MORE: &str = "\
Examples:
  ripper redrive --stack prod
  ripper redrive --stack prod --reason 'Store.AccessDenied'
  ripper redrive --stack prod --queue refusals --reason TooLarge

A JSON line:
  {\"keys\":[\"2026/a.jpg\"],\"outcome\":\"sent\",\"sentence\":null}
  outcome   sent (Lambda has the event), done (the photo is clean, or gone), refused (again),
            failed or unknown; messages of the last two stay in the queue
  sentence  what the function said
";

const REDRIVE_EXIT_CODES: &str = "\
Exit codes:
  0    Lambda has taken every event, or every photo is clean or gone
  1    the queue could not be read, or the function could not be invoked; the other messages stay
  2    the command line is wrong; nothing was done
  3    a photo was refused again or failed, or the list may be incomplete
  130  Ctrl-C; the other messages stay";

/// Delete messages from the queues, after showing what they say.
///
/// For what needs no more work: a photo that was replaced, or that nobody misses. Only messages are deleted; the photos
/// stay as they are. Without --queue both queues are looked at. What matches is listed first, and then you are asked.
///
/// Uses the credentials that you deploy with (AWS_PROFILE, for example).
#[derive(Debug, Args)]
#[command(
    after_help = format!("{DISMISS_MORE}\n{PATTERNS}\n{DISMISS_EXIT_CODES}"),
    group = ArgGroup::new("which").args(["reason", "key"]).required(true).multiple(true),
)]
pub(crate) struct DismissArgs {
    #[command(flatten)]
    pub(crate) select: SelectArgs,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
}

const DISMISS_MORE: &str = "\
Examples:
  ripper dismiss --stack prod --key '2026/a.jpg'
  ripper dismiss --stack prod --queue refusals --reason NotAJpeg
  ripper dismiss --stack dev --reason '*' --yes        everything
";

const DISMISS_EXIT_CODES: &str = "\
Exit codes:
  0    what matched is deleted, or the answer was no
  1    a queue could not be read, or a message could not be deleted
  2    the command line is wrong, or there is no terminal and no --yes; nothing was deleted
  3    the list may have been incomplete: others read the queue at the same time
  130  Ctrl-C; the other messages stay";
