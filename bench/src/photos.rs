//! The photos that are measured: real pictures in real coding, since most of the time goes into walking that.

use std::error::Error;

use bench::drawing;
use bench::machine::memory_folder;
use samples::jpeg::{EOI, segment, segments};

use crate::jpegtran;

/// About 2.5 MB, as phones write it.
pub(crate) fn megapixels_12(header: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    drawing::photo(4000, 3000, 4, header)
}

/// About 14 MB, as a camera writes it at its best quality.
pub(crate) fn megapixels_24(header: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    drawing::photo(6000, 4000, 7, header)
}

/// About 1.7 MB.
pub(crate) fn of_1_7_mb(header: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    drawing::photo(3264, 2448, 4, header)
}

/// The same picture and metadata in progressive coding, with the scans that libjpeg-turbo writes.
pub(crate) fn progressive(photo: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let folder = memory_folder()?;
    let (file, output) = (folder.path().join("a.jpg"), folder.path().join("b.jpg"));
    std::fs::write(&file, photo)?;
    jpegtran::run(&["-progressive", "-copy", "all"], &file, &output)?;
    Ok(std::fs::read(output)?)
}

/// A small picture in a large file: metadata before it and after it, and hardly any coded data.
pub(crate) fn metadata(bytes: usize) -> Result<Vec<u8>, Box<dyn Error>> {
    let xmp = segment(0xE1, &[&b"http://ns.adobe.com/xap/1.0/\0"[..], &[b'x'; 60_000]].concat());
    let mut photo = drawing::photo(64, 64, 4, &xmp.repeat(bytes / 2 / xmp.len()))?;
    photo.resize(bytes - EOI.len(), b'y');
    Ok(photo)
}

/// The metadata of the sample that is an ordinary camera file.
pub(crate) fn camera_header() -> Vec<u8> {
    let camera = samples::all().into_iter().find(|sample| sample.name == "camera");
    let bytes = camera.map(|sample| sample.bytes).unwrap_or_default();
    let is_metadata = |segment: &&[u8]| segment.get(1) == Some(&0xE1);
    segments(&bytes).into_iter().filter(is_metadata).collect::<Vec<_>>().concat()
}
