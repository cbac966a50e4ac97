//! The allow-list: which parts of a photo stay, and in what form. The only place that decides it: what is not on the
//! list is removed, whatever it is. What stays inside an ICC profile is decided in `icc/`.

use bytes::Bytes;

use crate::icc::{self, Chunk};
use crate::orientation::{orientation_exif, orientation_of_exif};
use crate::parse::{ParsedFile, ParsedPart};
use crate::{Action, IccMode, Kind, Options, OrientationMode};

/// What happens to a part.
#[derive(Debug)]
pub(crate) struct Decision {
    /// What the part is. Of an ICC chunk this is known only once all chunks have been read.
    pub(crate) kind: Kind,
    pub(crate) action: Action,
    /// Payloads of the segments that take its place, for [`Action::Rewrite`].
    pub(crate) payloads: Vec<Bytes>,
}

/// Decides on every part of a file, in the file's order. Also returns the orientation, 1 to 8.
pub(crate) fn decide(photo: &[u8], file: &ParsedFile, options: &Options) -> (Vec<Decision>, u8) {
    let used = UsedSegments::find(file.header());
    let exif = used.exif.and_then(|i| file.parts.get(i));
    let orientation = exif.map_or(1, |exif| orientation_of_exif(exif.payload(photo)));
    let has_tag = orientation != 1 && options.orientation != OrientationMode::Drop;
    let profile = decide_profile(photo, file, options.icc);
    let last_data = file.parts.iter().rposition(|part| part.kind == Kind::EntropyCodedData);

    let decision = |(i, part): (usize, &ParsedPart)| {
        let (kind, payload) = (part.kind, part.payload(photo));
        match kind {
            // What the picture is coded in (ITU-T T.81, Annex B).
            Kind::Soi | Kind::Sof | Kind::Sos | Kind::EntropyCodedData | Kind::Eoi => keep(kind),
            // Nothing is coded with a table after the last scan.
            Kind::Dht | Kind::Dqt | Kind::Dri if Some(i) < last_data => keep(kind),
            Kind::Dac if file.frame.is_arithmetic() && Some(i) < last_data => keep(kind),
            // DNL gives the picture its height. A DNL of another length has no effect.
            Kind::Dnl if payload.len() == 2 => keep(kind),
            // What colours and density need. After the first scan it no longer changes how the picture is drawn.
            Kind::Jfif if used.jfif == Some(i) => rewrite(kind, payload, jfif(payload)),
            Kind::Adobe if used.adobe == Some(i) => rewrite(kind, payload, adobe(payload)),
            Kind::IccProfile if i < file.first_scan => decide_chunk(&profile, i, payload),
            // The orientation, and nothing else of EXIF.
            Kind::Exif if used.exif == Some(i) && has_tag => {
                rewrite(kind, payload, Some(orientation_exif(orientation)))
            }
            _ => remove(kind),
        }
    };
    (file.parts.iter().enumerate().map(decision).collect(), orientation)
}

/// [`decide`] for a photo that libjpeg-turbo has rotated. It adds a JFIF or Adobe segment for the colours that it
/// assumes. If the original had none, it is removed: an Adobe segment makes readers invert inks.
pub(crate) fn decide_rotated(
    photo: &[u8],
    file: &ParsedFile,
    options: &Options,
    original: &ParsedFile,
) -> (Vec<Decision>, u8) {
    let (mut decisions, orientation) = decide(photo, file, options);
    let is_added = |kind| {
        matches!(kind, Kind::Jfif | Kind::Adobe) && original.header().iter().all(|part| part.kind != kind)
    };
    for decision in decisions.iter_mut().filter(|decision| is_added(decision.kind)) {
        *decision = remove(decision.kind);
    }
    (decisions, orientation)
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
    exif: Option<usize>,
    /// libjpeg-turbo uses the last Adobe segment before the first scan.
    adobe: Option<usize>,
}

impl UsedSegments {
    fn find(header: &[ParsedPart]) -> UsedSegments {
        let first = |kind| header.iter().position(|part| part.kind == kind);
        UsedSegments {
            jfif: first(Kind::Jfif),
            exif: first(Kind::Exif),
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
    if !icc::fits(&profile, file.frame.sampling.len()) {
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

/// A JFIF segment (ITU-T T.871, 10.1) without its thumbnail. Decoders require its 14 fixed bytes.
fn jfif(payload: &[u8]) -> Option<Bytes> {
    let (fixed, _) = payload.strip_prefix(b"JFIF\0")?.split_first_chunk::<9>()?;
    let [version_and_density @ .., _, _] = fixed;
    Some([b"JFIF\0", &version_and_density[..], &[0, 0]].concat().into())
}

/// An Adobe segment (ITU-T T.872, 6.5.3) with nothing but its colour transform: decoders require 12 bytes, but do not
/// use version and flags.
fn adobe(payload: &[u8]) -> Option<Bytes> {
    let &[.., transform] = payload.strip_prefix(b"Adobe")?.first_chunk::<7>()?;
    Some([&b"Adobe\0\x64\0\0\0\0"[..], &[transform]].concat().into())
}
