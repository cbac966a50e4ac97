//! The command line, and the help that teaches it.

use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};
use scrub::{IccMode, OrientationMode};
use strum::VariantNames;

const EXIT_CODES: &str = "\
Exit codes:
  0    everything is as it should be
  1    a file could not be read or written, or the stack could not be reached
  2    the command line is wrong; nothing was done
  3    a photo was refused, or the stack does not do what it should
  130  Ctrl-C; nothing is left half written";

/// Takes everything private out of JPEG photos, here and in a deployed stack.
#[derive(Debug, Parser)]
#[command(name = "ripper", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Strip(StripArgs),
    Inspect(InspectArgs),
    Smoke(SmokeArgs),
    Access(AccessArgs),
}

/// Write clean copies of photos into a folder.
///
/// The picture itself does not change, but for being turned upright without loss where it lies on its side, which may
/// take up to 15 pixels at an edge. EXIF, GPS, XMP, IPTC, thumbnails, comments, trailing data and everything else
/// that is not needed to draw it is left out. The photos given are never changed.
///
/// Folders are searched through for names that end in .jpg or .jpeg, in whatever case, and the paths inside them are
/// kept; links to folders are not followed. A file given by name is taken whatever its name is, and keeps it. Two
/// photos that would land on one name, and an --out inside a folder to be stripped, are refused before anything is
/// written. A clean copy that is there already is replaced.
///
/// A photo that cannot be cleaned safely is refused: nothing is written for it, and the reason is given.
#[derive(Debug, Args)]
#[command(after_help = STRIP_MORE)]
pub(crate) struct StripArgs {
    /// Photos, and folders of photos
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Folder for the clean copies; made if it is not there
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// What becomes of photos that lie on their side: turned without loss, noted in an otherwise empty EXIF, or neither
    #[arg(long, value_name = "HOW", default_value_t, value_parser = mode::<OrientationMode>())]
    pub(crate) orientation: OrientationMode,
    /// What becomes of colour profiles: only what colours need, or all
    #[arg(long, value_name = "HOW", default_value_t, value_parser = mode::<IccMode>())]
    pub(crate) icc: IccMode,
    /// One JSON line a photo on standard output instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

/// Takes the names of a setting of the photo core.
fn mode<T>() -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = strum::ParseError> + VariantNames + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(T::VARIANTS).try_map(|name| name.parse())
}

const STRIP_MORE: &str = "\
Examples:
  ripper strip holiday.jpg --out clean        holiday.jpg becomes clean/holiday.jpg
  ripper strip ~/Pictures --out clean         ~/Pictures/2024/a.jpg becomes clean/2024/a.jpg
  ripper strip ~/Pictures --out clean --json | jq -r 'select(.outcome == \"refused\").file'

