//! What a scan header says (ITU-T T.81, B.2.3).

use super::tables::TableClass;
use crate::frame::{Component, Frame};

/// The most components of a scan, and the most data units of an MCU (B.2.3).
const MAX_COMPONENTS: usize = 4;
const MAX_DATA_UNITS: u64 = 10;
/// The index of a block's last coefficient.
const LAST: u8 = 63;
/// libjpeg-turbo refuses a progressive scan that leaves more bits to later ones.
const MAX_LOW: u8 = 13;

/// A scan header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScanHeader {
    pub(crate) components: Vec<ScanComponent>,
    /// The first coefficient, or the predictor in lossless coding.
    pub(crate) start: u8,
    /// The last coefficient.
    pub(crate) end: u8,
    /// The bit position of the scan before, or 0 if this is the first for its coefficients.
    pub(crate) high: u8,
    /// The bit position of this scan, or the point transform in lossless coding.
    pub(crate) low: u8,
}

/// A component in a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ScanComponent {
    /// Which component of the frame it is.
    pub(crate) index: usize,
    /// Numbers of its Huffman tables.
    pub(crate) dc_table: u8,
    pub(crate) ac_table: u8,
}

impl ScanHeader {
    /// Parses the payload of a scan header. None if libjpeg-turbo would not read it: a component that does not exist or
    /// comes twice, or an MCU that is too large.
    ///
    /// The parameters of a sequential scan have one value (Table B.3), which is taken whatever the file says: decoders
    /// do not look.
    pub(super) fn parse(payload: &[u8], frame: &Frame) -> Option<ScanHeader> {
        let (&count, rest) = payload.split_first()?;
        let (given, parameters) = rest.split_at_checked(usize::from(count).checked_mul(2)?)?;
        let &[start, end, approximation] = parameters.as_array()?;
        let mut components: Vec<ScanComponent> = Vec::new();
        for &[id, tables] in given.as_chunks().0 {
            let has_id = |(index, component): (usize, &Component)| {
                (component.id == id && components.iter().all(|taken| taken.index != index)).then_some(index)
            };
            let index = frame.components.iter().enumerate().find_map(has_id)?;
            components.push(ScanComponent { index, dc_table: tables >> 4, ac_table: tables & 0xF });
        }
        let (high, low) = (approximation >> 4, approximation & 0xF);
        let scan = match (frame.is_dct(), frame.is_progressive()) {
            (true, true) => ScanHeader { components, start, end, high, low },
            (true, false) => ScanHeader { components, start: 0, end: LAST, high: 0, low: 0 },
            (false, _) => ScanHeader { components, start, end, high, low },
        };
        scan.is_valid(frame).then_some(scan)
    }

    fn is_valid(&self, frame: &Frame) -> bool {
        let indexes = self.components.iter().map(|component| component.index);
        let is_mcu = match self.components.len() {
            1 => true,
            2..=MAX_COMPONENTS => indexes.is_sorted() && self.data_units(frame) <= MAX_DATA_UNITS,
            _ => false,
        };
        let is_refinement = self.high == 0 || self.low.checked_add(1) == Some(self.high);
        let has_parameters = match (frame.is_dct(), frame.is_progressive(), self.start) {
            (true, false, _) => true,
            (true, true, 0) => self.end == 0 && self.low <= MAX_LOW && is_refinement,
            (true, true, start) => {
                let is_band = start <= self.end && self.end <= LAST && self.components.len() == 1;
                is_band && self.low <= MAX_LOW && is_refinement
            }
            (false, _, predictor) => {
                matches!(predictor, 1..=7) && self.end == 0 && self.high == 0 && self.low < frame.precision
            }
        };
        is_mcu && has_parameters
    }

    /// Data units of an MCU: those of all components together, or one if there is one component (A.2).
    pub(super) fn data_units(&self, frame: &Frame) -> u64 {
        match &self.components[..] {
            [_] => 1,
            components => {
                let of = |component: &ScanComponent| frame.components.get(component.index);
                let units =
                    components.iter().filter_map(of).map(|c| u64::from(c.h).saturating_mul(c.v.into()));
                units.fold(0, u64::saturating_add)
            }
        }
    }

