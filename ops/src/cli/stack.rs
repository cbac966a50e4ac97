//! The arguments of the commands for a deployed stack.

use std::path::PathBuf;

use clap::Args;

use super::StackArgs;

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
    #[command(flatten)]
    pub(crate) stack: StackArgs,
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

A JSON line (here on four lines):
  {\"key\":\"smoke-1/a.jpg\",\"file\":\"a.jpg\",\"outcome\":\"clean\",\"reason\":null,
   \"removed\":[{\"kind\":\"EXIF\",\"bytes\":1204}],\"bytesIn\":90210,\"bytesOut\":89006,
   \"sameKey\":true,\"samePicture\":\"pixels\",\"orientation\":\"upright\",\"recoded\":null,
   \"ms\":312}
  outcome      clean, refused (and not in bucket B), or failed
  reason       the name of the refusal or failure; null for a clean photo
  removed      what the stack's settings remove, in bytes of each kind
  samePicture  pixels; pixels, rotated; coded data; or null if the picture is not the same
  recoded      why the same coefficients were coded again: arithmetic coding, damaged data,
               unusual scans or hidden blocks; null if they were not
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
    #[command(flatten)]
    pub(crate) stack: StackArgs,
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
