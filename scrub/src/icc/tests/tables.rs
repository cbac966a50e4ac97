//! Data of the types with multi-dimensional tables, and of processing elements, with text in every unused byte.

use super::build::{curve, fixed, floats, parametric, rising, start, words};

/// Numbers that rise and fall irregularly.
fn wave(count: usize, seed: usize) -> impl Iterator<Item = u16> {
    (0..count).map(move |i| ((i * 7_919 + seed * 104_729 + i * i % 613) % 65_521) as u16)
}

pub(super) fn table_16(inputs: u8, outputs: u8, points: u8) -> Vec<u8> {
    let size = usize::from(points).pow(u32::from(inputs)) * usize::from(outputs);
    [
        start(b"mft2"),
        vec![inputs, outputs, points, b'S'],
        fixed(&[1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]),
        vec![0, 33, 0, 5],
        rising(33, 2).repeat(inputs.into()),
        wave(size, 3).flat_map(u16::to_be_bytes).collect(),
        rising(5, 1).repeat(outputs.into()),
    ]
    .concat()
}

pub(super) fn table_8(inputs: u8, outputs: u8, points: u8) -> Vec<u8> {
    let size = usize::from(points).pow(u32::from(inputs)) * usize::from(outputs);
    let line: Vec<u8> = (0..=255).collect();
    [
        start(b"mft1"),
        vec![inputs, outputs, points, b'N'],
        fixed(&[1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]),
        line.repeat(inputs.into()),
        wave(size, 5).map(|number| number as u8).collect(),
        line.repeat(outputs.into()),
    ]
    .concat()
}

/// lutAToBType or lutBToAType with all five parts, a gap before each.
pub(super) fn curve_table(kind: &[u8; 4], inputs: u8, outputs: u8, width: u8) -> Vec<u8> {
    let set = |count: u8| {
        let curves = (0..count).flat_map(|i| {
            let mut one = match i {
                0 => curve(6, 2),
                1 => curve(3, 1),
                _ => parametric(3, &[2.4, 0.948, 0.052, 0.077, 0.04]),
            };
            one.resize(one.len().next_multiple_of(4), b'N');
            one
        });
        curves.collect::<Vec<u8>>()
    };
    let mut grid = vec![b'S'; 20];
    grid[..usize::from(inputs)].fill(5);
    grid[16] = width;
    let size = 5_usize.pow(inputs.into()) * usize::from(outputs) * usize::from(width);
    grid.extend(wave(size, 7).map(|number| (number >> 4) as u8));
    let matrix = fixed(&[0.8, 0.1, 0.1, 0.05, 0.9, 0.05, 0.0, 0.2, 0.8, 0.01, 0.0, 0.02]);
    let (device, space) = if kind == b"mAB " { (inputs, outputs) } else { (outputs, inputs) };
    let mut data = Vec::new();
    let offsets = [set(space), matrix, set(space), grid, set(device)].map(|part| {
        data.extend(b"in the gap!!");
        let at = 32 + data.len();
        data.extend(part);
        data.resize(data.len().next_multiple_of(4), b'!');
        u32::try_from(at).unwrap()
    });
    [start(kind), vec![inputs, outputs, b'S', b'N'], words(offsets), data].concat()
}

/// multiProcessElementsType: curves, a matrix, a table, and an element for the future.
pub(super) fn elements() -> Vec<u8> {
    let parametric = [start(b"parf"), vec![0, 0, b'S', b'N'], floats([1.8, 0.9, 0.05, 0.0])].concat();
    let sampled = [start(b"samf"), words([3]), floats([0.3, 0.6, 1.0])].concat();
    let segments =
        [start(b"curf"), vec![0, 3, b'S', b'N'], floats([0.0, 1.0]), parametric.clone(), sampled, parametric]
            .concat();
    let size = u32::try_from(segments.len()).unwrap();
    let three = [0, 3, 0, 3];
    let positions = words([48, size, 48, size, 48, size]);
    let curves = [start(b"cvst"), three.into(), positions, b"in the gap!!".to_vec(), segments].concat();
    let matrix = floats([0.4, 0.3, 0.2, 0.2, 0.7, 0.1, 0.0, 0.1, 0.7, 0.01, 0.0, 0.02]);
    let matrix = [start(b"matf"), three.into(), matrix].concat();
    let values = wave(3 * 4 * 5 * 3, 11).map(|number| f32::from(number) / 65_535.0);
    let table =
        [start(b"clut"), three.into(), b"\x03\x04\x05SN-4711-0815!".to_vec(), floats(values)].concat();
    let later = [start(b"bACS"), three.into(), b"rTRC".to_vec()].concat();
    let mut data = Vec::new();
    let positions: Vec<u32> = [curves, matrix, table, later]
        .iter()
        .flat_map(|element| {
            data.extend(b"in the gap!!");
            let at = 16 + 4 * 8 + data.len();
            data.extend(element);
            [at, element.len()].map(|number| u32::try_from(number).unwrap())
        })
        .collect();
    [start(b"mpet"), three.into(), words([4]), words(positions), data].concat()
}
