//! What the verifier finds in frame, tables, scans and coded data: the smallest file with each flaw.

mod shapes;

use scrub::{Flaw, Options, Violation, verify};

use crate::support::*;

/// The parts of a photo of one block. `DATA` is one code 0 for "no difference", one for "no more coefficients", and
/// padding.
fn sequential() -> Vec<Vec<u8>> {
    vec![SOI.to_vec(), dqt(), sof(0xC0), dht(0x00), dht(0x10), sos(), vec![0x3F], EOI.to_vec()]
}

const FRAME: usize = 2;
const DC_TABLE: usize = 3;
const AC_TABLE: usize = 4;
const SCAN: usize = 5;
const DATA: usize = 6;
const END: usize = 7;

/// The same in two scans of progressive coding.
fn progressive() -> Vec<Vec<u8>> {
    let mut parts = sequential();
    parts[FRAME] = sof(0xC2);
    parts[SCAN] = scan([1, 0, 0, 0, 0]);
    parts[DATA] = vec![0x7F];
    parts.splice(END..END, [scan([1, 0, 1, 63, 0]), vec![0x7F]]);
    parts
}

const AC_SCAN: usize = 7;
const AC_DATA: usize = 8;
const PROGRESSIVE_END: usize = 9;

/// Two blocks with a restart marker between them.
fn restarting() -> Vec<Vec<u8>> {
    let mut parts = sequential();
    parts[FRAME] = segment(0xC0, &[8, 0, 8, 0, 16, 1, 1, 0x11, 0]);
    parts[DATA] = b"\x3F\xFF\xD0\x3F".to_vec();
    parts[DC_TABLE].extend(segment(0xDD, &[0, 1]));
    parts
}

/// A lossless picture of one pixel.
fn lossless() -> Vec<Vec<u8>> {
    let mut parts = sequential();
    parts[FRAME] = segment(0xC3, &[16, 0, 1, 0, 1, 1, 1, 0x11, 0]);
    parts[1].clear();
    parts[AC_TABLE].clear();
    parts[SCAN] = scan([1, 0, 1, 0, 0]);
    parts[DATA] = vec![0x7F];
    parts
}

/// Three components in one scan.
fn coloured(factors: [u8; 3], scan: [u8; 3]) -> Vec<Vec<u8>> {
    let mut parts = sequential();
    let [a, b, c] = factors;
    parts[FRAME] = segment(0xC0, &[8, 0, 8, 0, 8, 3, 1, a, 0, 2, b, 0, 3, c, 0]);
    let [a, b, c] = scan;
    parts[SCAN] = segment(0xDA, &[3, a, 0, b, 0, c, 0, 0, 63, 0]);
    parts[DATA] = vec![0x03];
    parts
}

/// The header of a scan of one component.
fn scan([id, tables, start, end, bits]: [u8; 5]) -> Vec<u8> {
    segment(0xDA, &[1, id, tables, start, end, bits])
}

/// A Huffman table with a code of one bit.
fn table(class_and_number: u8, value: u8) -> Vec<u8> {
    segment(0xC4, &[&[class_and_number, 1][..], &[0; 15], &[value]].concat())
}

#[test]
fn the_smallest_photos_are_accepted() {
    let mut sixteen_bits = lossless();
    sixteen_bits[DC_TABLE] = table(0x00, 16);
    let mut exact_run = sequential();
    // Runs of 16, 16, 16 and 14 zeros and a coefficient: the last one.
    exact_run[AC_TABLE] = segment(0xC4, &[&[0x10, 1, 1][..], &[0; 14], &[0xF0, 0xE1]].concat());
    exact_run[DATA] = vec![0b0000_1001];
    let accepted = [
        sequential(),
        progressive(),
        restarting(),
        lossless(),
        sixteen_bits,
        exact_run,
        coloured([0x11; 3], [1, 2, 3]),
    ];
    for parts in &accepted {
        assert_eq!(verify(&parts.concat(), &Options::default()), Ok(()), "{}", hex(&parts.concat()));
    }
    println!("{} photos", accepted.len());
}

/// Asserts what the verifier finds after a change, and that it is at this place of this part.
#[track_caller]
fn assert_found(
    mut parts: Vec<Vec<u8>>,
    change: impl FnOnce(&mut Vec<Vec<u8>>),
    part: usize,
    place: usize,
    violation: impl FnOnce(usize) -> Violation,
) {
    change(&mut parts);
    let offset = parts[..part].iter().map(Vec::len).sum::<usize>() + place;
    let found = verify(&parts.concat(), &Options::default());
    println!("{found:?}");
    assert_eq!(found, Err(violation(offset)), "{}", hex(&parts.concat()));
}

fn flaw(flaw: Flaw) -> impl FnOnce(usize) -> Violation {
    move |offset| Violation::CodedData { offset, flaw }
}

