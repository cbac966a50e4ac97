//! A scan whose data has to be written again.

use super::*;

/// The parts of a picture of 8 x 8 samples with an MCU of 16 x 8: the second of its three blocks, which is outside,
/// has a coefficient of one bit.
fn parts() -> Vec<Vec<u8>> {
    let segment = samples::jpeg::segment;
    let table = |class| [&[class, 1, 1][..], &[0; 14], &[0, 1]].concat();
    vec![
        samples::jpeg::SOI.to_vec(),
        segment(0xDB, &[&[0][..], &[1; 64]].concat()),
        segment(0xC0, &[8, 0, 8, 0, 8, 2, 1, 0x21, 0, 2, 0x11, 0]),
        segment(0xC4, &[table(0x00), table(0x10)].concat()),
        segment(0xDA, &[2, 1, 0, 2, 0, 0, 63, 0]),
        // 00, 01010 and 00.
        vec![0b0001_0100, 0b0111_1111],
        samples::jpeg::EOI.to_vec(),
    ]
}

/// Walks it after so many blocks and bytes were written again. Returns whether something is left in blocks outside
/// of the picture, and how many were written then.
fn walk(rewritten: (u64, usize)) -> (bool, (u64, usize)) {
    let parts = parts();
    let photo = parts.concat();
    let start = |part: usize| parts[..part].iter().map(Vec::len).sum::<usize>();
    let payload = |part: usize| start(part) + 4..start(part + 1);
    let frame = Frame::parse(0xC0, &photo[payload(2)]).expect("a frame header");
    let mut scanner = Scanner::new(&photo, &frame);
    scanner.rewritten = rewritten;
    scanner.define_quantisation(payload(1));
    scanner.define_huffman(payload(3));
    let header = scanner.parse_header(&photo[payload(4)]).expect("a scan header");
    match scanner.walk(&header, start(5)) {
        Walked::Complete { has_hidden_blocks, .. } => (has_hidden_blocks, scanner.rewritten()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn no_more_is_written_again_than_time_and_memory_allow() {
    let (blocks, bytes) = MAX_REWRITTEN;
    for (before, is_left) in [
        ((0, 0), false),
        ((blocks - 3, bytes - 2), false),
        ((blocks - 2, 0), true),
        ((blocks, 0), true),
        ((0, bytes - 1), true),
        ((0, bytes), true),
    ] {
        let after = if is_left { before } else { (before.0 + 3, before.1 + 2) };
        assert_eq!(walk(before), (is_left, after), "after {before:?} blocks and bytes");
        println!("after {before:?}: {after:?} blocks and bytes");
    }
}
