//! Takes a JPEG apart into segments and data, to put other segments at every place in it.

/// A JPEG, taken apart: SOI, segments, entropy-coded data, EOI, each a piece of its own.
pub(crate) struct Jpeg {
    pieces: Vec<Vec<u8>>,
}

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;

/// A marker segment.
pub(crate) fn segment(marker: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 2).expect("a segment holds at most 65,533 bytes");
    [&[0xFF, marker], &length.to_be_bytes()[..], payload].concat()
}

impl Jpeg {
    /// Takes apart what the encoder wrote.
    pub(crate) fn new(bytes: &[u8]) -> Jpeg {
        let mut pieces = Vec::new();
        let mut rest = bytes;
        while let &[first, second, ..] = rest {
            let is_marker = first == 0xFF && !matches!(second, 0 | 0xD0..=0xD7);
            let length = match second {
                SOI | EOI if is_marker => 2,
                _ if is_marker => 2 + usize::from(u16::from_be_bytes([rest[2], rest[3]])),
                _ => {
                    let ends = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xD0..=0xD7);
                    rest.windows(2).position(ends).expect("the encoder ends with EOI")
                }
            };
            let (piece, behind) = rest.split_at(length);
            pieces.push(piece.to_vec());
            rest = behind;
        }
        Jpeg { pieces }
    }

    /// Puts pieces behind SOI and the JFIF segment.
    pub(crate) fn at_start(mut self, new: impl IntoIterator<Item = Vec<u8>>) -> Jpeg {
        self.pieces.splice(2..2, new);
        self
    }

    /// Puts pieces right in front of the first scan.
    pub(crate) fn before_scan(mut self, new: impl IntoIterator<Item = Vec<u8>>) -> Jpeg {
        let first = self.scans()[0];
        self.pieces.splice(first..first, new);
        self
    }

    /// Puts pieces behind the data of the scan with this number, from 0, in front of what comes next.
    pub(crate) fn behind_scan(mut self, number: usize, new: impl IntoIterator<Item = Vec<u8>>) -> Jpeg {
        let behind = self.scans()[number] + 2;
        self.pieces.splice(behind..behind, new);
        self
    }

    /// Replaces the JFIF segment the encoder wrote.
    pub(crate) fn instead_of_jfif(mut self, new: impl IntoIterator<Item = Vec<u8>>) -> Jpeg {
        self.pieces.splice(1..2, new);
        self
    }

    /// Puts bytes behind EOI.
    pub(crate) fn trailer(mut self, bytes: impl Into<Vec<u8>>) -> Jpeg {
        self.pieces.push(bytes.into());
        self
    }

    /// The whole file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.pieces.concat()
    }

    fn scans(&self) -> Vec<usize> {
        let scans = self.pieces.iter().enumerate().filter(|(_, piece)| piece.starts_with(&[0xFF, SOS]));
        scans.map(|(i, _)| i).collect()
    }
}
