//! The photos that `ripper smoke` sends: the files given, or the project's own samples, and what to expect of each.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;

use crate::failure::Failure;
use crate::photo_file::read_photo;
use crate::{photo_key, text};

/// A photo to send.
#[derive(Debug)]
pub(crate) struct Photo {
    /// The file, or the sample's name.
    pub(crate) name: String,
    /// Its key, after the run's prefix.
    pub(crate) key: String,
    pub(crate) bytes: Bytes,
    /// Byte strings planted in a sample's metadata.
    pub(crate) secrets: Vec<Vec<u8>>,
    pub(crate) expected: Expected,
}

/// Whether the photo core on this machine can clean a photo. What it then removes depends on the stack's settings,
/// which the clean photo names.
#[derive(Debug)]
pub(crate) enum Expected {
    Clean,
    /// It is refused, with the reason's name and a sentence.
    Refused(&'static str, String),
}

impl Photo {
    /// The reason's name, if the photo will be refused.
    pub(crate) fn refused(&self) -> Option<&'static str> {
        match self.expected {
            Expected::Refused(name, _) => Some(name),
            Expected::Clean => None,
        }
    }
}

/// Why the photos cannot be sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PhotoError {
    #[error("{file} cannot be read: {error}")]
    Unreadable { file: String, error: io::Error },
    #[error("{first} and {second} would both have the key {key}; rename one")]
    SameKey { first: String, second: String, key: String },
    #[error("the photo core of this build refuses every sample; it is broken")]
    NoSample,
    #[error("the name of {file} is not UTF-8, as an S3 key must be; rename it")]
    NotUtf8 { file: String },
}

impl From<PhotoError> for Failure {
    fn from(error: PhotoError) -> Self {
        match error {
            PhotoError::Unreadable { .. } | PhotoError::NoSample => Self::Other(error.into()),
            PhotoError::SameKey { .. } | PhotoError::NotUtf8 { .. } => Self::CommandLine(error.into()),
        }
    }
}

/// The samples, or the files given.
pub(crate) fn gather(files: &[PathBuf]) -> Result<Vec<Photo>, PhotoError> {
    if files.is_empty() {
        return Ok(samples::all().into_iter().map(sample).collect());
    }
    let photos: Vec<_> = files.iter().map(|file| given(file)).collect::<Result<_, _>>()?;
    let mut keys = BTreeMap::new();
    for photo in &photos {
        if let Some(first) = keys.insert(&photo.key, &photo.name) {
            let [first, second, key] = [first, &photo.name, &photo.key].map(|name| text::printable(name));
            return Err(PhotoError::SameKey { first, second, key });
        }
    }
    Ok(photos)
}

/// A small photo that should come out clean on any stack: the smallest sample that is not refused.
pub(crate) fn canary() -> Result<Photo, PhotoError> {
    let clean = samples::all().into_iter().map(sample).filter(|photo| photo.refused().is_none());
    clean.min_by_key(|photo| photo.bytes.len()).ok_or(PhotoError::NoSample)
}

fn sample(sample: samples::Sample) -> Photo {
    let bytes = Bytes::from(sample.bytes);
    let expected = expected(&bytes);
    Photo {
        name: sample.name.to_owned(),
        key: sample.key.to_owned(),
        bytes,
        secrets: sample.secrets,
        expected,
    }
}

fn given(file: &Path) -> Result<Photo, PhotoError> {
    let shown = text::path(file);
    let bytes = read_photo(file).map_err(|error| PhotoError::Unreadable { file: shown.clone(), error })?;
    let name = file.file_name().and_then(|name| name.to_str()).ok_or(PhotoError::NotUtf8 { file: shown })?;
    let key = if photo_key::has_suffix(name) { name.to_owned() } else { format!("{name}.jpg") };
    let bytes = Bytes::from(bytes);
    let expected = expected(&bytes);
    Ok(Photo { name: file.to_string_lossy().into_owned(), key, bytes, secrets: Vec::new(), expected })
}

fn expected(photo: &Bytes) -> Expected {
    match scrub::scrub(photo.clone(), &scrub::Options::default()) {
        Ok(_) => Expected::Clean,
        Err(refusal) => Expected::Refused(refusal.name(), refusal.to_string()),
    }
}
