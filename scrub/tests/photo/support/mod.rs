//! What the tests share: small JPEGs, built part by part, and what must be true of every photo.

pub(crate) mod encoders;
pub(crate) mod inject;
pub(crate) mod photo_model;
mod picture_model;
pub(crate) mod pictures;
pub(crate) mod positions;
pub(crate) mod promises;

pub(crate) use samples::decoders;
pub(crate) use samples::icc::chunk as icc_chunk;
pub(crate) use samples::jpeg::{pack_bits, segment, segments};
pub(crate) use samples::{random, report_skipped};

use scrub::{Bytes, Clean, IccMode, Options, OrientationMode, Refusal};

pub(crate) const SOI: &[u8] = &samples::jpeg::SOI;
pub(crate) const EOI: &[u8] = &samples::jpeg::EOI;
pub(crate) const JFIF: &[u8] = b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0";
pub(crate) const ADOBE: &[u8] = b"Adobe\0\x64\0\0\0\0\x01";
/// The coded data of one block, with the tables of [`dht`]: code 0 for "no difference", code 0 for "no more
/// coefficients", and padding.
pub(crate) const ENTROPY: &[u8] = b"\x3F";
/// The coded data of 8 blocks, with the tables of [`two_codes`]. A difference of 255 is a byte of ones, with a stuffed
/// zero.
pub(crate) const FIRST_SCAN: &[u8] = b"\x02\xFF\x00\x2A\xA0\x1F";
/// The coded data of 16 blocks of two components, with a restart marker after half of them. The last byte has no
/// padding.
pub(crate) const SECOND_SCAN: &[u8] = b"\x02\xFF\0\0\x7F\xFF\xD0\0\0";

pub(crate) fn dqt() -> Vec<u8> {
    segment(0xDB, &[&[0][..], &[1; 64]].concat())
}

/// A Huffman table with one code: 0, for the value 0.
pub(crate) fn dht(class_and_number: u8) -> Vec<u8> {
    table(class_and_number, &[0])
}

/// A Huffman table with these values: the code of the first is 0, that of the next 10, and so on.
pub(crate) fn table(class_and_number: u8, values: &[u8]) -> Vec<u8> {
    let counts: Vec<u8> = (0..16).map(|length| u8::from(length < values.len())).collect();
    segment(0xC4, &[&[class_and_number][..], &counts, values].concat())
}

/// A Huffman table with two codes: 0 for the value 0, and 10 for the value 8, which 8 bits follow.
pub(crate) fn two_codes(class_and_number: u8) -> Vec<u8> {
    table(class_and_number, &[0, 8])
}

/// A frame of 8 by 8 pixels with one component.
pub(crate) fn sof(marker: u8) -> Vec<u8> {
    segment(marker, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0])
}

/// The header of a sequential scan of the first component.
pub(crate) fn sos() -> Vec<u8> {
    segment(0xDA, &[1, 1, 0, 0, 63, 0])
}

/// The parts of the smallest picture in a coding, from its tables to EOI, as they are in a clean photo.
pub(crate) fn picture(sof_marker: u8) -> Vec<Vec<u8>> {
    let (frame, eoi) = (sof(sof_marker), EOI.to_vec());
    let scan = |parameters: [u8; 3]| segment(0xDA, &[&[1, 1, 0][..], &parameters].concat());
    match sof_marker {
        // One code for each of 64 samples.
        0xC3 => vec![frame, dht(0x00), scan([1, 0, 0]), vec![0; 8], eoi],
        // The first coefficient, then all others.
        0xC2 | 0xCA => {
            let data = b"\x7F".to_vec();
            vec![dqt(), frame, dht(0x00), dht(0x10), scan([0; 3]), data.clone(), scan([1, 63, 0]), data, eoi]
        }
        _ => vec![dqt(), frame, dht(0x00), dht(0x10), sos(), ENTROPY.to_vec(), eoi],
    }
}

