//! The chunks of a colour profile follow each other, all of them, and the profile in them holds nothing but colours.

use super::{Check, Segment, Violation, icc, marker};
use crate::IccMode;

const SIGNATURE: &[u8] = b"ICC_PROFILE\0";

pub(super) struct ColourProfile {
    mode: IccMode,
    /// Number of the last chunk, and how many there are to be.
    last: u8,
    count: u8,
    /// What the chunks hold.
    profile: Option<Vec<u8>>,
}

impl ColourProfile {
    pub(super) fn new(mode: IccMode) -> Self {
        Self { mode, last: 0, count: 0, profile: None }
    }

    /// A chunk that must be the next one.
    fn chunk(&mut self, payload: &[u8]) -> Option<()> {
        let (&[number, count], data) = payload.strip_prefix(SIGNATURE)?.split_first_chunk()?;
        let is_next = self.last.checked_add(1) == Some(number) && number <= count;
        let is_same_count = self.count == 0 || self.count == count;
        (self.last, self.count) = (number, count);
        self.profile.get_or_insert_default().extend(data);
        (is_next && is_same_count).then_some(())
    }
}

impl Check for ColourProfile {
    fn segment(&mut self, segment: &Segment) -> Result<(), Violation> {
        let &Segment { marker, offset, payload } = segment;
        if marker == marker::ICC {
            return self.chunk(payload).ok_or(Violation::Shape { marker, offset });
        }
        if self.last != self.count {
            return Err(Violation::Shape { marker: marker::ICC, offset });
        }
        match self.profile.take() {
            Some(profile) if self.mode == IccMode::Minimal && !icc::is_minimal(&profile) => {
                Err(Violation::Profile { offset })
            }
            _ => Ok(()),
        }
    }
}
