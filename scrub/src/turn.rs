//! Turns a photo upright without decoding it. The coefficients of a block can be mirrored and transposed as the block
//! itself can, so the picture loses nothing; only what does not fill a whole unit at an edge that would come to lie
//! on the left or on top has to go. libjpeg-turbo does the work, in C: what it writes is cleaned and verified like
//! any other file.

use bytes::Bytes;
use turbojpeg::{Transform, TransformOp, Transformer};

use crate::frame::Frame;
use crate::orientation::NotRotated;
use crate::{Kind, segments};

/// Memory of a block: 64 coefficients of 2 bytes, before and after.
const BYTES_A_BLOCK: u64 = 2 * 64 * 2;
/// Memory libjpeg-turbo takes for its tables and rows, at most.
const FIXED_BYTES: u64 = 1 << 20;
/// Every scan goes over the picture once more, so many make turning slow. Encoders write a dozen.
const MAX_SCANS: usize = 100;

/// A turned photo.
#[derive(Debug)]
pub(crate) struct Turned {
    /// The photo as the library wrote it: not clean yet.
    pub(crate) photo: Bytes,
    /// How many columns and rows of the upright picture had to go.
    pub(crate) trimmed: (u16, u16),
}

/// Turns a photo that has this orientation, 2 to 8, and this many scans, with at most so much memory.
pub(crate) fn turn(photo: &[u8], orientation: u8, scans: usize, memory: u64) -> Result<Turned, NotRotated> {
    let frame = Frame::find(photo).ok_or(NotRotated::Damaged)?;
    if !frame.is_dct() || frame.precision != 8 || frame.height == 0 {
        return Err(NotRotated::Coding);
    }
    if scans > MAX_SCANS {
        return Err(NotRotated::Scans { limit: MAX_SCANS });
    }
    let plan = Plan::new(&frame, orientation).ok_or(NotRotated::TooSmall)?;
    // Tables made for the photo can be better than the ones it is written with, and then it grows. Of blocks that are all
    // the same, arithmetic coding makes next to nothing in one order and two bits each in another.
    let blocks = frame.blocks();
    let room = (photo.len() as u64).saturating_mul(3).saturating_add(blocks / 4).saturating_add(1 << 16);
    let needs = blocks.saturating_mul(BYTES_A_BLOCK).saturating_add(room).saturating_add(FIXED_BYTES);
    if needs > memory {
        return Err(NotRotated::Memory { needs, given: memory });
    }
    let mut turned = vec![0; usize::try_from(room).map_err(|_| NotRotated::Memory { needs, given: memory })?];
    let mut transform = Transform::op(plan.op);
    transform.trim = true;
    transform.progressive = frame.is_progressive();
    transform.arithmetic = frame.is_arithmetic();
    // Fails for every photo libjpeg-turbo warns of: what it would write has lost something, or was never there.
    let length = Transformer::new()
        .and_then(|mut transformer| transformer.transform_to_slice(&transform, photo, &mut turned))
        .map_err(|_| NotRotated::Damaged)?;
    turned.truncate(length);
    if plan.swaps {
        swap_density(&mut turned);
    }
    let size = Frame::find(&turned).map(|frame| (frame.width, frame.height));
    if size != Some(plan.size) {
        return Err(NotRotated::Failed);
    }
    remove_added(&mut turned, photo);
    Ok(Turned { photo: turned.into(), trimmed: plan.trimmed })
}

/// What turning does to a picture.
struct Plan {
    op: TransformOp,
    /// Whether columns become rows.
    swaps: bool,
    /// Width and height afterwards.
    size: (u16, u16),
    trimmed: (u16, u16),
}

impl Plan {
    /// None if an edge that has to be trimmed is all there is.
    fn new(frame: &Frame, orientation: u8) -> Option<Plan> {
        // What is stored on the right or at the bottom and comes to lie on the left or on top has to be whole units.
        let (op, swaps, right, bottom) = match orientation {
            2 => (TransformOp::Hflip, false, true, false),
            3 => (TransformOp::Rot180, false, true, true),
            4 => (TransformOp::Vflip, false, false, true),
            5 => (TransformOp::Transpose, true, false, false),
            6 => (TransformOp::Rot90, true, false, true),
            7 => (TransformOp::Transverse, true, true, true),
            8 => (TransformOp::Rot270, true, true, false),
            _ => return None,
        };
        let (unit_width, unit_height) = frame.unit();
        let rest = |needed, length: u16, unit| if needed { length.checked_rem(unit) } else { Some(0) };
        let (columns, rows) =
            (rest(right, frame.width, unit_width)?, rest(bottom, frame.height, unit_height)?);
        let (width, height) = (frame.width.checked_sub(columns)?, frame.height.checked_sub(rows)?);
        if width == 0 || height == 0 {
            return None;
        }
        let turned = |(x, y)| if swaps { (y, x) } else { (x, y) };
        Some(Plan { op, swaps, size: turned((width, height)), trimmed: turned((columns, rows)) })
    }
}

/// Takes out a JFIF or an Adobe segment that the photo did not have. The library writes one by the colours it takes the
/// photo to have, but an Adobe segment has readers invert the inks, and neither says anything that was not known.
fn remove_added(turned: &mut Vec<u8>, photo: &[u8]) {
    for kind in [Kind::Jfif, Kind::Adobe] {
        if segments::first(photo, kind).is_none()
            && let Some(added) = segments::first(turned, kind)
        {
            turned.drain(added.range);
        }
    }
}

/// Exchanges the densities of columns and rows in a JFIF segment (ITU-T T.871, 10.1), which the library leaves as they
/// were. It writes that segment first.
fn swap_density(photo: &mut [u8]) {
    if photo.get(6..11) == Some(b"JFIF\0")
        && let Some(densities) = photo.get_mut(14..18)
    {
        densities.rotate_left(2);
    }
}
