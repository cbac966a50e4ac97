//! Whether a picture is another one, turned upright and trimmed to whole units of its coding.

/// Width, height and samples, all of a pixel together.
pub(super) type Picture = ((usize, usize), Vec<u8>);

/// Largest width and height of a unit of the coding (ITU-T T.81, A.2.4): less than this may be trimmed.
const LARGEST_UNIT: usize = 32;
/// Decoders round in an order that turns with the picture, so samples differ a little. Another picture differs by far more.
const MEAN_DIFFERENCE: f64 = 1.0;

/// Whether `after` is `before`, turned as its orientation (Exif 2.32, tag 0x0112) asks for, less what had to be trimmed.
pub(super) fn is_same(before: &Picture, after: &Picture, orientation: u8) -> bool {
    let ((width, height), (turned_width, turned_height)) = (before.0, after.0);
    // What is left of the stored picture: the trimmed edges are the right one and the bottom.
    let (left_width, left_height) =
        if orientation < 5 { (turned_width, turned_height) } else { (turned_height, turned_width) };
    let trimmed = |whole: usize, left: usize| whole.checked_sub(left).is_some_and(|rest| rest < LARGEST_UNIT);
    if !trimmed(width, left_width) || !trimmed(height, left_height) || left_width == 0 || left_height == 0 {
        return false;
    }
    let channels = before.1.len() / (width * height);
    if channels == 0 || after.1.len() != channels * turned_width * turned_height {
        return false;
    }
    let (right, bottom) = (left_width - 1, left_height - 1);
    let mut difference = 0_u64;
    for (i, pixel) in after.1.chunks_exact(channels).enumerate() {
        let (x, y) = (i % turned_width, i / turned_width);
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
        let stored = before.1.get(at..at + channels).unwrap_or_default();
        difference += pixel.iter().zip(stored).map(|(a, b)| u64::from(a.abs_diff(*b))).sum::<u64>();
    }
    difference as f64 / after.1.len() as f64 <= MEAN_DIFFERENCE
}
