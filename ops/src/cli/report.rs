//! The arguments of `ripper report`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::photos::SettingArgs;

/// Write one HTML page that shows photos before and after scrubbing.
///
/// For each photo the page shows the original beside its clean copy, the names of all tags that were inside, what is
/// left in the copy, the sizes, and how long it took. Values and places are shown only after a click. The clean copies
/// are those that `ripper scrub` writes with the same settings. A photo that is refused is shown with the reason.
///
/// The page is one file that loads nothing and runs no script: it works offline, and no request leaves it. It holds the
/// originals with everything private in them, so only you can read the file, and a warning is at its top. Look at it,
/// then delete it; never publish it.
///
/// A folder is searched as by `ripper scrub`. More than 500 MiB of photos are refused: browsers take long to open such
/// a page. FILE is written as a whole or not at all, and replaces an earlier page of that name, but no other file.
#[derive(Debug, Args)]
#[command(after_help = REPORT_MORE)]
pub(crate) struct ReportArgs {
    /// Photos, and folders of photos
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// The page to write
    #[arg(short, long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Also show how many photos are where in this stack: lists both buckets, with the operator's permissions
    #[arg(long, value_name = "STACK", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) stack: Option<String>,
    #[command(flatten)]
    pub(crate) settings: SettingArgs,
}

const REPORT_MORE: &str = "\
Examples:
  ripper report holiday.jpg -o report.html      then open report.html in a browser
  ripper report ~/Pictures/2024 -o report.html --orientation tag

The page has about 2.7 times the size of the photos: each is in it before and after, as text.

Exit codes:
  0    the page is written, and all photos on it are clean
  1    a file could not be read, and the page has the other photos, if there are any; or the stack
       could not be reached, or the page not be written, and there is no page
  2    the command line is wrong; nothing was written
  3    a photo was refused; the page shows why
  130  Ctrl-C; no page is written";
