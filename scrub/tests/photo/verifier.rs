//! The verifier accepts what `scrub` writes and nothing else.

use crate::support::*;
use scrub::{Flaw, Violation, verify};

/// A clean photo with one part replaced or put in.
fn tampered(change: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    let mut parts = parts();
    change(&mut parts);
    parts.concat()
}

fn forbidden(marker: u8, offset: usize) -> Violation {
    Violation::Forbidden { marker, offset }
}

fn coded(offset: usize, flaw: Flaw) -> Violation {
    Violation::CodedData { offset, flaw }
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
        // Tables in another place before the scan that uses them.
        tampered(|p| p.swap(5, 6)),
        tampered(|p| p.swap(11, 12)),
        tampered(|p| {
            let table = p.remove(11);
            p.insert(8, table);
        }),
        // Only the first component.
        tampered(|p| drop(p.drain(11..15))),
        [SOI, &picture(0xC1).concat()].concat(),
        [SOI, &picture(0xC2).concat()].concat(),
        [SOI, &picture(0xC3).concat()].concat(),
    ];
    for photo in &accepted {
        assert_eq!(verify(photo, &as_stored()), Ok(()), "{}", hex(photo));
    }
    println!("{} variants", accepted.len() + 1);
}

/// Offsets in the photo of [`parts`].
struct Offsets {
    jfif: usize,
    icc: usize,
    second_icc: usize,
    adobe: usize,
    tables: usize,
    frame: usize,
    scan: usize,
    /// After the first scan.
    between: usize,
    end: usize,
}

fn offsets() -> Offsets {
    let parts = parts();
    let at = |part| offset_of(&parts, part);
    let [jfif, icc, second_icc, adobe, tables] = [1, 2, 3, 4, 5].map(at);
    let [frame, scan, between, end] = [6, 9, 11, 16].map(at);
    Offsets { jfif, icc, second_icc, adobe, tables, frame, scan, between, end }
}

