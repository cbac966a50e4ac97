//! Codes a picture again from the same coefficients, where its data cannot be checked bit by bit as it is: arithmetic
//! coding, damaged data, unusual scans, hidden blocks. libjpeg-turbo draws damaged data as browsers do.

use bytes::Bytes;
use turbojpeg::Transform;

use crate::parse::ParsedFile;
use crate::transform::{Failure, OnWarning, transform};
use crate::{NotRecoded, work};

/// Codes the picture of a photo again, in at most `memory` bytes. `photo` is made of `original`, without its metadata.
pub(crate) fn recode(photo: &[u8], original: &ParsedFile, memory: u64) -> Result<Bytes, NotRecoded> {
    if !original.frame.is_dct() {
        return Err(NotRecoded::Coding);
    }
    work::check_recoding(original, photo.len() as u64)?;
    let recoded = transform(photo, &original.frame, Transform::default(), memory, OnWarning::Write);
    match recoded {
        Ok(recoded) => Ok(recoded.into()),
        Err(Failure::Memory { needs, given }) => Err(NotRecoded::Memory { needs, given }),
        Err(Failure::Damaged) => Err(NotRecoded::Failed),
    }
}