A JSON line (here on two):
  {\"file\":\"a.jpg\",\"outcome\":\"clean\",\"reason\":null,\"removed\":[{\"kind\":\"EXIF\",\"bytes\":1204}],
   \"orientation\":\"upright\",\"bytesIn\":90210,\"bytesOut\":89006}
  outcome      clean or refused
  reason       the refusal's name; null for a clean photo
  removed      what was taken out, in bytes of each kind
  orientation  upright, turned, tagged or dropped, from what and why; null for a refused photo
  bytesOut     0 for a refused photo, of which nothing is written
Files that cannot be read or written are named on standard error alone.

Exit codes:
  0    all clean
  1    a file could not be read or written; the others are done
  2    the command line is wrong; nothing was done
  3    a photo was refused; the others are done
  130  Ctrl-C; nothing is left half written";

/// Show what is in a photo, and what would go.
///
/// Lists every part of the file with its offset and length in bytes, and whether it would be kept, rewritten or
/// removed. What the parts say is private and not shown unless you ask for it with --values.
#[derive(Debug, Args)]
#[command(after_help = INSPECT_MORE)]
pub(crate) struct InspectArgs {
    /// Photos
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// One JSON line a photo on standard output instead of tables
    #[arg(long)]
    pub(crate) json: bool,
    /// Also show the values of EXIF, XMP, IPTC and comments
    #[arg(long)]
    pub(crate) values: bool,
}

const INSPECT_MORE: &str = "\
Examples:
  ripper inspect holiday.jpg
  ripper inspect holiday.jpg --values         where it was taken, when, by whom
  ripper inspect *.jpg --json | jq -r 'select(any(.parts[]; .kind == \"EXIF\")).file'

A JSON line (here on three):
  {\"file\":\"a.jpg\",\"bytes\":90210,\"reason\":null,
   \"parts\":[{\"offset\":2,\"length\":1204,\"kind\":\"EXIF\",\"action\":\"removed\",
             \"removed\":[{\"kind\":\"EXIF\",\"bytes\":990},{\"kind\":\"GPS\",\"bytes\":214}]}]}
  reason    the refusal's name, where the file would be refused; else null
  action    kept, rewritten or removed
  removed   what goes with the part, in bytes of each kind
  values    only with --values: [{\"offset\":2,\"name\":\"Make\",\"value\":\"...\"}], by the part's offset

Exit codes:
  0    all could be inspected
  1    a file could not be read; the others are shown
  2    the command line is wrong
  3    a file would be refused";

/// Send photos through a deployed stack and check what comes out.
///
/// Uploads each photo to bucket A as user A, waits for it in bucket B as user B, and checks that it has the same key,
/// the same picture and no metadata. A photo that cannot be cleaned must not appear in bucket B. Everything it made
/// in both buckets is deleted afterwards, also after an error or Ctrl-C.
///
/// The users' keys come from `pulumi stack output`; no other credentials take part in the check. The credentials you
/// deploy with (AWS_PROFILE and the like) are used for cleaning up bucket B, in which neither user may delete.
#[derive(Debug, Args)]
#[command(after_help = SMOKE_MORE)]
pub(crate) struct SmokeArgs {
    /// Stack to try, such as dev
    #[arg(long, value_name = "STACK", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) stack: String,
    /// Photos to send; without any, the project's own samples
    #[arg(value_name = "PHOTO")]
    pub(crate) photos: Vec<PathBuf>,
    /// One JSON line a photo on standard output instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

const SMOKE_MORE: &str = "\
Examples:
  ripper smoke --stack dev
  ripper smoke --stack prod holiday.jpg party.jpg

Run it in the project's folder. AWS_ENDPOINT_URL and AWS_CA_BUNDLE are followed, for an AWS on
this machine.

A photo gets the key smoke-<run>/<its file name>. The function is called for keys that end in
.jpg, .JPG, .jpeg or .JPEG: another name gets .jpg appended. \"same picture\" says how it was
compared: by decoded pixels, or by coded data where the decoder does not read the file.

A JSON line (here on three):
  {\"key\":\"smoke-1/a.jpg\",\"file\":\"a.jpg\",\"outcome\":\"clean\",\"reason\":null,
   \"removed\":[{\"kind\":\"EXIF\",\"bytes\":1204}],\"bytesIn\":90210,\"bytesOut\":89006,
   \"sameKey\":true,\"samePicture\":\"pixels\",\"orientation\":\"upright\",\"ms\":312}
  outcome      clean, refused (and not in bucket B), or failed
  reason       the name of the refusal or failure; null for a clean photo
  samePicture  pixels, coded data, or null where the picture is not the same
  ms           from the upload to the clean photo in hand; null where nothing came out

Exit codes:
  0    all came out clean
  1    the stack could not be tried
  2    the command line is wrong; nothing was done
  3    a photo was refused, or did not come out as it should
  130  Ctrl-C; what was uploaded is deleted";

/// Check what both users of a deployed stack may do, and may not.
///
/// Tries each action on each bucket as user A and as user B, and compares with what the stack promises: user A lists,
/// reads, writes and deletes in bucket A, user B lists and reads in bucket B, and neither does anything else, nor
/// anything over plain HTTP. Denied means that S3 said AccessDenied to a valid request on something that exists; an
/// attempt that is let through changes nothing that lasts. Everything it made is deleted afterwards, also
/// after an error or Ctrl-C.
#[derive(Debug, Args)]
#[command(after_help = ACCESS_MORE)]
pub(crate) struct AccessArgs {
    /// Stack to try, such as dev
    #[arg(long, value_name = "STACK", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) stack: String,
    /// One JSON line an attempt on standard output instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

const ACCESS_MORE: &str = "\
Example:
  ripper access --stack dev

Run it in the project's folder. The credentials you deploy with prepare some of the attempts and
clean up bucket B; without them these attempts are shown as not tried, and what is left in bucket
B is named.

A JSON line (here on two):
  {\"user\":\"A\",\"bucket\":\"B\",\"action\":\"PutObject\",\"expected\":\"denied\",\"seen\":\"denied\",
   \"detail\":\"403 AccessDenied\",\"ok\":true}
  seen  allowed, denied, error (neither of the two), or not tried
  ok    whether it is as expected; null where it was not tried

Exit codes:
  0    all is as it should be
  1    the stack could not be tried
  2    the command line is wrong; nothing was done
  3    a user may do something they should not, or the other way round
  130  Ctrl-C; what was uploaded is deleted";

/// Prints help as it is, and a wrong command line as one sentence. Returns the exit code.
pub(crate) fn explain(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = error.print();
        return ExitCode::from(2);
    }
    let text = error.render().to_string();
    let what = text.split("\n\nUsage:").next().unwrap_or(&text).split("\n\nFor more").next().unwrap_or(&text);
    let what: Vec<_> = what.trim_start_matches("error:").split_whitespace().collect();
    eprintln!("ripper: {}; `ripper --help` and `ripper COMMAND --help` show how", what.join(" "));
    ExitCode::from(2)
}
