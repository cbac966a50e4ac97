//! The allow-list: what of a photo stays, and in what form. The one place that decides.

use bytes::Bytes;
use img_parts::jpeg::{JpegSegment, markers};

use crate::kind::classify;
use crate::{Coding, Kind, Options, OrientationMode, icc, orientation, shape};

/// What becomes of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It stays, byte for byte.
    Keep,
    /// Segments with these payloads take its place.
    Rewrite(Vec<Bytes>),
    /// It goes.
    Remove,
}

/// Decides on every segment of a header: what it is and what becomes of it. Also says which orientation it has.
pub(crate) fn decide(
    segments: &[JpegSegment],
    is_arithmetic: bool,
    options: &Options,
) -> (Vec<(Kind, Verdict)>, u8) {
    let kinds: Vec<Kind> = segments.iter().map(|s| classify(s.marker(), s.contents())).collect();
    let first = |kind| kinds.iter().position(|&k| k == kind);
    let first_jfif = first(Kind::Jfif);
    let first_exif = first(Kind::Exif);
    // libjpeg-turbo takes the last Adobe segment in front of the first scan.
    let last_adobe = kinds.iter().rposition(|&kind| kind == Kind::Adobe);
    let profile = icc::decide(segments, options.icc);
    let orientation = first_exif.and_then(|i| segments.get(i)).map_or(1, |s| orientation::read(s.contents()));
    let has_tag = orientation != 1 && options.orientation != OrientationMode::Drop;

    let verdict = |(i, (segment, kind)): (usize, (&JpegSegment, Kind))| {
        let payload = segment.contents();
        let (kind, rewritten) = match kind {
            Kind::Jfif if first_jfif == Some(i) => (kind, jfif(payload)),
            Kind::Adobe if last_adobe == Some(i) => (kind, adobe(payload)),
            Kind::Exif if first_exif == Some(i) => (kind, has_tag.then(|| orientation::exif(orientation))),
            Kind::IccProfile => return profile.verdict(segment),
            _ if stays(kind, payload, is_arithmetic) => return (kind, Verdict::Keep),
            _ => (kind, None),
        };
        match rewritten {
            Some(new) if new == payload => (kind, Verdict::Keep),
            Some(new) => (kind, Verdict::Rewrite(vec![new])),
            None => (kind, Verdict::Remove),
        }
    };
    let verdicts = segments.iter().zip(kinds.iter().copied()).enumerate().map(verdict).collect();
    (verdicts, orientation)
}

/// Whether the picture is coded in this segment, so that it stays byte for byte. The rest of the allow-list holds
/// for the header only: what stands between the scans can no longer change how the picture is drawn.
pub(crate) fn stays(kind: Kind, payload: &[u8], is_arithmetic: bool) -> bool {
    match kind {
        Kind::Sof | Kind::Dht | Kind::Dqt | Kind::Dri | Kind::Sos => true,
        Kind::Dac => is_arithmetic,
        // libjpeg-turbo skips DNL whatever its length. Of another length it says nothing about the picture.
        Kind::Dnl => shape::fits(markers::DNL, payload),
        _ => false,
    }
}

/// The order of kinds in a finished header: JFIF comes first (ITU-T T.871, 10.1), Exif wants to come early
/// (CIPA DC-008, 4.5.4), what the picture is coded in keeps its own order at the end.
pub(crate) fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Jfif => 0,
        Kind::Exif => 1,
        Kind::IccProfile => 2,
        Kind::Adobe => 3,
        _ => 4,
    }
}

/// Codings no ordinary decoder draws. In front of the first scan SOF55 stands for JPEG-LS, and decoders stop
/// at it; behind, it is one more segment that goes.
pub(crate) fn unsupported(marker: u8) -> Option<Coding> {
    match marker {
        markers::SOF5..=markers::SOF7 | markers::SOF13..=markers::SOF15 | markers::DHP | markers::EXP => {
            Some(Coding::Hierarchical)
        }
        markers::SOF11 => Some(Coding::LosslessArithmetic),
        markers::JPG => Some(Coding::Extension),
        markers::JPG7 => Some(Coding::JpegLs),
        _ => None,
    }
}

/// A JFIF segment (ITU-T T.871, 10.1) without its thumbnail. Decoders ask for its 14 fixed bytes.
pub(crate) fn jfif(payload: &[u8]) -> Option<Bytes> {
    let (fixed, _) = payload.strip_prefix(b"JFIF\0")?.split_first_chunk::<9>()?;
    let [version_and_density @ .., _, _] = fixed;
    let mut jfif = b"JFIF\0".to_vec();
    jfif.extend_from_slice(version_and_density);
    jfif.extend([0, 0]);
    Some(jfif.into())
}

/// An Adobe segment (ITU-T T.872, 6.5.3) with nothing but its colour transform; version and flags do not take part
/// in decoding. Decoders ask for 12 bytes.
pub(crate) fn adobe(payload: &[u8]) -> Option<Bytes> {
    let &[.., transform] = payload.strip_prefix(b"Adobe")?.first_chunk::<7>()?;
    let mut adobe = b"Adobe\0\x64\0\0\0\0".to_vec();
    adobe.push(transform);
    Some(adobe.into())
}
