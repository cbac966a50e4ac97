//! Whether two files show the same picture, and how that was established.

use bytes::Bytes;
use scrub::{IccMode, Kind, Options, OrientationMode, Part, Refusal};
use strum::IntoStaticStr;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

mod rotated;

/// How two files were found to show the same picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
pub(crate) enum SamePicture {
    /// Both were decoded, and every pixel is equal.
    #[strum(serialize = "pixels")]
    Pixels,
    /// Both were decoded, and one is the other rotated: every pixel is equal but for rounding, which depends on the
    /// direction.
    #[strum(serialize = "pixels, rotated")]
    RotatedPixels,
    /// The decoder cannot read the file (arithmetic or 12-bit coding, or metadata where it expects none); every
    /// table, header and entropy-coded byte is equal, and so is what decides the colours.
    #[strum(serialize = "coded data")]
    CodedData,
}

/// Compares a photo with its clean copy, which was made with `options`, and rotated if `rotated_from` is an orientation
/// other than 1. None if the picture is not the same; a refusal if the photo core cannot read one of the two.
pub(crate) fn compare(
    before: &[u8],
    after: &[u8],
    rotated_from: u8,
    options: &Options,
) -> Result<Option<SamePicture>, Refusal> {
    let (same, how) = match pixels(before) {
        Some(before) if rotated_from != 1 => {
            let same = |after| rotated::is_same(&before, &after, rotated_from);
            (pixels(after).is_some_and(same), SamePicture::RotatedPixels)
        }
        // No decoder here reads it, so the only check is to rotate it again.
        None if rotated_from != 1 => {
            let again = scrub::scrub(before.to_vec().into(), options)?;
            (again.photo == after, SamePicture::CodedData)
        }
        Some(before) => (pixels(after) == Some(before), SamePicture::Pixels),
        None => {
            let (before, after) = (with_minimal_profile(before)?, with_minimal_profile(after)?);
            (Coded::of(&before)? == Coded::of(&after)?, SamePicture::CodedData)
        }
    };
    Ok(same.then_some(how))
}

/// Width, height and pixels. None if the decoder cannot read the whole file: a lenient one would stop at an error and
/// give what it has decoded by then.
fn pixels(photo: &[u8]) -> Option<rotated::Picture> {
    let strict = DecoderOptions::default().set_strict_mode(true);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(photo), strict);
    let pixels = decoder.decode().ok()?;
    Some((decoder.dimensions()?, pixels))
}

/// Options that keep the orientation and the whole profile, to compare a file as it is.
fn as_stored() -> Options {
    Options { orientation: OrientationMode::Tag, icc: IccMode::Keep, ..Options::default() }
}

/// A clean copy with a minimal profile, so that a photo with its whole profile can be compared with one without.
fn with_minimal_profile(photo: &[u8]) -> Result<Bytes, Refusal> {
    let options = Options { icc: IccMode::Minimal, ..as_stored() };
    Ok(scrub::scrub(photo.to_vec().into(), &options)?.photo)
}

