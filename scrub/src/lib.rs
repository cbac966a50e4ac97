//! The photo core: removes everything private from a JPEG and leaves the picture as it is.
//!
//! A photo carries far more than its picture: EXIF with the place and the camera's serial number, XMP, IPTC and
//! comments with names, thumbnails of what was cropped away, whole second photos after the end. Tools that delete a
//! list of known segments miss the rest, so this crate does the opposite: what is not known to be needed to draw the
//! picture is removed. The pixels are never decoded, so they cannot change.
//!
//! # What is kept
//!
//! Every bit of a clean photo is needed to draw the picture, or has the one value that the standard prescribes. The
//! exception: values in Huffman tables that no code uses stay.
//!
//! - Everything that the picture is coded in (ITU-T T.81, Annex B): SOI, SOFn, DHT, DQT, DRI, SOS, the entropy-coded
//!   data with its restart markers, EOI. Of the tables only those that a scan uses, of the data only the bits that are
//!   drawn: `scan` walks it code by code. What cameras, editors and attackers put after the last block goes. A missing
//!   EOI is added, and a height that DNL gives is written into the frame header.
//! - The first JFIF segment, rewritten: the proportions of a pixel, no thumbnail.
//! - The numbers in an ICC profile that colours are computed from, unchanged; without them colours change. What names a
//!   device, its owner or a date is removed ([`IccMode`]). Standard profiles stay as they are.
//! - The last Adobe segment, which is the one that decoders use, rewritten to its colour transform: without it CMYK and
//!   RGB photos change colour.
//!
//! A photo that is not upright is rotated without being decoded. Where that cannot be done, a new EXIF segment of 36
//! bytes holds the orientation and nothing else ([`OrientationMode`]).
//!
//! A picture that cannot be checked bit by bit is coded again from the same coefficients ([`Recoded`]): arithmetic
//! coding, damaged data, unusual scans. The pixels are what decoders draw of the original. Blocks of the last MCUs that
//! are outside of the picture are emptied.
//!
//! Everything else is removed, between scans and after the picture too.
//!
//! # What is refused
//!
//! A file that browsers do not draw whole, with a typed [`Refusal`]: not a JPEG, no frame or no scan, cut off before
//! the picture is complete, a length that runs past the end, numbers that no decoder takes, hierarchical, lossless
//! arithmetic or JPEG-LS coding, data that libjpeg-turbo cannot code again. A file made to be slow is refused too: too
//! many segments, scans or blocks, a huge picture in a few bytes. And every clean photo is checked by [`verify`], which
//! walks the data again and shares no code with the rest of the crate, only the settings types and the table of
//! standard profiles. What it does not accept is refused.
//!
//! # How it works
//!
//! `parse` cuts the file into parts, with `scan` for its data, `plan` asks `allow_list` what happens to each,
//! `assemble` writes the clean photo, `verify` checks it. `recode` and `rotate` have libjpeg-turbo `transform` it where
//! needed, and what that writes takes the same path.
//!
//! # Example
//!
//! ```
//! let photo = samples::all().remove(0);
//! let clean = scrub::scrub(photo.bytes.into(), &scrub::Options::default())?;
//! for removed in &clean.report.removed {
//!     println!("{}: {} bytes", removed.kind, removed.bytes);
//! }
//! assert!(scrub::verify(&clean.photo, &scrub::Options::default()).is_ok());
//! # Ok::<(), scrub::Refusal>(())
//! ```
#![cfg_attr(
    not(test),
    deny(
        clippy::indexing_slicing,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::arithmetic_side_effects
    )
)]

mod allow_list;
mod assemble;
mod exif;
mod frame;
mod icc;
mod inspect;
mod kind;
mod nested;
mod options;
mod orientation;
mod parse;
mod part;
mod plan;
mod read_orientation;
mod recode;
mod refusal;
mod report;
mod rotate;
mod scan;
mod tiff;
mod transform;
mod verify;
mod work;

