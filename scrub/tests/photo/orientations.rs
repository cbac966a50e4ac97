//! Which EXIF says how a photo lies: only what browsers read (Exif 2.32, tag 0x0112), in either byte order.

use crate::support::*;
use scrub::{NotTurned, Orientation};

/// What a photo with this TIFF data is said to have as an orientation.
fn orientation(tiff: &[u8]) -> u8 {
    let exif = segment(0xE1, &[b"Exif\0\0", tiff].concat());
    let photo = [SOI, &exif, &sof(0xC0), &sos(), ENTROPY, EOI].concat();
    let inspection = scrub::inspect(&photo, &as_stored()).unwrap();
    let expected = match inspection.orientation {
        1 => [SOI, &photo[2 + exif.len()..]].concat(),
        other => [SOI, &orientation_tag(other), &photo[2 + exif.len()..]].concat(),
    };
    assert_same(&scrub(&photo).unwrap().photo, &expected, "orientation");
    inspection.orientation
}

const BIG: &[u8] = b"MM\0\x2A\0\0\0\x08";
const LITTLE: &[u8] = b"II\x2A\0\x08\0\0\0";

#[test]
fn an_orientation_is_one_short_number_in_the_first_directory() {
    let big =
        |entries: &[u8]| orientation(&[BIG, &[0, (entries.len() / 12) as u8], entries, &[0; 4]].concat());
    let little =
        |entries: &[u8]| orientation(&[LITTLE, &[(entries.len() / 12) as u8, 0], entries, &[0; 4]].concat());
    let make = b"\x01\x0F\0\x02\0\0\0\x02hi\0\0";
    for value in 2..=8 {
        let entry = [b"\x01\x12\0\x03\0\0\0\x01\0", &[value, 0, 0][..]].concat();
        assert_eq!(big(&entry), value);
        assert_eq!(big(&[make, &entry[..]].concat()), value);
        assert_eq!(little(&[b"\x12\x01\x03\0\x01\0\0\0", &[value, 0, 0, 0][..]].concat()), value);
    }
    // Only the first entry counts, whatever it is.
    assert_eq!(big(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\x01\x12\0\x03\0\0\0\x01\0\x03\0\0"), 6);
    assert_eq!(big(b"\x01\x12\0\x03\0\0\0\x01\0\x09\0\0\x01\x12\0\x03\0\0\0\x01\0\x03\0\0"), 1);
    let none: [(&str, &[u8]); 8] = [
        ("upright", b"\x01\x12\0\x03\0\0\0\x01\0\x01\0\0"),
        ("0", b"\x01\x12\0\x03\0\0\0\x01\0\0\0\0"),
        ("9", b"\x01\x12\0\x03\0\0\0\x01\0\x09\0\0"),
        ("262, whose low byte is 6", b"\x01\x12\0\x03\0\0\0\x01\x01\x06\0\0"),
        ("another tag", b"\x01\x13\0\x03\0\0\0\x01\0\x06\0\0"),
        ("a LONG", b"\x01\x12\0\x04\0\0\0\x01\0\x06\0\0"),
        ("no numbers", b"\x01\x12\0\x03\0\0\0\0\0\x06\0\0"),
        ("two numbers", b"\x01\x12\0\x03\0\0\0\x02\0\x06\0\0"),
    ];
    for (what, entry) in none {
        assert_eq!(big(entry), 1, "{what}");
    }
    let cut = [BIG, b"\0\x02", make, b"\x01\x12\0\x03\0\0\0\x01\0"].concat();
    assert_eq!(orientation(&cut), 1, "cut off");
}

#[test]
fn a_report_says_in_words_what_became_of_an_orientation() {
    let turned =
        |trimmed_columns, trimmed_rows| Orientation::Turned { from: 6, trimmed_columns, trimmed_rows };
    let tagged = |not_turned| Orientation::Tagged { orientation: 8, not_turned };
    let words = [
        (Orientation::Upright, "upright"),
        (turned(0, 0), "turned from 6"),
        (turned(0, 7), "turned from 6, 0 columns and 7 rows trimmed"),
        (turned(3, 0), "turned from 6, 3 columns and 0 rows trimmed"),
        (tagged(None), "tagged 8"),
        (tagged(Some(NotTurned::Scans { limit: 100 })), "tagged 8: it has more than 100 scans"),
        (Orientation::Dropped { from: 3 }, "dropped 3"),
    ];
    for (orientation, expected) in words {
        assert_eq!(orientation.to_string(), expected);
    }
}
