//! What the tests share: small JPEGs, built part by part, and what must be true of every photo.

pub(crate) mod encoders;
pub(crate) mod inject;
pub(crate) mod photo_model;
pub(crate) mod pictures;
pub(crate) mod positions;

pub(crate) use samples::decoders;
pub(crate) use samples::icc::chunk as icc_chunk;
pub(crate) use samples::jpeg::{segment, segments};
pub(crate) use samples::{random, report_skipped};

use scrub::{Bytes, Clean, IccMode, Options, OrientationMode, Refusal};

pub(crate) const SOI: &[u8] = &samples::jpeg::SOI;
pub(crate) const EOI: &[u8] = &samples::jpeg::EOI;
pub(crate) const JFIF: &[u8] = b"JFIF\0\x01\x02\x01\0\x48\0\x48\0\0";
pub(crate) const ADOBE: &[u8] = b"Adobe\0\x64\0\0\0\0\x01";
/// Entropy-coded data of all kinds: a stuffed zero, restart markers, fill bytes before one, a reserved marker.
pub(crate) const ENTROPY: &[u8] =
    b"\x3F\x12\xFF\x00\x34\xFF\xD0\x56\xFF\xFF\xD7\x78\xFF\x00\xFF\xD3\xFF\x02\x9A";

pub(crate) fn dqt() -> Vec<u8> {
    segment(0xDB, &[&[0][..], &[1; 64]].concat())
}

/// A Huffman table with one code, for the value 0.
pub(crate) fn dht(class_and_number: u8) -> Vec<u8> {
    segment(0xC4, &[&[class_and_number, 1][..], &[0; 15], &[0]].concat())
}

/// A frame of 8 by 8 pixels with one component.
pub(crate) fn sof(marker: u8) -> Vec<u8> {
    segment(marker, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0])
}

pub(crate) fn sos() -> Vec<u8> {
    segment(0xDA, &[1, 1, 0, 0, 63, 0])
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

/// The parts of a photo with two scans, in the order they have in a clean one.
pub(crate) fn parts() -> Vec<Vec<u8>> {
    vec![
        SOI.to_vec(),
        segment(0xE0, JFIF),
        icc_chunk(1, 2, b"first"),
        icc_chunk(2, 2, b"second"),
        segment(0xEE, ADOBE),
        dqt(),
        sof(0xC2),
        dht(0x00),
        dht(0x10),
        sos(),
        ENTROPY.to_vec(),
        dht(0x11),
        sos(),
        ENTROPY.to_vec(),
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
