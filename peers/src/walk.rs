//! The segments of a JPEG in file order (ITU-T T.81, Annex B), read without any code of the photo core.
//!
//! ExifTool does not name every segment, and reports little about what comes after the end.

/// A marker segment, and the bytes between it and the next one.
pub(crate) struct Segment<'a> {
    pub(crate) marker: u8,
    pub(crate) payload: &'a [u8],
    /// Entropy-coded data after SOS; stray bytes after any other segment.
    after: &'a [u8],
    /// Whether a scan comes before it.
    is_after_scan: bool,
}

/// A whole file.
pub(crate) struct Walk<'a> {
    pub(crate) segments: Vec<Segment<'a>>,
    /// The number of bytes after EOI.
    pub(crate) trailing: usize,
}

const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const DQT: u8 = 0xDB;
const APP0: u8 = 0xE0;
const APP1: u8 = 0xE1;
const APP2: u8 = 0xE2;
const APP14: u8 = 0xEE;
const COM: u8 = 0xFE;

impl<'a> Walk<'a> {
    pub(crate) fn new(jpeg: &'a [u8]) -> Self {
        let mut walk = Self { segments: Vec::new(), trailing: 0 };
        let mut at = next_marker(jpeg, 2);
        let mut is_after_scan = false;
        while let Some(&marker) = jpeg.get(at + 1) {
            if marker == EOI {
                walk.trailing = jpeg.len() - at - 2;
                break;
            }
            let length =
                jpeg.get(at + 2..at + 4).map_or(0, |two| usize::from(two[0]) << 8 | usize::from(two[1]));
            let end = (at + 2 + length.max(2)).min(jpeg.len());
            let next = next_marker(jpeg, end);
            let payload = jpeg.get(at + 4..end).unwrap_or_default();
            walk.segments.push(Segment { marker, payload, after: &jpeg[end..next], is_after_scan });
            is_after_scan |= marker == SOS;
            at = next;
        }
        walk
    }

    /// Metadata that is not EXIF, in a segment anywhere in the file. A JFIF header without a thumbnail, a profile, an
    /// Adobe segment and what is needed to draw the picture do not count.
    pub(crate) fn has_other_metadata(&self) -> bool {
        self.segments.iter().any(|segment| match segment.marker {
            APP0 => !(segment.payload.starts_with(b"JFIF\0") && segment.payload.len() <= 14),
            APP1 => !segment.payload.starts_with(b"Exif\0"),
            APP2 => !segment.payload.starts_with(PROFILE),
            APP14 => !(segment.payload.starts_with(b"Adobe") && segment.payload.len() <= 12),
            0xE3..=0xEF | COM => true,
            _ => false,
        })
    }

    /// EXIF after the first scan, which ExifTool finds only if the file is whole.
    pub(crate) fn has_exif_between_scans(&self) -> bool {
        let mut between = self.segments.iter().filter(|segment| segment.is_after_scan);
        between.any(|segment| segment.marker == APP1 && segment.payload.starts_with(b"Exif\0"))
    }

    /// Number of components.
    pub(crate) fn components(&self) -> Option<u8> {
        let is_frame = |marker| matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC);
        self.segments.iter().find(|segment| is_frame(segment.marker))?.payload.get(5).copied()
    }

    /// The colour transform of the Adobe segment that takes effect (Adobe TN 5116, section 18).
    pub(crate) fn adobe(&self) -> Option<u8> {
        let is_adobe =
            |segment: &&Segment<'_>| segment.marker == APP14 && segment.payload.starts_with(b"Adobe");
        self.segments.iter().rfind(is_adobe)?.payload.get(11).copied()
    }

    /// Whether there is a profile with all its chunks (ICC.1, B.4).
    pub(crate) fn has_profile(&self) -> bool {
        let mut chunks: Vec<(u8, u8, &[u8])> = self
            .segments
            .iter()
            .filter(|segment| segment.marker == APP2)
            .filter_map(|segment| match segment.payload.strip_prefix(PROFILE)? {
                [number, of, data @ ..] => Some((*number, *of, data)),
                _ => None,
            })
            .collect();
        chunks.sort_by_key(|(number, ..)| *number);
        let is_whole = (1..=chunks.len())
            .zip(&chunks)
            .all(|(i, &(number, of, _))| usize::from(number) == i && usize::from(of) == chunks.len());
        is_whole && chunks.first().is_some_and(|(.., data)| data.get(36..40) == Some(b"acsp"))
    }

    /// The values of all quantisation tables, sorted, because a rotation may transpose the tables.
    pub(crate) fn quantisation(&self) -> Vec<Vec<u16>> {
        let mut tables = Vec::new();
        for segment in self.segments.iter().filter(|segment| segment.marker == DQT) {
            let mut rest = segment.payload;
            while let Some((&kind, numbers)) = rest.split_first() {
                let size = if kind >> 4 == 0 { 1 } else { 2 };
                let Some((table, next)) = numbers.split_at_checked(64 * size) else { break };
                let number = |bytes: &[u8]| bytes.iter().fold(0, |high, &byte| high << 8 | u16::from(byte));
                let mut table: Vec<u16> = table.chunks(size).map(number).collect();
                table.sort_unstable();
                tables.push(table);
                rest = next;
            }
        }
        tables.sort_unstable();
        tables.dedup();
        tables
    }

    /// What the picture consists of: tables, headers, entropy-coded data.
    pub(crate) fn coded(&self) -> Vec<&'a [u8]> {
        let is_coded = |segment: &&Segment<'_>| !matches!(segment.marker, 0xE0..=0xEF | COM);
        let parts = |segment: &Segment<'a>| {
            [segment.payload, if segment.marker == SOS { segment.after } else { &[] }]
        };
        self.segments.iter().filter(is_coded).flat_map(parts).collect()
    }
}

const PROFILE: &[u8] = b"ICC_PROFILE\0";

/// The offset of the next marker from `at` on that is not a restart marker; the end of the file if there is none.
fn next_marker(jpeg: &[u8], at: usize) -> usize {
    let is_marker = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0x01 | 0xD0..=0xD8 | 0xFF);
    let rest = jpeg.get(at..).unwrap_or_default();
    rest.windows(2).position(is_marker).map_or(jpeg.len(), |found| at + found)
}
