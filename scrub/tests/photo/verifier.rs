//! The verifier accepts what `scrub` writes and nothing else.

use crate::support::*;
use scrub::{Violation, verify};

/// A clean photo with one part replaced or put in.
fn tampered(change: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    let mut parts = parts();
    change(&mut parts);
    parts.concat()
}

fn forbidden(marker: u8, offset: usize) -> Violation {
    Violation::Forbidden { marker, offset }
}

fn shape(marker: u8, offset: usize) -> Violation {
    Violation::Shape { marker, offset }
}

#[test]
fn a_clean_photo_is_accepted() {
    assert_eq!(verify(&parts().concat(), &as_stored()), Ok(()));
    let accepted = [
        tampered(|p| p.insert(2, orientation_tag(2))),
        tampered(|p| p.insert(2, orientation_tag(8))),
        tampered(|p| drop(p.drain(1..5))),
        tampered(|p| drop(p.drain(2..4))),
        tampered(|p| p.insert(5, segment(0xDD, &[0, 1]))),
        tampered(|p| p.insert(11, segment(0xDC, &[0, 8]))),
        tampered(|p| {
            p[6] = sof(0xCA);
            p.insert(8, segment(0xCC, &[0, 0x10, 0x11, 2]));
        }),
        tampered(|p| p[10] = Vec::new()),
    ];
    for photo in &accepted {
        assert_eq!(verify(photo, &as_stored()), Ok(()), "{}", hex(photo));
    }
    println!("{} variants", accepted.len() + 1);
}