/// The same of a sequential picture with up to 4 components in one scan.
pub(crate) fn interleaved(components: u8) -> Vec<Vec<u8>> {
    let each = |parameters: fn(u8) -> Vec<u8>| (1..=components).flat_map(parameters).collect::<Vec<u8>>();
    let mut parts = picture(0xC0);
    parts[1] = segment(0xC0, &[&[8, 0, 8, 0, 8, components][..], &each(|id| vec![id, 0x11, 0])].concat());
    parts[4] = segment(0xDA, &[&[components][..], &each(|id| vec![id, 0]), &[0, 63, 0]].concat());
    // Two bits for each block, and padding.
    parts[5] = vec![(0xFF_u16 >> (2 * components)) as u8];
    parts
}

/// Numbers below the one that is asked for. Always the same, in their order.
pub(crate) fn numbers() -> impl FnMut(u64) -> u64 {
    let mut state = 1_u64;
    move |below| {
        state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(1);
        (state >> 33) % below
    }
}

/// Where the part with this index starts.
pub(crate) fn offset_of(parts: &[Vec<u8>], index: usize) -> usize {
    parts[..index].iter().map(Vec::len).sum()
}

/// A little-endian EXIF segment with nothing but an orientation.
pub(crate) fn exif(orientation: u8) -> Vec<u8> {
    let tiff =
        [b"Exif\0\0II\x2A\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", &[orientation, 0, 0, 0][..], &[0; 4]];
    segment(0xE1, &tiff.concat())
}

/// The EXIF segment that `scrub` writes.
pub(crate) fn orientation_tag(orientation: u8) -> Vec<u8> {
    let tiff =
        [b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", &[orientation, 0, 0][..], &[0; 4]];
    segment(0xE1, &tiff.concat())
}

/// The parts of a photo of 64 by 8 pixels with two scans, as they are in a clean one.
pub(crate) fn parts() -> Vec<Vec<u8>> {
    vec![
        SOI.to_vec(),
        segment(0xE0, JFIF),
        icc_chunk(1, 2, b"first"),
        icc_chunk(2, 2, b"second"),
        segment(0xEE, ADOBE),
        dqt(),
        segment(0xC0, &[8, 0, 8, 0, 64, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]),
        two_codes(0x00),
        two_codes(0x10),
        sos(),
        FIRST_SCAN.to_vec(),
        two_codes(0x11),
        segment(0xDD, &[0, 4]),
        segment(0xDA, &[2, 2, 0x01, 3, 0x01, 0, 63, 0]),
        SECOND_SCAN.to_vec(),
        EOI.to_vec(),
    ]
}

/// Nothing is rotated and no profile is rewritten: all that is in a clean photo was in the file.
pub(crate) fn as_stored() -> Options {
    Options { orientation: OrientationMode::Tag, icc: IccMode::Keep, ..Options::default() }
}

pub(crate) fn scrub(photo: &[u8]) -> Result<Clean, Refusal> {
    scrub::scrub(Bytes::copy_from_slice(photo), &as_stored())
}

/// Whether the verifier refused what the scrubber wrote. No file may cause that.
pub(crate) fn is_disagreement(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Unverified(_))
}

/// The segments that no clean photo contains: EXIF with more than an orientation, IPTC, comments, and whatever else
/// programs add.
pub(crate) fn private_segments(photo: &[u8]) -> Vec<&[u8]> {
    let mut segments = segments(photo);
    segments.retain(|segment| match segment[1] {
        0xE1 => (2..=8).all(|orientation| *segment != orientation_tag(orientation)),
        0xE0 | 0xE2 | 0xEE => false,
        marker => marker >= 0xE0,
    });
    segments
}

/// Bytes as hexadecimal numbers, for messages.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut hex: Vec<String> = bytes.iter().take(400).map(|byte| format!("{byte:02X}")).collect();
    if bytes.len() > 400 {
        hex.push(format!("... {} bytes in all", bytes.len()));
    }
    hex.join(" ")
}

/// Asserts that two photos are the same bytes, and shows both where they are not.
#[track_caller]
pub(crate) fn assert_same(got: &[u8], expected: &[u8], what: &str) {
    assert!(got == expected, "{what}\n     got {}\nexpected {}", hex(got), hex(expected));
}

pub(crate) fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