/// What makes up the picture, as it is in the file.
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
    fn of(photo: &'a [u8]) -> Result<Self, Refusal> {
        let parts = scrub::inspect(photo, &as_stored())?.parts;
        let is_coded = |part: &&Part| {
            use Kind::{Dac, Dht, Dnl, Dqt, Dri, EntropyCodedData, IccProfile, Sof, Sos};
            match part.kind {
                Sof | Dht | Dqt | Dac | Dri | Sos | EntropyCodedData | IccProfile => true,
                // A number of lines has two bytes, after marker and length. With any other length it has no effect.
                Dnl => part.length == 6,
                _ => false,
            }
        };
        // After marker, length and "Adobe" come a version and two sets of flags, of two bytes each.
        let transform = |part: &Part| photo.get(part.offset + 15).copied();
        Ok(Self {
            segments: parts
                .iter()
                .filter(is_coded)
                // A part is always within the file.
                .map(|part| &photo[part.offset..part.offset + part.length])
                .collect(),
            jfif: parts.iter().any(|part| part.kind == Kind::Jfif),
            adobe: parts.iter().rfind(|part| part.kind == Kind::Adobe).and_then(transform),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{Coded, IccMode, Kind, Options, Refusal, SamePicture, as_stored, pixels};

    fn clean(photo: &[u8]) -> Result<Vec<u8>, Refusal> {
        Ok(scrub::scrub(photo.to_vec().into(), &as_stored())?.photo.to_vec())
    }

    /// How two files made with the default settings are found to show the same picture.
    fn compare(before: &[u8], after: &[u8], rotated_from: u8) -> Option<SamePicture> {
        super::compare(before, after, rotated_from, &Options::default()).unwrap()
    }

    #[test]
    fn a_photo_and_its_clean_copy_are_the_same_picture() {
        let mut results = Vec::new();
        for sample in samples::all() {
            let after = clean(&sample.bytes).unwrap();
            let how = compare(&sample.bytes, &after, 1);
            println!("{}: {how:?}", sample.name);
            assert!(how.is_some(), "{} changed", sample.name);
            results.extend(how);
        }
        let by_pixels = results.iter().filter(|how| **how == SamePicture::Pixels).count();
        println!("{by_pixels} of {} by pixels", results.len());
        assert!(by_pixels * 2 > results.len());
    }

    #[test]
    fn real_photos_and_their_clean_copies_are_the_same_picture() {
        let photos = samples::shared_photos();
        if photos.is_empty() {
            return;
        }
        let (mut seen, mut by_pixels) = (0, 0);
        for (name, before) in photos {
            let Ok(after) = clean(&before) else { continue };
            let how = compare(&before, &after, 1);
            assert!(how.is_some(), "{name} changed");
            seen += 1;
            by_pixels += usize::from(how == Some(SamePicture::Pixels));
        }
        println!("{seen} real photos, {by_pixels} compared by pixels, the others by coded data");
        assert!(seen > 0);
    }

    #[test]
    fn a_rotated_photo_is_the_same_picture_and_another_rotation_is_not() {
        let sideways = samples::all().into_iter().find(|sample| sample.name == "sideways").unwrap();
        let rotated = scrub::scrub(sideways.bytes.clone().into(), &Options::default()).unwrap().photo;
        assert_eq!(compare(&sideways.bytes, &rotated, 6), Some(SamePicture::RotatedPixels));
        for other in [1, 2, 3, 4, 5, 7, 8] {
            assert_eq!(compare(&sideways.bytes, &rotated, other), None, "orientation {other}");
        }
    }

    /// The bytes of the parts of one kind.
    fn parts_of(photo: &[u8], kind: Kind) -> Vec<u8> {
        let parts = scrub::inspect(photo, &as_stored()).unwrap().parts;
        let parts = parts.iter().filter(|part| part.kind == kind);
        parts.flat_map(|part| &photo[part.offset..part.offset + part.length]).copied().collect()
    }

    #[test]
    fn a_rotated_photo_that_the_decoder_cannot_read_is_rotated_again_with_the_same_settings() {
        let sample = |name| samples::all().into_iter().find(|sample| sample.name == name).unwrap().bytes;
        let keep = Options { icc: IccMode::Keep, ..Options::default() };
        let exif = parts_of(&sample("sideways"), Kind::Exif);
        let profile = parts_of(&sample("wide-profile"), Kind::IccProfile);
        let unreadable = sample("vendors");
        let photo = [&unreadable[..2], &exif, &profile, &unreadable[2..]].concat();
        let rotated = scrub::scrub(photo.clone().into(), &keep).unwrap();
        println!("{}", rotated.report.orientation);
        assert!(pixels(&photo).is_none());
        let rotated = rotated.photo;
        assert_eq!(super::compare(&photo, &rotated, 6, &keep), Ok(Some(SamePicture::CodedData)));
        assert_eq!(super::compare(&photo, &rotated, 6, &Options::default()), Ok(None));
    }

    #[test]
    fn another_picture_is_found_by_pixels_and_by_coded_data() {
        let mut by = Vec::new();
        for sample in samples::all() {
            let after = clean(&sample.bytes).unwrap();
            let how = compare(&sample.bytes, &after, 1).unwrap();
            let scan = scrub::inspect(&after, &as_stored()).unwrap().parts;
            let scan = scan.iter().find(|part| part.kind == Kind::EntropyCodedData).unwrap();
            let mut other = after.clone();
            // Changing a byte that is neither 0xFF nor 0x00 neither makes nor breaks a marker.
            let at = (scan.offset..scan.offset + scan.length)
                .find(|&at| !matches!(other[at], 0 | 0xFE | 0xFF) && other[at - 1] != 0xFF)
                .unwrap();
            other[at] ^= 1;
            assert_eq!(compare(&sample.bytes, &other, 1), None, "{}", sample.name);
            by.push(how);
        }
        println!("{} changed pictures found", by.len());
        assert!(by.contains(&SamePicture::Pixels) && by.contains(&SamePicture::CodedData));
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
        println!("{tried} segments removed, each found missing");
        assert!(tried >= 2);
    }
}
