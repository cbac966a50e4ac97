//! Profiles of every kind, built by hand, with an owner's name wherever one fits.

use samples::icc::{HEADER, Profile};

/// What must not be left.
pub(super) const SECRETS: [&str; 9] = [
    "Owner Desc",
    "Owner Cprt",
    "Maker Name",
    "Model Name",
    "SN-4711-0815",
    "Illuminant 9",
    "in the gap",
    "rsvd",
    "behind it",
];

pub(super) type Tag<'a> = (&'a [u8; 4], Vec<u8>);

/// A profile whose unused bytes all say something: the gaps between the tags, the header, what follows the last tag.
/// Equal tags share their data.
pub(super) fn with_tags(version: u8, class: &[u8], space: &[u8], pcs: &[u8], tags: &[Tag]) -> Vec<u8> {
    let mut header = [
        b"\0\0\0\0SECR",
        &[version, 0x20, b'x', b'y'][..],
        class,
        space,
        pcs,
        b"\x07\xE9\0\x0B\0\x18\0\x0B\0\x10\0\x28acspAPPL\xFF\xFF\xFF\xFDOWNRSN-4711-0815\0\0\0\x01",
        b"Illuminant 9MEMEprofile id 16byterest is reserved, 28 bytes...",
    ]
    .concat();
    header.truncate(HEADER);
    let tags = tags.iter().map(|(signature, bytes)| (*signature, bytes));
    Profile::new(header.try_into().unwrap())
        .tags(tags, b"in the gap", b'!')
        .data(b"text behind it all..")
        .bytes()
}

/// A type's signature and the reserved bytes, which should be zero.
pub(super) fn start(kind: &[u8; 4]) -> Vec<u8> {
    [kind, &b"rsvd"[..]].concat()
}

pub(super) fn words(numbers: impl IntoIterator<Item = u32>) -> Vec<u8> {
    numbers.into_iter().flat_map(u32::to_be_bytes).collect()
}

pub(super) fn floats(numbers: impl IntoIterator<Item = f32>) -> Vec<u8> {
    numbers.into_iter().flat_map(f32::to_be_bytes).collect()
}

pub(super) fn fixed(numbers: &[f64]) -> Vec<u8> {
    numbers.iter().flat_map(|number| ((number * 65_536.0).round() as i32).to_be_bytes()).collect()
}

/// Numbers that rise and fall in no simple way.
fn wave(count: usize, seed: usize) -> impl Iterator<Item = u16> {
    (0..count).map(move |i| ((i * 7_919 + seed * 104_729 + i * i % 613) % 65_521) as u16)
}

fn rising(count: u32, by: u32) -> Vec<u8> {
    let top = count - 1;
    (0..count)
        .flat_map(|i| ((u64::from(i).pow(by) * 65_535 / u64::from(top).pow(by)) as u16).to_be_bytes())
        .collect()
}

pub(super) fn xyz(x: u32, y: u32, z: u32) -> Vec<u8> {
    // Some writers' sizes are too long by padding.
    [start(b"XYZ "), words([x, y, z]), b"SN-4711-0815".to_vec()].concat()
}

pub(super) fn curve(count: u32, by: u32) -> Vec<u8> {
    [start(b"curv"), words([count]), rising(count, by)].concat()
}

pub(super) fn parametric(function: u8, numbers: &[f64]) -> Vec<u8> {
    [start(b"para"), vec![0, function, b'S', b'N'], fixed(numbers)].concat()
}

pub(super) fn description(text: &str) -> Vec<u8> {
    let count = u32::try_from(text.len() + 1).unwrap();
    [start(b"desc"), words([count]), text.into(), vec![0; 1 + 4 + 4 + 3], b"Owner Desc".to_vec(), vec![0; 57]]
        .concat()
}

pub(super) fn text(text: &str) -> Vec<u8> {
    [start(b"text"), text.into(), vec![0]].concat()
}

pub(super) fn unicode(text: &str) -> Vec<u8> {
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let length = u32::try_from(utf16.len()).unwrap();
    [start(b"mluc"), words([1, 12]), b"deDE".to_vec(), words([length, 28]), utf16].concat()
}

pub(super) fn owner() -> Vec<Tag<'static>> {
    vec![
        (b"desc", description("Owner Desc")),
        (b"cprt", text("Owner Cprt")),
        (b"dmnd", description("Maker Name")),
        (b"dmdd", description("Model Name")),
        (b"SN42", text("SN-4711-0815")),
        (b"vcgt", [start(b"vcgt"), words([0, 1, 2])].concat()),
        (b"wtpt", xyz(0xF351, 0x10000, 0x116CC)),
        (b"bkpt", xyz(0, 0, 0)),
    ]
}

