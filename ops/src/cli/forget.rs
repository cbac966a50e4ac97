//! The arguments of `ripper forget`.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::StackArgs;

/// Erase photos for good, from both buckets with all their versions, and from both queues.
///
/// Deletes the photo in bucket A, waits until every run of the function that may have read it has ended, and then
/// deletes every version and every unfinished upload under this key in both buckets, and the messages that name it.
/// Nothing of that can be restored. At the end it looks again, and prints a receipt of what was deleted and of what is
/// not in its hands.
///
/// Uses the credentials that you deploy with (AWS_PROFILE, for example).
#[derive(Debug, Args)]
#[command(after_help = FORGET_MORE)]
pub(crate) struct ForgetArgs {
    /// Keys of photos, as they are in bucket A
    #[arg(required = true, value_name = "KEY", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) keys: Vec<String>,
    #[command(flatten)]
    pub(crate) stack: StackArgs,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
    /// Write one JSON line per photo to standard output instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

const FORGET_MORE: &str = "\
Example:
  ripper forget 2026/a.jpg --stack prod

You are asked to type the key, or the number of keys if there are several.

A JSON line (here on two lines):
  {\"key\":\"2026/a.jpg\",\"versionsA\":2,\"versionsB\":1,\"markers\":3,\"uploads\":0,\"messages\":1,
   \"left\":[]}
  versionsA, versionsB  how many versions were deleted from each bucket
  markers               how many delete markers were deleted
  uploads, messages     how many unfinished uploads, and messages of queues
  left                  what is still there

Exit codes:
  0    nothing is left
  1    something could not be read or deleted; run it again
  2    the command line is wrong, or there is no terminal and no --yes; nothing was deleted
  3    something is left
  130  Ctrl-C; run it again";
