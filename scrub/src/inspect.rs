//! Lists every part of a file and what becomes of it. `scrub` works from the same list.

use std::ops::Range;

use bytes::Bytes;

use crate::report::{Removed, Report, count};
use crate::{Kind, Options, Orientation, OrientationMode, Refusal, header, inside, scans};

/// What becomes of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It stays, byte for byte.
    Keep,
    /// A segment with only what is needed of it takes its place.
    Rewrite,
    /// It goes.
    Remove,
}

/// One part of a file: a segment, entropy-coded data, or bytes that are neither.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Part {
    /// Where it starts, in bytes from the start of the file.
    pub offset: usize,
    /// How long it is, in bytes, marker and length included.
    pub length: usize,
    /// What it is.
    pub kind: Kind,
    /// What becomes of it.
    pub action: Action,
    /// What goes with it: how many bytes of which kinds. Empty for a part that is kept.
    pub removed: Vec<Removed>,
}

/// Every part of a file, in order, without gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inspection {
    /// The parts.
    pub parts: Vec<Part>,
    /// How the stored picture has to be turned to be upright (Exif 2.32, tag 0x0112): 1 if it is, else 2 to 8.
    pub orientation: u8,
    pub(crate) layout: Layout,
    mode: OrientationMode,
}

/// How the finished photo is put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    /// The new header, in front of the first scan.
    pub(crate) header: Bytes,
    /// What is kept of the rest, from the first scan's segment to EOI, in order.
    pub(crate) body: Vec<Range<usize>>,
    /// How many bytes of the header have no counterpart in the file.
    pub(crate) added: usize,
}

/// Lists every part of a file and what [`scrub`](crate::scrub()) would do with it. Kinds and places, never values.
///
/// Nothing is turned, so the EXIF segment of a photo that may be turned is listed as [`Action::Rewrite`].
///
/// # Errors
/// The same [`Refusal`] as [`scrub`](crate::scrub()) would give.
pub fn inspect(photo: &[u8], options: &Options) -> Result<Inspection, Refusal> {
    read(&Bytes::copy_from_slice(photo), options)
}

/// [`inspect`] without a copy. No handle to the photo's buffer outlives the call.
pub(crate) fn read(photo: &Bytes, options: &Options) -> Result<Inspection, Refusal> {
    let header = header::read(photo, options)?;
    let (mut frame, offset) = header.frame;
    let scans = scans::read(photo, &header.scan, frame.is_arithmetic())?;
    if frame.height == 0 {
        frame.height = later_height(photo, &scans).ok_or(Refusal::EmptyPicture { offset })?;
    }
    frame.check_data(entropy_coded(&scans), offset)?;
    let kept = scans.iter().filter(|part| part.action == Action::Keep);
    let body = kept.map(|part| part.offset..part.offset.saturating_add(part.length)).collect();
    let mut parts = header.parts;
    parts.extend(scans);
    let layout = Layout { header: header.written, body, added: header.added };
    Ok(Inspection { parts, orientation: header.orientation, layout, mode: options.orientation })
}

/// The height that a DNL segment gives, if it gives one (ITU-T T.81, B.2.5).
fn later_height(photo: &[u8], parts: &[Part]) -> Option<u16> {
    let dnl = parts.iter().find(|part| part.kind == Kind::Dnl && part.action == Action::Keep)?;
    let height = *photo.get(dnl.offset.checked_add(4)?..)?.first_chunk()?;
    Some(u16::from_be_bytes(height)).filter(|&height| height != 0)
}

/// How many bytes of entropy-coded data there are.
fn entropy_coded(parts: &[Part]) -> u64 {
    let data = parts.iter().filter(|part| part.kind == Kind::EntropyCodedData);
    data.map(|part| part.length as u64).fold(0, u64::saturating_add)
}

impl Inspection {
    /// How many scans the picture has.
    pub(crate) fn scans(&self) -> usize {
        self.parts.iter().filter(|part| part.kind == Kind::Sos).count()
    }

    /// What is taken out where the picture stays as it is stored.
    pub fn report(&self) -> Report {
        let mut removed = Vec::new();
        for entry in self.parts.iter().flat_map(|part| &part.removed) {
            count(&mut removed, entry.kind, entry.bytes);
        }
        let orientation = match (self.orientation, self.mode) {
            (1, _) => Orientation::Upright,
            (from, OrientationMode::Drop) => Orientation::Dropped { from },
            (orientation, _) => Orientation::Tagged { orientation, not_rotated: None },
        };
        Report { removed, orientation, added: self.layout.added as u64 }
    }
}

impl Part {
    pub(crate) fn kept(kind: Kind, range: Range<usize>) -> Part {
        Part { offset: range.start, length: range.len(), kind, action: Action::Keep, removed: Vec::new() }
    }

    /// This part, on its way out.
    pub(crate) fn removed(self, payload: &[u8]) -> Part {
        let removed = inside::open(self.kind, self.length, payload);
        Part { action: Action::Remove, removed, ..self }
    }

    /// This part, with a segment of `length` bytes in its place, and how many bytes of that are new. What is left of
    /// JFIF, Adobe and a profile was there before; an EXIF segment goes altogether, and a fresh one comes.
    pub(crate) fn rewritten(self, payload: &[u8], length: usize) -> (Part, usize) {
        let (gone, new) = match self.kind {
            Kind::Exif => (self.length, length),
            _ => (self.length.saturating_sub(length), length.saturating_sub(self.length)),
        };
        let removed = inside::open(self.kind, gone, payload);
        (Part { action: Action::Rewrite, removed, ..self }, new)
    }

    /// Bytes between two segments, if there are any.
    pub(crate) fn gap(photo: &[u8], range: Range<usize>) -> Option<Part> {
        let gap = photo.get(range.clone()).filter(|gap| !gap.is_empty())?;
        let kind = if gap.iter().all(|&byte| byte == 0xFF) { Kind::FillBytes } else { Kind::StrayBytes };
        Some(Part::kept(kind, range).removed(&[]))
    }
}
