//! Damage in coded data is never copied: what no decoder draws would stay in it. The picture is coded again instead, or
//! refused.

use crate::support::*;
use scrub::{Action, Flaw, Kind, Recoded, Refusal, Violation, inspect, verify};

/// The smallest picture with other data.
fn with_data(data: &[u8]) -> Vec<u8> {
    let mut parts = picture(0xC0);
    parts[5] = data.to_vec();
    [SOI, &parts.concat()].concat()
}

/// Where its data starts.
fn start() -> usize {
    2 + offset_of(&picture(0xC0), 5)
}

/// Data with a code that does not exist, and what is left of the picture then.
const DAMAGED: &[u8] = b"\x40";

#[test]
fn the_end_of_damaged_data_is_found_wherever_it_is() {
    let cleaned = scrub(&with_data(DAMAGED)).unwrap();
    assert_eq!(cleaned.report.recoded, Some(Recoded::DamagedData));
    // Every position: within the blocks that are searched as a whole, at their borders, and after the last block.
    let length = 1700;
    for position in 1..=length {
        for (marker, is_data) in [(0xFE, false), (0xE1, false), (0xD7, false), (0x00, true), (0x01, false)] {
            let mut data = [DAMAGED, &[0x5A].repeat(length - 1)].concat();
            data.splice(position..position, [0xFF, marker, 0x00, 0x02]);
            let photo = with_data(&data);
            let listed = inspect(&photo, &as_stored()).unwrap().parts;
            let coded = listed.iter().find(|part| part.kind == Kind::EntropyCodedData).unwrap();
            let expected = if is_data { data.len() } else { position };
            assert_eq!((coded.offset, coded.length), (start(), expected), "{marker:02X} at {position}");
            if position % 7 == 0 || position > length - 9 {
                let clean = scrub(&photo).unwrap();
                assert_same(&clean.photo, &cleaned.photo, "the picture and nothing else");
            }
        }
    }
    println!("{} photos", 5 * length);
}

#[test]
fn the_end_of_damaged_data_is_found_among_bytes_that_may_follow_0xff() {
    // Such bytes alone do not make the search look at a block byte by byte: only one marker does, or two.
    let length = 1100;
    for position in 1..length {
        for (filler, count) in [(0x00, 1), (0x00, 2), (0xD3, 1), (0xD3, 2)] {
            let mut data = [DAMAGED, &[filler].repeat(length)].concat();
            data.splice(position..position, [0xFF, 0xFE, 0x00, 0x02].repeat(count));
            let listed = inspect(&with_data(&data), &as_stored()).unwrap().parts;
            let coded = listed.iter().position(|part| part.kind == Kind::EntropyCodedData).unwrap();
            assert_eq!(listed[coded].length, position, "{filler:02X}");
            assert_eq!((listed[coded + 1].kind, listed[coded + 1].action), (Kind::Comment, Action::Remove));
        }
    }
    println!("{} photos", 4 * length);
}

/// A long picture whose every byte of data is 4 blocks.
fn long(data: &[u8]) -> Vec<u8> {
    let mut parts = picture(0xC0);
    let blocks = LONG as u16 * 4;
    let [high, low] = (blocks * 8).to_be_bytes();
    parts[1] = segment(0xC0, &[8, 0, 8, high, low, 1, 1, 0x11, 0]);
    parts[5] = data.to_vec();
    [SOI, &parts.concat()].concat()
}

const LONG: usize = 560;

/// Bytes that are put into data, and end with a text.
fn put_in(data: &[u8], position: usize, second: u8) -> Vec<u8> {
    let new = [&[0xFF, second][..], &[0, 2 + TEXT.len() as u8], TEXT].concat();
    [&data[..position], &new, &data[position..]].concat()
}

const TEXT: &[u8] = b"Ada Lovelace";

/// Whether a damaged photo is coded again, without what was put into its data. Otherwise it must be refused.
#[track_caller]
fn is_recoded(photo: &[u8], what: &str) -> bool {
    let violation = verify(photo, &as_stored());
    assert!(matches!(violation, Err(Violation::CodedData { .. })), "{what}: {violation:?}");
    match scrub(photo) {
        Ok(clean) => {
            assert_eq!(clean.report.recoded, Some(Recoded::DamagedData), "{what}");
            assert!(!contains(&clean.photo, &TEXT[..4]), "{what}");
            assert_eq!(verify(&clean.photo, &as_stored()), Ok(()), "{what}");
            true
        }
        Err(refusal) => {
            assert!(matches!(refusal, Refusal::NotRecoded { .. }), "{what}: {refusal}");
            false
        }
    }
}

#[test]
fn no_byte_after_0xff_is_copied_unless_it_belongs_there() {
    let mut recoded = 0;
    // A second SOI ends the file: the rest of the picture is missing.
    for second in (0x00..=0xFE_u8).filter(|second| *second != 0xD8) {
        // At the start, between two blocks of a search, and in the last byte of data.
        for position in [0, 1, 256, 300, LONG - 1] {
            let photo = long(&put_in(&[0; LONG], position, second));
            let what = format!("FF {second:02X} at {position}");
            assert!(is_recoded(&photo, &what), "{what}");
            recoded += 1;
        }
    }
    println!("{recoded} photos coded again");
}

