//! Writes ICC profiles (ICC.1:2001-04 and later), and splits them into APP2 segments (Annex B.4).

use std::ops::Range;

use crate::jpeg::{LONGEST_PAYLOAD, segment};

/// What the sample profile calls the display: programs that calibrate displays write such names.
pub(crate) const DISPLAY: &str = "Ada's studio display, S/N C02-77-4711, warm evening light";

/// The most bytes of a profile that fit into one segment.
pub const LONGEST_CHUNK: usize = LONGEST_PAYLOAD - 14;

/// The longest profile that 255 segments can hold.
pub const LONGEST_PROFILE: usize = 255 * LONGEST_CHUNK;

/// Length of a profile's header.
pub const HEADER: usize = 128;

/// A profile under construction: a header, a tag table, and the data that the tags refer to.
#[derive(Debug, Clone)]
pub struct Profile {
    header: [u8; HEADER],
    entries: Vec<([u8; 4], Range<usize>)>,
    data: Vec<u8>,
}

impl Profile {
    /// A profile without tags. The size in its header is filled in by [`Profile::bytes`].
    pub fn new(header: [u8; HEADER]) -> Profile {
        Profile { header, entries: Vec::new(), data: Vec::new() }
    }

    /// Adds tags. A tag that equals an earlier one shares its data. The data of any other is followed by `gap`, and by
    /// `fill` up to a multiple of 4.
    pub fn tags<'a, T: AsRef<[u8]>>(
        mut self,
        tags: impl IntoIterator<Item = (&'a [u8; 4], T)>,
        gap: &[u8],
        fill: u8,
    ) -> Profile {
        for (signature, bytes) in tags {
            let bytes = bytes.as_ref();
            let mut earlier = self.entries.iter().map(|(_, range)| range);
            let shared = earlier.find(|range| self.data[(*range).clone()] == *bytes).cloned();
            let range = shared.unwrap_or_else(|| {
                let start = self.data.len();
                self.data.extend_from_slice(bytes);
                let end = self.data.len();
                self.data.extend_from_slice(gap);
                self.data.resize(self.data.len().next_multiple_of(4), fill);
                start..end
            });
            self.entries.push((*signature, range));
        }
        self
    }

    /// Adds a tag that refers to this range of the data, which other tags may overlap.
    pub fn tag_at(mut self, signature: &[u8; 4], range: Range<usize>) -> Profile {
        self.entries.push((*signature, range));
        self
    }

    /// Adds bytes to the data that no tag refers to yet.
    pub fn data(mut self, bytes: impl AsRef<[u8]>) -> Profile {
        self.data.extend_from_slice(bytes.as_ref());
        self
    }

    /// The whole profile.
    pub fn bytes(&self) -> Vec<u8> {
        let start = HEADER + 4 + 12 * self.entries.len();
        let word =
            |number: usize| u32::try_from(number).expect("a profile is smaller than 4 GiB").to_be_bytes();
        let mut profile = self.header.to_vec();
        profile[..4].copy_from_slice(&word(start + self.data.len()));
        profile.extend(word(self.entries.len()));
        for (signature, range) in &self.entries {
            profile.extend([signature, &word(start + range.start)[..], &word(range.len())].concat());
        }
        profile.extend(&self.data);
        profile
    }
}

/// The header of an RGB display's profile, with the version's first two bytes and nothing else that is optional.
pub fn display_header(version: [u8; 2]) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[8..10].copy_from_slice(&version);
    header[12..24].copy_from_slice(b"mntrRGB XYZ ");
    header[36..40].copy_from_slice(b"acsp");
    header
}

/// An APP2 segment with one chunk of a profile: its number, counted from 1, and how many there are.
pub fn chunk(number: u8, count: u8, data: &[u8]) -> Vec<u8> {
    segment(0xE2, &[b"ICC_PROFILE\0", &[number, count][..], data].concat())
}

/// The APP2 segments that a profile is split into: as few as it takes, at least one.
///
/// # Panics
/// If the profile is longer than [`LONGEST_PROFILE`].
pub fn segments(profile: &[u8]) -> Vec<Vec<u8>> {
    let count = profile.len().div_ceil(LONGEST_CHUNK).max(1);
    let count = u8::try_from(count).expect("a profile takes at most 255 segments");
    let data = |number: u8| {
        let start = usize::from(number - 1) * LONGEST_CHUNK;
        &profile[start..profile.len().min(start + LONGEST_CHUNK)]
    };
    (1..=count).map(|number| chunk(number, count, data(number))).collect()
}

