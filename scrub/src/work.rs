//! How long libjpeg-turbo takes to code a photo again, at most. A kilobyte can describe a hundred scans of 67
//! megapixels, so neither the length of a file nor its memory bounds that: the blocks that are gone over in each scan
//! do.
//!
//! The figures are nanoseconds on one core of an ordinary machine, for the worst picture that was found (`just
//! slowest`): noise at quality 100 for bytes, and blank pictures of many scans for blocks.

use crate::parse::ParsedFile;
use crate::scan::ScanHeader;
use crate::{NotRecoded, NotRotated};

/// The longest that all work on a photo may take: the walks of what it was and of what is written, coding it again, and
/// rotating it. Rotating photos of 24 megapixels takes 0.2 s (baseline) to 1.7 s (progressive, quality 100).
const MAX_NANOSECONDS: u64 = 3_000_000_000;

/// Each block is moved, and written once. That takes longest where the picture is one MCU wide.
const BASELINE_BLOCK: u64 = 600;
/// In a progressive photo it is written in ten scans, whose codes are counted first.
const PROGRESSIVE_BLOCK: u64 = 1_500;
/// A block in a scan, with Huffman coding. The slowest are those that refine coefficients.
const HUFFMAN_BLOCK: u64 = 50;
/// A coefficient in a scan, with arithmetic coding: it can be coded in no bytes at all, bit by bit.
const ARITHMETIC_COEFFICIENT: u64 = 64;
/// The same for each block.
const ARITHMETIC_BLOCK: u64 = 190;
/// A byte of the file, which is read once, and written after its codes have been counted.
const BASELINE_BYTE: u64 = 27;
/// The same in a progressive photo: its codes are short.
const PROGRESSIVE_BYTE: u64 = 70;

/// Whether a photo, of `bytes` without its metadata, can be coded again in reasonable time.
pub(crate) fn check_recoding(file: &ParsedFile, bytes: u64) -> Result<(), NotRecoded> {
    let needs = recoding(file, bytes).saturating_add(file.walk_time);
    match needs > MAX_NANOSECONDS {
        true => Err(NotRecoded::Work { needs: milliseconds(needs), given: milliseconds(MAX_NANOSECONDS) }),
        false => Ok(()),
    }
}

/// Whether a photo, of `bytes` when it is clean, can be rotated in reasonable time, after it was coded again if it had
/// to be.
pub(crate) fn check_rotation(file: &ParsedFile, bytes: u64) -> Result<(), NotRotated> {
    let recoded = if file.recoded.is_some() { recoding(file, bytes) } else { 0 };
    let walks = file.walk_time.saturating_mul(2);
    let rotating = transforming(file, bytes, HUFFMAN_BLOCK, 0).saturating_add(walks);
    let needs = recoded.saturating_add(rotating);
    match needs > MAX_NANOSECONDS {
        true => Err(NotRotated::Work { needs: milliseconds(needs), given: milliseconds(MAX_NANOSECONDS) }),
        false => Ok(()),
    }
}

/// What it takes to code a picture again, and to walk the result.
fn recoding(file: &ParsedFile, bytes: u64) -> u64 {
    let coding = match file.frame.is_arithmetic() {
        true => transforming(file, bytes, ARITHMETIC_BLOCK, ARITHMETIC_COEFFICIENT),
        false => transforming(file, bytes, HUFFMAN_BLOCK, 0),
    };
    coding.saturating_add(file.walk_time)
}

/// What it takes to read and write a picture, if reading a block and a coefficient in a scan takes this long.
fn transforming(file: &ParsedFile, bytes: u64, block: u64, coefficient: u64) -> u64 {
    let frame = &file.frame;
    let scan = |(_, scan): &(usize, ScanHeader)| {
        let coefficients = u64::from(scan.end.saturating_sub(scan.start)).saturating_add(1);
        let each = block.saturating_add(coefficient.saturating_mul(coefficients));
        scan.blocks(frame).saturating_mul(each)
    };
    let scans = file.scan_headers.iter().map(scan).fold(0, u64::saturating_add);
    let (byte, written) = match frame.is_progressive() {
        true => (PROGRESSIVE_BYTE, PROGRESSIVE_BLOCK),
        false => (BASELINE_BYTE, BASELINE_BLOCK),
    };
    let blocks = frame.blocks().saturating_mul(written);
    scans.saturating_add(blocks).saturating_add(bytes.saturating_mul(byte))
}

fn milliseconds(nanoseconds: u64) -> u64 {
    nanoseconds.div_ceil(1_000_000)
}
