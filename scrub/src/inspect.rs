//! Shows what [`scrub`](crate::scrub()) would do with a file: a view of the plan it works from.

use bytes::Bytes;

use crate::{Options, Part, Refusal, Report, parse, plan};

/// Every part of a file, in order, without gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inspection {
    /// The parts.
    pub parts: Vec<Part>,
    /// How the stored picture is oriented (Exif 2.32, tag 0x0112): 1 if it is upright or if viewers differ, else 2 to
    /// 8.
    pub orientation: u8,
    /// What is removed if the picture stays as it is stored.
    pub report: Report,
}

/// Lists every part of a file and what [`scrub`](crate::scrub()) would do with it. Kinds and offsets, never values.
///
/// Nothing is rotated, so the EXIF segment of a photo that would be rotated is listed as
/// [`Action::Rewrite`](crate::Action::Rewrite).
///
/// # Errors
/// A [`Refusal`] if browsers do not draw the photo whole. [`scrub`](crate::scrub()) also refuses a clean photo that
/// does not pass [`verify`](crate::verify()), and a picture that has to be coded again and cannot be.
pub fn inspect(photo: &[u8], options: &Options) -> Result<Inspection, Refusal> {
    let photo = Bytes::copy_from_slice(photo);
    let plan = plan::plan(&photo, &parse::parse(&photo)?, options);
    let report = plan.report(options.orientation);
    Ok(Inspection { parts: plan.parts, orientation: plan.orientation.number(), report })
}
