//! The arguments of the commands for photos on this machine.

use std::path::PathBuf;

use clap::Args;
use scrub::{IccMode, Options, OrientationMode};

use super::mode;

/// The settings of the photo core.
#[derive(Debug, Args)]
pub(crate) struct SettingArgs {
    /// Photos with an EXIF orientation: upright rotates them losslessly, perfect does so only where no pixel is
    /// trimmed, tag keeps only the orientation, drop discards it
    #[arg(long, value_name = "HOW", default_value_t, value_parser = mode::<OrientationMode>())]
    pub(crate) orientation: OrientationMode,
    /// ICC profiles: minimal keeps only what the colours need, keep leaves them as they are
    #[arg(long, value_name = "HOW", default_value_t, value_parser = mode::<IccMode>())]
    pub(crate) icc: IccMode,
}

impl SettingArgs {
    pub(crate) fn options(&self) -> Options {
        Options { orientation: self.orientation, icc: self.icc, ..Options::default() }
    }
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
    #[command(flatten)]
    pub(crate) settings: SettingArgs,
    /// Write one JSON line per photo to standard output instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

const SCRUB_MORE: &str = "\
Examples:
  ripper scrub holiday.jpg --out clean        holiday.jpg becomes clean/holiday.jpg
  ripper scrub ~/Pictures --out clean         ~/Pictures/2024/a.jpg becomes clean/2024/a.jpg
  ripper scrub ~/Pictures --out clean --json | jq -r 'select(.outcome == \"refused\").file'

A JSON line (here on two lines):
  {\"file\":\"a.jpg\",\"outcome\":\"clean\",\"reason\":null,\"removed\":[{\"kind\":\"EXIF\",\"bytes\":1204}],
   \"orientation\":\"upright\",\"recoded\":null,\"bytesIn\":90210,\"bytesOut\":89006}
  outcome      clean or refused
  reason       the refusal's name; null for a clean photo
  removed      what was removed, in bytes of each kind
  orientation  upright, rotated, tagged, dropped or unreadable, from which and why; null for a refused
               photo
  recoded      why the same coefficients were coded again: arithmetic coding, damaged data,
               unusual scans or hidden blocks; null if they were not
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
  {\"file\":\"a.jpg\",\"bytes\":90210,\"reason\":null,\"recoded\":null,
   \"parts\":[{\"offset\":2,\"length\":1204,\"kind\":\"EXIF\",\"action\":\"removed\",
             \"removed\":[{\"kind\":\"EXIF\",\"bytes\":990},{\"kind\":\"GPS\",\"bytes\":214}]}]}
  reason    the refusal's name if the file would be refused, else null
  recoded   why the picture would be coded again, without what is not drawn: arithmetic coding, damaged
            data, unusual scans or hidden blocks; null if it would not be
  action    kept, rewritten or removed
  removed   what would be removed of the part, in bytes of each kind
  values    only with --values: [{\"offset\":2,\"name\":\"Make\",\"value\":\"...\"}], with the part's offset

Exit codes:
  0    all files were inspected
  1    a file could not be read; the others are shown
  2    the command line is wrong
  3    a file would be refused";

/// Check that photos are clean: that they hold nothing but a picture.
///
/// Reads each file to its last bit, with the verifier that every photo has to pass before it is published. A file is
/// clean if every byte of it is needed to draw the picture, and has the one form that `ripper scrub` writes: no
/// metadata, no bytes after the picture, no coded data that is not drawn, no table that nothing uses. For any other
/// file the first thing that is wrong is shown, with its offset in bytes. That does not mean that there is something
/// private: most files that have never been scrubbed are not clean. `ripper inspect` shows what is in them.
///
/// The picture itself is not looked at.
#[derive(Debug, Args)]
#[command(after_help = VERIFY_MORE)]
pub(crate) struct VerifyArgs {
    /// Photos
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) settings: SettingArgs,
    /// Write one JSON line per file to standard output instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

const VERIFY_MORE: &str = "\
Examples:
  ripper verify clean/holiday.jpg
  ripper verify clean/*.jpg --json | jq -r 'select(.clean | not).file'
  aws s3 cp s3://BUCKET-B/holiday.jpg . && ripper verify holiday.jpg

A JSON line:
  {\"file\":\"a.jpg\",\"bytes\":90210,\"clean\":false,\"problem\":\"bytes after EOI, at offset 89006\"}
  problem  the first thing that is wrong, and where; null for a clean file

Exit codes:
  0    all files are clean
  1    a file could not be read; the others are checked
  2    the command line is wrong
  3    a file is not clean; the others are checked";