pub use bytes::Bytes;
pub use inspect::{Inspection, inspect};
pub use kind::{Coding, Kind};
pub use options::{BadOptions, IccMode, Options, OrientationMode};
pub use orientation::{NotRotated, Orientation, Trim};
pub use part::{Action, Part};
pub use refusal::Refusal;
pub use report::{NotRecoded, Recoded, Removed, Report};
pub use verify::{Flaw, Violation, verify};

/// Version of the photo core. Photos scrubbed by another version may have been scrubbed by other rules.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A clean photo.
#[derive(Debug, Clone)]
pub struct Clean {
    /// The clean JPEG, in the buffer that was given where that is possible.
    pub photo: Bytes,
    /// What was removed.
    pub report: Report,
}

/// Scrubs one photo.
///
/// If `photo` is the only handle to its buffer, the work is done in place and the picture is in memory once. It is
/// copied if there is another handle, or if the new header is longer than the old one. The cost grows linearly with the
/// length of the file and with the blocks of its scans, both of which are bounded. Rotating a photo, or coding it
/// again, takes the memory that [`Options::memory`] allows.
///
/// # Errors
/// A [`Refusal`] if browsers do not draw the photo whole, or if the clean photo does not pass [`verify`].
pub fn scrub(photo: Bytes, options: &Options) -> Result<Clean, Refusal> {
    let original = parse::parse(&photo)?;
    let plan = plan::plan(&photo, &original, options);
    let mut report = plan.report(options.orientation);
    let mut clean = assemble::assemble(photo, &plan);
    if let Some(reason) = plan.recoded {
        clean =
            recoded(&clean, &original, options).map_err(|because| Refusal::NotRecoded { reason, because })?;
    }
    verify(&clean, options)?;
    let Orientation::Tagged { orientation, .. } = report.orientation else {
        return Ok(Clean { photo: clean, report });
    };
    if !matches!(options.orientation, OrientationMode::Upright | OrientationMode::Perfect) {
        return Ok(Clean { photo: clean, report });
    }
    match upright(&clean, &original, orientation, options) {
        Ok((rotated, Trim { columns: trimmed_columns, rows: trimmed_rows, .. })) => {
            report.orientation = Orientation::Rotated { from: orientation, trimmed_columns, trimmed_rows };
            report.added = 0;
            Ok(Clean { photo: rotated, report })
        }
        Err(reason) => {
            report.orientation = Orientation::Tagged { orientation, not_rotated: Some(reason) };
            Ok(Clean { photo: clean, report })
        }
    }
}

/// Rotates a clean photo. What libjpeg-turbo writes is a file like any other: it is scrubbed and verified too.
fn upright(
    clean: &Bytes,
    original: &parse::ParsedFile,
    orientation: u8,
    options: &Options,
) -> Result<(Bytes, Trim), NotRotated> {
    let rotated = rotate::rotate(clean, original, orientation, options)?;
    let untagged = Options { orientation: OrientationMode::Drop, ..options.clone() };
    let photo = transformed(rotated.photo, original, &untagged).ok_or(NotRotated::Failed)?;
    verify(&photo, &untagged).map_err(|_| NotRotated::Failed)?;
    rotate::check_length(&photo, clean, &original.frame)?;
    Ok((photo, rotated.trim))
}

/// Codes the picture of a photo again that is clean but for its data.
fn recoded(photo: &Bytes, original: &parse::ParsedFile, options: &Options) -> Result<Bytes, NotRecoded> {
    let recoded = recode::recode(photo, original, options.memory)?;
    transformed(recoded, original, options).ok_or(NotRecoded::Failed)
}

/// Scrubs what libjpeg-turbo has made of a photo.
fn transformed(photo: Bytes, original: &parse::ParsedFile, options: &Options) -> Option<Bytes> {
    let file = parse::parse(&photo).ok().filter(|file| file.recoded.is_none())?;
    let plan = plan::plan_transformed(&photo, &file, options, original);
    Some(assemble::assemble(photo, &plan))
}
