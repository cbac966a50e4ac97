//! The arguments of `ripper audit`.

use clap::Args;

use super::StackArgs;

/// Compare bucket A with bucket B: does B have the clean copy of every photo of A, and nothing else?
///
/// Lists both buckets, and asks bucket B for each photo which version of the original it was made from. Nothing is
/// changed. What is wrong is listed, and what is right by a setting is counted apart. Photos whose original has just
/// been written may be on their way, and are counted as pending.
///
/// It costs a listing request for every 1,000 versions of bucket A and keys of bucket B, and a HEAD for every photo: at
/// 0.005 USD and 0.0004 USD for a thousand of these (us-east-1) 0.41 USD for a million photos. --deep adds a GET for
/// each, and the transfer if it is not run in the same region of AWS.
///
/// Uses the credentials that you deploy with (AWS_PROFILE, for example).
#[derive(Debug, Args)]
#[command(after_help = AUDIT_MORE)]
pub(crate) struct AuditArgs {
    #[command(flatten)]
    pub(crate) stack: StackArgs,
    /// Only keys that start with this
    #[arg(long, value_name = "PREFIX", default_value = "")]
    pub(crate) prefix: String,
    /// Also report photos that another version of the photo core has cleaned, or this one with other settings
    #[arg(long)]
    pub(crate) stale: bool,
    /// Also download every photo of bucket B, and verify that it is clean
    #[arg(long)]
    pub(crate) deep: bool,
    /// How long a photo may be on its way
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub(crate) grace: u64,
    /// Write JSON lines to standard output instead of tables
    #[arg(long)]
    pub(crate) json: bool,
}

const AUDIT_MORE: &str = "\
Examples:
  ripper audit --stack prod
  ripper audit --stack prod --prefix 2026/ --deep
  ripper audit --stack prod --json | jq -r 'select(.finding == \"missing\").key'

JSON lines, one for each finding, and the counts in the last one:
  {\"key\":\"2026/a.jpg\",\"finding\":\"missing\",\"problem\":null}
  {\"counts\":{\"right\":9120,\"missing\":1}}
  finding  what is wrong:
             missing    bucket B has no copy of this photo
             older      bucket B's copy is of an earlier original
             stale      cleaned by another version or with other settings (only with --stale)
             unclean    it is not clean, and problem says why (only with --deep)
             foreign    the function did not write this object of bucket B
             extra      bucket A has no such photo, and deletes are followed
           what is right, but worth knowing:
             refused    the photo cannot be cleaned; `ripper refusals` has the reason
             pending    bucket A's photo has just changed (see --grace)
             ignored    bucket A's object is not for the function: another suffix (.png, .Jpg), or
                        outside of keyPrefix
             kept       the original is gone, and the stack keeps its copy (only counted)

Exit codes:
  0    nothing is wrong
  1    a bucket or queue could not be read
  2    the command line is wrong
  3    something is wrong
  130  Ctrl-C";
