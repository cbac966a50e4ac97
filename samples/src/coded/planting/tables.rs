//! Tables that nothing uses, and restart intervals that change nothing.

use crate::jpeg::segment;

use super::super::{HEIGHT, Process, WIDTH};
use super::{Case, Planted};

const DHT: u8 = 0xC4;
const DQT: u8 = 0xDB;
const DRI: u8 = 0xDD;

pub(super) fn all(case: &Case) -> Vec<Planted> {
    let mut all = quantisation(case);
    all.extend(huffman(case));
    all.extend(intervals(case));
    if case.is_huffman() {
        // Conditioning of AC coefficients takes any value (ITU-T T.81, B.2.4.3).
        let pairs: Vec<u8> =
            case.payload.iter().enumerate().flat_map(|(i, &b)| [0x10 | (i % 4) as u8, b]).collect();
        let place = "conditioning of arithmetic coding";
        all.push(
            case.plant(place, &case.parts.with(case.parts.frame(), &segment(0xCC, &pairs)))
                .with_secret(&pairs),
        );
    }
    all
}

fn quantisation(case: &Case) -> Vec<Planted> {
    let table = |slot: u8| {
        let values: [u8; 64] = std::array::from_fn(|i| case.byte(i));
        segment(DQT, &[&[slot][..], &values].concat())
    };
    let (parts, frame, end) = (&case.parts, case.parts.frame(), case.end());
    let first_data = parts.data()[0];
    let mut all = vec![
        case.plant("a DQT that nothing uses", &parts.with(frame, &table(3))),
        case.plant("a DQT that nothing uses, before EOI", &parts.with(end, &table(3))),
        // Decoders keep the table that is in force at a component's first scan.
        case.plant("another DQT after the first scan", &parts.with(first_data + 1, &table(0))),
        case.plant("another DQT after the last scan", &parts.with(end, &table(0))),
    ];
    for part in parts.all(&[DQT]) {
        let place = format!("another DQT before {}", parts.name(part));
        all.push(case.plant(place, &parts.with(part, &table(parts.0[part][4]))));
    }
    if case.coding.process == Process::Lossless {
        all.push(case.plant("a DQT of lossless coding", &parts.with(frame, &table(0))));
    }
    all
}

fn huffman(case: &Case) -> Vec<Planted> {
    // Codes of 8 bits.
    let table = |class_and_slot: u8| {
        let counts = [0, 0, 0, 0, 0, 0, 0, case.payload.len() as u8, 0, 0, 0, 0, 0, 0, 0, 0];
        segment(DHT, &[&[class_and_slot][..], &counts, case.payload].concat())
    };
    let (parts, frame, end) = (&case.parts, case.parts.frame(), case.end());
    let mut all = Vec::new();
    for (name, unused) in [("DC", 0x03), ("AC", 0x13)] {
        all.push(
            case.plant(format!("a DHT for {name} that nothing uses"), &parts.with(frame, &table(unused))),
        );
        let place = format!("another DHT for {name} after the last scan");
        all.push(case.plant(place, &parts.with(end, &table(unused & 0x10))));
    }
    for part in parts.all(&[DHT]) {
        let place = format!("another DHT before {}", parts.name(part));
        all.push(case.plant(place, &parts.with(part, &table(parts.0[part][4]))));
    }
    if case.coding.process == Process::Progressive && case.coding.is_interleaved {
        let after = parts.data()[0] + 1;
        all.push(
            case.plant("another DHT after the only scan that uses it", &parts.with(after, &table(0x00))),
        );
    }
    all
}

fn intervals(case: &Case) -> Vec<Planted> {
    let interval = |value: u16| segment(DRI, &value.to_be_bytes());
    let (parts, end) = (&case.parts, case.end());
    let free = interval(case.word(0));
    let mut all = vec![case.plant("DRI after the last scan", &parts.with(end, &free)).with_secret(&free)];
    if let Some(&dri) = parts.all(&[DRI]).first() {
        all.push(case.plant("another DRI before DRI", &parts.with(dri, &free)).with_secret(&free));
        return all;
    }
    let scan = parts.all(&[0xDA])[0];
    let reset = [&free[..], &interval(0)].concat();
    all.push(case.plant("DRI and DRI of 0", &parts.with(scan, &reset)).with_secret(&free));
    let longer = match case.coding.process {
        // A whole number of rows, as libjpeg-turbo demands, and more than there are.
        Process::Lossless => WIDTH * (HEIGHT + 1 + usize::from(case.byte(0))),
        _ => 0x4000 | usize::from(case.word(0)),
    };
    let longer = interval(longer as u16);
    all.push(case.plant("DRI of more than the picture", &parts.with(scan, &longer)).with_secret(&longer));
    all
}
