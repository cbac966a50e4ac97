//! How long libjpeg-turbo takes to rotate a photo, at most. A kilobyte can describe a hundred scans of 67 megapixels,
//! so neither the length of a file nor its memory bounds that: the blocks that are gone over in each scan do.
//!
//! The figures are those of libjpeg-turbo with SIMD on one core of an ordinary machine, in nanoseconds, for the worst
//! picture that was found: noise at quality 100 for bytes, and blank pictures of many scans for blocks.

use crate::orientation::NotRotated;
use crate::parse::ParsedFile;

/// The longest rotation. Photos of 24 megapixels take 0.2 s (baseline) to 1.7 s (progressive, quality 100).
const MAX_NANOSECONDS: u64 = 3_000_000_000;

/// Each block is moved, and written once or, in a progressive photo, a few times.
const BLOCK: u64 = 300;
/// A block in a scan, with Huffman coding. The slowest are those that refine coefficients.
const HUFFMAN_BLOCK: u64 = 50;
/// The same with arithmetic coding: it can code 64 coefficients in no bytes at all, bit by bit.
const ARITHMETIC_BLOCK: u64 = 4_000;
/// A byte of the file, which is read once, and written after its codes have been counted.
const BASELINE_BYTE: u64 = 27;
/// The same in a progressive photo: its codes are short.
const PROGRESSIVE_BYTE: u64 = 70;

/// Whether a photo, of `bytes` when it is clean, can be rotated in reasonable time.
pub(crate) fn check(file: &ParsedFile, bytes: u64) -> Result<(), NotRotated> {
    let frame = &file.frame;
    let block = if frame.is_arithmetic() { ARITHMETIC_BLOCK } else { HUFFMAN_BLOCK };
    let byte = if frame.is_progressive() { PROGRESSIVE_BYTE } else { BASELINE_BYTE };
    let each_block = block.saturating_mul(file.scans() as u64).saturating_add(BLOCK);
    let needs = frame.blocks().saturating_mul(each_block).saturating_add(bytes.saturating_mul(byte));
    let milliseconds = |nanoseconds: u64| nanoseconds.div_ceil(1_000_000);
    match needs > MAX_NANOSECONDS {
        true => Err(NotRotated::Work { needs: milliseconds(needs), given: milliseconds(MAX_NANOSECONDS) }),
        false => Ok(()),
    }
}
