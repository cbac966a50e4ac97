//! The keys of a backfill, in a temporary file: a bucket may have more of them than fit in memory. The file is the
//! manifest of a job as S3 Batch Operations reads it ("Specifying a manifest", Amazon S3 User Guide): a line for each
//! object, with the bucket and the encoded key.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, Write};

use percent_encoding::percent_decode_str;

use crate::photo_key;

/// Keys in the order in which they were added.
#[derive(Debug)]
pub(super) struct KeyList {
    bucket: String,
    file: BufWriter<File>,
    length: usize,
}

impl KeyList {
    pub(super) fn new(bucket: &str) -> io::Result<Self> {
        Ok(Self { bucket: bucket.to_owned(), file: BufWriter::new(tempfile::tempfile()?), length: 0 })
    }

    pub(super) fn add(&mut self, key: &str) -> io::Result<()> {
        self.length = self.length.saturating_add(1);
        writeln!(self.file, "{},{}", self.bucket, photo_key::encoded(key))
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// The keys, from the first.
    pub(super) fn keys(self) -> io::Result<impl Iterator<Item = io::Result<String>>> {
        let skip = self.bucket.len().saturating_add(1);
        let lines = BufReader::new(self.into_rewound_file()?).lines();
        Ok(lines.map(move |line| {
            let line = line?;
            let encoded = line.get(skip..).unwrap_or_default();
            let key = percent_decode_str(encoded).decode_utf8();
            key.map(|key| key.into_owned()).map_err(io::Error::other)
        }))
    }

    /// How many bytes the manifest has.
    pub(super) fn bytes(&mut self) -> io::Result<u64> {
        self.file.flush()?;
        Ok(self.file.get_ref().metadata()?.len())
    }

    /// The manifest in parts of this many bytes; the last one may be shorter.
    pub(super) fn parts(&mut self, bytes: usize) -> io::Result<impl Iterator<Item = io::Result<Vec<u8>>>> {
        self.file.flush()?;
        self.file.get_mut().rewind()?;
        let file = self.file.get_mut();
        Ok(std::iter::from_fn(move || {
            let mut part = Vec::new();
            match Read::take(&mut *file, bytes as u64).read_to_end(&mut part) {
                Ok(0) => None,
                Ok(_) => Some(Ok(part)),
                Err(error) => Some(Err(error)),
            }
        }))
    }

    fn into_rewound_file(self) -> io::Result<File> {
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn list() -> KeyList {
        let mut list = KeyList::new("a-1").unwrap();
        for key in ["2026/a.jpg", "größe +1%,\n.jpg"] {
            list.add(key).unwrap();
        }
        list
    }

    #[test]
    fn a_manifest_has_a_line_of_two_fields_for_each_key_and_comes_in_parts() {
        let parts: Vec<_> = list().parts(20).unwrap().collect::<Result<_, _>>().unwrap();
        let text = String::from_utf8(parts.concat()).unwrap();
        println!("{} parts: {text:?}", parts.len());
        assert_eq!(text, "a-1,2026/a.jpg\na-1,gr%C3%B6%C3%9Fe%20%2B1%25%2C%0A.jpg\n");
        assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [20, 20, 15]);
    }

    #[test]
    fn what_was_added_comes_out_again_even_after_a_manifest_was_read() {
        let mut list = list();
        assert_eq!(list.len(), 2);
        list.parts(7).unwrap().for_each(drop);
        let keys: Vec<_> = list.keys().unwrap().collect::<Result<_, _>>().unwrap();
        println!("{keys:?}");
        assert_eq!(keys, ["2026/a.jpg", "größe +1%,\n.jpg"]);
    }
}
