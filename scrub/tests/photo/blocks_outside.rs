//! What is in a block outside of the picture comes out as if it had never been there, bit by bit: in sequential coding,
//! in the first scan of the DC coefficients, and in one that adds a bit to each. In lossless coding such a block is a
//! sample, and the photo is refused: nothing writes that coding again.

use scrub::{Flaw, Violation, verify};

use crate::support::*;

/// What a scan of all three components codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scan {
    Sequential,
    DcFirst,
    DcRefinement,
    Lossless,
}

/// How a picture is coded: its size in blocks, the sampling factors of its components, and the MCUs between two restart
/// markers. There are no markers if it has no more MCUs.
#[derive(Debug, Clone, Copy)]
struct Coding {
    scan: Scan,
    columns: usize,
    rows: usize,
    factors: [(usize, usize); 3],
    interval: usize,
}

/// A block's DC coefficient, or its bit of it, and whether it has another coefficient, which is 1.
type Block = (i32, bool);

/// The DC coefficients that the first blocks of an interval differ from.
const NOTHING_BEFORE: [i32; 3] = [0; 3];

impl Coding {
    /// The blocks of each MCU: the component of each, and whether it is outside of the picture (ITU-T T.81, A.1.1 and
    /// A.2.4).
    fn mcus(&self) -> Vec<Vec<(usize, bool)>> {
        let [most_h, most_v] = [0, 1].map(|side| {
            let factors = self.factors.map(|(h, v)| [h, v][side]);
            factors.into_iter().max().unwrap()
        });
        let (columns, rows) = (self.columns.div_ceil(most_h), self.rows.div_ceil(most_v));
        let mut mcus = Vec::new();
        for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
            let mut blocks = Vec::new();
            for (component, (h, v)) in self.factors.into_iter().enumerate() {
                let own = |side: usize, factor: usize, most: usize| (side * factor).div_ceil(most);
                let (own_columns, own_rows) = (own(self.columns, h, most_h), own(self.rows, v, most_v));
                for (y, x) in (0..v).flat_map(|y| (0..h).map(move |x| (y, x))) {
                    let is_outside = column * h + x >= own_columns || row * v + y >= own_rows;
                    blocks.push((component, is_outside));
                }
            }
            mcus.push(blocks);
        }
        mcus
    }

    /// The same values with nothing in blocks outside of the picture.
    fn emptied(&self, values: &[Block]) -> Vec<Block> {
        let mut values = values.to_vec();
        let mut at = 0;
        let mut before = NOTHING_BEFORE;
        for (number, mcu) in self.mcus().iter().enumerate() {
            if number % self.interval == 0 {
                before = NOTHING_BEFORE;
            }
            for &(component, is_outside) in mcu {
                match (is_outside, self.scan) {
                    (true, Scan::DcRefinement) => values[at] = values[at - 1],
                    (true, _) => values[at] = (before[component], false),
                    (false, _) => {}
                }
                before[component] = values[at].0;
                at += 1;
            }
        }
        values
    }

    fn data(&self, values: &[Block]) -> Vec<u8> {
        let mut values = values.iter();
        let mut data = Vec::new();
        for (number, interval) in self.mcus().chunks(self.interval).enumerate() {
            if let Some(before) = number.checked_sub(1) {
                data.extend([0xFF, 0xD0 + before as u8 % 8]);
            }
            let mut before = NOTHING_BEFORE;
            let mut bits = String::new();
            for &(component, _) in interval.iter().flatten() {
                let &(dc, has_more) = values.next().unwrap();
                bits += &match self.scan {
                    Scan::DcRefinement => dc.to_string(),
                    _ => difference(dc - before[component]),
                };
                if self.scan == Scan::Sequential {
                    bits += if has_more { "1010" } else { "0" };
                }
                before[component] = dc;
            }
            data.extend(pack_bits(&bits));
        }
        data
    }

    fn photo(&self, values: &[Block]) -> Vec<u8> {
        let (marker, side) = match self.scan {
            Scan::Sequential => (0xC0, 8),
            Scan::DcFirst | Scan::DcRefinement => (0xC2, 8),
            Scan::Lossless => (0xC3, 1),
        };
        let mut frame = vec![8, 0, self.rows as u8 * side, 0, self.columns as u8 * side, 3];
        for (id, (h, v)) in (1..).zip(self.factors) {
            frame.extend([id, (h << 4 | v) as u8, 0]);
        }
        let scan = |parameters: [u8; 3]| segment(0xDA, &[&[3, 1, 0, 2, 0, 3, 0][..], &parameters].concat());
        let mut parts = vec![SOI.to_vec()];
        parts.extend((self.scan != Scan::Lossless).then(dqt));
        // The size n is n ones and a zero.
        parts.extend([segment(marker, &frame), table(0x00, &[0, 1, 2, 3, 4])]);
        parts.extend((self.scan == Scan::Sequential).then(|| table(0x10, &[0, 1])));
        parts.extend(
            (self.interval < self.mcus().len()).then(|| segment(0xDD, &(self.interval as u16).to_be_bytes())),
        );
        if self.scan == Scan::DcRefinement {
            let first = Coding { scan: Scan::DcFirst, ..*self };
            parts.extend([scan([0, 0, 0x01]), first.data(&vec![(0, false); values.len()])]);
        }
        parts.push(match self.scan {
            Scan::Sequential => scan([0, 63, 0x00]),
            Scan::DcFirst => scan([0, 0, 0x00]),
            Scan::DcRefinement => scan([0, 0, 0x10]),
            Scan::Lossless => scan([1, 0, 0x00]),
        });
        parts.extend([self.data(values), EOI.to_vec()]);
        parts.concat()
    }
}

