//! Which EXIF gives a photo an orientation: only what browsers read (Exif 2.32, tag 0x0112), in either byte order.
//! ExifTool, where it is at hand, reads the same, except for what is listed here.

use crate::exiftool;
use crate::support::*;
use scrub::{NotRotated, Orientation};

/// What ExifTool reads differently, and why that is right.
const EXIFTOOL_DIFFERS: [(&str, u8, &str); 2] = [
    ("a LONG", 6, "ExifTool reads a number of any type, browsers only a SHORT"),
    ("two numbers", 6, "ExifTool reads the first of many, browsers only a single one"),
];

/// A photo with this TIFF data.
fn photo(tiff: &[u8]) -> Vec<u8> {
    [SOI, &exif_with(tiff), &sof(0xC0), &sos(), ENTROPY, EOI].concat()
}

fn exif_with(tiff: &[u8]) -> Vec<u8> {
    segment(0xE1, &[b"Exif\0\0", tiff].concat())
}

/// The orientation of a photo with this TIFF data.
fn orientation(tiff: &[u8]) -> u8 {
    let photo = photo(tiff);
    let rest = &photo[2 + exif_with(tiff).len()..];
    let inspection = scrub::inspect(&photo, &as_stored()).unwrap();
    let expected = match inspection.orientation {
        1 => [SOI, rest].concat(),
        other => [SOI, &orientation_tag(other), rest].concat(),
    };
    assert_same(&scrub(&photo).unwrap().photo, &expected, "orientation");
    inspection.orientation
}

/// TIFF data with entries of 12 bytes in its first directory.
fn big(entries: &[u8]) -> Vec<u8> {
    [b"MM\0\x2A\0\0\0\x08\0", &[(entries.len() / 12) as u8][..], entries, &[0; 4]].concat()
}

fn little(entries: &[u8]) -> Vec<u8> {
    [b"II\x2A\0\x08\0\0\0", &[(entries.len() / 12) as u8, 0][..], entries, &[0; 4]].concat()
}

/// What the TIFF data is, the data, and the orientation it gives.
fn cases() -> Vec<(String, Vec<u8>, u8)> {
    let make = b"\x01\x0F\0\x02\0\0\0\x02hi\0\0";
    let mut cases = Vec::new();
    for value in 2..=8 {
        let entry = [b"\x01\x12\0\x03\0\0\0\x01\0", &[value, 0, 0][..]].concat();
        let after_make = [make, &entry[..]].concat();
        let little_entry = [b"\x12\x01\x03\0\x01\0\0\0", &[value, 0, 0, 0][..]].concat();
        cases.push((format!("{value}, big-endian"), big(&entry), value));
        cases.push((format!("{value} after another tag"), big(&after_make), value));
        cases.push((format!("{value}, little-endian"), little(&little_entry), value));
    }
    let others: [(&str, &[u8], u8); 11] = [
        // Only the first entry counts, whatever it is.
        ("6, then 3", b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\x01\x12\0\x03\0\0\0\x01\0\x03\0\0", 6),
        ("9, then 3", b"\x01\x12\0\x03\0\0\0\x01\0\x09\0\0\x01\x12\0\x03\0\0\0\x01\0\x03\0\0", 1),
        ("upright", b"\x01\x12\0\x03\0\0\0\x01\0\x01\0\0", 1),
        ("0", b"\x01\x12\0\x03\0\0\0\x01\0\0\0\0", 1),
        ("9", b"\x01\x12\0\x03\0\0\0\x01\0\x09\0\0", 1),
        ("262, whose low byte is 6", b"\x01\x12\0\x03\0\0\0\x01\x01\x06\0\0", 1),
        ("another tag", b"\x01\x13\0\x03\0\0\0\x01\0\x06\0\0", 1),
        ("a LONG", b"\x01\x12\0\x04\0\0\0\x01\0\0\0\x06", 1),
        ("a LONG whose first half is 6", b"\x01\x12\0\x04\0\0\0\x01\0\x06\0\0", 1),
        ("no numbers", b"\x01\x12\0\x03\0\0\0\0\0\x06\0\0", 1),
        ("two numbers", b"\x01\x12\0\x03\0\0\0\x02\0\x06\0\0", 1),
    ];
    cases.extend(others.map(|(what, entries, expected)| (what.to_owned(), big(entries), expected)));
    let cut = [b"MM\0\x2A\0\0\0\x08\0\x02", &make[..], b"\x01\x12\0\x03\0\0\0\x01\0"].concat();
    cases.push(("cut off".to_owned(), cut, 1));
    cases
}

#[test]
fn an_orientation_is_one_short_number_in_the_first_directory() {
    let cases = cases();
    for (what, tiff, expected) in &cases {
        assert_eq!(orientation(tiff), *expected, "{what}");
    }
    println!("{} kinds of TIFF data", cases.len());
}

#[test]
fn exiftool_reads_the_same_orientations_except_those_listed() {
    let cases = cases();
    let photos = cases.iter().map(|(_, tiff, _)| photo(tiff));
    let Some(said) = exiftool::ask(photos, &["-IFD0:Orientation"]) else { return };
    for ((what, _, ours), said) in cases.iter().zip(&said) {
        let first = said.get("IFD0:Orientation").and_then(|values| values.split(' ').next());
        // Anything but 2 to 8 leaves a photo as it is stored.
        let read =
            first.and_then(|value| value.parse().ok()).filter(|value| (2..=8).contains(value)).unwrap_or(1);
        let differs = EXIFTOOL_DIFFERS.iter().find(|(name, ..)| name == what);
        let expected = differs.map_or(*ours, |(_, theirs, why)| {
            println!("{what}: {ours} and {theirs}: {why}");
            *theirs
        });
        assert_eq!(read, expected, "{what}: {said:?}");
    }
    println!("{} photos, all others read the same", cases.len());
}

#[test]
fn a_report_says_in_words_what_happened_to_an_orientation() {
    let rotated =
        |trimmed_columns, trimmed_rows| Orientation::Rotated { from: 6, trimmed_columns, trimmed_rows };
    let tagged = |not_rotated| Orientation::Tagged { orientation: 8, not_rotated };
    let words = [
        (Orientation::Upright, "upright"),
        (rotated(0, 0), "rotated from 6"),
        (rotated(0, 7), "rotated from 6, 0 columns and 7 rows trimmed"),
        (rotated(3, 0), "rotated from 6, 3 columns and 0 rows trimmed"),
        (tagged(None), "tagged 8"),
        (tagged(Some(NotRotated::Scans { limit: 100 })), "tagged 8: it has more than 100 scans"),
        (Orientation::Dropped { from: 3 }, "dropped 3"),
    ];
    for (orientation, expected) in words {
        assert_eq!(orientation.to_string(), expected);
    }
}