/// What is wrong, the photo, and the violation.
type Case = (&'static str, Vec<u8>, Violation);

/// The segment with one more byte.
fn longer(mut segment: Vec<u8>) -> Vec<u8> {
    segment[3] += 1;
    segment.push(0x55);
    segment
}

/// Metadata where EXIF and JFIF may be.
fn exif_and_jfif(at: &Offsets) -> Vec<Case> {
    let orientation = |value: u8| {
        let mut tag = orientation_tag(6);
        let at = tag.len() - 7;
        tag[at] = value;
        tag
    };
    let with_thumbnail = segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01RGB");
    vec![
        (
            "XMP",
            tampered(|p| p.insert(2, segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0"))),
            shape(0xE1, at.icc),
        ),
        ("EXIF with more in it", tampered(|p| p.insert(2, longer(orientation_tag(6)))), shape(0xE1, at.icc)),
        ("EXIF in the other byte order", tampered(|p| p.insert(2, exif(6))), shape(0xE1, at.icc)),
        ("orientation 1", tampered(|p| p.insert(2, orientation(1))), shape(0xE1, at.icc)),
        ("orientation 9", tampered(|p| p.insert(2, orientation(9))), shape(0xE1, at.icc)),
        (
            "two EXIF segments",
            tampered(|p| p.splice(2..2, [orientation_tag(6), orientation_tag(6)]).for_each(drop)),
            forbidden(0xE1, at.icc + 36),
        ),
        ("EXIF before JFIF", tampered(|p| p.insert(1, orientation_tag(6))), forbidden(0xE0, 38)),
        ("EXIF after ICC", tampered(|p| p.insert(4, orientation_tag(6))), forbidden(0xE1, at.adobe)),
        ("EXIF between scans", tampered(|p| p.insert(11, orientation_tag(6))), forbidden(0xE1, at.between)),
        ("a JFIF thumbnail", tampered(|p| p[1] = with_thumbnail), shape(0xE0, at.jfif)),
        ("a longer JFIF", tampered(|p| p[1] = longer(segment(0xE0, JFIF))), shape(0xE0, at.jfif)),
        ("a JFIF whose header announces a thumbnail", tampered(|p| p[1][16] = 1), shape(0xE0, at.jfif)),
        ("two JFIF segments", tampered(|p| p.insert(2, segment(0xE0, JFIF))), forbidden(0xE0, at.icc)),
        ("JFXX", tampered(|p| p[1] = segment(0xE0, b"JFXX\0\x13\x01\x01RGB")), shape(0xE0, at.jfif)),
    ]
}

/// Metadata where Adobe and ICC segments may be.
fn adobe_and_icc(at: &Offsets) -> Vec<Case> {
    vec![
        ("a longer Adobe", tampered(|p| p[4] = longer(segment(0xEE, ADOBE))), shape(0xEE, at.adobe)),
        ("Adobe with flags", tampered(|p| p[4][12] = 1), shape(0xEE, at.adobe)),
        ("Adobe of another version", tampered(|p| p[4][10] = 101), shape(0xEE, at.adobe)),
        ("two Adobe segments", tampered(|p| p.insert(5, segment(0xEE, ADOBE))), forbidden(0xEE, at.tables)),
        (
            "Adobe between scans",
            tampered(|p| p.insert(11, segment(0xEE, ADOBE))),
            forbidden(0xEE, at.between),
        ),
        ("an ICC chunk missing at the end", tampered(|p| drop(p.remove(3))), shape(0xE2, at.second_icc)),
        ("an ICC chunk missing at the start", tampered(|p| drop(p.remove(2))), shape(0xE2, at.icc)),
        ("ICC chunks in the wrong order", tampered(|p| p.swap(2, 3)), shape(0xE2, at.icc)),
        (
            "an ICC chunk twice",
            tampered(|p| p.insert(3, icc_chunk(1, 2, b"first"))),
            shape(0xE2, at.second_icc),
        ),
        (
            "ICC chunks that disagree",
            tampered(|p| p[3] = icc_chunk(2, 3, b"second")),
            shape(0xE2, at.second_icc),
        ),
        (
            "an ICC chunk too many",
            tampered(|p| p.insert(4, icc_chunk(3, 2, b"third"))),
            shape(0xE2, at.adobe),
        ),
        ("MPF", tampered(|p| p.insert(4, segment(0xE2, b"MPF\0II\x2A\0"))), shape(0xE2, at.adobe)),
        (
            "an ICC chunk between scans",
            tampered(|p| p.insert(11, icc_chunk(1, 1, b"x"))),
            forbidden(0xE2, at.between),
        ),
    ]
}

/// Metadata, and bytes in no segment, anywhere else.
fn other_parts(at: &Offsets) -> Vec<Case> {
    vec![
        ("no SOI", tampered(|p| p[0] = vec![0xFF, 0xD9]), Violation::NoSoi),
        ("nothing", Vec::new(), Violation::NoSoi),
        ("half an SOI", vec![0xFF], Violation::NoSoi),
        ("SOI alone", SOI.to_vec(), Violation::CutOff { offset: 2 }),
        (
            "a comment in the header",
            tampered(|p| p.insert(5, segment(0xFE, b"hi"))),
            forbidden(0xFE, at.tables),
        ),
        (
            "a comment between scans",
            tampered(|p| p.insert(11, segment(0xFE, b"hi"))),
            forbidden(0xFE, at.between),
        ),
        ("IPTC", tampered(|p| p.insert(4, segment(0xED, b"Photoshop 3.0\0"))), forbidden(0xED, at.adobe)),
        ("C2PA", tampered(|p| p.insert(4, segment(0xEB, b"JP"))), forbidden(0xEB, at.adobe)),
        ("a JPGn segment", tampered(|p| p.insert(5, segment(0xF0, b"x"))), forbidden(0xF0, at.tables)),
        (
            "stray bytes in the header",
            tampered(|p| p.insert(5, b"stray".to_vec())),
            Violation::NoMarker { offset: at.tables },
        ),
        ("fill bytes in the header", tampered(|p| p.insert(5, vec![0xFF])), forbidden(0xFF, at.tables)),
        (
            "a restart marker in the header",
            tampered(|p| p.insert(5, vec![0xFF, 0xD0])),
            forbidden(0xD0, at.tables),
        ),
        (
            "fill bytes before EOI",
            tampered(|p| p.insert(15, vec![0xFF, 0xFF])),
            coded(at.end - 2, Flaw::FillByte),
        ),
        (
            "stray bytes after a scan",
            tampered(|p| p.insert(11, b"stray".to_vec())),
            coded(at.between, Flaw::Surplus),
        ),
        (
            "stray bytes between scans",
            tampered(|p| p[11].extend(b"stray")),
            Violation::NoMarker { offset: at.between + 23 },
        ),
        (
            "fill bytes between scans",
            tampered(|p| p.insert(12, vec![0xFF])),
            forbidden(0xFF, at.between + 23),
        ),
        ("a byte after EOI", tampered(|p| p.push(vec![0])), Violation::Trailer { offset: at.end }),
        ("a photo after EOI", tampered(|p| p.extend(parts())), Violation::Trailer { offset: at.end }),
        ("no EOI", tampered(|p| drop(p.pop())), Violation::CutOff { offset: at.end - 2 }),
        ("a second SOI", tampered(|p| p.insert(11, SOI.to_vec())), forbidden(0xD8, at.between)),
    ]
}

/// What the picture is coded in, in the wrong form or order.
fn picture_parts(at: &Offsets) -> Vec<Case> {
    let frame_of = |marker: u8| {
        let mut frame = parts()[6].clone();
        frame[1] = marker;
        frame
    };
    let frame_end = at.frame + frame_of(0xC0).len();
    vec![
        ("no frame", tampered(|p| drop(p.remove(6))), forbidden(0xDA, at.scan - 19)),
        ("two frames", tampered(|p| p.insert(7, frame_of(0xC0))), forbidden(0xC0, frame_end)),
        ("a frame between scans", tampered(|p| p.insert(11, frame_of(0xC0))), forbidden(0xC0, at.between)),
        ("a hierarchical frame", tampered(|p| p[6] = frame_of(0xC5)), forbidden(0xC5, at.frame)),
        ("a lossless arithmetic frame", tampered(|p| p[6] = frame_of(0xCB)), forbidden(0xCB, at.frame)),
        ("an arithmetic frame", tampered(|p| p[6] = frame_of(0xC9)), forbidden(0xC9, at.frame)),
        ("a progressive arithmetic frame", tampered(|p| p[6] = frame_of(0xCA)), forbidden(0xCA, at.frame)),
        ("EOI before the scan", tampered(|p| p.insert(9, EOI.to_vec())), forbidden(0xD9, at.scan)),
        ("metadata after a table", tampered(|p| p.swap(4, 5)), forbidden(0xEE, at.adobe + 69)),
        ("a longer frame header", tampered(|p| p[6] = longer(frame_of(0xC0))), shape(0xC0, at.frame)),
        ("a longer scan header", tampered(|p| p[9] = longer(sos())), shape(0xDA, at.scan)),
        ("a longer quantisation table", tampered(|p| p[5] = longer(dqt())), shape(0xDB, at.tables)),
        ("a longer Huffman table", tampered(|p| p[7] = longer(two_codes(0))), shape(0xC4, frame_end)),
        (
            "a longer restart interval",
            tampered(|p| p.insert(5, segment(0xDD, &[0, 1, 0]))),
            shape(0xDD, at.tables),
        ),
        (
            "a number of lines",
            tampered(|p| p.insert(11, segment(0xDC, &[0, 8]))),
            forbidden(0xDC, at.between),
        ),
        ("conditioning", tampered(|p| p.insert(5, segment(0xCC, &[0, 0x10]))), forbidden(0xCC, at.tables)),
        ("no data", tampered(|p| p[10].clear()), coded(at.scan + 10, Flaw::EndsEarly)),
        ("a length of 1", tampered(|p| p.insert(5, vec![0xFF, 0xDB, 0, 1])), shape(0xDB, at.tables)),
    ]
}

#[test]
fn anything_a_clean_photo_must_not_contain_is_a_violation() {
    let at = offsets();
    let cases = [exif_and_jfif(&at), adobe_and_icc(&at), other_parts(&at), picture_parts(&at)].concat();
    for (what, photo, expected) in &cases {
        let got = verify(photo, &as_stored());
        println!("{what}: {}", got.map_or_else(|violation| violation.to_string(), |()| "accepted".into()));
        assert_eq!(got, Err(*expected), "{what}: {}", hex(photo));
    }
    println!("{} violations", cases.len());
    assert_eq!(cases.len(), 65);
}

#[test]
fn every_file_cut_short_is_a_violation() {
    let photo = parts().concat();
    for length in 0..photo.len() {
        assert!(verify(&photo[..length], &as_stored()).is_err(), "cut off at {length}");
    }
    println!("{} lengths", photo.len());
}
