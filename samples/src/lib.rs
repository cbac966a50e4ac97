//! Sample photos full of private data, made by code at run time, for the demo and the tests.
//!
//! So the repository needs no photo of a real person or place, and each sample says what was planted in it: the byte
//! strings in [`Sample::secrets`] must not be in the clean photo. Names, places and numbers are invented.
//!
//! It is also the one place that builds JPEG segments ([`jpeg`]) and ICC profiles ([`icc`]) for tests. The feature
//! `testing` adds an encoder for every coding, decoders, random cases and the real photos that are shared between
//! checkouts.

#[cfg(feature = "testing")]
pub mod coded;
#[cfg(feature = "testing")]
pub mod decoders;
mod exif;
mod hostile;
pub mod icc;
pub mod jpeg;
mod large;
mod metadata;
mod multi_picture;
mod photos;
mod picture;
mod planted;
#[cfg(feature = "testing")]
mod random;
#[cfg(feature = "testing")]
mod shared_photos;
#[cfg(test)]
mod tests;

pub use hostile::{Hostile, hostile};
pub use large::large;
#[cfg(feature = "testing")]
pub use random::random;
#[cfg(feature = "testing")]
pub use shared_photos::{report_skipped, shared_photos, shared_photos_folder};

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
