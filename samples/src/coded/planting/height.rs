//! Rows that a lowered height hides, components without scans, and DNL.

use crate::jpeg::segment;

use super::super::{Content, Parts, Process};
use super::{Case, Planted};

/// Rows that are shown, a multiple of every MCU.
const SHOWN: usize = 32;

pub(super) fn all(case: &Case) -> Vec<Planted> {
    let mut all = lines(case);
    if case.is_huffman() {
        let hidden = Content { hidden: Some((SHOWN, case.content().seed)), ..Content::default() };
        let plain = Content { height: SHOWN, ..Content::default() };
        all.push(Planted {
            plain: case.coding.parts(&plain).bytes(),
            ..case.plant("rows below the height", &case.coding.parts(&hidden)).coded()
        });
    }
    all.extend(outside(case));
    all.extend(without_scan(case));
    all.extend(first_coefficient_only(case));
    all
}

/// Blocks that only complete the last MCUs.
fn outside(case: &Case) -> Option<Planted> {
    let content = Content { outside: Some(case.content().seed), ..Content::default() };
    let parts = case.coding.parts(&content);
    // Arithmetic coding is made from what libjpeg-turbo keeps, which has nothing in these blocks.
    let has_blocks = parts.bytes() != case.parts.bytes();
    has_blocks.then(|| case.plant("blocks outside of the picture", &parts).coded())
}

/// The number of lines as a segment (ITU-T T.81, B.2.5), where decoders do not look for it.
fn lines(case: &Case) -> Vec<Planted> {
    let mut all = Vec::new();
    let parts = &case.parts;
    for part in (1..parts.0.len()).filter(|&part| parts.marker(part).is_some()) {
        let place = format!("DNL before {}", parts.name(part));
        let lines = segment(0xDC, &case.payload[..2]);
        all.push(case.plant(&place, &parts.with(part, &lines)).with_secret(&lines));
        let long = segment(0xDC, case.payload);
        all.push(case.plant(format!("a long {place}"), &parts.with(part, &long)));
    }
    let mut later = parts.edited(parts.frame(), |frame| frame[5..7].fill(0));
    let height = &parts.0[parts.frame()][5..7];
    later.0.insert(parts.data()[0] + 1, segment(0xDC, height));
    all.push(case.plant("the height only in DNL", &later).coded().unread());
    all
}

/// The last component without its scans, with a quantisation table of its own.
fn without_scan(case: &Case) -> Option<Planted> {
    let components = case.coding.colour.sampling.len();
    let is_split = !case.coding.is_interleaved && components > 1;
    if !is_split || case.coding.process == Process::Lossless {
        return None;
    }
    let id = case.coding.colour.ids[components - 1];
    let mut parts = case.parts.clone();
    for header in case.parts.all(&[0xDA]).into_iter().rev() {
        if case.parts.0[header][5] == id {
            parts.0.drain(header..header + 2);
        }
    }
    let with_table = |parts: &Parts, values: [u8; 64]| {
        let frame = parts.frame();
        let mut parts = parts.edited(frame, |frame| *frame.last_mut().expect("it has components") = 3);
        parts.0.insert(frame, segment(0xDB, &[&[3][..], &values].concat()));
        parts.bytes()
    };
    let planted = with_table(&parts, std::array::from_fn(|i| case.byte(i)));
    let place = "the quantisation table of a component without a scan";
    Some(Planted { plain: with_table(&parts, [1; 64]), ..case.plant_bytes(place, planted) })
}

/// The last component with only its first coefficients, then a table for the others.
fn first_coefficient_only(case: &Case) -> Option<Planted> {
    if case.coding.process != Process::Progressive {
        return None;
    }
    let id = case.coding.colour.ids.last().copied();
    let mut parts = case.parts.clone();
    for header in case.parts.all(&[0xDA]).into_iter().rev() {
        let scan = &case.parts.0[header];
        let is_dc = scan[scan.len() - 3] == 0;
        if !is_dc && scan.get(5).copied() == id {
            parts.0.drain(header..header + 2);
        }
    }
    let dead: Vec<usize> =
        parts.all(&[0xC4]).into_iter().filter(|&dht| parts.marker(dht + 1) == Some(0xD9)).collect();
    dead.into_iter().rev().for_each(|dht| drop(parts.0.remove(dht)));
    let plain = parts.bytes();
    let counts = [0, 0, 0, 0, 0, 0, 0, case.payload.len() as u8, 0, 0, 0, 0, 0, 0, 0, 0];
    let table = segment(0xC4, &[&[0x11][..], &counts, case.payload].concat());
    let place = "a DHT after a component with only its first coefficient";
    Some(Planted { plain, ..case.plant(place, &parts.with(parts.0.len() - 1, &table)) })
}
