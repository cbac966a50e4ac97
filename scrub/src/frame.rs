//! The frame header: the size of a picture and the blocks that it is coded in (ITU-T T.81, A.1.1, A.2.4 and B.2.2).

use img_parts::jpeg::markers;

use crate::Refusal;

/// Samples on each side of a block of coefficients.
const BLOCK: u64 = 8;

/// A picture with more pixels takes 200 MB to draw, so it must have enough data.
const HUGE: u64 = 1 << 26;
/// libjpeg-turbo reads no more components.
const MAX_COMPONENTS: usize = 10;

/// What a frame header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    /// Second byte of the marker, which names the coding.
    pub(crate) marker: u8,
    /// Bits per sample.
    pub(crate) precision: u8,
    /// Lines; 0 where DNL gives them.
    pub(crate) height: u16,
    /// Samples per line.
    pub(crate) width: u16,
    /// Horizontal and vertical sampling factors of each component.
    pub(crate) sampling: Vec<(u8, u8)>,
}

impl Frame {
    /// Parses the payload of a frame header. None if it holds numbers that no decoder takes (ITU-T T.81, Table B.2).
    pub(crate) fn parse(marker: u8, payload: &[u8]) -> Option<Frame> {
        let &[precision, h1, h0, w1, w0, components] = payload.first_chunk()?;
        let (height, width) = (u16::from_be_bytes([h1, h0]), u16::from_be_bytes([w1, w0]));
        let components_given = payload.get(6..)?.as_chunks().0;
        let sampling =
            components_given.iter().map(|&[_, factors, _]| (factors >> 4, factors & 0xF)).collect();
        let frame = Frame { marker, precision, height, width, sampling };
        let has_factors = frame.sampling.iter().all(|(h, v)| (1..=4).contains(h) && (1..=4).contains(v));
        let has_tables = components_given.iter().all(|&[_, _, table]| table <= 3);
        let has_precision =
            if frame.is_dct() { matches!(precision, 8 | 12) } else { (2..=16).contains(&precision) };
        let has_components = (1..=MAX_COMPONENTS).contains(&frame.sampling.len());
        let is_whole = frame.sampling.len() == usize::from(components);
        (has_factors && has_tables && has_precision && has_components && is_whole).then_some(frame)
    }

    /// Refuses a huge picture with far more blocks than these `bytes` of entropy-coded data can code: a small file that
    /// makes decoders take gigabytes to draw nothing. A smaller picture that lacks data is damaged, but decoders draw
    /// it.
    ///
    /// A Huffman code has at least one bit (ITU-T T.81, C.2), and a block has at least one code in the first scan of
    /// its component. Decoders also draw a picture that has the scans of one component only, so a quarter is enough.
    /// Arithmetic coding needs less for a picture of one colour, but that is not a photo.
    pub(crate) fn check_data(&self, bytes: u64, offset: usize) -> Result<(), Refusal> {
        let needed = self.blocks() / (4 * 8);
        let pixels = u64::from(self.width).saturating_mul(u64::from(self.height));
        if pixels <= HUGE || bytes >= needed {
            return Ok(());
        }
        Err(Refusal::TooLittleData { width: self.width, height: self.height, bytes, needed, offset })
    }

    /// Whether the coding is one of DCT coefficients, and not lossless.
    pub(crate) fn is_dct(&self) -> bool {
        self.marker != markers::SOF3
    }

    /// Whether the entropy coding is arithmetic.
    pub(crate) fn is_arithmetic(&self) -> bool {
        matches!(self.marker, markers::SOF9 | markers::SOF10)
    }

    /// Whether the coding is progressive.
    pub(crate) fn is_progressive(&self) -> bool {
        matches!(self.marker, markers::SOF2 | markers::SOF10)
    }

    /// Width and height in pixels of what a rotation moves as a whole: an MCU, or a block if there is one component.
    pub(crate) fn rotation_unit(&self) -> (u16, u16) {
        let (h, v) = self.largest_factors();
        match self.sampling.len() {
            1 => (8, 8),
            _ => (u16::from(h).saturating_mul(8), u16::from(v).saturating_mul(8)),
        }
    }

    /// How many blocks all components have together, including those that only fill up the last MCUs.
    pub(crate) fn blocks(&self) -> u64 {
        let (largest_h, largest_v) = self.largest_factors();
        let along = |samples: u16, factor: u8, largest: u8| {
            let mcu = BLOCK.saturating_mul(u64::from(largest));
            u64::from(samples).div_ceil(mcu.max(1)).saturating_mul(u64::from(factor))
        };
        let of = |&(h, v): &(u8, u8)| {
            along(self.width, h, largest_h).saturating_mul(along(self.height, v, largest_v))
        };
        self.sampling.iter().map(of).fold(0, u64::saturating_add)
    }

    fn largest_factors(&self) -> (u8, u8) {
        let max = |factors: fn(&(u8, u8)) -> u8| self.sampling.iter().map(factors).max().unwrap_or(1);
        (max(|&(h, _)| h), max(|&(_, v)| v))
    }
}
