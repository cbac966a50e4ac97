//! Which segments may be in a clean photo, and in which order.

use super::{Violation, marker};
use crate::OrientationMode;

/// How far a photo has been read. Segments come in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Start,
    Jfif,
    Exif,
    Icc,
    Adobe,
    Tables,
    Frame,
    Scans,
    End,
}

pub(super) struct Order {
    stage: Stage,
    may_have_exif: bool,
}

impl Order {
    pub(super) fn new(orientation: OrientationMode) -> Self {
        Self { stage: Stage::Start, may_have_exif: orientation != OrientationMode::Drop }
    }

    /// Moves on to a segment, which must be allowed here.
    pub(super) fn advance(&mut self, marker: u8, offset: usize) -> Result<(), Violation> {
        self.stage = self.next(marker).ok_or(Violation::Forbidden { marker, offset })?;
        Ok(())
    }

    fn next(&self, marker: u8) -> Option<Stage> {
        let stage = self.stage;
        let (next, allowed) = match marker {
            marker::JFIF => (Stage::Jfif, stage < Stage::Jfif),
            marker::EXIF => (Stage::Exif, stage < Stage::Exif && self.may_have_exif),
            marker::ICC => (Stage::Icc, stage <= Stage::Icc),
            marker::ADOBE => (Stage::Adobe, stage < Stage::Adobe),
            marker::DHT | marker::DQT | marker::DRI => (stage.max(Stage::Tables), true),
            marker::SOF0..=marker::SOF3 => (Stage::Frame, stage < Stage::Frame),
            marker::SOS => (Stage::Scans, stage == Stage::Frame || stage == Stage::Scans),
            marker::EOI => (Stage::End, stage == Stage::Scans),
            _ => return None,
        };
        allowed.then_some(next)
    }
}
