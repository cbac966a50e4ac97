//! What is wrong with a photo that should be clean.

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
