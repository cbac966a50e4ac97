//! The longest codes and values: both walks look at several codes at once, and have to have their bits.

use scrub::{Flaw, Violation, verify};

use crate::support::*;

/// A difference of 16 + 15 bits, and then coefficients of 9 + 15, 12 + 15 and 16 + 15 bits in every order: both walks
/// look at several codes after they have filled up their bits.
#[test]
fn the_longest_codes_and_values_are_there_in_every_order() {
    let codes = ["100000000", "100000001000", "1000000010010000"];
    let mut numbers = numbers();
    let mut value = || format!("{:015b}", numbers(1 << 15));
    let mut bits = String::new();
    for order in 0..81 {
        bits += &("0".repeat(16) + &value());
        for place in [1, 3, 9, 27] {
            bits += &(codes[order / place % 3].to_owned() + &value());
        }
        bits += "0";
    }
    let data = pack_bits(&bits);
    let dc = segment(0xC4, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 15]);
    let ac = [0x10, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0x00, 0x0F, 0x1F, 0x2F];
    let height = (81_u16 * 8).to_be_bytes();
    let frame = segment(0xC0, &[8, height[0], height[1], 0, 8, 1, 1, 0x11, 0]);
    let scan = segment(0xDA, &[1, 1, 0, 0, 63, 0]);
    let photo = [SOI, &dqt(), &frame, &dc, &segment(0xC4, &ac), &scan, &data, EOI].concat();
    println!("{} bits", bits.len());
    assert_same(&scrub(&photo).unwrap().photo, &photo, "the longest codes");
}

/// A difference of 16 + 15 bits, and then all of a block in one look: 3 codes of 16 zeros, and one of 9 + 15 bits.
#[test]
fn a_block_may_end_with_the_longest_bits_of_one_look() {
    for blocks in 1..=16_u8 {
        let block = format!("{}{}000100000000{}", "0".repeat(16), "1".repeat(15), "010".repeat(5));
        let dc = segment(0xC4, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 15]);
        let ac = segment(0xC4, &[0x10, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xF0, 0xEF]);
        let frame = segment(0xC0, &[8, 0, 8 * blocks, 0, 8, 1, 1, 0x11, 0]);
        let data = pack_bits(&block.repeat(blocks.into()));
        let photo = [SOI, &dqt(), &frame, &dc, &ac, &sos(), &data, EOI].concat();
        assert_same(&scrub(&photo).unwrap().photo, &photo, &format!("{blocks} blocks"));
    }
    println!("1 to 16 blocks");
}

#[test]
fn a_long_code_that_is_cut_off_is_told_from_one_that_does_not_exist() {
    // One code, of 16 zeros.
    let dc = segment(0xC4, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
    let with_data = |data: &[u8]| {
        let mut parts = picture(0xC0);
        (parts[2], parts[5]) = (dc.clone(), data.to_vec());
        ([SOI, &parts.concat()].concat(), 2 + offset_of(&parts, 5))
    };
    for (data, flaw) in [
        (&b"\x00\x00\x7F"[..], None),
        (b"\x00\x01\x7F", Some((0, Flaw::NoSuchCode))),
        (b"\x80\x00\x7F", Some((0, Flaw::NoSuchCode))),
        (b"\x00", Some((1, Flaw::EndsEarly))),
        (b"\x01", Some((1, Flaw::EndsEarly))),
    ] {
        let (photo, start) = with_data(data);
        let flaw = flaw.map(|(at, flaw)| Violation::CodedData { offset: start + at, flaw });
        assert_eq!(verify(&photo, &as_stored()), flaw.map_or(Ok(()), Err), "{data:02X?}");
        println!("{data:02X?}: {flaw:?}");
    }
}
