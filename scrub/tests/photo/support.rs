//! Small JPEGs, built piece by piece.

use std::io::Write;

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use scrub::{Bytes, Clean, IccMode, Options, OrientationMode, Refusal};

pub(crate) const SOI: &[u8] = &[0xFF, 0xD8];
pub(crate) const EOI: &[u8] = &[0xFF, 0xD9];
pub(crate) const JFIF: &[u8] = b"JFIF\0\x01\x02\x01\0\x48\0\x48\0\0";
pub(crate) const ADOBE: &[u8] = b"Adobe\0\x64\0\0\0\0\x01";
/// Entropy-coded data of all kinds: a stuffed zero, restart markers, fill in front of one, a reserved marker.
pub(crate) const ENTROPY: &[u8] =
    b"\x3F\x12\xFF\x00\x34\xFF\xD0\x56\xFF\xFF\xD7\x78\xFF\x00\xFF\xD3\xFF\x02\x9A";

/// A marker segment.
pub(crate) fn segment(marker: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 2).expect("at most 65,533 bytes");
    [&[0xFF, marker], &length.to_be_bytes()[..], payload].concat()
}

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

pub(crate) fn icc(number: u8, of: u8, data: &[u8]) -> Vec<u8> {
    segment(0xE2, &[b"ICC_PROFILE\0", &[number, of][..], data].concat())
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

/// The pieces of a photo with two scans, in the order they have in a finished one.
pub(crate) fn pieces() -> Vec<Vec<u8>> {
    vec![
        SOI.to_vec(),
        segment(0xE0, JFIF),
        icc(1, 2, b"first"),
        icc(2, 2, b"second"),
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

/// Nothing is turned and no profile is opened: what is in a finished photo is what was in the file.
pub(crate) fn as_stored() -> Options {
    Options { orientation: OrientationMode::Tag, icc: IccMode::Keep, ..Options::default() }
}

pub(crate) fn scrub(photo: &[u8]) -> Result<Clean, Refusal> {
    scrub::scrub(Bytes::copy_from_slice(photo), &as_stored())
}

/// Whether the readers contradict each other. No file may make them do so.
pub(crate) fn is_disagreement(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Unverified(_))
}

/// The marker segments of a photo, between its scans too, found without the readers that are tested.
pub(crate) fn segments(photo: &[u8]) -> Vec<&[u8]> {
    let mut segments = Vec::new();
    let mut rest = &photo[SOI.len()..];
    while !rest.starts_with(EOI) {
        assert_eq!(rest[0], 0xFF, "no marker {} bytes from the end", rest.len());
        let (segment, behind) = rest.split_at(2 + usize::from(u16::from_be_bytes([rest[2], rest[3]])));
        segments.push(segment);
        rest = behind;
        if segment[1] == 0xDA {
            let ends = |pair: &[u8]| pair[0] == 0xFF && matches!(pair[1], 0xC0..=0xCF | 0xD8..=0xFE);
            rest = &rest[rest.windows(2).position(ends).expect("data ends with a marker")..];
        }
    }
    segments
}

/// The segments no finished photo holds: EXIF but for an orientation, IPTC, comments, and whatever else programs add.
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

/// Says that something was not tried. The harness captures what macros print, and shows nothing of a test that passes.
pub(crate) fn skipped(what: &str) {
    // Where it cannot be said, the tests are to go on.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {what}");
}

/// A source of random cases. It prints its seed; `SEED=<number>` in the environment repeats a run.
pub(crate) fn random(cases: u32) -> TestRunner {
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().expect("the clock is past 1970").as_nanos() as u64;
    let seed = std::env::var("SEED").map_or(now, |seed| seed.parse().expect("SEED is a number"));
    println!("{cases} random cases, SEED={seed}");
    let rng =
        TestRng::from_seed(RngAlgorithm::ChaCha, &[seed.to_le_bytes(), [0; 8], [0; 8], [0; 8]].concat());
    TestRunner::new_with_rng(Config { cases, failure_persistence: None, ..Config::default() }, rng)
}
