//! The chunks of a colour profile follow each other, all of them, and the profile in them holds nothing but colours, of
//! as many components as the frame has.

use super::{Check, Segment, Violation, icc, marker};
use crate::IccMode;

/// Length of a profile's header (ICC.1, 7.2).
const HEADER: usize = 128;
const SIGNATURE: &[u8] = b"ICC_PROFILE\0";

pub(super) struct ColourProfile {
    mode: IccMode,
    /// Number of the last chunk, and how many there are to be.
    last: u8,
    count: u8,
    /// What the chunks hold.
    profile: Option<Vec<u8>>,
    /// The header of the profile, which must fit the frame.
    of_frame: Option<Vec<u8>>,
}

impl ColourProfile {
    pub(super) fn new(mode: IccMode) -> Self {
        Self { mode, last: 0, count: 0, profile: None, of_frame: None }
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
        if self.mode == IccMode::Keep {
            return Ok(());
        }
        if let Some(profile) = self.profile.take() {
            self.of_frame = profile.get(..HEADER).map(<[u8]>::to_vec);
            if !icc::is_minimal(&profile) {
                return Err(Violation::Profile { offset });
            }
        }
        // The number of components is the last byte before them (ITU-T T.81, B.2.2).
        let is_frame = matches!(marker, marker::SOF0..=marker::SOF3);
        match (self.of_frame.as_deref(), payload.get(5)) {
            (Some(header), Some(&components)) if is_frame && !icc::may_colour(header, components) => {
                Err(Violation::ProfileOfOtherColours { offset })
            }
            _ => Ok(()),
        }
    }
}
