//! Sample photos full of private data, made by code at run time, for the demo and the tests.
//!
//! No photo of a real person or place has to lie in the repository, and each sample says what was planted in it: the
//! byte strings in [`Sample::secrets`] must not occur in the cleaned photo. Names, places and numbers are invented.

mod exif;
mod hostile;
mod icc;
mod jpeg;
mod large;
mod metadata;
mod multi;
mod photos;
mod picture;

pub use hostile::{Hostile, hostile};
pub use large::large;

/// One sample photo.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Short name, unique.
    pub name: &'static str,
    /// The key to upload it under. Some have spaces, plus signs, percent signs, letters beyond ASCII.
    pub key: &'static str,
    /// The JPEG.
    pub bytes: Vec<u8>,
    /// Byte strings planted in its metadata.
    pub secrets: Vec<Vec<u8>>,
    /// What is in it and why it is hard, in one sentence.
    pub about: &'static str,
}

/// Makes all samples. The same bytes every time.
pub fn all() -> Vec<Sample> {
    photos::all()
}
