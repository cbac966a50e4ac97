//! The end of entropy-coded data is found wherever it is.

use crate::support::*;
use scrub::{Refusal, Violation, verify};

fn forbidden(marker: u8, offset: usize) -> Violation {
    Violation::Forbidden { marker, offset }
}

#[test]
fn a_marker_is_found_at_every_position_in_long_entropy_coded_data() {
    // Every position: within the blocks that are searched as a whole, at their borders, and after the last block.
    let header = [SOI, &sof(0xC0), &sos()].concat();
    let length = 1700;
    for position in 0..length {
        for (marker, is_data) in [(0xFE, false), (0xE1, false), (0xD7, true), (0x00, true), (0x01, true)] {
            let mut data = vec![0x5A; length];
            data.splice(position..position, [0xFF, marker, 0x00, 0x02]);
            let photo = [&header[..], &data, EOI].concat();
            let expected = if is_data { Ok(()) } else { Err(forbidden(marker, header.len() + position)) };
            assert_eq!(verify(&photo, &as_stored()), expected, "{marker:02X} at {position}");
            let clean = scrub(&photo).unwrap().photo;
            if is_data {
                assert_same(&clean, &photo, "a marker that belongs to the data");
            } else {
                assert_same(
                    &clean,
                    &[&header[..], &vec![0x5A; position], EOI].concat(),
                    "a marker that does not",
                );
            }
        }
    }
    println!("{} photos", 5 * length);
}

#[test]
fn a_marker_is_found_among_bytes_that_may_follow_0xff() {
    // Such bytes alone do not make the search look at a block byte by byte: only one marker does, or two.
    let header = [SOI, &sof(0xC0), &sos()].concat();
    let length = 1100;
    for position in 0..length {
        for (filler, count) in [(0x00, 1), (0x00, 2), (0xD3, 1), (0xD3, 2)] {
            let mut data = vec![filler; length];
            data.splice(position..position, [0xFF, 0xFE, filler, filler].repeat(count));
            let photo = [&header[..], &data, EOI].concat();
            let offset = header.len() + position;
            assert_eq!(verify(&photo, &as_stored()), Err(forbidden(0xFE, offset)), "{filler:02X}");
            if filler == 0 {
                let expected = [&header[..], &data[..position], EOI].concat();
                assert_same(&scrub(&photo).unwrap().photo, &expected, "a comment without a payload");
            } else {
                let (length, left) = (0xD3D3, photo.len() - offset - 2);
                let refusal = Refusal::LengthPastEnd { marker: 0xFE, offset, length, left };
                assert_eq!(scrub(&photo).unwrap_err(), refusal);
            }
        }
    }
    println!("{} photos", 4 * length);
}
