//! Fields whose value changes nothing.

use super::super::colour::Header;
use super::super::{Parts, Process};
use super::{Case, Planted};
use crate::jpeg::segment;

pub(super) fn all(case: &Case) -> Vec<Planted> {
    let mut all = match case.coding.colour.header {
        Header::Jfif => jfif(case),
        Header::Adobe(_) if case.is_huffman() => adobe(case),
        _ => Vec::new(),
    };
    if case.coding.colour.header != Header::None {
        all.push(component_ids(case));
    }
    all.extend(scan_headers(case));
    let (parts, frame) = (&case.parts, case.parts.frame());
    if case.coding.colour.sampling.len() == 1 {
        let factors = (case.byte(0) % 4 + 1) << 4 | (case.byte(1) % 4 + 1);
        let edited = parts.edited(frame, |frame| frame[11] = factors);
        all.push(case.plant("sampling factors of a single component", &edited).coded());
    }
    if case.coding.process == Process::Lossless {
        let edited = parts.edited(frame, |frame| {
            frame[12..].iter_mut().step_by(3).enumerate().for_each(|(i, table)| *table = case.byte(i));
        });
        all.push(case.plant("quantisation tables of lossless coding", &edited).coded());
    }
    all
}

fn jfif(case: &Case) -> Vec<Planted> {
    let part = case.parts.all(&[0xE0])[0];
    let replaced = |payload: &[u8]| case.parts.edited(part, |jfif| *jfif = segment(0xE0, payload));
    let density = [case.byte(0), case.byte(1)];
    let all_fields = [b"JFIF\0\x01\x02", &[case.byte(0) % 3][..], &density, &density, &[0, 0]].concat();
    let version = [b"JFIF\0", &[1, case.byte(0)][..], b"\0\0\x01\0\x01\0\0"].concat();
    let thumbnail = [b"JFIF\0\x01\x02\0\0\x01\0\x01\x02\x02", &case.payload[..12]].concat();
    let longer = [b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0", case.payload].concat();
    let another = segment(0xE0, &longer);
    vec![
        case.plant("unit and density of JFIF", &replaced(&all_fields)).coded(),
        case.plant("version of JFIF", &replaced(&version)).coded(),
        case.plant("thumbnail of JFIF", &replaced(&thumbnail)).with_secret(&case.payload[..12]),
        case.plant("bytes after JFIF's fields", &replaced(&longer)),
        case.plant("another JFIF segment", &case.parts.with(part + 1, &another)),
    ]
}

fn adobe(case: &Case) -> Vec<Planted> {
    let part = case.parts.all(&[0xEE])[0];
    let mut edits: Vec<(&str, Parts)> = Vec::new();
    for (what, from, bytes) in [("version", 9, 2), ("first flags", 11, 2), ("second flags", 13, 2)] {
        let parts = case
            .parts
            .edited(part, |adobe| adobe[from..from + bytes].copy_from_slice(&case.payload[..bytes]));
        edits.push((what, parts));
    }
    if case.coding.colour.is_ycbcr {
        // Decoders take what they do not know for YCbCr.
        let parts = case.parts.edited(part, |adobe| adobe[15] = case.byte(0).max(3));
        edits.push(("transform", parts));
    }
    let mut all: Vec<Planted> =
        edits.iter().map(|(what, parts)| case.plant(format!("{what} of Adobe"), parts).coded()).collect();
    let transform = case.parts.0[part][15];
    let longer = [b"Adobe\0\x64\0\0\0\0", &[transform][..], case.payload].concat();
    let edited = case.parts.edited(part, |adobe| *adobe = segment(0xEE, &longer));
    all.push(case.plant("bytes after Adobe's fields", &edited));
    all
}

/// Numbers of the components that no scan refers to otherwise than the frame header.
fn component_ids(case: &Case) -> Planted {
    let old = &case.coding.colour.ids;
    let new = |id: u8| {
        let index = old.iter().position(|&other| other == id).expect("a scan names components of the frame");
        case.byte(0).wrapping_add(index as u8)
    };
    let mut parts = case.parts.clone();
    let frame = parts.frame();
    parts.0[frame][10..].iter_mut().step_by(3).for_each(|id| *id = new(*id));
    for header in parts.all(&[0xDA]) {
        let components = usize::from(parts.0[header][4]);
        parts.0[header][5..].iter_mut().step_by(2).take(components).for_each(|id| *id = new(*id));
    }
    case.plant("component ids", &parts).coded()
}

/// Bands of sequential scans, and table numbers that a scan does not use.
fn scan_headers(case: &Case) -> Vec<Planted> {
    let (mut bands, mut numbers) = (case.parts.clone(), case.parts.clone());
    let process = case.coding.process;
    for header in case.parts.all(&[0xDA]) {
        let bytes = case.parts.0[header].len();
        let [start, approximation] = [bytes - 3, bytes - 1].map(|at| case.parts.0[header][at]);
        for at in bytes - 3..bytes {
            bands.0[header][at] = case.byte(at);
        }
        // The nibbles for DC and AC tables that are not looked at (ITU-T T.81, G.1.1.1.1, H.1.3.1).
        let unused = match (process.is_progressive(), start, approximation >> 4) {
            (true, 0, 0) | (false, ..) => 0x0F,
            (true, 0, _) => 0xFF,
            (true, ..) => 0xF0,
        };
        let components = usize::from(case.parts.0[header][4]);
        for number in numbers.0[header][6..].iter_mut().step_by(2).take(components) {
            *number = *number & !unused | case.byte(header) & unused;
        }
    }
    match process {
        Process::Lossless | Process::Progressive | Process::ArithmeticProgressive => {
            vec![case.plant("table numbers that scans do not use", &numbers).coded()]
        }
        _ => vec![case.plant("bands of sequential scans", &bands).coded()],
    }
}