fn shape(marker: u8) -> impl FnOnce(usize) -> Violation {
    move |offset| Violation::Shape { marker, offset }
}

fn unused(marker: u8) -> impl FnOnce(usize) -> Violation {
    move |offset| Violation::UnusedTable { marker, offset }
}

fn missing(offset: usize) -> Violation {
    Violation::MissingTable { offset }
}

fn script(offset: usize) -> Violation {
    Violation::Script { offset }
}

#[test]
fn coded_data_is_the_blocks_and_nothing_else() {
    for (data, place, what) in [
        (&b"\x3F\x00"[..], 1, Flaw::Surplus),
        (b"\x3F\xFF\0", 1, Flaw::Surplus),
        (b"\x3E", 0, Flaw::Padding),
        (b"\x00", 0, Flaw::Padding),
        (b"\x3F\xFF\xD0", 1, Flaw::NeedlessRestartMarker),
        (b"\x3F\xFF", 1, Flaw::FillByte),
        (b"", 0, Flaw::EndsEarly),
        (b"\x40\x40\x40", 0, Flaw::NoSuchCode),
    ] {
        assert_found(sequential(), |p| p[DATA] = data.to_vec(), DATA, place, flaw(what));
    }
    for (data, place, what) in [
        (&b"\x3F\xFF\xD1\x3F"[..], 1, Flaw::WrongRestartMarker),
        (b"\x3F\xFF\xD7\x3F", 1, Flaw::WrongRestartMarker),
        (b"\x3F\x3F", 1, Flaw::NoRestartMarker),
        (b"\x3F\xFF\0\xFF\xD0\x3F", 1, Flaw::NoRestartMarker),
        (b"\x3F\xFF\xFF\xD0\x3F", 1, Flaw::FillByte),
        (b"\x2F\xFF\xD0\x3F", 0, Flaw::Padding),
        (b"\x3F\xFF\xD0\x3F\xFF\xD1", 4, Flaw::NeedlessRestartMarker),
        (b"\x3F\xFF\xD0", 3, Flaw::EndsEarly),
        (b"\x3F", 1, Flaw::EndsEarly),
    ] {
        assert_found(restarting(), |p| p[DATA] = data.to_vec(), DATA, place, flaw(what));
    }
    for last in [vec![], vec![0xFF]] {
        let length = sequential()[..END].concat().len() + last.len();
        assert_found(sequential(), |p| p[END] = last, 0, length, |offset| Violation::CutOff { offset });
    }
}

#[test]
fn no_run_reaches_past_what_a_scan_codes() {
    // Four runs of 16 zeros: one more coefficient than there is.
    let runs = |p: &mut Vec<Vec<u8>>| {
        (p[AC_TABLE], p[DATA]) = (table(0x10, 0xF0), vec![0x07]);
    };
    assert_found(sequential(), runs, DATA, 0, flaw(Flaw::PastBand));
    let run = |p: &mut Vec<Vec<u8>>| {
        (p[AC_TABLE], p[AC_DATA]) = (table(0x10, 0xF0), vec![0x0F]);
    };
    assert_found(progressive(), run, AC_DATA, 0, flaw(Flaw::PastBand));
    // The end of two blocks, where there is one.
    let ends = |p: &mut Vec<Vec<u8>>| {
        (p[AC_TABLE], p[AC_DATA]) = (table(0x10, 0x10), vec![0x3F]);
    };
    assert_found(progressive(), ends, AC_DATA, 0, flaw(Flaw::EndOfBlocksPastEnd));
    // The same in a refinement, after a first scan with another table.
    let refine = |value: u8, data: u8| {
        move |p: &mut Vec<Vec<u8>>| {
            p[AC_SCAN] = scan([1, 0, 1, 63, 0x01]);
            let more = [table(0x10, value), scan([1, 0, 1, 63, 0x10]), vec![data]];
            p.splice(PROGRESSIVE_END..PROGRESSIVE_END, more);
        }
    };
    let refined = PROGRESSIVE_END + 2;
    assert_found(progressive(), refine(0x10, 0x3F), refined, 0, flaw(Flaw::EndOfBlocksPastEnd));
    assert_found(progressive(), refine(0x02, 0x00), refined, 0, flaw(Flaw::NotOneBit));
    assert_found(progressive(), refine(0xF0, 0x0F), refined, 0, flaw(Flaw::PastBand));
}

