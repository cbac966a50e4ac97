//! What is wrong with a photo that should be clean.

use super::Flaw;

/// Why a photo does not pass [`verify`](crate::verify()). Offsets count bytes from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Violation {
    /// It does not start with SOI.
    #[error("no SOI marker at offset 0")]
    NoSoi,
    /// There is something else where a marker has to be.
    #[error("no marker at offset {offset}")]
    NoMarker {
        /// Where.
        offset: usize,
    },
    /// A segment that is not allowed at all, or not at this position.
    #[error("segment 0xFF{marker:02X} is not allowed at offset {offset}")]
    Forbidden {
        /// Second byte of its marker.
        marker: u8,
        /// Where.
        offset: usize,
    },
    /// A segment that does not have the exact shape that is required.
    #[error("segment 0xFF{marker:02X} at offset {offset} does not have the required shape")]
    Shape {
        /// Second byte of its marker.
        marker: u8,
        /// Where.
        offset: usize,
    },
    /// A colour profile that holds more than colours.
    #[error("the colour profile that ends at offset {offset} holds more than colours")]
    Profile {
        /// Where it ends.
        offset: usize,
    },
    /// A table or restart interval that no scan uses.
    #[error("nothing uses the table of 0xFF{marker:02X} at offset {offset}")]
    UnusedTable {
        /// Second byte of the marker of its segment.
        marker: u8,
        /// Where the table starts: a segment can contain several. For a restart interval, where its segment starts.
        offset: usize,
    },
    /// A scan uses a table that was not defined before it.
    #[error("the scan at offset {offset} uses a table that is not there")]
    MissingTable {
        /// Where the scan header is.
        offset: usize,
    },
    /// A scan that codes something again, or too early, or one scan too many.
    #[error("the scan at offset {offset} does not follow from the scans before it")]
    Script {
        /// Where the scan header is.
        offset: usize,
    },
    /// More blocks than any photo has, or than its data can code.
    #[error("too many blocks up to the scan at offset {offset}")]
    TooMuch {
        /// Where the scan header is.
        offset: usize,
    },
    /// Coded data that is not exactly the MCUs of its scan.
    #[error("the coded data has {flaw} at offset {offset}")]
    CodedData {
        /// Where: the byte that has the next bit.
        offset: usize,
        /// What is wrong.
        flaw: Flaw,
    },
    /// A colour profile for another number of components than the frame has.
    #[error("the colour profile is not for the components of the frame at offset {offset}")]
    ProfileOfOtherColours {
        /// Where the frame starts.
        offset: usize,
    },
    /// The file ends too early.
    #[error("the file ends at offset {offset}, before the picture does")]
    CutOff {
        /// Its length.
        offset: usize,
    },
    /// There are bytes after EOI.
    #[error("bytes after EOI, at offset {offset}")]
    Trailer {
        /// Where.
        offset: usize,
    },
}
