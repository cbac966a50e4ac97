//! Whether two files show the same picture, and which way that was found out.

use scrub::{IccMode, Kind, Options, OrientationMode, Part};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

mod turned;

/// How two files were found to show the same picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Same {
    /// Both were decoded, and every pixel is equal.
    Pixels,
    /// Both were decoded, and one is the other turned: every pixel is equal but for rounding, which turns with a picture.
    TurnedPixels,
    /// The decoder does not read the file (arithmetic or 12-bit coding, or metadata where it expects none); every
    /// table, header and entropy-coded byte is equal, and so is what decides the colours.
    CodedData,
}

impl Same {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pixels => "pixels",
            Self::TurnedPixels => "pixels, turned",
            Self::CodedData => "coded data",
        }
    }
}

/// Compares a photo with its clean copy, which was turned as an orientation other than 1 asks for; none where the picture is
/// not the same.
pub(crate) fn compare(before: &[u8], after: &[u8], turned_from: u8) -> Option<Same> {
    match pixels(before) {
        Some(picture) if turned_from != 1 => {
            turned::is_same(&picture, &pixels(after)?, turned_from).then_some(Same::TurnedPixels)
        }
        // What no decoder at hand reads can only be turned once more.
        None if turned_from != 1 => {
            let again = scrub::scrub(before.to_vec().into(), &scrub::Options::default()).ok()?;
            (again.photo == after).then_some(Same::CodedData)
        }
        Some(picture) => (pixels(after) == Some(picture)).then_some(Same::Pixels),
        None => {
            let (before, after) = (with_minimal_profile(before)?, with_minimal_profile(after)?);
            (Coded::of(&before)? == Coded::of(&after)?).then_some(Same::CodedData)
        }
    }
}

/// Width, height and pixels, where the decoder reads the whole file. A lenient one would stop where it stumbles, and
/// take what it has by then for the picture.
fn pixels(photo: &[u8]) -> Option<turned::Picture> {
    let strict = DecoderOptions::default().set_strict_mode(true);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(photo), strict);
    let pixels = decoder.decode().ok()?;
    Some((decoder.dimensions()?, pixels))
}

/// Lists a file as it is: with what it says of its orientation and with its whole profile.
fn as_stored() -> Options {
    Options { orientation: OrientationMode::Tag, icc: IccMode::Keep, ..Options::default() }
}

/// A clean copy whose profile holds only what colours need, whether or not the photo's own does.
fn with_minimal_profile(photo: &[u8]) -> Option<Vec<u8>> {
    let options = Options { icc: IccMode::Minimal, ..as_stored() };
    Some(scrub::scrub(photo.to_vec().into(), &options).ok()?.photo.to_vec())
}

/// What a picture is made of, as it stands in the file.
#[derive(PartialEq, Eq)]
struct Coded<'a> {
    /// Tables, headers, entropy-coded data (ITU-T T.81, Annex B) and ICC chunks, in order.
    segments: Vec<&'a [u8]>,
    /// Whether a JFIF segment says that the components are YCbCr.
    jfif: bool,
    /// The colour transform in the Adobe segment that takes effect (Adobe TN 5116, section 18).
    adobe: Option<u8>,
}

