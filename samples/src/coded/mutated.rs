//! Files that are nearly right: a picture in any coding, changed as a list of bytes says. Random bytes make random
//! files, and a fuzzer learns which bytes lead where.

use std::sync::OnceLock;

use super::codings;
use super::file::Content;
use super::parts::Parts;
use crate::jpeg::{LONGEST_PAYLOAD, segment};

/// Rows of the pictures. In one of few blocks, a change soon meets the end of something.
const HEIGHTS: [usize; 3] = [8, 16, 53];
/// More changes would leave nothing of the picture.
const MOST_CHANGES: usize = 12;
const SOF: [u8; 6] = [0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA];

/// The file that these choices lead to. No picture has a side of more than 255 pixels, unless inserted bytes say so.
pub fn mutated(choices: &[u8]) -> Vec<u8> {
    let mut choices = Choices(choices);
    let files = files();
    let mut parts = files[choices.below(files.len())].clone();
    for _ in 0..MOST_CHANGES {
        if choices.0.is_empty() || parts.0.len() < 3 {
            break;
        }
        change(&mut parts, &mut choices);
    }
    parts.bytes()
}

/// The picture in every coding, in every height.
fn files() -> &'static [Parts] {
    static FILES: OnceLock<Vec<Parts>> = OnceLock::new();
    FILES.get_or_init(|| {
        let of = |coding: super::Coding| {
            HEIGHTS.map(|height| coding.parts(&Content { height, ..Content::default() }))
        };
        codings().into_iter().flat_map(of).collect()
    })
}

/// Bytes that decide what happens. Zeros follow the last.
struct Choices<'a>(&'a [u8]);

impl Choices<'_> {
    fn byte(&mut self) -> u8 {
        let Some((&byte, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        byte
    }

    /// A number less than `end`, or 0.
    fn below(&mut self, end: usize) -> usize {
        let high = if end > 256 { usize::from(self.byte()) << 8 } else { 0 };
        (high | usize::from(self.byte())) % end.max(1)
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        let count = self.below(most) + 1;
        (0..count).map(|_| self.byte()).collect()
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

fn change(parts: &mut Parts, choices: &mut Choices) {
    match choices.below(4) {
        0 | 1 => change_data(parts, choices),
        2 => change_segment(parts, choices),
        _ => change_order(parts, choices),
    }
}

/// Changes the coded data of one scan.
fn change_data(parts: &mut Parts, choices: &mut Choices) {
    let all = parts.data();
    if all.is_empty() {
        return;
    }
    let data = &mut parts.0[choices.one_of(&all)];
    let kind = choices.below(8);
    let at = choices.below(data.len() + 1);
    let end = data.len().min(at + 1);
    match kind {
        0 => data[at..end].iter_mut().for_each(|byte| *byte ^= 1 << choices.below(8)),
        1 => data[at..end].fill(choices.byte()),
        2 => drop(data.splice(at..at, choices.bytes(8))),
        3 => drop(data.drain(at..data.len().min(at + 1 + choices.below(8)))),
        4 => data.truncate(at),
        5 => {
            let second = choices.one_of(&[0xD0, 0xD1, 0xD2, 0xD7, 0, 0xFF, 0xD9, 0xD8, 0xFE, 1, 0xDC]);
            drop(data.splice(at..at, [0xFF, second]));
        }
        6 => *data = choices.bytes(32),
        // Padding.
        _ => data.last_mut().into_iter().for_each(|byte| *byte &= 0xFF << choices.below(8)),
    }
}

/// Changes the content of a segment, or adds one.
fn change_segment(parts: &mut Parts, choices: &mut Choices) {
    let kind = choices.below(6);
    let of = |marker: &[u8]| parts.all(marker);
    let all = match kind {
        0 => of(&[0xDA]),
        1 => of(&[0xC4]),
        2 => of(&SOF),
        3 => of(&[0xDB, 0xDD, 0xCC, 0xE0, 0xEE]),
        _ => {
            let part = 1 + choices.below(parts.0.len() - 1);
            let new = match kind {
                4 => segment(0xDD, &[0, choices.byte()]),
                _ => segment(choices.one_of(&[0xDC, 0xC4, 0xDB, 0xFE, 0xCC]), &choices.bytes(24)),
            };
            return parts.0.insert(part, new);
        }
    };
    if all.is_empty() {
        return;
    }
    let part = &mut parts.0[choices.one_of(&all)];
    let Some((head, payload)) = part.split_at_mut_checked(4) else { return };
    match kind {
        0 => change_scan_header(payload, choices),
        1 if choices.below(2) == 0 && payload.len() > 17 => {
            // A code of another length.
            let (from, to) = (1 + choices.below(16), 1 + choices.below(16));
            if payload[from] > 0 {
                payload[from] -= 1;
                payload[to] = payload[to].saturating_add(1);
            }
        }
        2 => {
            let at = choices.one_of(&[2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0, 255]);
            match payload.get_mut(at) {
                Some(byte) => *byte = choices.byte(),
                None => head[1] = choices.one_of(&SOF),
            }
        }
        _ => {
            let at = choices.below(payload.len());
            payload.get_mut(at).into_iter().for_each(|byte| *byte = choices.byte());
        }
    }
}

fn change_scan_header(payload: &mut [u8], choices: &mut Choices) {
    let Some(parameters) = payload.len().checked_sub(3) else { return };
    match choices.below(3) {
        0 => payload[parameters] = choices.below(64) as u8,
        1 => payload[parameters + 1] = choices.below(64) as u8,
        _ => {
            let at = choices.below(payload.len());
            payload[at] = choices.byte();
        }
    }
}

/// Copies, moves and removes parts, or puts bytes between them.
fn change_order(parts: &mut Parts, choices: &mut Choices) {
    let kind = choices.below(6);
    let (from, to) = (1 + choices.below(parts.0.len() - 1), 1 + choices.below(parts.0.len() - 1));
    // A scan with its data.
    let end = if parts.0[from].starts_with(&[0xFF, 0xDA]) { parts.0.len().min(from + 2) } else { from + 1 };
    match kind {
        0 | 1 => {
            let copy = parts.0[from..end].to_vec();
            drop(parts.0.splice(to..to, copy));
        }
        2 => drop(parts.0.drain(from..end)),
        3 => parts.0.swap(from, to),
        4 => {
            let between = choices.bytes(16);
            parts.0[from].extend(between);
        }
        _ => drop(parts.0.pop()),
    }
    // What was removed may have been a header: its data is then read as part of what comes before.
    parts.0.retain(|part| !part.is_empty() && part.len() <= LONGEST_PAYLOAD);
}
