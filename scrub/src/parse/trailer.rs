//! What follows the picture: bytes after the last block, segments that come too late, EOI, and whatever is after that.
//! None of it is drawn, whatever it claims to be. It is cut into parts only so that they can be named.

use img_parts::jpeg::markers;

use super::segments::{MAX_SEGMENTS, Next, next_segment};
use super::{Parts, entropy};
use crate::Kind;
use crate::kind::classify;

/// Adds everything from the end of the last part to the end of the file.
pub(super) fn push(parts: &mut Parts) {
    let photo = parts.photo;
    for _ in 0..MAX_SEGMENTS {
        let at = parts.end();
        match next_segment(photo, at) {
            Ok(Next::Segment(segment)) => {
                parts.push_gap(at..segment.range.start);
                match classify(segment.marker, segment.payload(photo)) {
                    Kind::Sos => {
                        let end = entropy::end_of_data(photo, segment.range.end).unwrap_or(photo.len());
                        parts.push(Kind::SurplusScan, segment.range.start..end);
                    }
                    kind => parts.push_segment(kind, segment),
                }
            }
            Ok(Next::Eoi(offset)) => {
                parts.push_gap(at..offset);
                parts.push(Kind::Eoi, offset..offset.saturating_add(2));
                break;
            }
            Ok(Next::Soi(offset)) => {
                parts.push_gap(at..offset);
                break;
            }
            Ok(Next::End) | Err(_) => break,
        }
    }
    push_rest(parts);
}

/// Adds what follows the last part, if anything does.
fn push_rest(parts: &mut Parts) {
    let photo = parts.photo;
    let from = parts.end();
    let Some(trailer) = photo.get(from..).filter(|trailer| !trailer.is_empty()) else { return };
    // Some writers pad the picture with zeros.
    let padding = trailer.iter().take_while(|&&byte| byte == 0).count();
    let after_padding = trailer.get(padding..).unwrap_or_default();
    let kind = if after_padding.starts_with(&[markers::P, markers::SOI, markers::P]) {
        Kind::TrailingJpeg
    } else if trailer.get(4..8) == Some(b"ftyp") {
        Kind::TrailingVideo
    } else {
        Kind::Trailer
    };
    parts.push(kind, from..photo.len());
}
