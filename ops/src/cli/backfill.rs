//! The arguments of `ripper backfill`.

use std::path::PathBuf;

use clap::Args;

use super::StackArgs;

/// Scrub photos that are in bucket A already: those that were there before the stack, or all of them after an upgrade.
///
/// Lists both buckets, and runs the function for every photo of bucket A without a copy in bucket B. The function reads
/// the photo's current version and does what it does for an upload, so running it twice does no harm. After Ctrl-C the
/// same command goes on: what is done has its copy. With --stale it starts at the first key again, and the function
/// skips what it has cleaned.
///
/// At most eight photos are in work at the same time, or half of the function's reserved concurrency if that is less:
/// the rest is for uploads. A new account may have only ten runs for all of its functions: raise that limit first.
///
/// From 10,000 photos on it makes a job of S3 Batch Operations, where there is such a thing, and shows how far it is.
/// After Ctrl-C the job goes on. It takes as many runs as are left to the function, so uploads may have to wait.
///
/// Uses the credentials that you deploy with (AWS_PROFILE, for example).
#[derive(Debug, Args)]
#[command(after_help = BACKFILL_MORE)]
pub(crate) struct BackfillArgs {
    #[command(flatten)]
    pub(crate) stack: StackArgs,
    /// Only keys that start with this
    #[arg(long, value_name = "PREFIX", default_value = "")]
    pub(crate) prefix: String,
    /// All photos, for after an upgrade or a change of a setting; the function skips those that it has already cleaned
    /// with this version and these settings
    #[arg(long)]
    pub(crate) stale: bool,
    /// Only what is wrong according to `ripper audit --json`; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["prefix", "stale"])]
    pub(crate) from: Option<PathBuf>,
    /// Only show how many photos these are, and what that costs
    #[arg(long, conflicts_with = "json")]
    pub(crate) dry_run: bool,
    /// Do not ask, where clean photos may be deleted
    #[arg(long)]
    pub(crate) yes: bool,
    /// Write one JSON line per photo to standard output instead of a summary
    #[arg(long)]
    pub(crate) json: bool,
}

const BACKFILL_MORE: &str = "\
Examples:
  ripper backfill --stack prod --dry-run
  ripper backfill --stack prod --prefix 2025/
  ripper audit --stack prod --stale --json | ripper backfill --stack prod --from -

A JSON line:
  {\"key\":\"2026/a.jpg\",\"outcome\":\"clean\",\"sentence\":null}
  outcome   clean, current (it was clean already), gone (bucket A has no such photo), deleted
            (bucket A has no such photo, so bucket B's was deleted), refused (it is in the
            refusals queue) or failed
  sentence  what the function said of a photo that was refused or failed
The only JSON line of a job, at its end:
  {\"job\":\"00e123a4...\",\"status\":\"Complete\",\"total\":12000,\"succeeded\":11998,\"failed\":2,
   \"report\":\"s3://...\"}

The price is that of S3 and Lambda in us-east-1, with a run of 0.35 s and 512 MiB; a job costs
0.25 USD, and 1.00 USD for a million photos.

Exit codes:
  0    every photo is done
  1    a bucket could not be read, or the function could not be invoked; the others are done
  2    the command line or FILE is wrong, or there is no terminal and no --yes; nothing was done
  3    a photo was refused or failed; the others are done
  130  Ctrl-C; what was begun is done";
