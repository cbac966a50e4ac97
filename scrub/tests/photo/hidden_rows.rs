//! A frame header with a lowered height hides rows that are still in the data. They are removed with everything else
//! that comes after the picture, and named.

use scrub::Kind;

use crate::support::*;

/// An interval without restart markers: it is longer than any scan here.
const NONE: usize = 1000;

/// A block: a difference of 8 bits, and no more coefficients.
const BLOCK: &str = "10100000010";

/// A picture of two columns and so many rows of blocks, of which the header declares two, and what follows them.
fn picture(rows: usize, more: &str, interval: usize) -> Vec<u8> {
    let frame = segment(0xC0, &[8, 0, 16, 0, 16, 1, 1, 0x11, 0]);
    let blocks = BLOCK.repeat(2 * rows);
    let mut data = Vec::new();
    for (number, blocks) in blocks.as_bytes().chunks(BLOCK.len() * interval).enumerate() {
        let before = number.checked_sub(1).map(|before| [0xFF, 0xD0 + before as u8 % 8]);
        data.extend(before.into_iter().flatten());
        data.extend(pack_bits(std::str::from_utf8(blocks).unwrap()));
    }
    if !more.is_empty() {
        data = pack_bits(&[&blocks, more].concat());
    }
    let dri = segment(0xDD, &(interval as u16).to_be_bytes());
    [SOI, &dqt(), &frame, &two_codes(0x00), &dht(0x10), &dri, &sos(), &data, EOI].concat()
}

#[test]
fn rows_below_the_height_are_named_if_nothing_else_comes_after_the_picture() {
    let mut named = 0;
    for (rows, more, are_rows) in [
        (2, "", false),
        (3, "", true),
        (4, "", true),
        (17, "", true),
        (18, "", true),
        (40, "", true),
        (2, BLOCK, false),
        (3, BLOCK, false),
        // Neither a valid code nor padding.
        (3, "1100000000000000000000000000000000000000", false),
    ] {
        for interval in [1, 2, 3, NONE] {
            if !more.is_empty() && interval != NONE {
                continue;
            }
            let clean = scrub(&picture(rows, more, interval)).unwrap();
            let removed: Vec<Kind> = clean.report.removed.iter().map(|removed| removed.kind).collect();
            let what = format!("{rows} rows, {more:?}, {interval} MCUs between restart markers: {removed:?}");
            assert_eq!(removed.contains(&Kind::HiddenRows), are_rows, "{what}");
            assert_same(&clean.photo, &scrub(&picture(2, "", interval)).unwrap().photo, &what);
            named += usize::from(are_rows);
        }
    }
    println!("named in {named} files");
}
