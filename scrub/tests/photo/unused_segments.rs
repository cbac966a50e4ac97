//! Segments of the picture's kinds that no scan uses: conditioning, and tables after the last scan.

use crate::support::*;
use scrub::{Violation, verify};

#[test]
fn conditioning_is_removed_wherever_it_is() {
    let secret = segment(0xCC, &[0x00, 0x10, 0x11, 5]);
    let mut tried = 0;
    for marker in [0xC0, 0xC1, 0xC2, 0xC3] {
        let clean = [vec![SOI.to_vec()], picture(marker)].concat();
        for place in 1..clean.len() {
            let mut parts = clean.clone();
            parts.insert(place, secret.clone());
            if parts[place - 1].starts_with(&[0xFF, 0xDA]) {
                continue;
            }
            let (photo, offset) = (parts.concat(), offset_of(&parts, place));
            let violation = Violation::Forbidden { marker: 0xCC, offset };
            assert_eq!(verify(&photo, &as_stored()), Err(violation), "{marker:02X}");
            assert_same(&scrub(&photo).unwrap().photo, &clean.concat(), &format!("{marker:02X}, {place}"));
            tried += 1;
        }
    }
    println!("{tried} photos");
}

#[test]
fn an_arithmetic_frame_is_reported_before_conditioning_and_what_comes_after_a_scan() {
    let (conditioning, comment) = (segment(0xCC, &[0x00, 0x10]), segment(0xFE, b"hi"));
    for marker in [0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA] {
        let start = [SOI, &sof(marker), &conditioning, &sos(), ENTROPY].concat();
        let first = match marker {
            0xC9 | 0xCA => Violation::Forbidden { marker, offset: 2 },
            _ => Violation::Forbidden { marker: 0xCC, offset: 15 },
        };
        for photo in [[&start[..], &comment, EOI].concat(), start] {
            assert_eq!(verify(&photo, &as_stored()), Err(first), "{marker:02X}");
        }
    }
    println!("6 codings, with a comment after the scan and cut off there");
}

#[test]
fn tables_after_the_last_scan_are_removed() {
    let interval = segment(0xDD, &[0, 1]);
    let tables = [dqt(), dht(0), interval, segment(0xCC, &[0, 0x10]), segment(0xDC, &[0, 8])];
    let whole = [vec![SOI.to_vec()], picture(0xC0)].concat();
    for clean in [whole, parts()] {
        for table in &tables {
            for tables in [table.clone(), [&table[..], &tables[0]].concat(), [&tables[4][..], table].concat()]
            {
                let mut photo = clean.clone();
                photo.insert(clean.len() - 1, tables.clone());
                assert_same(&scrub(&photo.concat()).unwrap().photo, &clean.concat(), &hex(&tables[..4]));
                let violation = verify(&photo.concat(), &as_stored()).unwrap_err();
                let (Violation::Forbidden { marker, .. } | Violation::UnusedTable { marker, .. }) = violation
                else {
                    panic!("{violation}")
                };
                assert!([table[1], 0xDB, 0xDC].contains(&marker));
            }
        }
    }
    println!("{} tables", tables.len());
}

/// Decoders keep the table that is in force at a component's first scan.
#[test]
fn a_quantisation_table_that_comes_after_a_components_first_scan_is_removed() {
    let clean = [vec![SOI.to_vec()], picture(0xC2)].concat();
    // After the data of the first scan, and of the second.
    for place in [7, 9] {
        let mut parts = clean.clone();
        parts.insert(place, segment(0xDB, &[&[0][..], &[99; 64]].concat()));
        let found = verify(&parts.concat(), &as_stored());
        assert!(matches!(found, Err(Violation::UnusedTable { marker: 0xDB, .. })), "{place}: {found:?}");
        let scrubbed = scrub(&parts.concat()).unwrap();
        assert_same(&scrubbed.photo, &clean.concat(), &format!("before part {place}"));
        assert_eq!(scrubbed.report.recoded, None);
        println!("removed before part {place}");
    }
}
