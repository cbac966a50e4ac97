//! Files with a payload at every place that decoders skip, and at some that they draw.
//!
//! Rows can be hidden by a lowered height. Columns cannot: with a lower width the same data is another picture.

mod after;
mod bytes;
mod fields;
mod height;
mod scans;
mod tables;
#[cfg(test)]
mod tests;

use super::parts::Parts;
use super::picture::mix;
use super::{Coding, Content, codings};

/// What must come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// The picture of the plain file, and nothing of the payload.
    Clean,
    /// The payload is a part of what decoders draw, or damages it: coded again as they draw it, or refused.
    Drawn,
}

/// A file with a payload.
pub struct Planted {
    /// How the picture is coded, and where the payload is.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// A file of the same picture without a payload.
    pub plain: Vec<u8>,
    /// What must come out.
    pub expected: Expected,
    /// Bytes that are in the file because of the payload. Empty where it is coded, or has only some bits.
    pub secret: Vec<u8>,
    /// Whether libjpeg-turbo reads the file to its end. Other decoders may.
    pub is_read: bool,
}

/// A file to plant something in.
struct Case<'a> {
    coding: &'a Coding,
    parts: Parts,
    payload: &'a [u8],
}

/// Every coding with a payload at every place. Two calls with payloads of the same length give files that differ in
/// nothing else.
///
/// # Panics
/// If the payload is not between 12 and 64 bytes of ASCII. It would be a marker, or too long for a table.
pub fn planted(payload: &[u8]) -> impl Iterator<Item = Planted> {
    assert!((12..=64).contains(&payload.len()) && payload.is_ascii(), "a payload is 12 to 64 bytes of ASCII");
    codings().into_iter().filter(is_worth_planting).flat_map(move |coding| {
        let case = Case { coding: &coding, parts: coding.parts(&Content::default()), payload };
        let places = [after::all, bytes::all, fields::all, height::all, scans::all, tables::all];
        places.into_iter().flat_map(|place| place(&case)).collect::<Vec<_>>()
    })
}

/// Of 12 bits only some codings: a program of its own must be started to decode each file.
fn is_worth_planting(coding: &Coding) -> bool {
    let is_typical = ["gray", "YCbCr 4:2:0", "RGB by Adobe"].contains(&coding.colour.name.as_str());
    coding.precision == 8 || (is_typical && coding.is_interleaved && coding.has_restarts)
}

impl Case<'_> {
    /// A file that must come out as the plain one.
    fn plant(&self, place: impl Into<String>, parts: &Parts) -> Planted {
        self.plant_bytes(place, parts.bytes())
    }

    fn plant_bytes(&self, place: impl Into<String>, bytes: Vec<u8>) -> Planted {
        Planted {
            name: format!("{}: {}", self.coding, place.into()),
            bytes,
            plain: self.parts.bytes(),
            expected: Expected::Clean,
            secret: self.payload.to_vec(),
            is_read: true,
        }
    }

    /// A byte of the payload, which is taken for endless.
    fn byte(&self, at: usize) -> u8 {
        self.payload[at % self.payload.len()]
    }

    /// Two bytes of the payload.
    fn word(&self, at: usize) -> u16 {
        u16::from_be_bytes([self.byte(at), self.byte(at + 1)])
    }

    /// What is coded with the payload as its seed.
    fn content(&self) -> Content {
        let seed = self.payload.iter().fold(1, |seed, &byte| mix(seed ^ u64::from(byte)));
        Content { seed, ..Content::default() }
    }

    /// The payload with stuffed bytes, which can be coded data.
    fn stuffed(&self) -> Vec<u8> {
        [self.payload, b"\xFF\0\xFF\0", self.payload].concat()
    }

    /// EOI.
    fn end(&self) -> usize {
        self.parts.0.len() - 1
    }

    /// Whether decoders draw the whole picture by the first scan, and read no other.
    fn has_one_scan(&self) -> bool {
        self.parts.data().len() == 1 && !self.coding.process.is_progressive()
    }

    fn is_huffman(&self) -> bool {
        !self.coding.process.is_arithmetic()
    }
}

impl Planted {
    /// Where the payload is not in the file as it is.
    fn coded(mut self) -> Planted {
        self.secret.clear();
        self
    }

    fn with_secret(mut self, secret: &[u8]) -> Planted {
        self.secret = secret.to_vec();
        self
    }

    fn drawn(mut self) -> Planted {
        self.expected = Expected::Drawn;
        self
    }

    fn unread(mut self) -> Planted {
        self.is_read = false;
        self
    }
}
