//! Builds JPEG segments, and splits a JPEG into its parts so that other segments can be put anywhere in it.

/// Start of image.
pub const SOI: [u8; 2] = [0xFF, 0xD8];
/// End of image.
pub const EOI: [u8; 2] = [0xFF, 0xD9];
const SOF0: u8 = 0xC0;
const SOS: u8 = 0xDA;

/// The longest payload of a segment: its length field has two bytes and counts itself (ITU-T T.81, B.1.1.4).
pub const LONGEST_PAYLOAD: usize = 65_533;

/// A marker segment. `marker` is the second byte of its marker.
///
/// # Panics
/// If the payload is longer than [`LONGEST_PAYLOAD`].
pub fn segment(marker: u8, payload: &[u8]) -> Vec<u8> {
    assert!(payload.len() <= LONGEST_PAYLOAD, "a segment holds at most {LONGEST_PAYLOAD} bytes");
    let length = payload.len() as u16 + 2;
    [&[0xFF, marker], &length.to_be_bytes()[..], payload].concat()
}

/// Bits, each a digit, as entropy-coded data: with padding and stuffed zeros (ITU-T T.81, F.1.2.3).
pub fn pack_bits(bits: &str) -> Vec<u8> {
    let padded = format!("{bits}{}", "1".repeat((8 - bits.len() % 8) % 8));
    let mut data = Vec::new();
    for bits in padded.as_bytes().chunks(8) {
        data.push(bits.iter().fold(0, |byte, bit| byte << 1 | (bit & 1)));
        data.extend((data.last() == Some(&0xFF)).then_some(0));
    }
    data
}

/// The marker segments of a JPEG, those between its scans too, markers and lengths included.
///
/// # Panics
/// If there is anything but segments and scans before EOI.
pub fn segments(photo: &[u8]) -> Vec<&[u8]> {
    let mut parts = parts(photo);
    parts.retain(|part| matches!(part, [0xFF, 0xC0..=0xCF | 0xDA..=0xFE, ..]));
    parts
}

/// SOI, every segment, the coded data of every scan, EOI. What comes after EOI is not among them.
pub(crate) fn parts(photo: &[u8]) -> Vec<&[u8]> {
    let mut at = SOI.len();
    let mut ends = vec![at];
    while !photo[at..].starts_with(&EOI) {
        let rest = &photo[at..];
        assert_eq!(rest.first(), Some(&0xFF), "no marker {} bytes from the end", rest.len());
        at += 2 + usize::from(u16::from_be_bytes([rest[2], rest[3]]));
        ends.push(at);
        if rest[1] == SOS {
            let is_end = |pair: &[u8]| matches!(pair, [0xFF, 0xC0..=0xCF | 0xD8..=0xFE]);
            at += photo[at..].windows(2).position(is_end).expect("coded data ends at a marker");
            ends.push(at);
        }
    }
    ends.push(at + EOI.len());
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(&ends).map(|(start, &end)| &photo[start..end]).collect()
}

/// A JPEG, split into parts: SOI, segments, coded data, EOI.
pub(crate) struct Jpeg {
    parts: Vec<Vec<u8>>,
}

impl Jpeg {
    /// Splits what the encoder wrote.
    pub(crate) fn new(bytes: &[u8]) -> Jpeg {
        Jpeg { parts: parts(bytes).into_iter().map(<[u8]>::to_vec).collect() }
    }

    /// Puts parts after SOI and the JFIF segment.
    pub(crate) fn after_jfif(mut self, new: impl IntoIterator<Item = Vec<u8>>) -> Jpeg {
        self.parts.splice(2..2, new);
        self
    }

    /// Puts parts right before the first scan.
    pub(crate) fn before_scan(mut self, new: impl IntoIterator<Item = Vec<u8>>) -> Jpeg {
        let first = self.scans()[0];
        self.parts.splice(first..first, new);
        self
    }

    /// Puts parts right after the data of the scan with this number, counted from 0.
    pub(crate) fn after_scan(mut self, number: usize, new: impl IntoIterator<Item = Vec<u8>>) -> Jpeg {
        let after = self.scans()[number] + 2;
        self.parts.splice(after..after, new);
        self
    }

    /// Replaces the JFIF segment that the encoder wrote.
    pub(crate) fn instead_of_jfif(mut self, new: impl IntoIterator<Item = Vec<u8>>) -> Jpeg {
        self.parts.splice(1..2, new);
        self
    }

    /// Numbers the components from 1, as a clean photo does. The encoder numbers them from 0.
    pub(crate) fn components_from_1(mut self) -> Jpeg {
        for part in &mut self.parts {
            // After marker and length: 6 bytes and 3 for each component, or 1 byte and 2 for each.
            let (first, step) = match part[..2] {
                [0xFF, SOF0] => (10, 3),
                [0xFF, SOS] => (5, 2),
                _ => continue,
            };
            let count = part[first - 1].into();
            part.iter_mut().skip(first).step_by(step).take(count).for_each(|id| *id += 1);
        }
        self
    }

    /// Puts bytes after EOI.
    pub(crate) fn trailer(mut self, bytes: impl Into<Vec<u8>>) -> Jpeg {
        self.parts.push(bytes.into());
        self
    }

    /// The whole file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.parts.concat()
    }

    fn scans(&self) -> Vec<usize> {
        let scans = self.parts.iter().enumerate().filter(|(_, part)| part.starts_with(&[0xFF, SOS]));
        scans.map(|(i, _)| i).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_found_between_scans_too() {
        let (table, comment, scan) =
            (segment(0xDB, &[1; 65]), segment(0xFE, b"\xFF\xD9"), segment(SOS, &[1; 6]));
        let data = b"\xFF\xD0coded\xFF\0data\xFF\x02".to_vec();
        let photo = [&SOI[..], &table, &comment, &scan, &data, &comment, &scan, &EOI, b"trailer"].concat();
        assert_eq!(segments(&photo), [&table, &comment, &scan, &comment, &scan]);
    }
}