impl<'a> Coded<'a> {
    fn of(photo: &'a [u8]) -> Option<Self> {
        let parts = scrub::inspect(photo, &as_stored()).ok()?.parts;
        let is_coded = |part: &&Part| {
            use Kind::{Dac, Dht, Dnl, Dqt, Dri, EntropyCodedData, IccProfile, Sof, Sos};
            match part.kind {
                Sof | Dht | Dqt | Dac | Dri | Sos | EntropyCodedData | IccProfile => true,
                // A number of lines takes two bytes, behind marker and length. Of another length it says nothing.
                Dnl => part.length == 6,
                _ => false,
            }
        };
        // Behind marker, length and "Adobe" stand a version and two sets of flags, of two bytes each.
        let transform = |part: &Part| photo.get(part.offset + 15).copied();
        Some(Self {
            segments: parts
                .iter()
                .filter(is_coded)
                .map(|part| photo.get(part.offset..part.offset + part.length))
                .collect::<Option<_>>()?,
            jfif: parts.iter().any(|part| part.kind == Kind::Jfif),
            adobe: parts.iter().rfind(|part| part.kind == Kind::Adobe).and_then(transform),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;

    use super::*;

    fn clean(photo: &[u8]) -> Option<Vec<u8>> {
        Some(scrub::scrub(photo.to_vec().into(), &as_stored()).ok()?.photo.to_vec())
    }

    #[test]
    fn a_photo_and_its_clean_copy_are_the_same_picture() {
        let mut ways = Vec::new();
        for sample in samples::all() {
            let after = clean(&sample.bytes).unwrap();
            let way = compare(&sample.bytes, &after, 1);
            println!("{}: {way:?}", sample.name);
            assert!(way.is_some(), "{} changed", sample.name);
            ways.extend(way);
        }
        let by_pixels = ways.iter().filter(|way| **way == Same::Pixels).count();
        println!("{by_pixels} of {} by pixels", ways.len());
        assert!(by_pixels * 2 > ways.len());
    }

    #[test]
    fn real_photos_and_their_clean_copies_are_the_same_picture() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/photos");
        let Ok(files) = std::fs::read_dir(&folder) else {
            println!("SKIPPED: no real photos in {}", folder.display());
            return;
        };
        let (mut seen, mut by_pixels) = (0, 0);
        for file in files {
            let before = std::fs::read(file.as_ref().unwrap().path()).unwrap();
            let Some(after) = clean(&before) else { continue };
            let way = compare(&before, &after, 1);
            assert!(way.is_some(), "{:?} changed", file.unwrap().file_name());
            seen += 1;
            by_pixels += usize::from(way == Some(Same::Pixels));
        }
        println!("{seen} real photos, {by_pixels} compared by pixels, the others by coded data");
        assert!(seen > 0);
    }

    #[test]
    fn a_turned_photo_is_the_same_picture_and_another_turn_is_not() {
        let sideways = samples::all().into_iter().find(|sample| sample.name == "sideways").unwrap();
        let turned = scrub::scrub(sideways.bytes.clone().into(), &Options::default()).unwrap().photo;
        assert_eq!(compare(&sideways.bytes, &turned, 6), Some(Same::TurnedPixels));
        for other in [1, 2, 3, 4, 5, 7, 8] {
            assert_eq!(compare(&sideways.bytes, &turned, other), None, "orientation {other}");
        }
    }

    #[test]
    fn another_picture_is_told_apart_both_ways() {
        let mut by = Vec::new();
        for sample in samples::all() {
            let after = clean(&sample.bytes).unwrap();
            let way = compare(&sample.bytes, &after, 1).unwrap();
            let scan = scrub::inspect(&after, &as_stored()).unwrap().parts;
            let scan = scan.iter().find(|part| part.kind == Kind::EntropyCodedData).unwrap();
            let mut other = after.clone();
            // A byte that is neither 0xFF nor 0x00 makes no marker and unmakes none.
            let at = (scan.offset..scan.offset + scan.length)
                .find(|&at| !matches!(other[at], 0 | 0xFE | 0xFF) && other[at - 1] != 0xFF)
                .unwrap();
            other[at] ^= 1;
            assert_eq!(compare(&sample.bytes, &other, 1), None, "{}", sample.name);
            by.push(way);
        }
        println!("{} changed pictures found out", by.len());
        assert!(by.contains(&Same::Pixels) && by.contains(&Same::CodedData));
    }

    #[test]
    fn lost_colour_information_is_another_picture() {
        let mut tried = 0;
        for sample in samples::all() {
            let after = clean(&sample.bytes).unwrap();
            let parts = scrub::inspect(&after, &as_stored()).unwrap().parts;
            for part in parts.iter().filter(|part| matches!(part.kind, Kind::Adobe | Kind::IccProfile)) {
                let mut less = after.clone();
                less.drain(part.offset..part.offset + part.length);
                assert!(Coded::of(&after) != Coded::of(&less), "{} without {}", sample.name, part.kind);
                tried += 1;
            }
        }
        println!("{tried} segments left out, each missed");
        assert!(tried >= 2);
    }
}
