//! The allow-list: which parts of a photo stay, and in what form. The only place that decides it: what is not on the
//! list is removed, whatever it is. What stays inside an ICC profile is decided in `icc/`.

use bytes::Bytes;

use crate::frame::Frame;
use crate::icc::{self, Chunk};
use crate::orientation::{Stored, orientation_exif};
use crate::parse::{ParsedFile, ParsedPart};
use crate::{Action, IccMode, Kind, Options, OrientationMode, exif, read_orientation};

/// What happens to a part.
#[derive(Debug)]
pub(crate) struct Decision {
    /// What the part is. Of an ICC chunk this is known only once all chunks have been read.
    pub(crate) kind: Kind,
    pub(crate) action: Action,
    /// Payloads of the segments that take its place, for [`Action::Rewrite`].
    pub(crate) payloads: Vec<Bytes>,
}

/// Decides on every part of a file, in the file's order. Also returns how the photo is stored.
pub(crate) fn decide(photo: &[u8], file: &ParsedFile, options: &Options) -> (Vec<Decision>, Stored) {
    let used = UsedSegments::find(photo, file.header());
    let stored = read_orientation::stored(photo, file.header(), used.exif);
    let tag = match stored {
        Stored::Rotated(orientation) if options.orientation != OrientationMode::Drop => Some(orientation),
        _ => None,
    };
    let profile = decide_profile(photo, file, options.icc);
    let is_raw = file.recoded.is_some();

    let decision = |(i, part): (usize, &ParsedPart)| {
        let (kind, payload) = (part.kind, part.payload(photo));
        match kind {
            // What comes after the picture is not drawn, whatever it is.
            Kind::Soi | Kind::Eoi => keep(kind),
            _ if i >= file.picture_end => remove(kind),
            // What the picture is coded in (ITU-T T.81, Annex B). libjpeg-turbo gets it as it is, but
            // for DQT: it does not code a picture again if a table of it is replaced later.
            Kind::Sof => rewrite(kind, payload, Some(file.frame.payload(is_raw))),
            Kind::EntropyCodedData if part.edits.is_empty() => keep(kind),
            Kind::EntropyCodedData => Decision { kind, action: Action::Rewrite, payloads: Vec::new() },
            Kind::Sos | Kind::Dht | Kind::Dri if is_raw => keep(kind),
            Kind::Dac if is_raw && file.frame.is_arithmetic() => keep(kind),
            Kind::Sos => rewrite(kind, payload, file.scan_header_payload(i)),
            // Only tables that are used, and intervals that have an effect.
            Kind::Dht | Kind::Dqt => rewrite(kind, payload, file.used_tables(photo, part)),
            Kind::Dri => rewrite(kind, payload, file.used_interval(part)),
            // What colours and density need. After the first scan it no longer changes how the picture is drawn.
            Kind::Jfif if used.jfif == Some(i) => rewrite(kind, payload, jfif(payload)),
            Kind::Adobe if used.adobe == Some(i) => rewrite(kind, payload, adobe(payload, &file.frame)),
            Kind::IccProfile if i < file.first_scan => decide_chunk(&profile, i, payload),
            // The orientation, and nothing else of EXIF.
            Kind::Exif if used.exif == Some(i) => rewrite(kind, payload, tag.map(orientation_exif)),
            _ => remove(kind),
        }
    };
    (file.parts.iter().enumerate().map(decision).collect(), stored)
}

/// [`decide`] for a photo that libjpeg-turbo has written. It adds a JFIF or Adobe segment for the colours that it
/// assumes. If the original had none, it is removed: an Adobe segment makes readers invert inks.
pub(crate) fn decide_transformed(
    photo: &[u8],
    file: &ParsedFile,
    options: &Options,
    original: &ParsedFile,
) -> (Vec<Decision>, Stored) {
    let (mut decisions, stored) = decide(photo, file, options);
    let is_added = |kind| {
        matches!(kind, Kind::Jfif | Kind::Adobe) && original.header().iter().all(|part| part.kind != kind)
    };
    for decision in decisions.iter_mut().filter(|decision| is_added(decision.kind)) {
        *decision = remove(decision.kind);
    }
    (decisions, stored)
}

fn keep(kind: Kind) -> Decision {
    Decision { kind, action: Action::Keep, payloads: Vec::new() }
}

fn remove(kind: Kind) -> Decision {
    Decision { kind, action: Action::Remove, payloads: Vec::new() }
}

/// Rewrites a segment, unless it is already as it would be written.
fn rewrite(kind: Kind, payload: &[u8], new: Option<Bytes>) -> Decision {
    match new {
        Some(new) if new == payload => keep(kind),
        Some(new) => Decision { kind, action: Action::Rewrite, payloads: vec![new] },
        None => remove(kind),
    }
}

/// Indexes of the JFIF, EXIF and Adobe segments that readers use: a header may have several of each.
struct UsedSegments {
    jfif: Option<usize>,
    /// The first that holds a TIFF header, as in Chrome, Firefox and Pillow: an empty one before it hides nothing.
    exif: Option<usize>,
    /// libjpeg-turbo uses the last Adobe segment before the first scan.
    adobe: Option<usize>,
}