/// The profile of a display with the sRGB primaries (version 2.4). `curve` is the number of points of its tone curve;
/// many points make it large.
pub(crate) fn display(curve: usize) -> Vec<u8> {
    let gamma = |i: usize| ((i as f64 / (curve - 1) as f64).powf(2.2) * 65535.0).round() as u16;
    let points: Vec<u8> = (0..curve).flat_map(|i| gamma(i).to_be_bytes()).collect();
    let tone = [b"curv\0\0\0\0", &(curve as u32).to_be_bytes()[..], &points].concat();
    let text = format!("{DISPLAY}\0");
    let mut description = [b"desc\0\0\0\0", &(text.len() as u32).to_be_bytes()[..], text.as_bytes()].concat();
    description.resize(description.len() + 78, 0); // no Unicode, no ScriptCode
    let mut header = display_header([2, 0x40]);
    header[24..36].copy_from_slice(&[2024, 5, 1, 19, 30, 0].map(u16::to_be_bytes).concat());
    header[68..80].copy_from_slice(&xyz_numbers([0.9642, 1.0, 0.8249]));
    // Green and blue share the red curve.
    let tags: [(&[u8; 4], Vec<u8>); 9] = [
        (b"desc", description),
        (b"cprt", b"text\0\0\0\0No copyright, use freely\0".to_vec()),
        (b"wtpt", xyz([0.9642, 1.0, 0.8249])),
        (b"rXYZ", xyz([0.4361, 0.2225, 0.0139])),
        (b"gXYZ", xyz([0.3851, 0.7169, 0.0971])),
        (b"bXYZ", xyz([0.1431, 0.0606, 0.7141])),
        (b"rTRC", tone.clone()),
        (b"gTRC", tone.clone()),
        (b"bTRC", tone),
    ];
    Profile::new(header).tags(tags, b"", 0).bytes()
}

fn xyz(numbers: [f64; 3]) -> Vec<u8> {
    [b"XYZ \0\0\0\0".to_vec(), xyz_numbers(numbers)].concat()
}

fn xyz_numbers(numbers: [f64; 3]) -> Vec<u8> {
    numbers.iter().flat_map(|n| ((n * 65536.0).round() as i32).to_be_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_shares_the_data_of_an_equal_one_and_may_overlap_others() {
        let tags = [(b"aaaa", "first"), (b"bbbb", "second"), (b"cccc", "first")];
        let profile =
            Profile::new([7; HEADER]).tags(tags, b"gap", b'.').tag_at(b"dddd", 3..7).data("end").bytes();
        let data = "firstgapsecondgap...end";
        let start = HEADER + 4 + 4 * 12;
        assert_eq!(profile[..4], ((start + data.len()) as u32).to_be_bytes());
        assert_eq!(profile[4..HEADER], [7; HEADER - 4]);
        assert_eq!(profile[HEADER..HEADER + 4], [0, 0, 0, 4]);
        let expected = tags.into_iter().chain([(b"dddd", "stga")]);
        for (entry, (signature, text)) in profile[HEADER + 4..start].chunks(12).zip(expected) {
            let word = |at| u32::from_be_bytes(std::array::from_fn(|i| entry[at + i])) as usize;
            assert_eq!(&entry[..4], signature);
            assert_eq!(&profile[word(4)..word(4) + word(8)], text.as_bytes());
        }
        assert_eq!(&profile[start..], data.as_bytes());
    }

    #[test]
    fn a_profile_is_split_into_as_few_segments_as_it_needs() {
        for (length, count) in
            [(0, 1), (1, 1), (LONGEST_CHUNK, 1), (LONGEST_CHUNK + 1, 2), (LONGEST_PROFILE, 255)]
        {
            let segments = segments(&vec![5; length]);
            assert_eq!(segments.len(), count, "{length} bytes");
            let payload: usize = segments.iter().map(|segment| segment.len() - 18).sum();
            assert_eq!(payload, length);
            assert_eq!(segments[count - 1][4..18], *[b"ICC_PROFILE\0", &[count as u8; 2][..]].concat());
        }
    }
}
