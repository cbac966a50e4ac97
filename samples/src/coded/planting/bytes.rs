//! Bytes between the parts of a file, around restart markers, after the last MCU, and the bits that pad its data.

use super::super::Content;
use super::{Case, Planted};

pub(super) fn all(case: &Case) -> Vec<Planted> {
    let mut all = between_parts(case);
    if case.is_huffman() {
        all.extend(after_data(case));
        all.extend(restarts(case));
        let padding = case.coding.parts(&Content { padding: case.payload.to_vec(), ..Content::default() });
        all.push(case.plant("padding", &padding).coded());
    }
    all
}

fn between_parts(case: &Case) -> Vec<Planted> {
    let parts = &case.parts;
    let mut all = Vec::new();
    let (mut stuffed, mut fill) = (parts.clone(), parts.clone());
    for part in (1..parts.0.len()).filter(|&part| parts.marker(part).is_some()) {
        // Bytes right after data are data.
        if parts.marker(part - 1).is_some() {
            let place = format!("stray bytes before {}", parts.name(part));
            all.push(case.plant(place, &parts.with(part, case.payload)));
            stuffed.0[part].splice(0..0, case.stuffed());
        }
        let bytes = usize::from(case.byte(part) % 7) + 1;
        fill.0[part].splice(0..0, vec![0xFF; bytes]);
    }
    all.push(case.plant("stuffed stray bytes before all segments", &stuffed));
    all.push(case.plant("fill bytes before all markers", &fill).coded());
    all
}

/// Bytes after the last MCU of a scan, of several kinds.
pub(super) fn surplus(case: &Case) -> [(&'static str, Vec<u8>); 4] {
    [
        ("plain bytes", case.payload.to_vec()),
        ("stuffed bytes", case.stuffed()),
        ("a ZIP", [b"PK\x03\x04\x14\0\0\0\x08\0", case.payload, b"PK\x05\x06", &[0; 18]].concat()),
        ("a TIFF", [b"II\x2A\0\x08\0\0\0\x01\0\x0E\x01\x02\0", case.payload].concat()),
    ]
}

fn after_data(case: &Case) -> Vec<Planted> {
    let mut all = Vec::new();
    let data = case.parts.data();
    for part in [data[0], data[data.len() - 1]] {
        let mut bytes = surplus(case).to_vec();
        // The number that decoders expect next, and one that they do not.
        let count = restart_markers(&case.parts.0[part]).len() as u8;
        for (what, number) in [("the next restart marker", count), ("another restart marker", count + 3)] {
            bytes.push((what, [&[0xFF, 0xD0 + number % 8][..], case.payload].concat()));
        }
        for (what, bytes) in bytes {
            let place = format!("{what} after {}", case.parts.name(part));
            all.push(case.plant(place, &case.parts.edited(part, |data| data.extend(bytes))));
        }
        if data.len() == 1 {
            break;
        }
    }
    all
}

fn restarts(case: &Case) -> Vec<Planted> {
    let mut all = Vec::new();
    let (mut before, mut stuffed, mut fill) = (case.parts.clone(), case.parts.clone(), case.parts.clone());
    for part in case.parts.data() {
        let markers = restart_markers(&case.parts.0[part]);
        for (i, &at) in markers.iter().enumerate().rev() {
            let bytes = usize::from(case.byte(i) % 7) + 1;
            before.0[part].splice(at..at, case.payload.iter().copied());
            stuffed.0[part].splice(at..at, case.stuffed());
            fill.0[part].splice(at..at, vec![0xFF; bytes]);
        }
        if part != case.parts.data()[0] {
            continue;
        }
        for at in markers.first().into_iter().chain(markers.last()).copied() {
            let with = |at, bytes: &[u8]| {
                case.parts.edited(part, |data| drop(data.splice(at..at, bytes.iter().copied())))
            };
            all.push(case.plant(format!("bytes before the restart marker at {at}"), &with(at, case.payload)));
            for (what, bytes) in [("bytes", case.payload), ("stuffed bytes", &case.stuffed())] {
                let place = format!("{what} after the restart marker at {at}");
                all.push(case.plant(place, &with(at + 2, bytes)).drawn());
            }
        }
    }
    if !all.is_empty() {
        all.push(case.plant("bytes before all restart markers", &before));
        all.push(case.plant("stuffed bytes before all restart markers", &stuffed));
        all.push(case.plant("fill bytes before all restart markers", &fill).coded());
    }
    all
}

/// Where the restart markers of coded data are.
fn restart_markers(data: &[u8]) -> Vec<usize> {
    let is_marker = |at: &usize| matches!(data[*at..], [0xFF, 0xD0..=0xD7, ..]);
    (0..data.len()).filter(is_marker).collect()
}
