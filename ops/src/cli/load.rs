//! The arguments of `ripper load`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use super::StackArgs;

/// Send many photos through a deployed stack, and measure how long they take.
///
/// Each client uploads a photo to bucket A as user A and looks into bucket B as user B, ten times a second, until the
/// clean copy of that upload can be read; then it sends the next. Every fifth upload overwrites a photo that the same
/// client has just uploaded and not waited for, and after every tenth it deletes one and waits until bucket B has none.
/// Where the stack keeps copies of deleted photos, it deletes none. At the end bucket A is compared with bucket B as
/// `ripper audit --deep` does. Everything is deleted afterwards, also after an error or Ctrl-C.
///
/// On AWS 5,000 photos cost about 0.15 USD (us-east-1), and the download of their copies. More than 100 photos raise
/// alarmDeletes, as all are deleted at the end.
#[derive(Debug, Args)]
#[command(after_help = LOAD_MORE)]
pub(crate) struct LoadArgs {
    #[command(flatten)]
    pub(crate) stack: StackArgs,
    /// How many uploads
    #[arg(long, value_name = "N", default_value = "1000")]
    pub(crate) photos: NonZeroUsize,
    /// How many clients upload at the same time
    #[arg(long, value_name = "C", default_value = "8")]
    pub(crate) clients: NonZeroUsize,
    /// Photos to send in turn; the project's own samples if none are given
    #[arg(value_name = "PHOTO")]
    pub(crate) files: Vec<PathBuf>,
    /// Write one JSON line to standard output instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

const LOAD_MORE: &str = "\
Examples:
  ripper load --stack dev --photos 5000 --clients 16
  ripper load --stack dev holiday.jpg --json

A JSON line (here on three lines):
  {\"uploads\":5000,\"overwrites\":1000,\"deletes\":500,\"clients\":16,\"seconds\":210.4,
   \"uploadsPerSecond\":23.8,\"readableMs\":{\"p50\":412,\"p90\":655,\"p99\":1208,\"max\":1920},
   \"lost\":0,\"wrong\":0}
  readableMs  milliseconds from the start of an upload until its clean copy can be read, to about
              100 ms: half, 90 %, 99 % and all took at most so long; without lost uploads, and those
              that were overwritten at once
  lost        uploads and deletes that bucket B did not show within two minutes
  wrong       what the comparison at the end found; `ripper audit --help` names the kinds

Exit codes:
  0    nothing was lost, and nothing is wrong
  1    the stack could not be tested
  2    the command line is wrong; nothing was done
  3    something was lost, or is wrong
  130  Ctrl-C; what was uploaded is deleted";
