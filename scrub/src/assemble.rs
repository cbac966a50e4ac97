//! Puts the finished photo together, in the buffer the photo came in if nobody else holds it.

use bytes::{Buf, BufMut, Bytes, BytesMut};

use crate::inspect::Layout;

/// Builds the photo the layout describes.
pub(crate) fn assemble(photo: Bytes, layout: &Layout) -> Bytes {
    let room = layout.body.first().map_or(0, |first| first.start);
    if layout.header.len() > room {
        return copy(&photo, layout);
    }
    match photo.try_into_mut() {
        Ok(buffer) => in_place(buffer, layout),
        Err(photo) => copy(&photo, layout),
    }
}

/// Writes the header right in front of the first scan, moves up what is kept behind each gap, and returns the slice
/// of the buffer in which the photo now lies.
fn in_place(mut buffer: BytesMut, layout: &Layout) -> Bytes {
    let scans = layout.body.first().map_or(0, |first| first.start);
    let start = scans.saturating_sub(layout.header.len());
    if let Some(room) = buffer.get_mut(start..scans) {
        room.copy_from_slice(&layout.header);
    }
    let mut end = scans;
    for kept in &layout.body {
        if kept.start != end {
            buffer.copy_within(kept.clone(), end);
        }
        end = end.saturating_add(kept.len());
    }
    buffer.truncate(end);
    buffer.advance(start);
    buffer.freeze()
}

fn copy(photo: &[u8], layout: &Layout) -> Bytes {
    let body = layout.body.iter().map(|kept| kept.len()).fold(0, usize::saturating_add);
    let mut copy = BytesMut::with_capacity(layout.header.len().saturating_add(body));
    copy.put(layout.header.as_ref());
    for kept in &layout.body {
        copy.put(photo.get(kept.clone()).unwrap_or_default());
    }
    copy.freeze()
}
