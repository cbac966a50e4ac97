//! The header of a profile (ICC.1, 7.2). Engines differ in what they check of it before they apply a profile: a field
//! that one of them takes for invalid is written with one fixed value that it takes for invalid too, so that no engine
//! begins to apply a profile that it ignored. What browsers do was tried in Chromium 156 and Firefox 153.

use super::fields::{bytes, read_u32};

/// Its length in bytes.
pub(super) const HEADER: usize = 128;
/// The illuminant of the profile connection space, the same in all profiles (ICC.1, 7.2.16).
const D50_ILLUMINANT: [u8; 12] = [0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D];
/// Chromium ignores a profile with another illuminant; no other engine reads it.
const NO_ILLUMINANT: [u8; 12] = [0; 12];
/// What skcms takes for D50 (`skcms_Parse`): 0.01 more or less, in units of 1/65536.
const NEARLY_D50: [std::ops::RangeInclusive<u32>; 3] = [62_535..=63_845, 64_881..=66_191, 53_406..=54_716];
/// Firefox ignores a profile with an intent above 3; no other engine reads it.
const NO_INTENT: [u8; 4] = [0, 0, 0, 4];
const NO_SIGNATURE: [u8; 4] = [0; 4];
const NO_CLASS: [u8; 4] = [0xFF; 4];
/// A size that no profile has: browsers ignore one that is longer than what is there, lcms2 takes what is there.
pub(super) const NO_SIZE: [u8; 4] = [0xFF; 4];

/// Which engines ignore the profile for something that is not in its header.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct IgnoredBy {
    pub(super) chromium: bool,
    pub(super) firefox: bool,
    /// For its tag table; the header says nothing of it.
    pub(super) lcms2: bool,
}

/// What a header becomes.
struct Fields {
    version: [u8; 4],
    class: [u8; 4],
    signature: [u8; 4],
    intent: [u8; 4],
    illuminant: [u8; 12],
    /// Whether the size in the header is that of the profile or less.
    is_whole: bool,
}

/// The header without maker, device, owner and time. Its size field is 0, unless it is to stay invalid. None if no
/// colour engine reads the profile.
pub(super) fn minimal_header(profile: &[u8], ignored: IgnoredBy) -> Option<Vec<u8>> {
    let fields = Fields::read(profile, ignored)?;
    let spaces = bytes::<8>(profile, 16)?;
    let [flags] = bytes(profile, 47)?;
    if !(fields.is_read_by_any(ignored.lcms2)
        && is_colour_space(spaces.get(..4)?)
        && is_connection_space(spaces.get(4..)?))
    {
        return None;
    }
    // All zeros are not a date (ICC.1, 4.2), so this is the first second of 2000.
    let date = [0x07, 0xD0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0];
    let header = [
        if fields.is_whole { &[0; 4] } else { &NO_SIZE[..] },
        &[0; 4],
        &fields.version,
        &fields.class,
        &spaces,
        &date,
        &fields.signature,
        &[0; 7],
        &[flags & 0b11],
        &[0; 16],
        &fields.intent,
        &fields.illuminant,
        &[0; 48],
    ];
    Some(header.concat())
}

impl Fields {
    fn read(profile: &[u8], ignored: IgnoredBy) -> Option<Fields> {
        let intent = bytes(profile, 64)?;
        let is_intent = matches!(intent, [0, 0, 0, 0..=3]) && !ignored.firefox;
        let white = [read_u32(profile, 68)?, read_u32(profile, 72)?, read_u32(profile, 76)?];
        let is_d50 = NEARLY_D50.iter().zip(white).all(|(near, number)| near.contains(&number));
        Some(Fields {
            version: version(bytes(profile, 8)?),
            class: class(bytes(profile, 12)?),
            signature: if bytes(profile, 36)? == *b"acsp" { *b"acsp" } else { NO_SIGNATURE },
            intent: if is_intent { intent } else { NO_INTENT },
            illuminant: if is_d50 && !ignored.chromium { D50_ILLUMINANT } else { NO_ILLUMINANT },
            is_whole: usize::try_from(read_u32(profile, 0)?).ok()? <= profile.len(),
        })
    }

    /// Whether Chromium, Firefox or lcms2 reads a profile with this header.
    fn is_read_by_any(&self, is_ignored_by_lcms2: bool) -> bool {
        let &Fields { version: [major, _, _, reserved], class, signature, intent, illuminant, is_whole } =
            self;
        let is_signed = signature == *b"acsp";
        let is_device = matches!(&class, b"scnr" | b"mntr" | b"prtr" | b"spac");
        let chromium = is_signed && is_whole && major <= 4 && illuminant == D50_ILLUMINANT;
        let firefox = is_whole && is_device && reserved == 0 && intent != NO_INTENT;
        let lcms2 = is_signed && major <= 5 && class != NO_CLASS && !is_ignored_by_lcms2;
        chromium || firefox || lcms2
    }
}

/// Maps every version (ICC.1, 7.2.4) to one that colour engines treat the same: usually 2.4 or 4.4. lcms2 reads
/// versions below 2 as 2 and 5.0 as 4; moxcms reads neither, so both keep their number. It reads four zeros as 2.
/// Chromium reads nothing from 5.0, lcms2 nothing above; Firefox reads all, but none whose reserved bytes are not zero.
fn version(version: [u8; 4]) -> [u8; 4] {
    let reserved = u8::from(!version.ends_with(&[0, 0]));
    match version {
        [0, 0, 0, 0] | [2 | 3, ..] => [2, 0x40, 0, reserved],
        [0 | 1, ..] => [1, 0, 0, reserved],
        [4, ..] => [4, 0x40, 0, reserved],
        [5, 0, ..] => [5, 0, 0, reserved],
        _ => [6, 0, 0, reserved],
    }
}

/// The class (ICC.1, 7.2.5), or one that none has. Chromium does not read it, Firefox applies only profiles of the
/// first four, lcms2 has rules for each and takes zeros for a class as well.
fn class(class: [u8; 4]) -> [u8; 4] {
    match &class {
        b"scnr" | b"mntr" | b"prtr" | b"spac" | b"link" | b"abst" | b"nmcl" | [0, 0, 0, 0] => class,
        _ => NO_CLASS,
    }
}

/// Whether this is the signature of a profile connection space (ICC.1, 7.2.7).
fn is_connection_space(signature: &[u8]) -> bool {
    matches!(signature, b"XYZ " | b"Lab ")
}

/// Whether this is the signature of a device's colour space (ICC.1, 7.2.6).
fn is_colour_space(signature: &[u8]) -> bool {
    channels(signature).is_some()
}

/// How many channels a colour space has (ICC.1, 7.2.6).
fn channels(signature: &[u8]) -> Option<usize> {
    match signature {
        b"GRAY" => Some(1),
        b"XYZ " | b"Lab " | b"Luv " | b"YCbr" | b"Yxy " | b"RGB " | b"HSV " | b"HLS " | b"CMY " => Some(3),
        b"CMYK" => Some(4),
        [digit @ (b'2'..=b'9' | b'A'..=b'F'), b'C', b'L', b'R'] => {
            char::from(*digit).to_digit(16).and_then(|count| usize::try_from(count).ok())
        }
        _ => None,
    }
}

/// Whether an engine applies a profile of this colour space to a picture of so many components. Browsers apply one for
/// RGB to gray, and Firefox applies it to CMYK as well, after it has made RGB of it.
pub(crate) fn fits(profile: &[u8], components: usize) -> bool {
    let Some(space) = bytes::<4>(profile, 16) else { return false };
    channels(&space) == Some(components) || space == *b"RGB " && matches!(components, 1 | 4)
}
