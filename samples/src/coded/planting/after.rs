//! What comes after the picture: trailers, other images, with and without EOI.

use crate::jpeg::segment;

use super::bytes::surplus;
use super::{Case, Planted};

pub(super) fn all(case: &Case) -> Vec<Planted> {
    let (end, file) = (case.end(), case.parts.bytes());
    let other = case.coding.parts(&case.content()).bytes();
    let without_eoi = &file[..file.len() - 2];
    let mut all = vec![
        case.plant_bytes("no EOI", without_eoi.to_vec()).coded(),
        case.plant_bytes("another image after EOI", [&file[..], &other, case.payload].concat()),
        case.plant_bytes("segments after EOI", [&file[..], &segment(0xE1, case.payload)].concat()),
        case.plant_bytes("no EOI, then a segment", [without_eoi, &segment(0xE1, case.payload)].concat()),
    ];
    for (what, bytes) in surplus(case) {
        all.push(case.plant_bytes(format!("{what} after EOI"), [&file[..], &bytes].concat()));
        if case.is_huffman() {
            all.push(case.plant_bytes(format!("no EOI, then {what}"), [without_eoi, &bytes].concat()));
        }
    }
    let image = [&other[..], case.payload].concat();
    all.push(case.plant("another image before EOI", &case.parts.with(end, &image)).unread());
    let frame = case.parts.0[case.parts.frame()].clone();
    let mut other_frame = frame.clone();
    other_frame[5..9].copy_from_slice(&[0, case.byte(0), 0, case.byte(1)]);
    for (what, frame) in [("the frame header again", frame), ("another frame header", other_frame)] {
        let scan = segment(0xDA, &[1, case.coding.colour.ids[0], 0, 0, 63, 0]);
        let more = [&frame[..], &scan, case.payload].concat();
        all.push(case.plant(format!("{what} and a scan before EOI"), &case.parts.with(end, &more)).unread());
    }
    all
}
