//! What must hold for every file, whatever is in it. The fuzz targets check the same.

use samples::decoders::{self, Decoded};
use scrub::{Bytes, Clean, IccMode, Options, OrientationMode, Recoded, Refusal};

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
    check_picture(&clean, &before, &draw(&clean.photo))?;
    Ok(match clean.report.recoded {
        None => "clean",
        Some(Recoded::DamagedData) => "damaged",
        Some(Recoded::UnusualScans) => "unusual",
        Some(_) => "arithmetic",
    })
}

/// A photo that libjpeg-turbo draws without a warning is not refused, unless it was made to be slow.
fn check_refusal(refusal: &Refusal, before: &Drawn) -> Result<&'static str, String> {
    match before {
        Drawn::Picture(_, None) => Err(format!("refused, but drawn without a warning: {refusal}")),
        _ => Ok(refusal.name()),
    }
}

fn check_picture(clean: &Clean, before: &Drawn, after: &Drawn) -> Result<(), String> {
    let recoded = clean.report.recoded;
    match (before, after) {
        (_, Drawn::Picture(_, Some(warning))) => Err(format!("a clean photo has a warning: {warning}")),
        (Drawn::Picture(..), Drawn::Nothing(error)) => Err(format!("a clean photo is not drawn: {error}")),
        (Drawn::Picture(_, None), _) if recoded == Some(Recoded::DamagedData) => {
            Err("coded again as damaged, but drawn without a warning".into())
        }
        (Drawn::Picture(before, _), Drawn::Picture(after, _)) if before != after => {
            Err(format!("the pixels changed; coded again: {recoded:?}"))
        }
        _ => Ok(()),
    }
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
    ["too large", "precision", "colorspace", "Unsupported", "subsampling"].iter().any(|part| error.contains(part))
}
