//! Writes an ICC profile (ICC.1:2001-04, version 2.4): a display with the sRGB primaries.

use crate::jpeg::segment;

/// What the profile calls the display: programs that measure displays write such names.
pub(crate) const DISPLAY: &str = "Ada's studio display, S/N C02-77-4711, warm evening light";

/// A whole display profile. `curve` is the number of points of its tone curve; many points make it large.
pub(crate) fn profile(curve: usize) -> Vec<u8> {
    let gamma = |i: usize| ((i as f64 / (curve - 1) as f64).powf(2.2) * 65535.0).round() as u16;
    let points: Vec<u8> = (0..curve).flat_map(|i| gamma(i).to_be_bytes()).collect();
    let tone = [b"curv\0\0\0\0", &(curve as u32).to_be_bytes()[..], &points].concat();
    let text = format!("{DISPLAY}\0");
    let mut description = [b"desc\0\0\0\0", &(text.len() as u32).to_be_bytes()[..], text.as_bytes()].concat();
    description.resize(description.len() + 78, 0); // no Unicode, no ScriptCode
    let tags: [(&[u8; 4], Vec<u8>); 7] = [
        (b"desc", description),
        (b"cprt", b"text\0\0\0\0No copyright, use freely\0".to_vec()),
        (b"wtpt", xyz([0.9642, 1.0, 0.8249])),
        (b"rXYZ", xyz([0.4361, 0.2225, 0.0139])),
        (b"gXYZ", xyz([0.3851, 0.7169, 0.0971])),
        (b"bXYZ", xyz([0.1431, 0.0606, 0.7141])),
        (b"rTRC", tone),
    ];
    // Green and blue share the red curve.
    let entries = tags.len() + 2;
    let mut table = (entries as u32).to_be_bytes().to_vec();
    let mut data = Vec::new();
    for (name, tag) in &tags {
        let place =
            [(128 + 4 + 12 * entries + data.len()) as u32, tag.len() as u32].map(u32::to_be_bytes).concat();
        let names: &[&[u8; 4]] = if *name == b"rTRC" { &[b"rTRC", b"gTRC", b"bTRC"] } else { &[name] };
        for name in names {
            table.extend_from_slice(*name);
            table.extend(&place);
        }
        data.extend(tag);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let mut header = ((128 + table.len() + data.len()) as u32).to_be_bytes().to_vec();
    header.extend(b"\0\0\0\0\x02\x40\0\0mntrRGB XYZ ");
    header.extend([2024, 5, 1, 19, 30, 0].map(u16::to_be_bytes).concat());
    header.extend(b"acsp");
    header.resize(68, 0);
    header.extend(xyz_numbers([0.9642, 1.0, 0.8249]));
    header.resize(128, 0);
    [header, table, data].concat()
}

/// The APP2 segments a profile is split into.
pub(crate) fn segments(profile: &[u8]) -> Vec<Vec<u8>> {
    let chunks: Vec<_> = profile.chunks(65_533 - 14).collect();
    let payload = |i: usize| [b"ICC_PROFILE\0", &[i as u8 + 1, chunks.len() as u8][..], chunks[i]].concat();
    (0..chunks.len()).map(|i| segment(0xE2, &payload(i))).collect()
}

fn xyz(numbers: [f64; 3]) -> Vec<u8> {
    [b"XYZ \0\0\0\0".to_vec(), xyz_numbers(numbers)].concat()
}

fn xyz_numbers(numbers: [f64; 3]) -> Vec<u8> {
    numbers.iter().flat_map(|n| ((n * 65536.0).round() as i32).to_be_bytes()).collect()
}
