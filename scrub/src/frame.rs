//! The frame header: the size of a picture and the blocks that it is coded in (ITU-T T.81, A.1.1, A.2.4 and B.2.2).

use std::collections::BTreeSet;

use bytes::Bytes;
use img_parts::jpeg::markers;

use crate::Refusal;

/// Samples on each side of a block of coefficients.
const BLOCK: u64 = 8;

/// A picture with more pixels takes 200 MB to draw, so it must have enough data.
const HUGE: u64 = 1 << 26;
/// libjpeg-turbo reads no more components.
const MAX_COMPONENTS: usize = 10;
/// The highest number of a quantisation table (ITU-T T.81, Table B.2).
const MAX_TABLE: u8 = 3;

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
    pub(crate) components: Vec<Component>,
}

/// A component of a picture: one of its colours, mostly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Component {
    /// By which scans refer to it.
    pub(crate) id: u8,
    /// Horizontal and vertical sampling factor.
    pub(crate) h: u8,
    pub(crate) v: u8,
    /// Number of its quantisation table.
    pub(crate) table: u8,
}

impl Frame {
    /// Parses the payload of a frame header. None if it holds numbers that libjpeg-turbo does not take (ITU-T T.81,
    /// Table B.2).
    pub(crate) fn parse(marker: u8, payload: &[u8]) -> Option<Frame> {
        let &[precision, h1, h0, w1, w0, components] = payload.first_chunk()?;
        let (height, width) = (u16::from_be_bytes([h1, h0]), u16::from_be_bytes([w1, w0]));
        let component =
            |&[id, factors, table]: &[u8; 3]| Component { id, h: factors >> 4, v: factors & 0xF, table };
        let components_given: Vec<_> = payload.get(6..)?.as_chunks().0.iter().map(component).collect();
        let frame = Frame { marker, precision, height, width, components: components_given };
        let is_factor = |factor| (1..=4).contains(&factor);
        let has_factors = frame.components.iter().all(|given| is_factor(given.h) && is_factor(given.v));
        let has_precision = match marker {
            markers::SOF0 => precision == 8,
            markers::SOF3 => (2..=16).contains(&precision),
            _ => matches!(precision, 8 | 12),
        };
        let has_components = (1..=MAX_COMPONENTS).contains(&frame.components.len());
        let is_whole = frame.components.len() == usize::from(components);
        (has_factors && has_precision && has_components && is_whole).then_some(frame)
    }

    /// The identifiers of the components as they are written: 1, 2, 3 and so on. Letters stay if they are R, G and B:
    /// libjpeg-turbo takes such components for these colours if nothing else says what they are.
    pub(crate) fn written_ids(&self) -> Vec<u8> {
        let ids: Vec<u8> = self.components.iter().map(|component| component.id).collect();
        if ids == b"RGB" { ids } else { (1..).take(ids.len()).collect() }
    }

    /// The payload of the frame header, without what has no effect. If it is to be `raw`, identifiers, factors and
    /// tables are as they were.
    pub(crate) fn payload(&self, raw: bool) -> Bytes {
        let mut payload = vec![self.precision];
        payload.extend(self.height.to_be_bytes());
        payload.extend(self.width.to_be_bytes());
        payload.extend(u8::try_from(self.components.len()));
        for (component, written_id) in self.components.iter().zip(self.written_ids()) {
            let &Component { id, h, v, table } = component;
            let factors = h << 4 | v;
            payload.extend(if raw {
                [id, factors, table]
            } else {
                // Factors are proportions between components.
                let factors = if self.components.len() == 1 { 0x11 } else { factors };
                [written_id, factors, table]
            });
        }
        payload.into()
    }

    /// Forgets the numbers of quantisation tables that nothing needs: those of components without a scan, and all in
    /// lossless coding.
    pub(crate) fn forget_tables_but_of(&mut self, scanned: &BTreeSet<usize>) {
        let is_dct = self.is_dct();
        for (index, component) in self.components.iter_mut().enumerate() {
            if !is_dct || !scanned.contains(&index) {
                component.table = 0;
            }
        }
    }

    /// Whether the quantisation tables of these components can exist. Decoders look at the number of one only if a scan
    /// needs it, and never in lossless coding.
    pub(crate) fn can_have_tables(&self, components: impl Iterator<Item = usize>) -> bool {
        let mut components = components.filter_map(|index| self.components.get(index));
        !self.is_dct() || components.all(|component| component.table <= MAX_TABLE)
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
        match self.components.len() {
            1 => (8, 8),
            _ => (u16::from(h).saturating_mul(8), u16::from(v).saturating_mul(8)),
        }
    }

    /// How many blocks all components have together, including those that only fill up the last MCUs.
    pub(crate) fn blocks(&self) -> u64 {
        let mcus = self.interleaved_mcus();
        let of = |part: &Component| mcus.saturating_mul(u64::from(part.h).saturating_mul(part.v.into()));
        self.components.iter().map(of).fold(0, u64::saturating_add)
    }

    /// How many MCUs a scan of several components has (ITU-T T.81, A.2.3).
    pub(crate) fn interleaved_mcus(&self) -> u64 {
        let (columns, rows) = self.interleaved_size();
        columns.saturating_mul(rows)
    }

    /// Columns and rows of the MCUs of a scan of several components.
    pub(crate) fn interleaved_size(&self) -> (u64, u64) {
        let (h, v) = self.largest_factors();
        let along = |samples: u16, factor: u8| {
            let mcu = self.data_unit().saturating_mul(factor.into());
            u64::from(samples).div_ceil(mcu.max(1))
        };
        (along(self.width, h), along(self.height, v))
    }

    /// How many data units a scan of this component alone has.
    pub(crate) fn own_data_units(&self, component: &Component) -> u64 {
        let (columns, rows) = self.own_size(component);
        columns.saturating_mul(rows)
    }

    /// Columns and rows of a component's data units (ITU-T T.81, A.1.1 and A.2.2), without those that only fill up an
    /// MCU.
    pub(crate) fn own_size(&self, component: &Component) -> (u64, u64) {
        let (h, v) = self.largest_factors();
        let along = |samples: u16, factor: u8, largest: u8| {
            let own = u64::from(samples).saturating_mul(factor.into()).div_ceil(u64::from(largest).max(1));
            own.div_ceil(self.data_unit())
        };
        (along(self.width, component.h, h), along(self.height, component.v, v))
    }

    /// Samples on each side of a data unit: a block, or one sample in lossless coding (ITU-T T.81, 3.1.39).
    fn data_unit(&self) -> u64 {
        if self.is_dct() { BLOCK } else { 1 }
    }

    fn largest_factors(&self) -> (u8, u8) {
        let max = |factor: fn(&Component) -> u8| self.components.iter().map(factor).max().unwrap_or(1);
        (max(|component| component.h), max(|component| component.v))
    }
}
