//! Whether a picture is another one, rotated upright and trimmed to whole blocks.

/// Width, height and samples, with all samples of a pixel together.
pub(super) type Picture = ((usize, usize), Vec<u8>);

/// Largest width and height of an MCU (ITU-T T.81, A.2.4): less than this may be trimmed.
const LARGEST_MCU: usize = 32;
/// How decoders round depends on the direction, so samples differ a little. Another picture differs by far more.
const MEAN_DIFFERENCE: f64 = 1.0;

/// Whether `after` is `before`, rotated as its orientation (Exif 2.32, tag 0x0112) says, less what had to be trimmed.
pub(super) fn is_same(before: &Picture, after: &Picture, orientation: u8) -> bool {
    let ((width, height), (rotated_width, rotated_height)) = (before.0, after.0);
    // The part of the stored picture that is left: the right and bottom edges are trimmed.
    let (kept_width, kept_height) =
        if orientation < 5 { (rotated_width, rotated_height) } else { (rotated_height, rotated_width) };
    let trimmed = |whole: usize, kept: usize| whole.checked_sub(kept).is_some_and(|rest| rest < LARGEST_MCU);
    if !trimmed(width, kept_width) || !trimmed(height, kept_height) || kept_width == 0 || kept_height == 0 {
        return false;
    }
    let channels = before.1.len() / (width * height);
    if channels == 0 || after.1.len() != channels * rotated_width * rotated_height {
        return false;
    }
    let (right, bottom) = (kept_width - 1, kept_height - 1);
    let mut difference = 0_u64;
    for (i, pixel) in after.1.chunks_exact(channels).enumerate() {
        let (x, y) = (i % rotated_width, i / rotated_width);
        let (x, y) = match orientation {
            2 => (right - x, y),
            3 => (right - x, bottom - y),
            4 => (x, bottom - y),
            5 => (y, x),
            6 => (y, bottom - x),
            7 => (right - y, bottom - x),
            8 => (right - y, x),
            _ => (x, y),
        };
        let at = (y * width + x) * channels;
        let Some(stored) = before.1.get(at..at + channels) else { return false };
        difference += pixel.iter().zip(stored).map(|(a, b)| u64::from(a.abs_diff(*b))).sum::<u64>();
    }
    difference as f64 / after.1.len() as f64 <= MEAN_DIFFERENCE
}