#[test]
fn what_is_damaged_before_a_restart_marker_is_coded_again_whatever_it_is() {
    for second in (0x01..=0xBF).chain(0xD1..=0xD7) {
        for position in 0..5 {
            let mut parts = parts();
            parts[14] = put_in(SECOND_SCAN, position, second);
            let what = format!("FF {second:02X} at {position}");
            assert!(is_recoded(&parts.concat(), &what), "{what}");
        }
    }
    println!("198 bytes in 5 positions");
}

#[test]
fn a_picture_with_a_reserved_marker_in_its_data_is_coded_again_as_decoders_draw_it() {
    let photo = with_data(b"\xFF\x02");
    let (_, message) = decoders::turbojpeg_to_error(&photo, true).unwrap();
    println!("drawn, then: {message:?}; zune: {}", decoders::zune(&photo).is_some());
    assert!(is_recoded(&photo, "FF 02 and nothing else"));
}

#[test]
fn the_verifier_finds_a_marker_at_every_position_in_the_data() {
    let start = start();
    for position in 0..LONG {
        for (marker, flaw) in [
            (0xFE, Flaw::EndsEarly),
            (0xE1, Flaw::EndsEarly),
            (0x01, Flaw::EndsEarly),
            (0xBF, Flaw::EndsEarly),
            (0xD7, Flaw::EndsEarly),
            (0x00, Flaw::NoSuchCode),
        ] {
            let mut data = vec![0; LONG];
            data.splice(position..position, [0xFF, marker, 0x00, 0x02]);
            let violation = Violation::CodedData { offset: start + position, flaw };
            assert_eq!(verify(&long(&data), &as_stored()), Err(violation), "{marker:02X} at {position}");
        }
    }
    let whole = long(&[0; LONG]);
    assert_eq!(verify(&whole, &as_stored()), Ok(()));
    assert_same(&scrub(&whole).unwrap().photo, &whole, "without a marker");
    println!("{} photos", 6 * LONG);
}

/// The scan header of sequential coding ends with bytes that nobody reads. Of 0xFF and a byte of zeros after it, the
/// zeros are data.
#[test]
fn a_zero_at_the_start_of_the_data_is_not_taken_for_a_stuffed_one() {
    let clean = with_data(b"\x3F");
    for (last, data) in [(0xFF, b"\x00"), (0xFF, b"\x3F"), (0x00, b"\x00"), (0xFE, b"\x00")] {
        let mut parts = picture(0xC0);
        (parts[4], parts[5]) = (segment(0xDA, &[1, 1, 0, 0, 63, last]), data.to_vec());
        let photo = [SOI, &parts.concat()].concat();
        assert_same(&scrub(&photo).unwrap().photo, &clean, &format!("{last:02X}, then {data:02X?}"));
        println!("clean after {last:02X}, then {data:02X?}");
    }
}

#[test]
fn what_decoders_draw_after_a_fault_counts_as_there() {
    // 200 blocks of two bits, with a restart marker in the middle, and no EOI. The last block before the marker is
    // missing, and a block after it starts with no valid code.
    let photo = |second: &str| {
        let mut parts = picture(0xC0);
        parts[1] = segment(0xC0, &[8, 0, 8, 6, 64, 1, 1, 0x11, 0]);
        let data = [&pack_bits(&"00".repeat(99))[..], b"\xFF\xD0", &pack_bits(second)].concat();
        (parts[4], parts[5]) = ([segment(0xDD, &[0, 100]), sos()].concat(), data);
        [SOI, &parts[..6].concat()].concat()
    };
    let fault = format!("1{}", "0".repeat(15));
    for (second, percent) in [
        ("00".repeat(100), None),
        ("00".repeat(99), None),
        ("00".repeat(98), Some(98)),
        (["00".repeat(50), fault.clone(), "00".repeat(49)].concat(), None),
        ([fault.clone(), "00".repeat(99)].concat(), None),
        ([fault, "00".repeat(90)].concat(), Some(95)),
        ("00".repeat(50), Some(74)),
    ] {
        let photo = photo(&second);
        match scrub(&photo) {
            Err(Refusal::DataMissing { percent: there, .. }) => assert_eq!(Some(there), percent),
            Err(refusal) => panic!("{percent:?}: {refusal}"),
            Ok(clean) => assert_eq!((clean.report.recoded, percent), (Some(Recoded::DamagedData), None)),
        }
        println!("{percent:?} per cent");
    }
}

#[test]
fn a_block_has_63_coefficients_after_the_first_and_no_more() {
    // The codes 0, 10, 110, 1110 and 11110, and a bit for each coefficient. No difference, and 48 coefficients.
    let (values, start) = ([0x00, 0xF1, 0xE1, 0xF0, 0x10], "0100100100");
    for (rest, flaw) in [
        ("1101", None),
        ("1001", Some(Flaw::PastBand)),
        // A run of 16 zeros, and a value that means nothing.
        ("1110", Some(Flaw::PastBand)),
        ("11110", Some(Flaw::NoSuchCode)),
    ] {
        let mut parts = picture(0xC0);
        (parts[3], parts[5]) = (table(0x10, &values), pack_bits(&[start, rest].concat()));
        let photo = [SOI, &parts.concat()].concat();
        let found = verify(&photo, &as_stored()).map_err(|violation| match violation {
            Violation::CodedData { flaw, .. } => flaw,
            other => panic!("{rest}: {other}"),
        });
        assert_eq!(found, flaw.map_or(Ok(()), Err), "{rest}");
        match flaw {
            None => assert_same(&scrub(&photo).unwrap().photo, &photo, rest),
            Some(_) => println!("{rest}: recoded: {}", is_recoded(&photo, rest)),
        }
    }
}
