//! The command line, and the help that explains it.

use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};
use scrub::{IccMode, Options, OrientationMode};
use strum::VariantNames;

const EXIT_CODES: &str = "\
Exit codes:
  0    everything is as it should be
  1    a file could not be read or written, or the stack could not be reached
  2    the command line is wrong; nothing was done
  3    a photo was refused, or the stack does not do what it should
  130  Ctrl-C; no file is half written";

/// Remove everything private from JPEG photos, on this machine and in a deployed stack.
#[derive(Debug, Parser)]
#[command(name = "ripper", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    // `strip` is the command's former name.
    #[command(alias = "strip")]
    Scrub(ScrubArgs),
    Inspect(InspectArgs),
    Smoke(SmokeArgs),
    Access(AccessArgs),
}

/// Write clean copies of photos into a folder.
///
/// The picture is unchanged, except that photos are rotated upright without being decoded. At most 15 pixels (31 with
/// rare codings) are trimmed at an edge; a photo that would lose more than 1/16 of a side keeps its orientation as a
/// tag. EXIF, GPS, XMP, IPTC, thumbnails, comments, trailing data and everything else that is not needed to decode the
/// picture is removed. The original photos are never changed.
///
/// In a folder, every file whose name ends in .jpg or .jpeg (in upper or lower case) is scrubbed, and the copy keeps
/// its path inside the folder. Links to folders are not followed. A file that you name yourself is scrubbed whatever
/// its name is. It is an error if two photos would get the same output, or if --out is inside a folder to be scrubbed;
/// nothing is written then. An existing clean copy is replaced.
///
/// A photo that cannot be cleaned safely is refused: nothing is written for it, and the reason is shown.
#[derive(Debug, Args)]
#[command(after_help = SCRUB_MORE)]
pub(crate) struct ScrubArgs {
    /// Photos, and folders of photos
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Folder for the clean copies; created if it does not exist
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Photos with an EXIF orientation: upright rotates them losslessly, perfect does so only where no pixel is
    /// trimmed, tag keeps only the orientation, drop discards it
    #[arg(long, value_name = "HOW", default_value_t, value_parser = mode::<OrientationMode>())]
    pub(crate) orientation: OrientationMode,
    /// ICC profiles: minimal keeps only what the colours need, keep leaves them as they are
    #[arg(long, value_name = "HOW", default_value_t, value_parser = mode::<IccMode>())]
    pub(crate) icc: IccMode,
    /// Write one JSON line per photo to standard output instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

impl ScrubArgs {
    /// The settings of the photo core, each of which has a flag above.
    pub(crate) fn options(&self) -> Options {
        Options { orientation: self.orientation, icc: self.icc, ..Options::default() }
    }
}

/// Accepts the names of the values of a setting of the photo core.
fn mode<T>() -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = strum::ParseError> + VariantNames + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(T::VARIANTS).try_map(|name| name.parse())
}

const SCRUB_MORE: &str = "\
Examples:
  ripper scrub holiday.jpg --out clean        holiday.jpg becomes clean/holiday.jpg
  ripper scrub ~/Pictures --out clean         ~/Pictures/2024/a.jpg becomes clean/2024/a.jpg
  ripper scrub ~/Pictures --out clean --json | jq -r 'select(.outcome == \"refused\").file'

