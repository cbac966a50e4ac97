//! Which scans may follow each other, and when the picture is complete (ITU-T T.81, A.2.4 and G.1.1.1).

use super::header::ScanHeader;
use crate::frame::Frame;

/// How far the coefficients of one component are coded: for each, the bit position of its last scan.
type Progress = [Option<u8>; 64];

/// How far a picture is coded.
#[derive(Debug)]
pub(super) struct Script {
    components: Vec<Progress>,
    /// Whether the first scan of a sequential picture had all components.
    is_one_scan: bool,
}

impl Script {
    pub(super) fn new(frame: &Frame) -> Script {
        Script { components: vec![[None; 64]; frame.components.len()], is_one_scan: false }
    }

    /// Takes the next scan. False if it is not the next step for each of its coefficients: decoders draw such a picture
    /// each in their own way.
    pub(super) fn advance(&mut self, scan: &ScanHeader, frame: &Frame) -> bool {
        let mut is_next = true;
        let is_first = self.components.iter().flatten().all(Option::is_none);
        let band = if frame.is_dct() { scan.start..=scan.end } else { 0..=63 };
        let band = usize::from(*band.start())..=usize::from(*band.end());
        for component in &scan.components {
            let Some(progress) = self.components.get_mut(component.index) else { return false };
            let has_dc = *band.start() == 0 || progress.first().is_some_and(Option::is_some);
            let before = if scan.high == 0 { None } else { Some(scan.high) };
            let coefficients = progress.get_mut(band.clone()).unwrap_or_default();
            is_next &= has_dc && coefficients.iter().all(|&position| position == before);
            coefficients.fill(Some(if frame.is_dct() { scan.low } else { 0 }));
        }
        self.is_one_scan |=
            is_first && !frame.is_progressive() && scan.components.len() == frame.components.len();
        is_next
    }

    /// Whether the picture is complete: every coefficient of every component is coded, to its last bit.
    ///
    /// A progressive picture may end without some of them. But if EOI is missing too, the file is cut off.
    pub(super) fn is_complete(&self) -> bool {
        self.components.iter().flatten().all(|position| *position == Some(0))
    }

    /// How much of the picture is coded to its last bit, in per cent of its coefficients.
    pub(super) fn percent(&self, frame: &Frame) -> u8 {
        let (mut coded, mut all) = (0_u64, 0_u64);
        for (progress, component) in self.components.iter().zip(&frame.components) {
            let blocks = frame.own_data_units(component);
            let count = progress.iter().filter(|position| **position == Some(0)).count() as u64;
            coded = coded.saturating_add(blocks.saturating_mul(count));
            all = all.saturating_add(blocks.saturating_mul(progress.len() as u64));
        }
        let percent = coded.saturating_mul(100).checked_div(all).unwrap_or(0);
        u8::try_from(percent).unwrap_or(100)
    }

    /// Whether the picture is complete after one sequential scan of all components: decoders draw it then, and ignore
    /// any further scan.
    pub(super) fn is_complete_in_one_scan(&self) -> bool {
        self.is_one_scan
    }

    /// Whether a scan of this component has come.
    pub(super) fn has_begun(&self, component: usize) -> bool {
        self.components.get(component).is_some_and(|progress| progress.iter().any(Option::is_some))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Component;
    use crate::scan::header::ScanComponent;

    #[test]
    fn a_sequential_picture_ends_with_its_first_scan_only_if_that_has_all_components() {
        let component = |id| Component { id, h: 1, v: 1, table: 0 };
        let frame = Frame {
            marker: 0xC1,
            precision: 8,
            height: 8,
            width: 8,
            components: [1, 2].map(component).into(),
        };
        let scan = |indices: &[usize]| ScanHeader {
            components: indices
                .iter()
                .map(|&index| ScanComponent { index, dc_table: 0, ac_table: 0 })
                .collect(),
            start: 0,
            end: 63,
            high: 0,
            low: 0,
        };
        let mut whole = Script::new(&frame);
        assert!(whole.advance(&scan(&[0, 1]), &frame) && whole.is_complete_in_one_scan());
        // Decoders decide it by the first scan: after one of a part they read on, to EOI.
        let mut parts = Script::new(&frame);
        assert!(parts.advance(&scan(&[0]), &frame) && !parts.is_complete_in_one_scan());
        assert!(!parts.advance(&scan(&[0, 1]), &frame) && !parts.is_complete_in_one_scan());
    }
}
