//! What must hold for every file, whatever is in it. The fuzz targets check the same.

use std::collections::{BTreeMap, BTreeSet};

use samples::decoders::{self, Decoded};
use scrub::{Bytes, Clean, IccMode, NotRecoded, Options, OrientationMode, Recoded, Refusal};

/// Decoding a larger picture takes too long here.
const MOST_PIXELS: usize = 1 << 18;

/// What libjpeg-turbo makes of a file.
enum Drawn {
    /// A picture, and the warning if there is one.
    Picture(Decoded, Option<String>),
    /// Nothing: an error, or the picture is too large to try.
    Nothing(String),
}

fn draw(file: &[u8]) -> Drawn {
    let is_other_precision = |header: &[u8]| match header {
        [0xFF, 0xC0..=0xC3 | 0xC9 | 0xCA, 0, _, precision] => *precision != 8,
        _ => false,
    };
    if file.windows(5).any(is_other_precision) {
        // The API for 8 bits a sample fails at such a picture, sometimes with the message of a warning.
        return Drawn::Nothing("precision".into());
    }
    match decoders::size(file) {
        Some((width, height)) if width * height > MOST_PIXELS => Drawn::Nothing("too large".into()),
        _ => match decoders::turbojpeg(file, true) {
            Ok((picture, warning)) => Drawn::Picture(picture, warning),
            Err(error) => Drawn::Nothing(error),
        },
    }
}

/// Scrubs a file, and compares what libjpeg-turbo draws before and after. Returns what came of it, or which promise is
/// broken.
pub(crate) fn check(file: &[u8]) -> Result<&'static str, String> {
    let options = Options { orientation: OrientationMode::Tag, icc: IccMode::Keep, memory: 64 << 20 };
    let before = draw(file);
    let clean = match scrub::scrub(Bytes::copy_from_slice(file), &options) {
        Ok(clean) => clean,
        Err(refusal @ Refusal::Unverified(_)) => return Err(format!("not verified: {refusal}")),
        Err(refusal) => return check_refusal(&refusal, &before),
    };
    let twice = scrub::scrub(clean.photo.clone(), &options).map_err(|refusal| format!("twice: {refusal}"))?;
    if twice.photo != clean.photo || !twice.report.removed.is_empty() {
        return Err("scrubbing twice changes something".into());
    }
    check_picture(&clean, file, &before, &draw(&clean.photo))?;
    Ok(match clean.report.recoded {
        None => "clean",
        Some(Recoded::DamagedData) if matches!(before, Drawn::Picture(_, None)) => {
            "damaged, without a warning"
        }
        Some(Recoded::DamagedData) => "damaged",
        Some(Recoded::UnusualScans) => "unusual",
        Some(Recoded::HiddenBlocks) => "hidden blocks",
        Some(_) => "arithmetic",
    })
}

/// A photo that libjpeg-turbo draws without a warning is refused only if it has to be coded again and cannot be:
/// lossless coding, and damage that makes coefficients too large for Huffman codes.
fn check_refusal(refusal: &Refusal, before: &Drawn) -> Result<&'static str, String> {
    match (before, refusal) {
        (
            Drawn::Picture(_, None),
            Refusal::NotRecoded { because: NotRecoded::Coding | NotRecoded::Failed, .. },
        ) => Ok("NotRecoded, without a warning"),
        (Drawn::Picture(_, None), _) => Err(format!("refused, but drawn without a warning: {refusal}")),
        _ => Ok(refusal.name()),
    }
}

/// What is written is drawn without a warning, and as before.
///
/// That data is damaged does not mean that libjpeg-turbo warns: it does not check whether a run of zeros goes past the
/// end of a block or band, nor whether a run of blocks goes past the end of the data, and it skips a fill byte before a
/// stuffed zero.
fn check_picture(clean: &Clean, file: &[u8], before: &Drawn, after: &Drawn) -> Result<(), String> {
    let recoded = clean.report.recoded;
    match (before, after) {
        (_, Drawn::Picture(_, Some(warning))) => Err(format!("a clean photo has a warning: {warning}")),
        (Drawn::Picture(..), Drawn::Nothing(error)) => Err(format!("a clean photo is not drawn: {error}")),
        (Drawn::Picture(before, _), Drawn::Picture(after, _)) if before != after => {
            match recoded.is_some() && (may_be_smoothed(file) || is_drawn_of_a_copy(after, file)) {
                true => Ok(()),
                false => Err(format!("the pixels changed; coded again: {recoded:?}")),
            }
        }
        _ => Ok(()),
    }
}

