//! What each part of a file is classified as, and that it is listed at its offset.

use crate::support::*;
use scrub::{Action, Coding, Kind, NotRecoded, Options, Part, Recoded, Refusal, Violation, inspect};

/// What a segment after the frame header is listed as.
#[track_caller]
fn part(marker: u8, payload: &[u8]) -> Part {
    let mut parts = [vec![SOI.to_vec()], picture(0xC0)].concat();
    parts.swap(1, 2);
    parts.insert(2, segment(marker, payload));
    let photo = parts.concat();
    let part = inspect(&photo, &as_stored()).unwrap().parts.swap_remove(2);
    assert_eq!((part.offset, part.length), (15, 4 + payload.len()));
    part
}

#[test]
fn a_segment_is_classified_by_its_marker_and_what_it_starts_with() {
    let known: &[(u8, &[u8], Kind)] = &[
        (0xC4, b"", Kind::Dht),
        (0xCC, b"", Kind::Dac),
        (0xDB, b"", Kind::Dqt),
        (0xDC, b"\0\x08", Kind::Dnl),
        (0xDD, b"\0\x08", Kind::Dri),
        (0xFE, b"JFIF\0", Kind::Comment),
        (0xF0, b"", Kind::Reserved),
        (0xFD, b"", Kind::Reserved),
        (0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0", Kind::Jfif),
        (0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0", Kind::App(0)),
        (0xE0, b"JFIG\0\x01\x02\0\0\x01\0\x01\0\0", Kind::App(0)),
        (0xE0, b"JFXX\0", Kind::Jfxx),
        (0xE0, b"JFXX", Kind::App(0)),
        (0xE0, b"II\x1A\0\0\0HEAPCCDR", Kind::Ciff),
        (0xE0, b"II\x1A\0\0\0HEAR", Kind::App(0)),
        (0xE1, b"Exif\0", Kind::Exif),
        (0xE1, b"Exif", Kind::App(1)),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0", Kind::Xmp),
        (0xE1, b"http://ns.adobe.com/xap/1.0/", Kind::App(1)),
        (0xE1, b"http://ns.adobe.com/xmp/extension/\0", Kind::ExtendedXmp),
        (0xE1, b"http://ns.adobe.com/xmp/extension/", Kind::App(1)),
        (0xE2, b"ICC_PROFILE\0\x01\x01", Kind::IccProfile),
        (0xE2, b"ICC_PROFILE\0\x01", Kind::App(2)),
        (0xE2, b"ICC_PROFILES\x01\x01", Kind::App(2)),
        (0xE2, b"MPF\0", Kind::Mpf),
        (0xE2, b"MPF", Kind::App(2)),
        (0xE2, b"FPXR\0", Kind::FlashPix),
        (0xE2, b"FPXR", Kind::App(2)),
        (0xEB, b"JP\0\x01\0\0\0\x01\0\0\0\x10jumb", Kind::C2pa),
        (0xEB, b"JP\0\x01\0\0\0\x01\0\0\0\x10jumc", Kind::App(11)),
        (0xEB, b"JQ\0\x01\0\0\0\x01\0\0\0\x10jumb", Kind::App(11)),
        (0xED, b"Photoshop 3.0\0", Kind::Photoshop),
        (0xED, b"Photoshop 3.0", Kind::App(13)),
        (0xEE, b"Adobe\0\x64\0\0\0\0\x01", Kind::Adobe),
        (0xEE, b"Adobe\0\x64\0\0\0\0", Kind::App(14)),
        (0xEE, b"Adore\0\x64\0\0\0\0\x01", Kind::App(14)),
    ];
    for &(marker, payload, kind) in known {
        assert_eq!(part(marker, payload).kind, kind, "{marker:02X} {}", hex(payload));
    }
    // What starts like a segment of another marker is not taken for one.
    for number in 0..16 {
        assert_eq!(part(0xE0 + number, b"").kind, Kind::App(number));
        assert_eq!(Kind::App(number).to_string(), format!("APP{number}"));
        let of_others = known.iter().filter(|known| known.0 != 0xE0 + number);
        for (_, payload, _) in of_others {
            assert_eq!(part(0xE0 + number, payload).kind, Kind::App(number), "{}", hex(payload));
        }
    }
    println!("{} starts of segments", known.len());
}

#[test]
fn every_part_of_a_photo_is_listed_with_what_happens_to_it() {
    let exif = exif(6);
    let jpeg = [&[0; 3], SOI, &[0xFF, 0xE1]].concat();
    let [dqt, frame, dc, ac, first_scan, more_ac, interval, second_scan] =
        [5, 6, 7, 8, 9, 11, 12, 13].map(|part| parts()[part].clone());
    let parts: [(&[u8], Kind, Action, u64); 23] = [
        (SOI, Kind::Soi, Action::Keep, 0),
        (&segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0more"), Kind::Jfif, Action::Rewrite, 4),
        (b"\xFF\xFF", Kind::FillBytes, Action::Remove, 2),
        (&exif, Kind::Exif, Action::Rewrite, exif.len() as u64),
        (b"\xFF\0", Kind::StrayBytes, Action::Remove, 2),
        (&segment(0xEE, ADOBE), Kind::Adobe, Action::Keep, 0),
        (&icc_chunk(1, 2, b"half"), Kind::IncompleteIcc, Action::Remove, 22),
        (&dqt, Kind::Dqt, Action::Keep, 0),
        (&frame, Kind::Sof, Action::Keep, 0),
        (&segment(0xC4, &[&dc[4..], &dht(3)[4..]].concat()), Kind::Dht, Action::Rewrite, 18),
        (&ac, Kind::Dht, Action::Keep, 0),
        (&first_scan, Kind::Sos, Action::Keep, 0),
        (FIRST_SCAN, Kind::EntropyCodedData, Action::Keep, 0),
        (b"Ada", Kind::SurplusData, Action::Remove, 3),
        (&segment(0xFE, b"hello"), Kind::Comment, Action::Remove, 9),
        (&more_ac, Kind::Dht, Action::Keep, 0),
        (&dht(0x13), Kind::Dht, Action::Remove, 22),
        (&interval, Kind::Dri, Action::Keep, 0),
        (&second_scan, Kind::Sos, Action::Keep, 0),
        (SECOND_SCAN, Kind::EntropyCodedData, Action::Keep, 0),
        (b"\xFF", Kind::FillBytes, Action::Remove, 1),
        (EOI, Kind::Eoi, Action::Keep, 0),
        (&jpeg, Kind::TrailingJpeg, Action::Remove, 7),
    ];
    let photo: Vec<u8> = parts.iter().flat_map(|part| part.0).copied().collect();
    let inspection = inspect(&photo, &as_stored()).unwrap();
    assert_eq!(inspection.orientation, 6);
    assert_eq!(inspection.parts.len(), parts.len());
    let mut at = 0;
    for (part, (bytes, kind, action, removed)) in inspection.parts.iter().zip(parts) {
        println!("{} {} {} {:?} {:?}", part.offset, part.length, part.kind, part.action, part.removed);
        assert_eq!((part.offset, part.length, part.kind, part.action), (at, bytes.len(), kind, action));
        assert_eq!(part.removed.iter().map(|removed| removed.bytes).sum::<u64>(), removed);
        at += bytes.len();
    }
}

#[test]
fn what_is_not_drawn_before_the_end_is_listed_too() {
    let mut parts = [vec![SOI.to_vec()], picture(0xC0)].concat();
    let (eoi, start) = (parts.pop().unwrap(), parts.concat());
    let late: [(&[u8], Kind); 5] = [
        (b"text", Kind::SurplusData),
        (&segment(0xE0, JFIF), Kind::Jfif),
        (&[&sos(), &b"text\xFF\0text"[..]].concat(), Kind::SurplusScan),
        (&sof(0xC0), Kind::Sof),
        (&exif(6), Kind::Exif),
    ];
    let bytes: Vec<u8> = late.iter().flat_map(|(bytes, _)| *bytes).copied().collect();
    let photo = [&start[..], &bytes, &eoi].concat();
    let listed = inspect(&photo, &as_stored()).unwrap().parts;
    let mut at = start.len();
    for (part, (bytes, kind)) in listed.iter().skip(parts.len()).zip(late) {
        println!("{} {} {} {:?}", part.offset, part.length, part.kind, part.action);
        assert_eq!((part.offset, part.length, part.kind), (at, bytes.len(), kind));
        assert_eq!(part.action, Action::Remove);
        at += bytes.len();
    }
    assert_eq!(listed.len(), parts.len() + late.len() + 1);
    assert_same(&scrub(&photo).unwrap().photo, &[start, eoi].concat(), "without what is not drawn");
}

#[test]
fn what_comes_after_the_end_is_classified_by_its_start() {
    let trailers: [(&[u8], Kind); 9] = [
        (b"\xFF\xD8\xFF", Kind::TrailingJpeg),
        (b"\0\0\0\0\0\xFF\xD8\xFF\xE0", Kind::TrailingJpeg),
        (b"\xFF\xD8", Kind::Trailer),
        (b"\0\0\0\x18ftypmp42", Kind::TrailingVideo),
        (b"\0\0\0\x18ftyp", Kind::TrailingVideo),
        (b"\0\0\0\x18moov", Kind::Trailer),
        (b"\0\0", Kind::Trailer),
        (b"x", Kind::Trailer),
        (b"x\xFF\xD8\xFF\xE0", Kind::Trailer),
    ];
    let photo = [SOI, &picture(0xC0).concat()].concat();
    for (trailer, kind) in trailers {
        let inspection = inspect(&[&photo, trailer].concat(), &Options::default()).unwrap();
        let part = inspection.parts.last().unwrap();
        assert_eq!((part.kind, part.offset, part.length), (kind, photo.len(), trailer.len()), "{trailer:?}");
    }
    println!("{} trailers", trailers.len());
}

#[test]
fn the_names_of_kinds_do_not_change() {
    // Log lines, metrics and the operator's tool use them.
    let names = [
        (Kind::Soi, "SOI"),
        (Kind::Sof, "SOF"),
        (Kind::Dht, "DHT"),
        (Kind::Dqt, "DQT"),
        (Kind::Dac, "DAC"),
        (Kind::Dri, "DRI"),
        (Kind::Dnl, "DNL"),
        (Kind::Sos, "SOS"),
        (Kind::EntropyCodedData, "entropy-coded data"),
        (Kind::Eoi, "EOI"),
        (Kind::Jfif, "JFIF"),
        (Kind::Adobe, "Adobe"),
        (Kind::IccProfile, "ICC profile"),
        (Kind::IncompleteIcc, "incomplete ICC"),
        (Kind::UnreadableIcc, "unreadable ICC"),
        (Kind::MismatchedIcc, "mismatched ICC"),
        (Kind::SurplusIcc, "surplus ICC"),
        (Kind::Exif, "EXIF"),
        (Kind::Gps, "GPS"),
        (Kind::MakerNote, "MakerNote"),
        (Kind::Thumbnail, "thumbnail"),
        (Kind::Xmp, "XMP"),
        (Kind::ExtendedXmp, "extended XMP"),
        (Kind::Iptc, "IPTC"),
        (Kind::Photoshop, "Photoshop"),
        (Kind::C2pa, "C2PA"),
        (Kind::Mpf, "MPF"),
        (Kind::FlashPix, "FlashPix"),
        (Kind::Jfxx, "JFXX"),
        (Kind::Ciff, "CIFF"),
        (Kind::Comment, "comment"),
        (Kind::App(0), "APP0"),
        (Kind::App(15), "APP15"),
        (Kind::Reserved, "reserved segment"),
        (Kind::StrayBytes, "stray bytes"),
        (Kind::FillBytes, "fill bytes"),
        (Kind::SurplusData, "surplus data"),
        (Kind::SurplusScan, "surplus scan"),
        (Kind::TrailingJpeg, "trailing JPEG"),
        (Kind::TrailingVideo, "trailing video"),
        (Kind::Trailer, "trailer"),
    ];
    for (kind, name) in names {
        assert_eq!(kind.to_string(), name);
    }
    for number in 0..16 {
        assert_eq!(Kind::App(number).to_string(), format!("APP{number}"));
    }
    println!("{} names", names.len());
}

#[test]
fn the_names_of_refusals_do_not_change() {
    let (offset, marker, limit) = (2, 0xC0, 10);
    let names = [
        (Refusal::Empty, "Empty"),
        (Refusal::NotAJpeg, "NotAJpeg"),
        (Refusal::NoFrame { offset }, "NoFrame"),
        (Refusal::NoScan { offset }, "NoScan"),
        (Refusal::EmptyPicture { offset }, "EmptyPicture"),
        (Refusal::SecondFrame { offset }, "SecondFrame"),
        (Refusal::SecondImage { offset }, "SecondImage"),
        (Refusal::UnsupportedCoding { coding: Coding::JpegLs, offset }, "UnsupportedCoding"),
        (Refusal::LengthPastEnd { marker, offset, length: 9, left: 8 }, "LengthPastEnd"),
        (Refusal::BadLength { marker, offset }, "BadLength"),
        (Refusal::BadTable { marker, offset }, "BadTable"),
        (Refusal::BadFrame { offset }, "BadFrame"),
        (Refusal::CutOff { offset, percent: 0 }, "CutOff"),
        (Refusal::DataMissing { scan: 1, offset, percent: 50 }, "DataMissing"),
        (Refusal::NotRecoded { reason: Recoded::DamagedData, because: NotRecoded::Failed }, "NotRecoded"),
        (Refusal::BadScan { offset }, "BadScan"),
        (Refusal::TooMuchWork { needs: 11, given: 10, offset }, "TooMuchWork"),
        (Refusal::TooMuchMemory { needs: 11, given: 10, offset }, "TooMuchMemory"),
        (Refusal::TooManySegments { limit, offset }, "TooManySegments"),
        (Refusal::TooManyScans { limit, offset }, "TooManyScans"),
        (Refusal::TooLittleData { width: 9, height: 9, bytes: 1, needed: 2, offset }, "TooLittleData"),
        (Refusal::Unverified(Violation::NoSoi), "Unverified"),
    ];
    for (refusal, name) in &names {
        assert_eq!(refusal.name(), *name);
    }
    println!("{} names", names.len());
}