pub(super) fn primaries() -> Vec<Tag<'static>> {
    vec![
        (b"rXYZ", xyz(0x6FA2, 0x38F5, 0x0390)),
        (b"gXYZ", xyz(0x6299, 0xB785, 0x18DA)),
        (b"bXYZ", xyz(0x24A0, 0x0F84, 0xB6CF)),
    ]
}

pub(super) fn trc(curve: &[u8]) -> Vec<Tag<'static>> {
    vec![(b"rTRC", curve.to_vec()), (b"gTRC", curve.to_vec()), (b"bTRC", curve.to_vec())]
}

pub(super) fn owned_matrix() -> Vec<u8> {
    let tags = [owner(), primaries(), trc(&curve(257, 2))].concat();
    with_tags(2, b"mntr", b"RGB ", b"XYZ ", &tags)
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

/// One of each kind.
pub(super) fn all() -> Vec<(&'static str, Vec<u8>)> {
    let lab = |kind: Vec<u8>, back: Vec<u8>| {
        vec![(b"A2B0", kind.clone()), (b"A2B1", kind), (b"B2A0", back.clone()), (b"gamt", back)]
    };
    let v4: Vec<Tag> = vec![
        (b"desc", unicode("Owner Desc")),
        (b"cprt", unicode("Owner Cprt")),
        (b"wtpt", xyz(0xF6D6, 0x10000, 0xD32D)),
        (
            b"chad",
            [start(b"sf32"), fixed(&[1.048, 0.023, -0.05, 0.03, 0.99, -0.017, -0.009, 0.015, 0.752])]
                .concat(),
        ),
        (b"cicp", [start(b"cicp"), vec![12, 13, 0, 1]].concat()),
        (b"mmod", text("SN-4711-0815")),
    ];
    let srgb = parametric(3, &[2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045]);
    let curves: [Tag; 3] = [
        (b"rTRC", parametric(0, &[2.2])),
        (b"gTRC", parametric(4, &[2.4, 0.948, 0.052, 0.077, 0.04, 0.0, 0.0])),
        (b"bTRC", parametric(1, &[2.2, 0.9, 0.1])),
    ];
    let back = curve_table(b"mBA ", 3, 3, 2);
    vec![
        ("v2 matrix", owned_matrix()),
        (
            "v2 gamma",
            with_tags(
                2,
                b"mntr",
                b"RGB ",
                b"XYZ ",
                &[owner(), primaries(), trc(&[start(b"curv"), words([1]), vec![2, 0x33]].concat())].concat(),
            ),
        ),
        (
            "v2 grey",
            with_tags(2, b"scnr", b"GRAY", b"XYZ ", &[owner(), vec![(b"kTRC", curve(9, 2))]].concat()),
        ),
        (
            "v4 parametric",
            with_tags(4, b"mntr", b"RGB ", b"XYZ ", &[v4.clone(), primaries(), trc(&srgb)].concat()),
        ),
        (
            "v4 three curves",
            with_tags(4, b"mntr", b"RGB ", b"XYZ ", &[v4.clone(), primaries(), curves.into()].concat()),
        ),
        (
            "v2 CMYK 16",
            with_tags(
                2,
                b"prtr",
                b"CMYK",
                b"Lab ",
                &[owner(), lab(table_16(4, 3, 5), table_16(3, 4, 5))].concat(),
            ),
        ),
        (
            "v2 CMYK 8",
            with_tags(
                2,
                b"prtr",
                b"CMYK",
                b"Lab ",
                &[owner(), lab(table_8(4, 3, 4), table_8(3, 4, 4))].concat(),
            ),
        ),
        (
            "v4 tables",
            with_tags(
                4,
                b"spac",
                b"RGB ",
                b"Lab ",
                &[v4.clone(), lab(curve_table(b"mAB ", 3, 3, 2), back.clone())].concat(),
            ),
        ),
        (
            "v4 CMYK",
            with_tags(
                4,
                b"prtr",
                b"CMYK",
                b"Lab ",
                &[v4.clone(), lab(curve_table(b"mAB ", 4, 3, 1), back)].concat(),
            ),
        ),
        (
            "v4 elements",
            with_tags(
                4,
                b"mntr",
                b"RGB ",
                b"XYZ ",
                &[v4, primaries(), trc(&srgb), vec![(b"D2B0", elements()), (b"D2B1", elements())]].concat(),
            ),
        ),
    ]
}
