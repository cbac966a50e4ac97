//! A file as a list of its parts, so that others can be put between them.

use crate::jpeg;

/// A file: SOI, segments, the coded data of scans, EOI.
#[derive(Clone)]
pub(super) struct Parts(pub(super) Vec<Vec<u8>>);

impl Parts {
    /// Splits a file that has nothing but segments and scans before EOI.
    pub(super) fn of(file: &[u8]) -> Parts {
        Parts(jpeg::parts(file).into_iter().map(<[u8]>::to_vec).collect())
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        self.0.concat()
    }

    /// The second byte of a part's marker. None for coded data.
    pub(super) fn marker(&self, part: usize) -> Option<u8> {
        let is_data = part > 0 && self.0[part - 1].starts_with(&[0xFF, 0xDA]);
        (!is_data).then(|| self.0[part].get(1).copied().unwrap_or_default())
    }

    /// The parts that are a segment with one of these markers.
    pub(super) fn all(&self, markers: &[u8]) -> Vec<usize> {
        (0..self.0.len()).filter(|&part| self.marker(part).is_some_and(|m| markers.contains(&m))).collect()
    }

    /// The parts that are coded data.
    pub(super) fn data(&self) -> Vec<usize> {
        (0..self.0.len()).filter(|&part| self.marker(part).is_none()).collect()
    }

    /// The frame header.
    pub(super) fn frame(&self) -> usize {
        self.all(&[0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA])[0]
    }

    /// The file with more before a part.
    pub(super) fn with(&self, part: usize, more: &[u8]) -> Parts {
        let mut parts = self.clone();
        parts.0.insert(part, more.to_vec());
        parts
    }

    /// The file with a part changed.
    pub(super) fn edited(&self, part: usize, edit: impl FnOnce(&mut Vec<u8>)) -> Parts {
        let mut parts = self.clone();
        edit(&mut parts.0[part]);
        parts
    }

    /// The name of a part, and its number if there are several of the kind.
    pub(super) fn name(&self, part: usize) -> String {
        let marker = self.marker(part);
        let name = match marker {
            None => "coded data",
            Some(0xC0..=0xC3 | 0xC9 | 0xCA) => "SOF",
            Some(0xC4) => "DHT",
            Some(0xCC) => "DAC",
            Some(0xD8) => "SOI",
            Some(0xD9) => "EOI",
            Some(0xDA) => "SOS",
            Some(0xDB) => "DQT",
            Some(0xDD) => "DRI",
            Some(0xE0) => "JFIF",
            Some(0xEE) => "Adobe",
            Some(_) => "another segment",
        };
        match (0..part).filter(|&other| self.marker(other) == marker).count() {
            0 => name.to_string(),
            before => format!("{name} {}", before + 1),
        }
    }
}
