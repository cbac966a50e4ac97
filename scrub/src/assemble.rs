//! Puts the clean photo together as the plan says, in the buffer of the original if nobody else holds it.

use bytes::{Buf, BufMut, Bytes, BytesMut};

use crate::plan::Plan;

/// Builds the photo that the plan describes.
pub(crate) fn assemble(photo: Bytes, plan: &Plan) -> Bytes {
    let old_header = plan.body.first().map_or(0, |first| first.start);
    if plan.header.len() > old_header {
        return copy(&photo, plan);
    }
    match photo.try_into_mut() {
        Ok(buffer) => in_place(buffer, plan),
        Err(photo) => copy(&photo, plan),
    }
}

/// Writes the header directly before the first scan, moves what is kept after each gap up, and returns the slice of the
/// buffer that holds the photo now.
fn in_place(mut buffer: BytesMut, plan: &Plan) -> Bytes {
    let scans = plan.body.first().map_or(0, |first| first.start);
    let start = scans.saturating_sub(plan.header.len());
    if let Some(header) = buffer.get_mut(start..scans) {
        header.copy_from_slice(&plan.header);
    }
    let mut end = scans;
    for kept in &plan.body {
        if kept.start != end {
            buffer.copy_within(kept.clone(), end);
        }
        end = end.saturating_add(kept.len());
    }
    buffer.truncate(end);
    buffer.advance(start);
    buffer.freeze()
}

fn copy(photo: &[u8], plan: &Plan) -> Bytes {
    let body = plan.body.iter().map(|kept| kept.len()).fold(0, usize::saturating_add);
    let mut copy = BytesMut::with_capacity(plan.header.len().saturating_add(body));
    copy.put(plan.header.as_ref());
    for kept in &plan.body {
        copy.put(photo.get(kept.clone()).unwrap_or_default());
    }
    copy.freeze()
}
