//! Codes a picture again from the same coefficients, where its data cannot be checked bit by bit as it is: arithmetic
//! coding, damaged data, unusual scans. libjpeg-turbo does the work, in C, and draws damaged data as browsers do: what
//! it writes is scrubbed and verified like any other file.

use bytes::Bytes;
use img_parts::jpeg::markers;
use turbojpeg::{Transform, Transformer};

use crate::parse::ParsedFile;

/// Memory of a block: 64 coefficients of 2 bytes.
const BYTES_PER_BLOCK: u64 = 64 * 2;
/// The most memory that libjpeg-turbo takes for its tables and rows.
const FIXED_BYTES: u64 = 1 << 20;
/// Blocks over all scans of a picture: reading one of them arithmetically takes about 50 ns.
const MAX_BLOCKS: u64 = 20_000_000;

/// Has libjpeg-turbo code a picture again, in at most `memory` bytes. `photo` is made of `original`, without its
/// metadata. None if that is too much work, or if libjpeg-turbo writes no whole file.
pub(crate) fn recode(photo: &[u8], original: &ParsedFile, memory: u64) -> Option<Bytes> {
    let blocks = original.frame.blocks();
    // Arithmetic coding takes less space than Huffman coding, and next to nothing for blocks that are all the same.
    let output = (photo.len() as u64).saturating_mul(3).saturating_add(blocks).saturating_add(1 << 16);
    let needs = blocks.saturating_mul(BYTES_PER_BLOCK).saturating_add(output).saturating_add(FIXED_BYTES);
    let work = blocks.saturating_mul(original.scans() as u64);
    if needs > memory || work > MAX_BLOCKS {
        return None;
    }
    let mut transform = Transform::default();
    transform.optimize = true;
    transform.progressive = original.frame.is_progressive();
    // Zeros, so that nothing else can be in what libjpeg-turbo does not write.
    let mut recoded = vec![0; usize::try_from(output).ok()?];
    let result = Transformer::new()
        .and_then(|mut transformer| transformer.transform_to_slice(&transform, photo, &mut recoded));
    // A warning is an error too, and damaged data causes some: the file may be whole all the same.
    let length = result.ok().or_else(|| recoded.iter().rposition(|&byte| byte != 0)?.checked_add(1))?;
    recoded.truncate(length);
    let is_whole =
        recoded.starts_with(&[markers::P, markers::SOI]) && recoded.ends_with(&[markers::P, markers::EOI]);
    is_whole.then(|| recoded.into())
}