    /// How many data units the scan has.
    pub(crate) fn blocks(&self, frame: &Frame) -> u64 {
        self.mcus(frame).saturating_mul(self.data_units(frame))
    }

    /// How many MCUs the scan has.
    pub(crate) fn mcus(&self, frame: &Frame) -> u64 {
        let (columns, rows) = self.size(frame);
        columns.saturating_mul(rows)
    }

    /// Columns and rows of the scan's MCUs.
    pub(super) fn size(&self, frame: &Frame) -> (u64, u64) {
        match &self.components[..] {
            [one] => frame.components.get(one.index).map_or((0, 0), |component| frame.own_size(component)),
            _ => frame.interleaved_size(),
        }
    }

    /// Which Huffman tables are needed to decode the scan of a component: class and number (Table B.5).
    pub(super) fn tables(&self, component: &ScanComponent, frame: &Frame) -> Vec<(TableClass, u8)> {
        let (dc, ac) = ((TableClass::Dc, component.dc_table), (TableClass::Ac, component.ac_table));
        match (frame.is_dct(), frame.is_progressive(), self.start, self.high) {
            (true, false, ..) => vec![dc, ac],
            (false, ..) | (true, true, 0, 0) => vec![dc],
            (true, true, 0, _) => Vec::new(),
            (true, true, ..) => vec![ac],
        }
    }

    /// The payload that says this, and nothing else: numbers of tables that are not used are 0.
    pub(crate) fn payload(&self, frame: &Frame, ids: &[u8]) -> Vec<u8> {
        let mut payload = vec![u8::try_from(self.components.len()).unwrap_or_default()];
        for component in &self.components {
            let tables = self.tables(component, frame);
            let number = |class| tables.iter().find(|table| table.0 == class).map_or(0, |table| table.1);
            let id = ids.get(component.index).copied().unwrap_or_default();
            payload.extend([id, number(TableClass::Dc) << 4 | number(TableClass::Ac)]);
        }
        payload.extend([self.start, self.end, self.high << 4 | self.low]);
        payload
    }
}

#[cfg(test)]
impl ScanHeader {
    /// A scan of the AC coefficients of the first component.
    pub(crate) fn of_ac_coefficients() -> ScanHeader {
        let components = vec![ScanComponent { index: 0, dc_table: 0, ac_table: 0 }];
        ScanHeader { components, start: 1, end: LAST, high: 0, low: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Coefficients around the first and the last.
    const ENDS: [u8; 8] = [0, 1, 2, 3, 62, 63, 64, 65];

    /// How many combinations of parameters are those of a scan of so many components.
    fn count_valid(marker: u8, components: usize) -> usize {
        let frame =
            Frame::parse(marker, &[8, 0, 8, 0, 8, 2, 1, 0x11, 0, 2, 0x11, 0]).expect("a frame header");
        let component = |index| ScanComponent { index, dc_table: 0, ac_table: 0 };
        let mut scan = ScanHeader::of_ac_coefficients();
        scan.components = (0..components).map(component).collect();
        let mut count = 0;
        for (start, end) in ENDS.into_iter().flat_map(|start| ENDS.map(|end| (start, end))) {
            for (high, low) in (0..16).flat_map(|high| (0..16).map(move |low| (high, low))) {
                (scan.start, scan.end, scan.high, scan.low) = (start, end, high, low);
                count += usize::from(scan.is_valid(&frame));
            }
        }
        println!("{count} scans of {components} components with SOF{}", marker & 0xF);
        count
    }

    #[test]
    fn a_scan_has_only_parameters_that_the_standard_allows() {
        // A first scan, or one more bit, down to one of 14 positions.
        let approximations = 2 * 14;
        let bands = 5 * 6 / 2;
        assert_eq!(count_valid(0xC2, 2), approximations, "DC coefficients only");
        assert_eq!(count_valid(0xC2, 1), (1 + bands) * approximations);
        // 3 of the 7 predictors, and point transforms of 0 to 7 bits.
        assert_eq!(count_valid(0xC3, 1), 3 * 8);
        assert_eq!(count_valid(0xC3, 2), 3 * 8);
    }
}