/// A code and bits for a difference of DC coefficients (F.1.2.1). The size n is n ones and a zero.
fn difference(difference: i32) -> String {
    let size = (i32::BITS - difference.unsigned_abs().leading_zeros()) as usize;
    let bits = if difference < 0 { difference - 1 + (1 << size) } else { difference };
    let bits = if size == 0 { String::new() } else { format!("{bits:0size$b}") };
    format!("{}0{bits}", "1".repeat(size))
}

fn codings() -> impl Iterator<Item = Coding> {
    let factors = [
        [(2, 2), (1, 1), (1, 1)],
        [(2, 1), (2, 1), (2, 1)],
        [(1, 2), (1, 1), (1, 2)],
        [(4, 1), (1, 1), (2, 1)],
    ];
    let scans = [Scan::Sequential, Scan::DcFirst, Scan::DcRefinement, Scan::Lossless];
    let sizes = (1..=3).flat_map(|columns| (1..=3).map(move |rows| (columns, rows)));
    sizes.flat_map(move |(columns, rows)| {
        let codings = factors.into_iter().flat_map(move |factors| scans.map(|scan| (factors, scan)));
        codings.flat_map(move |(factors, scan)| {
            [1, 2, usize::MAX].map(|interval| Coding { scan, columns, rows, factors, interval })
        })
    })
}

#[test]
fn what_is_in_a_block_outside_of_the_picture_comes_out_as_if_it_had_never_been_there() {
    let mut random = numbers();
    let (mut clean, mut emptied) = (0, 0);
    for coding in codings() {
        let blocks = coding.mcus().concat().len();
        let largest = if coding.scan == Scan::DcRefinement { 2 } else { 8 };
        // One block with something in it, and then something in any of them.
        let mut pictures = Vec::new();
        for (at, value) in (0..blocks).flat_map(|at| [(1, false), (0, true)].map(|value| (at, value))) {
            let mut values = vec![(0, false); blocks];
            values[at] = value;
            pictures.push(values);
        }
        for _ in 0..10 {
            pictures.push((0..blocks).map(|_| (random(largest) as i32, random(2) == 0)).collect());
        }
        for values in pictures {
            let (photo, expected) = (coding.photo(&values), coding.photo(&coding.emptied(&values)));
            let what = format!("{coding:?}: {values:?}");
            let scrubbed = scrub(&photo);
            if coding.scan == Scan::Lossless && photo != expected {
                assert_eq!(scrubbed.unwrap_err().name(), "NotRecoded", "{what}");
            } else {
                let scrubbed = scrubbed.unwrap_or_else(|refusal| panic!("{what}: {refusal}"));
                assert_same(&scrubbed.photo, &expected, &what);
                assert_eq!(scrubbed.report.recoded, None, "{what}");
            }
            let verified = verify(&photo, &as_stored());
            if photo == expected {
                assert_eq!(verified, Ok(()), "{what}");
                clean += 1;
            } else {
                let is_found = matches!(verified, Err(Violation::CodedData { flaw: Flaw::HiddenBlock, .. }));
                assert!(is_found, "{what}: {verified:?}");
                emptied += 1;
            }
        }
    }
    println!("{clean} pictures with nothing in such blocks, {emptied} with something");
    assert!(clean > 1000 && emptied > 1000);
}
