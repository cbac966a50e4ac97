//! A model of what a picture is coded in: how it is stored, and how it must come out. Tables that nothing uses, numbers
//! that nothing reads, padding and bytes after the last block may all be anything in a file.

use super::photo_model::Part;
use super::*;
use proptest::array::uniform3;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

#[derive(Debug, Clone)]
pub(super) struct Picture {
    pub(super) components: usize,
    /// Index of the first scan header.
    pub(super) first_scan: usize,
    /// From the first table to EOI.
    pub(super) parts: Vec<Part>,
}

fn part(stored: Vec<u8>, clean: Vec<u8>) -> Part {
    Part::Coding { stored, clean }
}

/// A table that is used, after one that it replaces or beside one that nothing uses.
fn table(clean: Vec<u8>) -> BoxedStrategy<Part> {
    let (marker, payload) = (clean[1], clean[4..].to_vec());
    let stored = any::<(u8, u8)>().prop_map(move |(how, noise)| {
        let mut other = payload.clone();
        *other.last_mut().unwrap() = noise;
        match how % 4 {
            0 => [segment(marker, &other), segment(marker, &payload)].concat(),
            1 if marker != 0xDD => segment(marker, &[&other[..], &payload].concat()),
            // Number 3 is not used.
            2 if marker != 0xDD => {
                other[0] |= 3;
                segment(marker, &[&payload[..], &other].concat())
            }
            _ => segment(marker, &payload),
        }
    });
    stored.prop_map(move |stored| part(stored, clean.clone())).boxed()
}

/// A scan header: components with their numbers of tables, and how they may also be stored.
fn scan(ids: Vec<(u8, u8)>, clean: Vec<u8>, free_tables: u8, free_parameters: u8) -> BoxedStrategy<Part> {
    let noise = (any::<u8>(), uniform3(any::<u8>()));
    let stored = noise.prop_map(move |(tables, parameters)| {
        let mut stored = clean.clone();
        for (at, (_, id)) in ids.iter().enumerate() {
            stored[5 + 2 * at] = *id;
            stored[6 + 2 * at] |= tables & free_tables;
        }
        let end = stored.len() - 3;
        for (parameter, noise) in stored[end..].iter_mut().zip(parameters) {
            *parameter |= noise & free_parameters;
        }
        part(stored, clean.clone())
    });
    stored.boxed()
}

/// Coded data whose last byte has these bits of padding, with other padding and bytes after it.
fn data(clean: &'static [u8], padding: u8) -> BoxedStrategy<Part> {
    let noise = (any::<u8>(), prop_oneof![2 => Just(Vec::new()), 1 => vec(0..0xFF_u8, 1..9)]);
    let stored = noise.prop_map(move |(bits, surplus)| {
        let mut stored = clean.to_vec();
        *stored.last_mut().unwrap() &= !padding | bits;
        part([stored, surplus].concat(), clean.to_vec())
    });
    stored.boxed()
}

/// The same with fill bytes and more before its restart marker.
fn restarting_data() -> BoxedStrategy<Part> {
    let before = select(vec![&b""[..], b"\xFF", b"Ada", b"\0\xFF\0x\xFF"]);
    let stored = (before, any::<u8>()).prop_map(|(before, bits)| {
        let at = SECOND_SCAN.len() - 4;
        let (first, second) = SECOND_SCAN.split_at(at);
        let mut first = first.to_vec();
        *first.last_mut().unwrap() &= 0x80 | bits;
        part([&first, before, second].concat(), SECOND_SCAN.to_vec())
    });
    stored.boxed()
}

fn fixed(part_bytes: Vec<u8>) -> BoxedStrategy<Part> {
    Just(part(part_bytes.clone(), part_bytes)).boxed()
}

/// A picture in two scans.
pub(super) fn colours() -> impl Strategy<Value = Picture> {
    let ids = prop_oneof![Just([1, 2, 3]), Just([0, 1, 2]), Just([9, 200, 0]), Just(*b"RGB"), Just(*b"BGR")];
    let parts = ids.prop_flat_map(|ids| {
        let clean_ids = if ids == *b"RGB" { ids } else { [1, 2, 3] };
        let mut model = parts().split_off(5);
        model.pop();
        let [frame, first, second] = [1, 4, 8].map(|at| model[at].clone());
        let [mut stored_frame, mut clean_frame, mut first, mut second] =
            [frame.clone(), frame, first, second];
        for number in 0..3 {
            stored_frame[10 + 3 * number] = ids[number];
            clean_frame[10 + 3 * number] = clean_ids[number];
        }
        (first[5], second[5], second[7]) = (clean_ids[0], clean_ids[1], clean_ids[2]);
        let given = |range: std::ops::Range<usize>| range.map(|i| (clean_ids[i], ids[i])).collect::<Vec<_>>();
        vec![
            table(model[0].clone()),
            Just(part(stored_frame, clean_frame)).boxed(),
            table(model[2].clone()),
            table(model[3].clone()),
            scan(given(0..1), first, 0, 0xFF),
            data(FIRST_SCAN, 0x1F),
            table(model[6].clone()),
            table(model[7].clone()),
            scan(given(1..3), second, 0, 0xFF),
            restarting_data(),
            fixed(EOI.to_vec()),
        ]
    });
    parts.prop_map(|parts| Picture { components: 3, first_scan: 4, parts })
}

/// A picture with one component, in any coding.
pub(super) fn grey() -> impl Strategy<Value = Picture> {
    let frame = (select(vec![0xC0, 0xC1, 0xC2, 0xC3]), any::<u8>(), 1..5_u8, 1..5_u8, 0..4_u8);
    frame.prop_flat_map(|(marker, id, h, v, unused_table)| {
        let parts = picture(marker);
        let first_scan = parts.iter().position(|part| part.starts_with(&[0xFF, 0xDA])).unwrap();
        let parts = parts.into_iter().map(move |clean| match clean[..] {
            [0xFF, 0xC0..=0xC3, ..] => {
                let mut stored = clean.clone();
                let table = if marker == 0xC3 { unused_table } else { 0 };
                stored[10..13].copy_from_slice(&[id, h << 4 | v, table]);
                Just(part(stored, clean)).boxed()
            }
            [0xFF, 0xC4 | 0xDB, ..] => table(clean),
            [0xFF, 0xDA, ..] => {
                let (tables, parameters) = match (marker, clean[7]) {
                    (0xC2, 0) | (0xC3, _) => (0x0F, 0),
                    (0xC2, _) => (0xF0, 0),
                    _ => (0, 0xFF),
                };
                scan(vec![(1, id)], clean, tables, parameters)
            }
            [0xFF, ..] => fixed(clean),
            [0x3F] => data(ENTROPY, 0x3F),
            [0x7F] => data(b"\x7F", 0x7F),
            _ => data(&[0; 8], 0),
        });
        let parts: Vec<_> = parts.collect();
        parts.prop_map(move |parts| Picture { components: 1, first_scan, parts })
    })
}