impl UsedSegments {
    fn find(photo: &[u8], header: &[ParsedPart]) -> UsedSegments {
        let first = |kind| header.iter().position(|part| part.kind == kind);
        UsedSegments {
            jfif: first(Kind::Jfif),
            exif: header
                .iter()
                .position(|part| part.kind == Kind::Exif && exif::tiff(part.payload(photo)).is_some()),
            adobe: header.iter().rposition(|part| part.kind == Kind::Adobe),
        }
    }
}

/// What happens to the ICC profile of a header.
struct ProfileDecision {
    /// Indexes of the parts that its chunks are in, by their numbers. None if it is removed with every other chunk.
    series: Vec<usize>,
    /// The payloads are those of all its new chunks.
    decision: Decision,
}

/// Decides on the ICC profile of a header as a whole.
fn decide_profile(photo: &[u8], file: &ParsedFile, mode: IccMode) -> ProfileDecision {
    let removed = |kind| ProfileDecision { series: Vec::new(), decision: remove(kind) };
    let parts = file.header().iter().enumerate().filter(|(_, part)| part.kind == Kind::IccProfile);
    let chunks: Vec<_> =
        parts.filter_map(|(i, part)| Some((i, Chunk::parse(part.payload(photo))?))).collect();
    let count = chunks.len();
    let Some(chunks) = icc::first_series(chunks) else { return removed(Kind::IncompleteIcc) };
    let series = chunks.iter().map(|(i, _)| *i).collect();
    let profile = icc::join(&chunks);
    if mode == IccMode::Keep {
        return ProfileDecision { series, decision: keep(Kind::IccProfile) };
    }
    let Some(minimal) = icc::minimal(&profile, chunks.len() != count) else {
        return removed(Kind::UnreadableIcc);
    };
    if !icc::fits(&profile, file.frame.components.len()) {
        return removed(Kind::MismatchedIcc);
    }
    let decision = match icc::split(&minimal) {
        _ if minimal == profile => keep(Kind::IccProfile),
        Some(payloads) => Decision { kind: Kind::IccProfile, action: Action::Rewrite, payloads },
        None => return removed(Kind::UnreadableIcc),
    };
    ProfileDecision { series, decision }
}

/// What happens to the chunk in one part. A new chunk takes the place of the old one with its number. If there are more
/// new chunks than old ones, the last old one is replaced by all that are left.
fn decide_chunk(profile: &ProfileDecision, part: usize, payload: &[u8]) -> Decision {
    let ProfileDecision { series, decision: Decision { kind, action, payloads } } = profile;
    let Some(at) = series.iter().position(|&other| other == part) else {
        return remove(if series.is_empty() { *kind } else { Kind::SurplusIcc });
    };
    if *action == Action::Keep {
        return keep(*kind);
    }
    let next = at.saturating_add(1);
    let end = if next == series.len() { payloads.len() } else { next };
    match payloads.get(at..end).unwrap_or_default() {
        [] => remove(*kind),
        [same] if same == payload => keep(*kind),
        new => Decision { kind: *kind, action: Action::Rewrite, payloads: new.to_vec() },
    }
}

/// A JFIF segment (ITU-T T.871, 10.1) of version 1.02, without a thumbnail. Of its density only the proportions of a
/// pixel are left: how large the picture should be printed is not needed to draw it, and could be any number.
fn jfif(payload: &[u8]) -> Option<Bytes> {
    let fixed = payload.strip_prefix(b"JFIF\0")?.first_chunk::<7>()?;
    let &[_, _, _, x1, x0, y1, y0] = fixed;
    let [x, y] = proportions(u16::from_be_bytes([x1, x0]), u16::from_be_bytes([y1, y0]));
    Some([&b"JFIF\0\x01\x02\0"[..], &[0, x, 0, y, 0, 0]].concat().into())
}

/// A proportion in lowest terms, or as near to it as terms up to 255 come.
fn proportions(x: u16, y: u16) -> [u8; 2] {
    let divisor = greatest_common_divisor(x, y);
    let (Some(x @ 1..), Some(y @ 1..)) = (x.checked_div(divisor), y.checked_div(divisor)) else {
        return [1, 1];
    };
    match (u8::try_from(x), u8::try_from(y)) {
        (Ok(x), Ok(y)) => [x, y],
        _ => {
            let scaled = |term: u16| {
                let scaled = u32::from(term).saturating_mul(255).checked_div(x.max(y).into()).unwrap_or(1);
                u16::try_from(scaled).unwrap_or(1).max(1)
            };
            proportions(scaled(x), scaled(y))
        }
    }
}

fn greatest_common_divisor(x: u16, y: u16) -> u16 {
    match x.checked_rem(y) {
        Some(rest) => greatest_common_divisor(y, rest),
        None => x,
    }
}

/// An Adobe segment (ITU-T T.872, 6.5.3) with nothing but its colour transform: decoders require 12 bytes, but do not
/// use version and flags. They take a transform that does not exist for that of the number of components. With any
/// other number of components it has no effect.
fn adobe(payload: &[u8], frame: &Frame) -> Option<Bytes> {
    let &[.., transform] = payload.strip_prefix(b"Adobe")?.first_chunk::<7>()?;
    let transform = match (frame.components.len(), transform) {
        (3 | 4, 0) => 0,
        (3, _) => 1,
        (4, _) => 2,
        _ => return None,
    };
    Some([&b"Adobe\0\x64\0\0\0\0"[..], &[transform]].concat().into())
}
