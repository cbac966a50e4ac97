//! The header of a profile (ICC.1, 7.2).

/// Its length in bytes.
pub(super) const HEADER: usize = 128;
/// The illuminant of the profile connection space, the same in all profiles (ICC.1, 7.2.16).
const D50_ILLUMINANT: [u8; 12] = [0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D];

/// The header without maker, device, owner and time. Its size field is still 0. None if no colour engine reads the
/// profile.
pub(super) fn minimal_header(profile: &[u8]) -> Option<Vec<u8>> {
    let field = |at: usize, length: usize| profile.get(at..at.checked_add(length)?);
    let used = matches!(field(12, 4)?, b"scnr" | b"mntr" | b"prtr" | b"spac")
        && is_colour_space(field(16, 4)?)
        && matches!(field(20, 4)?, b"XYZ " | b"Lab ")
        && field(36, 4)? == b"acsp";
    if !used {
        return None;
    }
    let intent = match field(66, 2)? {
        &[0, intent @ 0..=3] => intent,
        _ => 0,
    };
    // All zeros are not a date (ICC.1, 4.2), so this is the first second of 2000.
    let date = [0x07, 0xD0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0];
    let header = [
        &[0; 8][..],
        &version(field(8, 4)?)?,
        field(12, 12)?,
        &date,
        b"acsp",
        &[0; 7],
        &[field(47, 1)?.first()? & 0b11],
        &[0; 16],
        &[0, 0, 0, intent],
        &D50_ILLUMINANT,
        &[0; 48],
    ];
    Some(header.concat())
}

/// Maps every version (ICC.1, 7.2.4) to one that colour engines treat the same: usually 2.4 or 4.4. lcms2 reads
/// versions below 2 as 2 and 5.0 as 4; moxcms reads neither, so both keep their number. It reads four zeros as 2. No
/// engine reads anything above 5.0.
fn version(version: &[u8]) -> Option<[u8; 4]> {
    match version {
        [0, 0, 0, 0] | [2 | 3, ..] => Some([2, 0x40, 0, 0]),
        [0 | 1, ..] => Some([1, 0, 0, 0]),
        [4, ..] => Some([4, 0x40, 0, 0]),
        [5, 0, ..] => Some([5, 0, 0, 0]),
        _ => None,
    }
}

/// Whether this is the signature of a device's colour space (ICC.1, 7.2.6).
fn is_colour_space(signature: &[u8]) -> bool {
    let named =
        [b"XYZ ", b"Lab ", b"Luv ", b"YCbr", b"Yxy ", b"RGB ", b"GRAY", b"HSV ", b"HLS ", b"CMYK", b"CMY "];
    match signature {
        [b'2'..=b'9' | b'A'..=b'F', rest @ ..] if rest == b"CLR" => true,
        _ => named.iter().any(|name| signature == *name),
    }
}
