//! Which EXIF gives a photo an orientation: only what browsers read (Exif 2.32, tag 0x0112), in either byte order.
//! ExifTool, where it is at hand, reads the same. What viewers read differently is unreadable.

use crate::exiftool;
use crate::support::*;
use scrub::{NotRotated, Options, Orientation, OrientationMode, Trim};
use strum::VariantArray;

/// A photo with this TIFF data.
fn photo(tiff: &[u8]) -> Vec<u8> {
    [SOI, &exif_with(tiff), &picture(0xC0).concat()].concat()
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
    let others: [(&str, &[u8], u8); 9] = [
        ("3 twice", b"\x01\x12\0\x03\0\0\0\x01\0\x03\0\0\x01\x12\0\x03\0\0\0\x01\0\x03\0\0", 3),
        ("upright", b"\x01\x12\0\x03\0\0\0\x01\0\x01\0\0", 1),
        ("0", b"\x01\x12\0\x03\0\0\0\x01\0\0\0\0", 1),
        ("9", b"\x01\x12\0\x03\0\0\0\x01\0\x09\0\0", 1),
        ("262, whose low byte is 6", b"\x01\x12\0\x03\0\0\0\x01\x01\x06\0\0", 1),
        ("another tag", b"\x01\x13\0\x03\0\0\0\x01\0\x06\0\0", 1),
        ("a LONG of 1", b"\x01\x12\0\x04\0\0\0\x01\0\0\0\x01", 1),
        ("a LONG of 9", b"\x01\x12\0\x04\0\0\0\x01\0\0\0\x09", 1),
        ("two numbers, 1 and 6", b"\x01\x12\0\x03\0\0\0\x02\0\x01\0\x06", 1),
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
fn exiftool_reads_the_same_orientations() {
    let cases = cases();
    let photos = cases.iter().map(|(_, tiff, _)| photo(tiff));
    let Some(said) = exiftool::ask(photos, &["-IFD0:Orientation"]) else { return };
    for ((what, _, ours), said) in cases.iter().zip(&said) {
        let first = said.get("IFD0:Orientation").and_then(|values| values.split(' ').next());
        // Anything but 2 to 8 leaves a photo as it is stored.
        let read =
            first.and_then(|value| value.parse().ok()).filter(|value| (2..=8).contains(value)).unwrap_or(1);
        assert_eq!(read, *ours, "{what}: {said:?}");
    }
    println!("{} photos, all read the same", cases.len());
}

/// A photo with these segments, which is stored as it is and says so.
fn assert_unreadable(what: &str, segments: &[u8]) {
    let rest = picture(0xC0).concat();
    let photo = [SOI, segments, &rest].concat();
    assert_eq!(scrub::inspect(&photo, &as_stored()).unwrap().orientation, 1, "{what}");
    for &orientation in OrientationMode::VARIANTS {
        let clean = scrub::scrub(photo.clone().into(), &Options { orientation, ..as_stored() }).unwrap();
        println!("{what}: {}", clean.report.orientation);
        assert_eq!(clean.report.orientation, Orientation::Unreadable, "{what}");
        assert_same(&clean.photo, &[SOI, &rest[..]].concat(), what);
    }
}

#[test]
fn an_orientation_that_viewers_read_differently_is_unreadable() {
    let short = |value: u8| [b"\x01\x12\0\x03\0\0\0\x01\0", &[value, 0, 0][..]].concat();
    let cases: [(&str, Vec<u8>); 9] = [
        ("6, then 3", [short(6), short(3)].concat()),
        ("9, then 3", [short(9), short(3)].concat()),
        ("6, then 1", [short(6), short(1)].concat()),
        ("a LONG", b"\x01\x12\0\x04\0\0\0\x01\0\0\0\x06".to_vec()),
        ("a LONG whose first half is 6", b"\x01\x12\0\x04\0\0\0\x01\0\x06\0\0".to_vec()),
        ("a BYTE", b"\x01\x12\0\x01\0\0\0\x01\x06\0\0\0".to_vec()),
        ("no numbers", b"\x01\x12\0\x03\0\0\0\0\0\x06\0\0".to_vec()),
        ("two numbers", b"\x01\x12\0\x03\0\0\0\x02\0\x06\0\0".to_vec()),
        ("a LONG, then the same as a SHORT", [b"\x01\x12\0\x04\0\0\0\x01\0\0\0\x06", &short(6)[..]].concat()),
    ];
    for (what, entries) in cases {
        assert_unreadable(what, &exif_with(&big(&entries)));
    }
    let other_tag = exif_with(&big(b"\x01\x13\0\x03\0\0\0\x01\0\x06\0\0"));
    assert_unreadable("only in the second EXIF segment", &[other_tag.clone(), exif(6)].concat());
    for property in
        ["tiff:Orientation=\"6\"", "<tiff:Orientation>6</tiff:Orientation>", "tiff:Orientation = '8'"]
    {
        assert_unreadable(property, &xmp(property));
        assert_unreadable(property, &[other_tag.clone(), xmp(property)].concat());
    }
}

fn xmp(property: &str) -> Vec<u8> {
    segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta ", property.as_bytes()].concat())
}

#[test]
fn xmp_counts_for_nothing_where_exif_gives_an_orientation_or_both_are_upright() {
    let rest = picture(0xC0).concat();
    let cases = [
        ([exif(1), xmp("tiff:Orientation=\"6\"")].concat(), Orientation::Upright),
        (
            [xmp("tiff:Orientation=\"3\""), exif(6)].concat(),
            Orientation::Tagged { orientation: 6, not_rotated: None },
        ),
        (xmp("tiff:Orientation=\"1\""), Orientation::Upright),
        (xmp("tiff:Orientation"), Orientation::Upright),
        (xmp("tiff:OrientationOf=\"6\""), Orientation::Upright),
    ];
    for (segments, expected) in cases {
        let clean = scrub(&[SOI, &segments, &rest].concat()).unwrap();
        println!("{}", clean.report.orientation);
        assert_eq!(clean.report.orientation, expected);
    }
}

#[test]
fn the_first_exif_segment_that_holds_a_tiff_header_counts() {
    let rest = picture(0xC0).concat();
    let nothing = segment(0xE1, b"Exif\0\0");
    let fill = segment(0xE1, b"Exif\0");
    let no_tiff = segment(0xE1, b"Exif\0\0XX\0\x2A\0\0\0\x08");
    for before in [vec![], nothing.clone(), fill, no_tiff, [nothing.clone(), nothing.clone()].concat()] {
        let photo = [SOI, &before, &exif(6), &exif(3), &rest].concat();
        let clean = scrub(&photo).unwrap();
        println!("after {} bytes: {}", before.len(), clean.report.orientation);
        assert_same(&clean.photo, &[SOI, &orientation_tag(6), &rest].concat(), "6 counts");
    }
    let upright = scrub(&[SOI, &nothing, &exif(1), &exif(6), &rest].concat()).unwrap();
    assert_eq!(upright.report.orientation, Orientation::Upright);
}

#[test]
fn a_report_says_in_words_what_happened_to_an_orientation() {
    let rotated =
        |trimmed_columns, trimmed_rows| Orientation::Rotated { from: 6, trimmed_columns, trimmed_rows };
    let tagged = |not_rotated| Orientation::Tagged { orientation: 8, not_rotated };
    let trim = Trim { columns: 11, rows: 0, width: 75, height: 64 };
    let words = [
        (Orientation::Upright, "upright"),
        (rotated(0, 0), "rotated from 6"),
        (rotated(0, 7), "rotated from 6, 0 columns and 7 rows trimmed"),
        (rotated(3, 0), "rotated from 6, 3 columns and 0 rows trimmed"),
        (
            Orientation::Unreadable,
            "unreadable: viewers differ on the orientation, and the picture stays as it is stored",
        ),
        (tagged(None), "tagged 8: rotating it was not asked for"),
        (
            tagged(Some(NotRotated::Work { needs: 16_000, given: 3_000 })),
            "tagged 8: rotating it may take 16000 ms of work and 3000 ms are allowed",
        ),
        (
            tagged(Some(NotRotated::LargeTrim(trim))),
            "tagged 8: rotating it would trim 11 of 75 columns and 0 of 64 rows: more than 1/16 of a side",
        ),
        (
            tagged(Some(NotRotated::NotPerfect(trim))),
            "tagged 8: rotating it would trim 11 of 75 columns and 0 of 64 rows: none may be lost",
        ),
        (Orientation::Dropped { from: 3 }, "dropped 3"),
    ];
    for (orientation, expected) in words {
        assert_eq!(orientation.to_string(), expected);
    }
}
