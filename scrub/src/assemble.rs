//! Puts the clean photo together as the plan says, in the buffer of the original if nobody else holds it.

use std::ops::Range;

use bytes::{Buf, BufMut, Bytes, BytesMut};

use crate::plan::{Piece, Plan};

/// Builds the photo that the plan describes.
pub(crate) fn assemble(photo: Bytes, plan: &Plan) -> Bytes {
    let body = plan.body.first().map_or(0, Piece::start);
    let shift = overtaken_by(plan, body);
    if plan.header.len().saturating_add(shift) > body {
        return copy(&photo, plan);
    }
    match photo.try_into_mut() {
        Ok(buffer) => in_place(buffer, plan, body.saturating_sub(shift)),
        Err(photo) => copy(&photo, plan),
    }
}

/// What is written next: bytes of the original, or new ones for those of the original up to an offset.
enum Output<'a> {
    Copy(Range<usize>),
    Write(&'a [u8], usize),
}

/// What is written after the header, in order.
fn outputs(plan: &Plan) -> impl Iterator<Item = Output<'_>> {
    plan.body.iter().flat_map(|piece| {
        let (range, edits) = match piece {
            Piece::Copy(range) => (range.clone(), &[][..]),
            Piece::Data(range, edits) => (range.clone(), &edits[..]),
            Piece::Write(range, bytes) => {
                return Box::new(std::iter::once(Output::Write(bytes, range.end)))
                    as Box<dyn Iterator<Item = _>>;
            }
        };
        let starts = std::iter::once(range.start).chain(edits.iter().map(|edit| edit.removed.end));
        let ends = edits.iter().map(|edit| edit.removed.start).chain([range.end]);
        let changes = edits.iter().map(|edit| Output::Write(edit.bytes(), edit.removed.end));
        let changes = changes.map(Some).chain([None]);
        let copies = starts.zip(ends).map(|(start, end)| Output::Copy(start..end));
        Box::new(copies.zip(changes).flat_map(|(copy, change)| [Some(copy), change]).flatten())
    })
}

/// By how many bytes writing gets ahead of reading, if both start at `body`.
fn overtaken_by(plan: &Plan, body: usize) -> usize {
    let mut written = body;
    let mut ahead = 0;
    for output in outputs(plan) {
        let (length, read) = match output {
            Output::Copy(range) => (range.len(), range.end),
            Output::Write(bytes, read) => (bytes.len(), read),
        };
        written = written.saturating_add(length);
        ahead = ahead.max(written.saturating_sub(read));
    }
    ahead
}

/// Writes the header so that it ends at `body`, everything else after it, and returns the slice of the buffer that
/// holds the photo now.
fn in_place(mut buffer: BytesMut, plan: &Plan, body: usize) -> Bytes {
    let start = body.saturating_sub(plan.header.len());
    write(&mut buffer, start, &plan.header);
    let mut end = body;
    for output in outputs(plan) {
        let length = match output {
            Output::Copy(range) => {
                if range.start != end {
                    buffer.copy_within(range.clone(), end);
                }
                range.len()
            }
            Output::Write(bytes, _) => {
                write(&mut buffer, end, bytes);
                bytes.len()
            }
        };
        end = end.saturating_add(length);
    }
    buffer.truncate(end);
    buffer.advance(start);
    buffer.freeze()
}

fn write(buffer: &mut BytesMut, at: usize, bytes: &[u8]) {
    if let Some(target) = buffer.get_mut(at..at.saturating_add(bytes.len())) {
        target.copy_from_slice(bytes);
    }
}

fn copy(photo: &[u8], plan: &Plan) -> Bytes {
    let body = outputs(plan).map(|output| match output {
        Output::Copy(range) => range.len(),
        Output::Write(bytes, _) => bytes.len(),
    });
    let body = body.fold(0, usize::saturating_add);
    let mut copy = BytesMut::with_capacity(plan.header.len().saturating_add(body));
    copy.put(plan.header.as_ref());
    for output in outputs(plan) {
        copy.put(match output {
            Output::Copy(range) => photo.get(range).unwrap_or_default(),
            Output::Write(bytes, _) => bytes,
        });
    }
    copy.freeze()
}
