//! Has libjpeg-turbo read the coefficients of a photo and write them again, moved or not. It does the work in C: what
//! it writes is scrubbed and verified like any other file.

use img_parts::jpeg::markers;
use turbojpeg::{Transform, Transformer};

use crate::frame::Frame;

/// Memory of a block: 64 coefficients of 2 bytes, before and after.
const BYTES_PER_BLOCK: u64 = 2 * 64 * 2;
/// The most memory that libjpeg-turbo takes for its tables and rows.
const FIXED_BYTES: u64 = 1 << 20;
/// What is in the buffer before libjpeg-turbo writes to it. Nothing else that was in memory can get into a photo.
const BLANK: u8 = 0;

/// Why there is no new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It takes more memory than it may.
    Memory { needs: u64, given: u64 },
    /// libjpeg-turbo reads the photo with a warning, or not at all.
    Damaged,
}

/// What happens to a photo that libjpeg-turbo warns about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnWarning {
    Fail,
    /// What is written is what decoders draw.
    Write,
}

/// Writes a photo with this frame again, in at most `memory` bytes: with Huffman tables made for it, progressive if it
/// was.
pub(crate) fn transform(
    photo: &[u8],
    frame: &Frame,
    mut transform: Transform,
    memory: u64,
    on_warning: OnWarning,
) -> Result<Vec<u8>, Failure> {
    let blocks = frame.blocks();
    // Arithmetic coding takes less than Huffman coding, and next to nothing for blocks that are all the same.
    let output = (photo.len() as u64).saturating_mul(4).saturating_add(blocks / 2).saturating_add(1 << 16);
    let needs = blocks.saturating_mul(BYTES_PER_BLOCK).saturating_add(output).saturating_add(FIXED_BYTES);
    let too_much = Failure::Memory { needs, given: memory };
    if needs > memory {
        return Err(too_much);
    }
    // With the tables of T.81, Annex K, a photo may grow by half.
    transform.optimize = true;
    transform.progressive = frame.is_progressive();
    let buffer = vec![BLANK; usize::try_from(output).map_err(|_| too_much)?];
    write(photo, &transform, buffer, BLANK, on_warning).ok_or(Failure::Damaged)
}

/// Has libjpeg-turbo write to a buffer that is full of one byte, and cuts off what it did not write.
fn write(
    photo: &[u8],
    transform: &Transform,
    mut buffer: Vec<u8>,
    blank: u8,
    on_warning: OnWarning,
) -> Option<Vec<u8>> {
    let result = Transformer::new()
        .and_then(|mut transformer| transformer.transform_to_slice(transform, photo, &mut buffer));
    let length = match (result, on_warning) {
        (Ok(length), _) => length,
        (Err(_), OnWarning::Fail) => return None,
        // A warning is an error, too. It does not say how much was written.
        (Err(_), OnWarning::Write) => buffer.iter().rposition(|&byte| byte != blank)?.checked_add(1)?,
    };
    buffer.truncate(length);
    let is_whole =
        buffer.starts_with(&[markers::P, markers::SOI]) && buffer.ends_with(&[markers::P, markers::EOI]);
    is_whole.then_some(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Photos cut off at every eighth byte, with EOI put after: libjpeg-turbo warns, and makes up what is missing.
    #[test]
    fn nothing_that_was_in_the_buffer_before_is_in_the_file() {
        let mut transform = Transform::default();
        transform.optimize = true;
        let (mut written, mut failed) = (0, 0);
        for sample in samples::all().iter().filter(|sample| sample.bytes.len() < 60_000).take(4) {
            for cut in (0..sample.bytes.len()).step_by(sample.bytes.len() / 50 + 1) {
                let photo = [&sample.bytes[..cut], &samples::jpeg::EOI].concat();
                let with = |blank| {
                    let buffer = vec![blank; sample.bytes.len() * 4];
                    write(&photo, &transform, buffer, blank, OnWarning::Write)
                };
                let expected = with(BLANK);
                for blank in [0x55, 0xAA, 0xFF] {
                    assert!(with(blank) == expected, "{}, cut off at {cut}, {blank:02X} before", sample.name);
                }
                *if expected.is_some() { &mut written } else { &mut failed } += 1;
            }
        }
        assert!(written > 50, "only {written} files were written");
        println!("{written} files written, the same over 4 different buffers; {failed} failed");
    }

    /// libjpeg-turbo fills a buffer that is too small, and fails.
    #[test]
    fn a_file_without_its_end_is_none() {
        let photo = &samples::all()[0].bytes;
        let with_room =
            |bytes| write(photo, &Transform::default(), vec![BLANK; bytes], BLANK, OnWarning::Write);
        let whole = with_room(2 * photo.len()).expect("there is room for all of it").len();
        for bytes in [0, 1, 2, 100, whole / 2, whole - 1] {
            assert_eq!(with_room(bytes), None, "{bytes} of {whole} bytes");
        }
        assert_eq!(with_room(whole).map(|file| file.len()), Some(whole));
        println!("{whole} bytes, or none");
    }
}