#[test]
fn every_table_is_used() {
    let after = |part: usize, segment: Vec<u8>| move |p: &mut Vec<Vec<u8>>| p.insert(part + 1, segment);
    let dqt_1 = || segment(0xDB, &[&[1][..], &[1; 64]].concat());
    assert_found(sequential(), after(1, dqt_1()), 2, 4, unused(0xDB));
    assert_found(sequential(), after(1, dqt()), 1, 4, unused(0xDB));
    assert_found(sequential(), after(DATA, dqt()), END, 4, unused(0xDB));
    assert_found(sequential(), after(AC_TABLE, dht(0x01)), AC_TABLE + 1, 4, unused(0xC4));
    assert_found(sequential(), after(AC_TABLE, dht(0x13)), AC_TABLE + 1, 4, unused(0xC4));
    assert_found(sequential(), after(AC_TABLE, dht(0x10)), AC_TABLE, 4, unused(0xC4));
    assert_found(sequential(), after(DATA, dht(0x00)), END, 4, unused(0xC4));
    // The second of two tables in a segment.
    let two = [&dht(0x00)[4..], &dht(0x01)[4..]].concat();
    assert_found(sequential(), |p| p[DC_TABLE] = segment(0xC4, &two), DC_TABLE, 22, unused(0xC4));
    // Each component keeps the table that was there at its first scan.
    let between = |p: &mut Vec<Vec<u8>>| p.insert(AC_SCAN, dqt());
    assert_found(progressive(), between, AC_SCAN, 4, unused(0xDB));
    assert_found(lossless(), |p| p[1] = dqt(), 1, 4, unused(0xDB));
    assert_found(lossless(), |p| p[AC_TABLE] = dht(0x10), AC_TABLE, 4, unused(0xC4));
    for part in [1, DC_TABLE, AC_TABLE] {
        assert_found(sequential(), |p| p[part].clear(), SCAN, 0, missing);
    }
}

#[test]
fn a_restart_interval_changes_the_next_scan() {
    let dri = |interval: u8| segment(0xDD, &[0, interval]);
    for interval in [0, 1, 2] {
        let put = |p: &mut Vec<Vec<u8>>| p.insert(SCAN, dri(interval));
        assert_found(sequential(), put, SCAN, 0, unused(0xDD));
    }
    assert_found(sequential(), |p| p.insert(END, dri(0)), END, 0, unused(0xDD));
    // After the one that is there: the first is not used.
    assert_found(restarting(), |p| p.insert(AC_TABLE, dri(1)), DC_TABLE, 22, unused(0xDD));
    let again = |p: &mut Vec<Vec<u8>>| {
        p[FRAME] = segment(0xC2, &[8, 0, 8, 0, 16, 1, 1, 0x11, 0]);
        p[SCAN] = scan([1, 0, 0, 0, 0]);
        p.splice(END..END, [dri(1), scan([1, 0, 1, 63, 0]), b"\x7F\xFF\xD0\x7F".to_vec()]);
    };
    assert_found(
        restarting(),
        |p| {
            again(p);
            p[DATA] = b"\x7F\xFF\xD0\x7F".to_vec();
        },
        END,
        0,
        unused(0xDD),
    );
}

#[test]
fn each_scan_codes_what_was_not_coded_yet() {
    assert_found(sequential(), |p| p.splice(END..END, [sos(), vec![0x3F]]).for_each(drop), END, 0, script);
    let ac = [1, 0, 1, 63, 0];
    let add = |header| {
        move |p: &mut Vec<Vec<u8>>| {
            p.splice(PROGRESSIVE_END..PROGRESSIVE_END, [scan(header), vec![0x7F]]);
        }
    };
    assert_found(progressive(), |p| p[SCAN] = scan(ac), SCAN, 0, script);
    assert_found(progressive(), |p| p[SCAN] = scan([1, 0, 0, 0, 0x10]), SCAN, 0, script);
    for header in [ac, [1, 0, 0, 0, 0], [1, 0, 0, 0, 0x10], [1, 0, 1, 63, 0x10], [1, 0, 5, 5, 0]] {
        assert_found(progressive(), add(header), PROGRESSIVE_END, 0, script);
    }
    // One scan too many: each of one coefficient.
    let many = |p: &mut Vec<Vec<u8>>| {
        p[AC_SCAN] = scan([1, 0, 1, 1, 1]);
        let firsts = (2..=63).map(|k| scan([1, 0, k, k, 1]));
        let all = firsts.chain((1..=37).map(|k| scan([1, 0, k, k, 0x10])));
        p.splice(PROGRESSIVE_END..PROGRESSIVE_END, all.flat_map(|scan| [scan, vec![0x7F]]));
    };
    assert_found(progressive(), many, PROGRESSIVE_END + 2 * 98, 0, script);
}

#[test]
fn no_file_costs_more_work_than_a_photo_of_its_length() {
    let large = |p: &mut Vec<Vec<u8>>| {
        p[FRAME] = segment(0xC0, &[8, 0xFF, 0xFF, 0xFF, 0xFF, 1, 1, 0x11, 0]);
    };
    assert_found(sequential(), large, SCAN, 0, |offset| Violation::TooMuch { offset });
}
