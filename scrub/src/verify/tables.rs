//! No table comes after the last scan, where it could carry anything, and no DAC without arithmetic coding.

use super::{Check, Segment, Violation, marker};

#[derive(Default)]
pub(super) struct TablesPrecedeScans {
    is_arithmetic: bool,
    /// Marker and offset of the first table since the last scan.
    unused: Option<(u8, usize)>,
    /// Marker and offset of the first conditioning of arithmetic coding in the photo.
    conditioning: Option<(u8, usize)>,
}

impl Check for TablesPrecedeScans {
    fn segment(&mut self, segment: &Segment) -> Result<(), Violation> {
        let &Segment { marker, offset, .. } = segment;
        let useless = match marker {
            marker::SOF9 | marker::SOF10 => {
                self.is_arithmetic = true;
                None
            }
            marker::DHT | marker::DQT | marker::DRI => {
                self.unused = self.unused.or(Some((marker, offset)));
                None
            }
            marker::DAC => {
                self.conditioning = self.conditioning.or(Some((marker, offset)));
                self.unused = self.unused.or(self.conditioning);
                None
            }
            marker::SOS => {
                self.unused = None;
                self.conditioning.filter(|_| !self.is_arithmetic)
            }
            marker::EOI => self.unused,
            _ => None,
        };
        match useless {
            Some((marker, offset)) => Err(Violation::Forbidden { marker, offset }),
            None => Ok(()),
        }
    }
}
