//! Why a photo is refused. A reason names markers, offsets and sizes, never metadata.

use crate::{Coding, NotRecoded, Recoded, Violation};

/// Why a photo was refused. Offsets count bytes from the start of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[non_exhaustive]
pub enum Refusal {
    /// The file has no bytes.
    #[error("the file is empty: upload the photo again")]
    Empty,
    /// The file does not start with SOI.
    #[error("not a JPEG: no SOI marker at offset 0; only JPEG photos can be cleaned")]
    NotAJpeg,
    /// A scan starts before any frame header.
    #[error("no frame header before the scan at offset {offset}: the file is damaged")]
    NoFrame {
        /// Where the scan starts.
        offset: usize,
    },
    /// EOI comes before any scan: there is no picture, only tables.
    #[error("no scan before the EOI marker at offset {offset}: there is no picture in this file")]
    NoScan {
        /// Where EOI is.
        offset: usize,
    },
    /// The frame header says that the picture is 0 pixels wide, 0 pixels high or has no components.
    #[error(
        "the frame header at offset {offset} describes a picture without pixels: there is nothing to draw"
    )]
    EmptyPicture {
        /// Where the frame header is.
        offset: usize,
    },
    /// A second frame header before the picture is complete. Only hierarchical coding has them.
    #[error("a second frame header at offset {offset}, before the picture is complete: the file is damaged")]
    SecondFrame {
        /// Where the second frame header is.
        offset: usize,
    },
    /// A second SOI before the picture is complete: two files have run into each other.
    #[error("a second SOI marker at offset {offset}, before the picture is complete: the file is damaged")]
    SecondImage {
        /// Where the second SOI is.
        offset: usize,
    },
    /// The picture is coded in a way no ordinary decoder reads.
    #[error(
        "{coding} coding at offset {offset}: no ordinary decoder draws it; save the photo as baseline JPEG"
    )]
    UnsupportedCoding {
        /// The coding.
        coding: Coding,
        /// Where it is announced.
        offset: usize,
    },
    /// A segment's length runs past the end of the file.
    #[error(
        "the segment 0xFF{marker:02X} at offset {offset} says that it is {length} bytes long, but only {left} are \
         left: the file is cut off or damaged; upload it again"
    )]
    LengthPastEnd {
        /// Second byte of the marker.
        marker: u8,
        /// Where the marker is.
        offset: usize,
        /// The length it states, in bytes, without the marker.
        length: usize,
        /// How many bytes are left in the file after the marker.
        left: usize,
    },
    /// A table or header that the picture is coded in is not as long as its content says.
    #[error(
        "the segment 0xFF{marker:02X} at offset {offset} has a length that does not match its content: \
         the file is damaged"
    )]
    BadLength {
        /// Second byte of the marker.
        marker: u8,
        /// Where the marker is.
        offset: usize,
    },
    /// A table or conditioning has a number or value that the standard does not know.
    #[error(
        "the segment 0xFF{marker:02X} at offset {offset} defines a table with a number or value that \
         libjpeg-turbo does not accept, and with it no browser: the file is damaged"
    )]
    BadTable {
        /// Second byte of the marker.
        marker: u8,
        /// Where the marker is.
        offset: usize,
    },
    /// The frame header has a precision, a number of components, a sampling factor or a table that does not exist.
    #[error(
        "the frame header at offset {offset} holds values that libjpeg-turbo does not accept: the file is damaged"
    )]
    BadFrame {
        /// Where the frame header is.
        offset: usize,
    },
    /// The file ends before the picture is complete.
    #[error(
        "the file ends at offset {offset}, and {percent} % of the picture is there: it is cut off; upload it again"
    )]
    CutOff {
        /// Length of the file.
        offset: usize,
        /// How much of the picture is there, in per cent of its coefficients.
        percent: u8,
    },
    /// Data of a scan is missing at its end.
    #[error(
        "{percent} % of scan {scan}, which starts at offset {offset}, are there: its data is cut off; upload it again"
    )]
    DataMissing {
        /// Number of the scan, from 1.
        scan: usize,
        /// Where it starts.
        offset: usize,
        /// How much of it is there, in per cent of its MCUs.
        percent: u8,
    },
    /// The picture has to be coded again, and cannot be.
    #[error(
        "because of {reason} the picture has to be coded again, but {because}; open it in a photo editor and save it \
         as a new file"
    )]
    NotRecoded {
        /// Why it has to be.
        reason: Recoded,
        /// Why it cannot be.
        because: NotRecoded,
    },
    /// A scan header that libjpeg-turbo does not accept.
    #[error(
        "the scan header at offset {offset} holds values that libjpeg-turbo does not accept: the file is damaged"
    )]
    BadScan {
        /// Where the scan header is.
        offset: usize,
    },
    /// The scans would take longer to read than those of a file with so much data, or of any file, may.
    #[error(
        "the scans up to the one at offset {offset} take up to {needs} ms to read, and {given} are allowed for a file \
         with so much data: this is not a photo"
    )]
    TooMuchWork {
        /// How long they take at most, in milliseconds.
        needs: u64,
        /// How long they may take, in milliseconds.
        given: u64,
        /// Where the scan starts that is too much.
        offset: usize,
    },
    /// A progressive picture that is too large to be read.
    #[error(
        "reading the picture takes {needs} bytes of memory, and {given} are allowed: save it as baseline JPEG"
    )]
    TooMuchMemory {
        /// How much it takes, in bytes.
        needs: u64,
        /// How much it may take, in bytes.
        given: u64,
        /// Where its first scan starts.
        offset: usize,
    },
    /// More segments than any photo has.
    #[error("more than {limit} segments at offset {offset}: this is not a photo")]
    TooManySegments {
        /// How many are allowed.
        limit: usize,
        /// Where the first one too many is.
        offset: usize,
    },
    /// More scans than any photo has.
    #[error("more than {limit} scans at offset {offset}: this is not a photo")]
    TooManyScans {
        /// How many are allowed.
        limit: usize,
        /// Where the first one too many is.
        offset: usize,
    },
    /// The picture is far larger than its data can code: most of it is missing, or was never there.
    #[error(
        "the frame header at offset {offset} describes {width} x {height} pixels, which take at least {needed} bytes \
         of data, but there are only {bytes}: most of the picture is missing; upload it again"
    )]
    TooLittleData {
        /// Pixels per line.
        width: u16,
        /// Lines.
        height: u16,
        /// How many bytes of entropy-coded data there are.
        bytes: u64,
        /// How many there have to be.
        needed: u64,
        /// Where the frame header is.
        offset: usize,
    },
    /// The clean photo did not pass the verifier, so it is not returned.
    #[error(
        "the clean photo did not pass verification ({0}): this is a bug, please report it with the output of \
         `ripper inspect --json`"
    )]
    Unverified(#[from] Violation),
}

impl Refusal {
    /// The reason's name, for logs and metrics. It does not change between versions.
    pub fn name(&self) -> &'static str {
        self.into()
    }
}