/// Whether libjpeg-turbo smooths blocks because their first coefficients are not coded to the last bit (`jdcoefct.c`,
/// `smoothing_ok`). A picture that is coded again says that they are, so it is drawn without that.
fn may_be_smoothed(file: &[u8]) -> bool {
    let is_progressive = file.windows(2).any(|pair| matches!(pair, [0xFF, 0xC2 | 0xCA]));
    let mut low = BTreeMap::new();
    for header in scan_headers(file) {
        let count = header.first().map_or(0, |&count| usize::from(count));
        let Some(header) = header.get(1..4 + 2 * count) else { continue };
        let (components, parameters) = header.split_at(2 * count);
        for component in components.chunks(2) {
            for coefficient in parameters[0]..=parameters[1].min(63) {
                low.insert((component[0], coefficient), parameters[2] & 15);
            }
        }
    }
    let components: BTreeSet<u8> = low.keys().map(|&(component, _)| component).collect();
    is_progressive
        && components.iter().any(|&id| (0..10).any(|coefficient| low.get(&(id, coefficient)) != Some(&0)))
}

/// What follows the length of each scan header that a decoder finds before EOI: not those in other segments.
fn scan_headers(file: &[u8]) -> Vec<&[u8]> {
    let mut headers = Vec::new();
    let mut at = 0;
    let is_marker = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0x01 | 0xD0..=0xD8 | 0xFF);
    while let Some(next) = file.get(at..).and_then(|rest| rest.windows(2).position(is_marker)) {
        let segment = &file[at + next..];
        let &[_, marker @ ..=0xD8 | marker @ 0xDA.., high, low, ref rest @ ..] = segment else { break };
        at += next + 2 + usize::from(u16::from_be_bytes([high, low]));
        if marker == 0xDA {
            headers.push(rest);
        }
    }
    headers
}

/// Whether libjpeg-turbo draws this picture of what it writes itself, as `jpegtran` does, where the headers of scans
/// are too damaged to see whether it smooths.
fn is_drawn_of_a_copy(picture: &Decoded, file: &[u8]) -> bool {
    let copy = decoders::coded_again(file).map(|copy| draw(&copy));
    matches!(copy, Some(Drawn::Picture(copy, _)) if copy == *picture)
}

/// What the verifier accepts is a fixed point, and libjpeg-turbo draws it without a warning. Returns whether the
/// verifier accepts it.
pub(crate) fn check_verified(file: &[u8]) -> Result<bool, String> {
    let options = Options { orientation: OrientationMode::Tag, icc: IccMode::Keep, memory: 64 << 20 };
    if scrub::verify(file, &options).is_err() {
        return Ok(false);
    }
    let clean = scrub::scrub(Bytes::copy_from_slice(file), &options);
    let clean = clean.map_err(|refusal| format!("verified, but refused: {refusal}"))?;
    if clean.photo != file || !clean.report.removed.is_empty() || clean.report.recoded.is_some() {
        return Err(format!("verified, but changed: {:?}", clean.report));
    }
    match draw(file) {
        Drawn::Picture(_, None) => Ok(true),
        Drawn::Picture(_, Some(warning)) => Err(format!("verified, but with a warning: {warning}")),
        Drawn::Nothing(error) if is_not_read(&error) => Ok(true),
        Drawn::Nothing(error) => Err(format!("verified, but not drawn: {error}")),
    }
}

/// Whether libjpeg-turbo's API for 8 bits a sample does not read such a picture, damaged or not.
fn is_not_read(error: &str) -> bool {
    // The last is a lossless picture of which a component has no scan.
    ["too large", "precision", "colorspace", "Unsupported", "subsampling", "virtual array"]
        .iter()
        .any(|part| error.contains(part))
}
