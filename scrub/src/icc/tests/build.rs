//! Profiles of every kind, built by hand, with an owner's name wherever one fits.

use samples::icc::{HEADER, Profile};

use super::tables::{curve_table, elements, table_8, table_16};

/// What must not remain.
pub(super) const SECRETS: [&str; 9] = [
    "Owner Desc",
    "Owner Cprt",
    "Maker Name",
    "Model Name",
    "SN-4711-0815",
    "Illuminant 9",
    "in the gap",
    "rsvd",
    "after it",
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
        .data(b"text after it all...")
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

pub(super) fn rising(count: u32, by: u32) -> Vec<u8> {
    let top = count - 1;
    (0..count)
        .flat_map(|i| ((u64::from(i).pow(by) * 65_535 / u64::from(top).pow(by)) as u16).to_be_bytes())
        .collect()
}

pub(super) fn xyz(x: u32, y: u32, z: u32) -> Vec<u8> {
    // The sizes that some writers give include padding.
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

/// One of each kind.
pub(super) fn all() -> Vec<(&'static str, Vec<u8>)> {
    let srgb = parametric(3, &[2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045]);
    let gamma = [start(b"curv"), words([1]), vec![2, 0x33]].concat();
    let curves: [Tag; 3] = [
        (b"rTRC", parametric(0, &[2.2])),
        (b"gTRC", parametric(4, &[2.4, 0.948, 0.052, 0.077, 0.04, 0.0, 0.0])),
        (b"bTRC", parametric(1, &[2.2, 0.9, 0.1])),
    ];
    let a_to_b = |inputs, width| curve_table(b"mAB ", inputs, 3, width);
    let b_to_a = || curve_table(b"mBA ", 3, 3, 2);
    let elements = vec![(b"D2B0", elements()), (b"D2B1", elements())];
    let v2 = |class, space, pcs, tags: Vec<Tag>| with_tags(2, class, space, pcs, &[owner(), tags].concat());
    let v4 =
        |class, space, pcs, tags: Vec<Tag>| with_tags(4, class, space, pcs, &[owner_v4(), tags].concat());
    let matrix = |curves: Vec<Tag<'static>>| [primaries(), curves].concat();
    vec![
        ("v2 matrix", owned_matrix()),
        ("v2 gamma", v2(b"mntr", b"RGB ", b"XYZ ", matrix(trc(&gamma)))),
        ("v2 grey", v2(b"scnr", b"GRAY", b"XYZ ", vec![(b"kTRC", curve(9, 2))])),
        ("v4 parametric", v4(b"mntr", b"RGB ", b"XYZ ", matrix(trc(&srgb)))),
        ("v4 three curves", v4(b"mntr", b"RGB ", b"XYZ ", matrix(curves.into()))),
        ("v2 CMYK 16", v2(b"prtr", b"CMYK", b"Lab ", both_ways(table_16(4, 3, 5), table_16(3, 4, 5)))),
        ("v2 CMYK 8", v2(b"prtr", b"CMYK", b"Lab ", both_ways(table_8(4, 3, 4), table_8(3, 4, 4)))),
        ("v4 tables", v4(b"spac", b"RGB ", b"Lab ", both_ways(a_to_b(3, 2), b_to_a()))),
        ("v4 CMYK", v4(b"prtr", b"CMYK", b"Lab ", both_ways(a_to_b(4, 1), b_to_a()))),
        ("v4 elements", v4(b"mntr", b"RGB ", b"XYZ ", [matrix(trc(&srgb)), elements].concat())),
    ]
}

/// Tags that lead to the connection space and back.
fn both_ways(to: Vec<u8>, back: Vec<u8>) -> Vec<Tag<'static>> {
    vec![(b"A2B0", to.clone()), (b"A2B1", to), (b"B2A0", back.clone()), (b"gamt", back)]
}

/// Tags of version 4 that name an owner, and some that do not.
fn owner_v4() -> Vec<Tag<'static>> {
    let adaptation = fixed(&[1.048, 0.023, -0.05, 0.03, 0.99, -0.017, -0.009, 0.015, 0.752]);
    vec![
        (b"desc", unicode("Owner Desc")),
        (b"cprt", unicode("Owner Cprt")),
        (b"wtpt", xyz(0xF6D6, 0x10000, 0xD32D)),
        (b"chad", [start(b"sf32"), adaptation].concat()),
        (b"cicp", [start(b"cicp"), vec![12, 13, 0, 1]].concat()),
        (b"mmod", text("SN-4711-0815")),
    ]
}