A JSON line (here on two lines):
  {\"file\":\"a.jpg\",\"outcome\":\"clean\",\"reason\":null,\"removed\":[{\"kind\":\"EXIF\",\"bytes\":1204}],
   \"orientation\":\"upright\",\"bytesIn\":90210,\"bytesOut\":89006}
  outcome      clean or refused
  reason       the refusal's name; null for a clean photo
  removed      what was removed, in bytes of each kind
  orientation  upright, rotated, tagged, dropped or unreadable, from which and why; null for a refused
               photo
  bytesOut     0 for a refused photo, for which nothing is written
Files that cannot be read or written are named on standard error only.

Exit codes:
  0    all photos are clean
  1    a file could not be read or written; the others are done
  2    the command line is wrong; nothing was done
  3    a photo was refused; the others are done
  130  Ctrl-C; no file is half written";

/// Show what is in a photo, and what would be removed.
///
/// Lists every part of the file with its offset and length in bytes, and whether it would be kept, rewritten or
/// removed. The values in the parts are private, and shown only with --values.
#[derive(Debug, Args)]
#[command(after_help = INSPECT_MORE)]
pub(crate) struct InspectArgs {
    /// Photos
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Write one JSON line per photo to standard output instead of tables
    #[arg(long)]
    pub(crate) json: bool,
    /// Also show the values of EXIF, XMP, IPTC and comments
    #[arg(long)]
    pub(crate) values: bool,
}

const INSPECT_MORE: &str = "\
Examples:
  ripper inspect holiday.jpg
  ripper inspect holiday.jpg --values         also where, when and by whom it was taken
  ripper inspect *.jpg --json | jq -r 'select(any(.parts[]; .kind == \"EXIF\")).file'

A JSON line (here on three lines):
  {\"file\":\"a.jpg\",\"bytes\":90210,\"reason\":null,
   \"parts\":[{\"offset\":2,\"length\":1204,\"kind\":\"EXIF\",\"action\":\"removed\",
             \"removed\":[{\"kind\":\"EXIF\",\"bytes\":990},{\"kind\":\"GPS\",\"bytes\":214}]}]}
  reason    the refusal's name if the file would be refused, else null
  action    kept, rewritten or removed
  removed   what would be removed of the part, in bytes of each kind
  values    only with --values: [{\"offset\":2,\"name\":\"Make\",\"value\":\"...\"}], with the part's offset

Exit codes:
  0    all files were inspected
  1    a file could not be read; the others are shown
  2    the command line is wrong
  3    a file would be refused";

/// Send photos through a deployed stack and check what comes out.
///
/// Uploads each photo to bucket A as user A, waits for it in bucket B as user B, and checks that it has the same key,
/// the same picture and no metadata. A photo that cannot be cleaned must not appear in bucket B. Everything that was
/// uploaded is deleted from both buckets afterwards, also after an error or Ctrl-C.
///
/// The check uses only the users' keys, from `pulumi stack output`. Only two steps around it use the credentials that
/// you deploy with (AWS_PROFILE, for example): reading the prefix of bucket A's notification, and cleaning up.
#[derive(Debug, Args)]
#[command(after_help = SMOKE_MORE)]
pub(crate) struct SmokeArgs {
    /// Stack to test, such as dev
    #[arg(long, value_name = "STACK", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) stack: String,
    /// Photos to send; the project's own samples if none are given
    #[arg(value_name = "PHOTO")]
    pub(crate) photos: Vec<PathBuf>,
    /// Write one JSON line per photo to standard output instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

const SMOKE_MORE: &str = "\
Examples:
  ripper smoke --stack dev
  ripper smoke --stack prod holiday.jpg party.jpg

Run it in the project's folder. AWS_ENDPOINT_URL and AWS_CA_BUNDLE are respected, for an AWS on
this machine.

A photo gets the key smoke-<run>/<its file name>. The function is called for keys that end in
.jpg, .JPG, .jpeg or .JPEG; .jpg is appended to any other name. \"same picture\" says how it was
compared: by decoded pixels, or by coded data if the decoder cannot read the file.

A JSON line (here on three lines):
  {\"key\":\"smoke-1/a.jpg\",\"file\":\"a.jpg\",\"outcome\":\"clean\",\"reason\":null,
   \"removed\":[{\"kind\":\"EXIF\",\"bytes\":1204}],\"bytesIn\":90210,\"bytesOut\":89006,
   \"sameKey\":true,\"samePicture\":\"pixels\",\"orientation\":\"upright\",\"ms\":312}
  outcome      clean, refused (and not in bucket B), or failed
  reason       the name of the refusal or failure; null for a clean photo
  removed      what the stack's settings remove, in bytes of each kind
  samePicture  pixels; pixels, rotated; coded data; or null if the picture is not the same
  ms           milliseconds from the upload until the clean photo was read; null if none was there

Exit codes:
  0    all photos came out clean
  1    the stack could not be tested
  2    the command line is wrong; nothing was done
  3    a photo was refused, or did not come out as it should
  130  Ctrl-C; what was uploaded is deleted";

/// Check what both users of a deployed stack may do, and may not do.
///
/// Tries each action on each bucket as user A and as user B, and compares the result with what the stack promises: user
/// A may list, read, write and delete in bucket A, user B may list and read in bucket B, and nothing else is allowed,
/// nor anything over plain HTTP. Denied means that S3 answered AccessDenied to a valid request for something that
/// exists; a permitted attempt leaves no lasting change. Everything that was uploaded is deleted afterwards, also after
/// an error or Ctrl-C.
#[derive(Debug, Args)]
#[command(after_help = ACCESS_MORE)]
pub(crate) struct AccessArgs {
    /// Stack to test, such as dev
    #[arg(long, value_name = "STACK", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) stack: String,
    /// Write one JSON line per attempt to standard output instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

const ACCESS_MORE: &str = "\
Example:
  ripper access --stack dev

Run it in the project's folder. Some attempts, the prefix of bucket A's notification, and the
clean-up need the credentials that you deploy with. Without them these attempts are shown as not
tried, and a message names what is left in the buckets.

A JSON line (here on two lines):
  {\"user\":\"A\",\"bucket\":\"B\",\"action\":\"PutObject\",\"expected\":\"denied\",\"seen\":\"denied\",
   \"detail\":\"403 AccessDenied\",\"ok\":true}
  seen  allowed, denied, error (neither of the two), or not tried
  ok    whether it is as expected; null if it was not tried

Exit codes:
  0    everything is as it should be
  1    the stack could not be tested
  2    the command line is wrong; nothing was done
  3    a user may do something they should not, or may not do something they should
  130  Ctrl-C; what was uploaded is deleted";

/// Prints help unchanged, and an error in the command line as one sentence. Returns the exit code.
pub(crate) fn explain(error: &clap::Error) -> ExitCode {
    // If standard output or standard error is closed, nobody is left to be told.
    if !error.use_stderr() {
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = error.print();
        return ExitCode::from(2);
    }
    let text = error.render().to_string();
    let before = |end: &str| text.find(end).unwrap_or(text.len());
    let what = &text[..before("\n\nUsage:").min(before("\n\nFor more"))];
    let what: Vec<_> = what.trim_start_matches("error:").split_whitespace().collect();
    eprintln!("ripper: {}; `ripper --help` and `ripper COMMAND --help` show how", what.join(" "));
    ExitCode::from(2)
}