#[test]
fn anything_a_clean_photo_must_not_contain_is_a_violation() {
    let jfif_at = 2;
    let icc_at = jfif_at + 18;
    let second_icc_at = icc_at + 23;
    let adobe_at = second_icc_at + 24;
    let tables_at = adobe_at + 16;
    let frame_at = tables_at + 69;
    let scan_at = frame_at + 13 + 22 + 22;
    let entropy_at = scan_at + 10;
    let between_at = entropy_at + ENTROPY.len();
    let end = parts().concat().len();
    let orientation = |value: u8| {
        let mut tag = orientation_tag(6);
        let at = tag.len() - 7;
        tag[at] = value;
        tag
    };
    let longer = |mut segment: Vec<u8>| {
        segment[3] += 1;
        segment.push(0x55);
        segment
    };
    let with_thumbnail = segment(0xE0, b"JFIF\0\x01\x02\x01\0\x48\0\x48\x01\x01RGB");
    let cases: Vec<(&str, Vec<u8>, Violation)> = vec![
        ("no SOI", tampered(|p| p[0] = vec![0xFF, 0xD9]), Violation::NoSoi),
        ("nothing", Vec::new(), Violation::NoSoi),
        ("half an SOI", vec![0xFF], Violation::NoSoi),
        ("SOI alone", SOI.to_vec(), Violation::CutOff { offset: 2 }),
        (
            "a comment in the header",
            tampered(|p| p.insert(5, segment(0xFE, b"hi"))),
            forbidden(0xFE, tables_at),
        ),
        (
            "a comment between scans",
            tampered(|p| p.insert(11, segment(0xFE, b"hi"))),
            forbidden(0xFE, between_at),
        ),
        (
            "XMP",
            tampered(|p| p.insert(2, segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0"))),
            shape(0xE1, icc_at),
        ),
        ("EXIF with more in it", tampered(|p| p.insert(2, longer(orientation_tag(6)))), shape(0xE1, icc_at)),
        ("EXIF in the other byte order", tampered(|p| p.insert(2, exif(6))), shape(0xE1, icc_at)),
        ("orientation 1", tampered(|p| p.insert(2, orientation(1))), shape(0xE1, icc_at)),
        ("orientation 9", tampered(|p| p.insert(2, orientation(9))), shape(0xE1, icc_at)),
        (
            "two EXIF segments",
            tampered(|p| p.splice(2..2, [orientation_tag(6), orientation_tag(6)]).for_each(drop)),
            forbidden(0xE1, icc_at + 36),
        ),
        ("EXIF before JFIF", tampered(|p| p.insert(1, orientation_tag(6))), forbidden(0xE0, 38)),
        ("EXIF after ICC", tampered(|p| p.insert(4, orientation_tag(6))), forbidden(0xE1, adobe_at)),
        ("EXIF between scans", tampered(|p| p.insert(11, orientation_tag(6))), forbidden(0xE1, between_at)),
        ("a JFIF thumbnail", tampered(|p| p[1] = with_thumbnail), shape(0xE0, jfif_at)),
        ("a longer JFIF", tampered(|p| p[1] = longer(segment(0xE0, JFIF))), shape(0xE0, jfif_at)),
        ("a JFIF whose header announces a thumbnail", tampered(|p| p[1][16] = 1), shape(0xE0, jfif_at)),
        ("two JFIF segments", tampered(|p| p.insert(2, segment(0xE0, JFIF))), forbidden(0xE0, icc_at)),
        ("JFXX", tampered(|p| p[1] = segment(0xE0, b"JFXX\0\x13\x01\x01RGB")), shape(0xE0, jfif_at)),
        ("a longer Adobe", tampered(|p| p[4] = longer(segment(0xEE, ADOBE))), shape(0xEE, adobe_at)),
        ("Adobe with flags", tampered(|p| p[4][12] = 1), shape(0xEE, adobe_at)),
        ("Adobe of another version", tampered(|p| p[4][10] = 101), shape(0xEE, adobe_at)),
        ("two Adobe segments", tampered(|p| p.insert(5, segment(0xEE, ADOBE))), forbidden(0xEE, tables_at)),
        (
            "Adobe between scans",
            tampered(|p| p.insert(11, segment(0xEE, ADOBE))),
            forbidden(0xEE, between_at),
        ),
        ("an ICC chunk missing at the end", tampered(|p| drop(p.remove(3))), shape(0xE2, second_icc_at)),
        ("an ICC chunk missing at the start", tampered(|p| drop(p.remove(2))), shape(0xE2, icc_at)),
        ("ICC chunks in the wrong order", tampered(|p| p.swap(2, 3)), shape(0xE2, icc_at)),
        (
            "an ICC chunk twice",
            tampered(|p| p.insert(3, icc_chunk(1, 2, b"first"))),
            shape(0xE2, second_icc_at),
        ),
        (
            "ICC chunks that disagree",
            tampered(|p| p[3] = icc_chunk(2, 3, b"second")),
            shape(0xE2, second_icc_at),
        ),
        (
            "an ICC chunk too many",
            tampered(|p| p.insert(4, icc_chunk(3, 2, b"third"))),
            shape(0xE2, adobe_at),
        ),
        ("MPF", tampered(|p| p.insert(4, segment(0xE2, b"MPF\0II\x2A\0"))), shape(0xE2, adobe_at)),
        (
            "an ICC chunk between scans",
            tampered(|p| p.insert(11, icc_chunk(1, 1, b"x"))),
            forbidden(0xE2, between_at),
        ),
        ("IPTC", tampered(|p| p.insert(4, segment(0xED, b"Photoshop 3.0\0"))), forbidden(0xED, adobe_at)),
        ("C2PA", tampered(|p| p.insert(4, segment(0xEB, b"JP"))), forbidden(0xEB, adobe_at)),
        ("a JPGn segment", tampered(|p| p.insert(5, segment(0xF0, b"x"))), forbidden(0xF0, tables_at)),
        (
            "stray bytes in the header",
            tampered(|p| p.insert(5, b"stray".to_vec())),
            Violation::NoMarker { offset: tables_at },
        ),
        ("fill bytes in the header", tampered(|p| p.insert(5, vec![0xFF])), forbidden(0xFF, tables_at)),
        (
            "a restart marker in the header",
            tampered(|p| p.insert(5, vec![0xFF, 0xD0])),
            forbidden(0xD0, tables_at),
        ),
        ("fill bytes before EOI", tampered(|p| p.insert(14, vec![0xFF, 0xFF])), forbidden(0xFF, end - 2)),
        (
            "stray bytes between scans",
            tampered(|p| p[11].extend(b"stray")),
            Violation::NoMarker { offset: between_at + 22 },
        ),
        ("a byte after EOI", tampered(|p| p.push(vec![0])), Violation::Trailer { offset: end }),
        ("a photo after EOI", tampered(|p| p.extend(parts())), Violation::Trailer { offset: end }),
        ("no EOI", tampered(|p| drop(p.pop())), Violation::CutOff { offset: end - 2 }),
        ("a second SOI", tampered(|p| p.insert(11, SOI.to_vec())), forbidden(0xD8, between_at)),
        ("no frame", tampered(|p| drop(p.remove(6))), forbidden(0xDA, scan_at - 13)),
        ("two frames", tampered(|p| p.insert(7, sof(0xC0))), forbidden(0xC0, frame_at + 13)),
        ("a frame between scans", tampered(|p| p.insert(11, sof(0xC0))), forbidden(0xC0, between_at)),
        ("a hierarchical frame", tampered(|p| p[6] = sof(0xC5)), forbidden(0xC5, frame_at)),
        ("a lossless arithmetic frame", tampered(|p| p[6] = sof(0xCB)), forbidden(0xCB, frame_at)),
        ("EOI before the scan", tampered(|p| p.insert(9, EOI.to_vec())), forbidden(0xD9, scan_at)),
        ("metadata after a table", tampered(|p| p.swap(4, 5)), forbidden(0xEE, adobe_at + 69)),
        ("a longer frame header", tampered(|p| p[6] = longer(sof(0xC2))), shape(0xC2, frame_at)),
        ("a longer scan header", tampered(|p| p[9] = longer(sos())), shape(0xDA, scan_at)),
        ("a longer quantisation table", tampered(|p| p[5] = longer(dqt())), shape(0xDB, tables_at)),
        ("a longer Huffman table", tampered(|p| p[7] = longer(dht(0))), shape(0xC4, frame_at + 13)),
        (
            "a longer restart interval",
            tampered(|p| p.insert(5, segment(0xDD, &[0, 1, 0]))),
            shape(0xDD, tables_at),
        ),
        ("a longer DNL", tampered(|p| p.insert(11, segment(0xDC, b"JFIF"))), shape(0xDC, between_at)),
        ("a length of 1", tampered(|p| p.insert(5, vec![0xFF, 0xDB, 0, 1])), shape(0xDB, tables_at)),
    ];
    for (what, photo, expected) in &cases {
        let got = verify(photo, &as_stored());
        println!("{what}: {}", got.map_or_else(|violation| violation.to_string(), |()| "accepted".into()));
        assert_eq!(got, Err(*expected), "{what}: {}", hex(photo));
    }
    println!("{} violations", cases.len());
}

#[test]
fn every_file_cut_short_is_a_violation() {
    let photo = parts().concat();
    for length in 0..photo.len() {
        assert!(verify(&photo[..length], &as_stored()).is_err(), "cut off at {length}");
    }
    println!("{} lengths", photo.len());
}
