//! Checks a clean photo once more before it is published, so that no mistake of the rest of the crate can publish
//! anything private. It knows only what a clean photo may look like: anything else is a violation.
//!
//! It shares no code with the rest of the crate, not even constants, so that one mistake is not made twice. It shares
//! only the settings types and the table of standard profiles, which is data.

mod coded_data;
mod colour_profile;
mod frame;
mod icc;
mod live_tables;
mod order;
mod picture;
mod reader;
mod script;
mod segment_shape;
mod violation;

use colour_profile::ColourProfile;
use order::Order;
use picture::Picture;
use reader::{Reader, Segment};
use segment_shape::SegmentShape;

use crate::Options;

pub use coded_data::Flaw;
#[cfg(test)]
pub(crate) use icc::is_minimal as is_minimal_profile;
pub use violation::Violation;

/// Second bytes of the markers in a clean photo (ITU-T T.81, Table B.1).
mod marker {
    pub(super) const SOF0: u8 = 0xC0;
    pub(super) const SOF1: u8 = 0xC1;
    pub(super) const SOF2: u8 = 0xC2;
    pub(super) const SOF3: u8 = 0xC3;
    pub(super) const DHT: u8 = 0xC4;
    pub(super) const RST0: u8 = 0xD0;
    pub(super) const RST7: u8 = 0xD7;
    pub(super) const SOI: u8 = 0xD8;
    pub(super) const EOI: u8 = 0xD9;
    pub(super) const SOS: u8 = 0xDA;
    pub(super) const DQT: u8 = 0xDB;
    pub(super) const DRI: u8 = 0xDD;
    /// APP0.
    pub(super) const JFIF: u8 = 0xE0;
    /// APP1.
    pub(super) const EXIF: u8 = 0xE1;
    /// APP2.
    pub(super) const ICC: u8 = 0xE2;
    /// APP14.
    pub(super) const ADOBE: u8 = 0xEE;
}

/// A check that sees every segment of a photo, in order.
trait Check {
    fn segment(&mut self, segment: &Segment) -> Result<(), Violation>;
}

/// Checks that a JPEG holds nothing but its picture, in exactly the shape that [`scrub`](crate::scrub()) writes.
///
/// # Errors
/// The first [`Violation`] found.
pub fn verify(photo: &[u8], options: &Options) -> Result<(), Violation> {
    let mut reader = Reader::after_soi(photo)?;
    let mut order = Order::new(options.orientation);
    let mut checks: [&mut dyn Check; 2] = [&mut ColourProfile::new(options.icc), &mut SegmentShape];
    let mut picture = Picture::default();
    loop {
        let (marker, offset) = reader.marker()?;
        order.advance(marker, offset)?;
        let segment = reader.segment(marker, offset)?;
        for check in &mut checks {
            check.segment(&segment)?;
        }
        picture.segment(&segment)?;
        match marker {
            marker::SOS => reader.skip(|start| picture.scan(&segment, photo, start))?,
            marker::EOI => return reader.end(),
            _ => {}
        }
    }
}
