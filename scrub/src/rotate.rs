//! Rotates a photo upright without decoding it. The DCT coefficients of a block can be mirrored and transposed as the
//! block itself can, so the picture loses nothing; only an MCU that is not whole, at an edge that would end up on the
//! left or at the top, is trimmed.

use bytes::Bytes;
use turbojpeg::{Transform, TransformOp};

use crate::frame::Frame;
use crate::orientation::{NotRotated, Trim};
use crate::parse::{ParsedFile, first_segment};
use crate::transform::{Failure, OnWarning, transform};
use crate::{Kind, Options, OrientationMode, work};

/// A rotated photo.
#[derive(Debug)]
pub(crate) struct Rotated {
    /// The photo as libjpeg-turbo wrote it: not clean yet.
    pub(crate) photo: Bytes,
    /// What was trimmed.
    pub(crate) trim: Trim,
}

/// Rotates a clean photo, made of `original`, by its orientation, 2 to 8, as far as the options allow it.
pub(crate) fn rotate(
    photo: &[u8],
    original: &ParsedFile,
    orientation: u8,
    options: &Options,
) -> Result<Rotated, NotRotated> {
    let frame = &original.frame;
    if !frame.is_dct() || frame.precision != 8 {
        return Err(NotRotated::Coding);
    }
    let operation = Operation::new(frame, orientation).ok_or(NotRotated::Failed)?;
    operation.check_trim(options.orientation)?;
    work::check_rotation(original, photo.len() as u64)?;
    let mut change = Transform::op(operation.op);
    change.trim = true;
    // With a warning, what is written is incomplete or invented.
    let rotated = transform(photo, frame, change, options.memory, OnWarning::Fail);
    let mut rotated = rotated.map_err(|failure| match failure {
        Failure::Memory { needs, given } => NotRotated::Memory { needs, given },
        Failure::Damaged => NotRotated::Damaged,
    })?;
    if operation.swaps {
        swap_density(&mut rotated);
    }
    let frame = first_segment(&rotated, Kind::Sof)
        .and_then(|segment| Frame::parse(segment.marker, segment.payload(&rotated)));
    if frame.map(|frame| (frame.width, frame.height)) != Some(operation.size) {
        return Err(NotRotated::Failed);
    }
    Ok(Rotated { photo: rotated.into(), trim: operation.trim })
}

/// Refuses a rotated photo that is more than 1 % larger than the `clean` one with a tag. That length does not depend on
/// the metadata of the original, so the same picture always ends up the same. A photo in arithmetic coding may grow:
/// Huffman coding needs more for the same picture.
pub(crate) fn check_length(rotated: &[u8], clean: &[u8], frame: &Frame) -> Result<(), NotRotated> {
    let (rotated, tagged) = (rotated.len(), clean.len());
    if frame.is_arithmetic() || rotated <= tagged.saturating_add(tagged / 100) {
        return Ok(());
    }
    Err(NotRotated::Larger { rotated: rotated as u64, tagged: tagged as u64 })
}

/// What a rotation does to a picture.
struct Operation {
    op: TransformOp,
    /// Whether columns become rows, and rows columns.
    swaps: bool,
    /// Width and height afterwards.
    size: (u16, u16),
    trim: Trim,
}

impl Operation {
    /// None if there is no such orientation.
    fn new(frame: &Frame, orientation: u8) -> Option<Operation> {
        // An edge on the right or at the bottom that ends up on the left or at the top must consist of whole MCUs.
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
        let (unit_width, unit_height) = frame.rotation_unit();
        let rest = |needed, length: u16, unit| if needed { length.checked_rem(unit) } else { Some(0) };
        let (columns, rows) =
            (rest(right, frame.width, unit_width)?, rest(bottom, frame.height, unit_height)?);
        let (width, height) = (frame.width.checked_sub(columns)?, frame.height.checked_sub(rows)?);
        let upright = |x, y| if swaps { (y, x) } else { (x, y) };
        let size = upright(width, height);
        let ((columns, rows), (width, height)) = (upright(columns, rows), upright(frame.width, frame.height));
        Some(Operation { op, swaps, size, trim: Trim { columns, rows, width, height } })
    }

    /// Whether no more is trimmed than may be.
    fn check_trim(&self, mode: OrientationMode) -> Result<(), NotRotated> {
        let trim = self.trim;
        if mode == OrientationMode::Perfect && (trim.columns, trim.rows) != (0, 0) {
            return Err(NotRotated::NotPerfect(trim));
        }
        if trim.is_large() { Err(NotRotated::LargeTrim(trim)) } else { Ok(()) }
    }
}

/// Exchanges horizontal and vertical density in the JFIF segment (ITU-T T.871, 10.1), which libjpeg-turbo leaves as
/// they were. It writes that segment first.
fn swap_density(photo: &mut [u8]) {
    if photo.get(6..11) == Some(b"JFIF\0")
        && let Some(densities) = photo.get_mut(14..18)
    {
        densities.rotate_left(2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotated_photo_may_be_one_percent_larger_and_any_size_if_the_original_is_arithmetic() {
        let frame = |marker| Frame::parse(marker, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]).expect("a frame header");
        let check = |rotated: usize, clean: usize, marker| {
            check_length(&vec![0; rotated], &vec![0; clean], &frame(marker))
        };
        for (clean, most) in [(99, 99), (100, 101), (12_345, 12_468)] {
            assert_eq!(check(most, clean, 0xC0), Ok(()));
            let larger = NotRotated::Larger { rotated: most as u64 + 1, tagged: clean as u64 };
            assert_eq!(check(most + 1, clean, 0xC0), Err(larger));
            assert_eq!(check(2 * most, clean, 0xC9), Ok(()));
            println!("{clean} bytes may become {most}");
        }
    }
}
