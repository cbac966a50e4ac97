//! Takes everything private out of a JPEG and leaves the picture as it is.
//!
//! A photo carries far more than its picture: EXIF with the place and the camera's serial number, XMP, IPTC and
//! comments with names, thumbnails of what was cropped away, whole second photos behind the end. Tools that delete
//! a list of known segments miss the rest, so this crate does the opposite: what is not known to be needed to draw
//! the picture goes. The pixels are never decoded, so they cannot change.
//!
//! # What is deliberately kept
//!
//! - Everything the picture is coded in (ITU-T T.81, Annex B): SOI, SOFn, DHT, DQT, DAC, DRI, DNL, SOS, the
//!   entropy-coded data with its restart markers, EOI. Byte for byte, fill bytes in front of markers excepted.
//! - The first JFIF segment, rewritten: version and density stay, a thumbnail goes.
//! - What colours need of an ICC profile, bit for bit, and standard profiles as they are: without it colours change.
//!   What names a device, its owner or a date goes ([`IccMode`]).
//! - The Adobe segment that takes effect (the last one), rewritten to its colour transform: without it CMYK and RGB
//!   photos change colour.
//!
//! A photo that does not lie upright is turned, without decoding it; where that cannot be done, a fresh 36-byte EXIF
//! segment holds the orientation and nothing else ([`OrientationMode`]).
//!
//! Everything else goes, between the scans and behind the end as well.
//!
//! # What is refused
//!
//! What no decoder draws, by a typed [`Refusal`] that names the place: not a JPEG, no frame or no scan, cut off
//! before EOI, a length that runs past the end, numbers no decoder takes, hierarchical, lossless arithmetic or JPEG-LS
//! coding. So is what is made to be slow: too many segments or scans, a huge picture in a few bytes. And every finished
//! photo is read once more by [`verify`], which shares no code with the rest of the crate but the list of standard
//! profiles; what it does not accept is refused too.
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

mod assemble;
mod entropy;
mod exif;
mod frame;
mod header;
mod icc;
mod inside;
mod inspect;
mod keep;
mod kind;
mod options;
mod orientation;
mod profile;
mod refusal;
mod report;
mod scans;
mod segments;
mod shape;
mod tiff;
mod turn;
mod verify;
mod verify_icc;

pub use bytes::Bytes;
pub use inspect::{Action, Inspection, Part, inspect};
pub use kind::Kind;
pub use options::{BadOptions, IccMode, Options, OrientationMode};
pub use orientation::{NotRotated, Orientation};
pub use refusal::{Coding, Refusal};
pub use report::{Removed, Report};
pub use verify::{Violation, verify};

/// Version of the photo core. Photos cleaned by another version may have been cleaned by other rules.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A cleaned photo.
#[derive(Debug, Clone)]
pub struct Clean {
    /// The finished JPEG. A slice of the buffer that was given, if that was the only handle to it.
    pub photo: Bytes,
    /// What was taken out.
    pub report: Report,
}

/// Cleans one photo.
///
/// When `photo` is the only handle to its buffer the work is done in place: what stands behind a gap moves up, and the
/// picture is held once. It is copied where there is another handle, or where the new header does not fit in front of
/// it. The cost grows linearly with the length of the file. A photo that is turned is coded anew, in the memory that
/// [`Options::rotate_memory`] grants.
///
/// # Errors
/// A [`Refusal`] when no decoder could draw the photo, or when the finished photo does not pass [`verify`].
pub fn scrub(photo: Bytes, options: &Options) -> Result<Clean, Refusal> {
    let inspection = inspect::read(&photo, options)?;
    let mut report = inspection.report();
    let photo = assemble::assemble(photo, &inspection.layout);
    verify(&photo, options)?;
    let Orientation::Tagged { orientation, .. } = report.orientation else {
        return Ok(Clean { photo, report });
    };
    if options.orientation != OrientationMode::Upright {
        return Ok(Clean { photo, report });
    }
    match upright(&photo, orientation, inspection.scans(), options) {
        Ok((turned, (trimmed_columns, trimmed_rows))) => {
            report.orientation = Orientation::Rotated { from: orientation, trimmed_columns, trimmed_rows };
            report.added = 0;
            Ok(Clean { photo: turned, report })
        }
        Err(reason) => {
            report.orientation = Orientation::Tagged { orientation, not_rotated: Some(reason) };
            Ok(Clean { photo, report })
        }
    }
}

/// Turns a clean photo. What the turning library writes is a file like any other: it is cleaned and verified too.
fn upright(
    photo: &Bytes,
    orientation: u8,
    scans: usize,
    options: &Options,
) -> Result<(Bytes, (u16, u16)), NotRotated> {
    let turned = turn::turn(photo, orientation, scans, options.rotate_memory)?;
    let untagged = Options { orientation: OrientationMode::Drop, ..options.clone() };
    let inspection = inspect::read(&turned.photo, &untagged).map_err(|_| NotRotated::Failed)?;
    let photo = assemble::assemble(turned.photo, &inspection.layout);
    verify(&photo, &untagged).map_err(|_| NotRotated::Failed)?;
    Ok((photo, turned.trimmed))
}
