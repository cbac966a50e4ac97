//! A frame: its components, and which blocks or samples a scan of it contains, in which order.

/// Size and components of a picture.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Samples along a side of a data unit: 8 with DCT coding, 1 in lossless coding.
    pub(super) unit: usize,
    /// Horizontal and vertical sampling factor of each component.
    pub(super) sampling: Vec<(u8, u8)>,
}

/// A block, or a sample of lossless coding.
#[derive(Clone, Copy)]
pub(super) struct Unit {
    pub(super) component: usize,
    pub(super) x: usize,
    pub(super) y: usize,
    /// Its first row, in pixels.
    pub(super) top: usize,
    /// Whether it only completes an MCU, and nothing of it is in the picture (ITU-T T.81, A.2.4).
    pub(super) is_outside: bool,
}

impl Frame {
    pub(super) fn largest(&self) -> (usize, usize) {
        let h = self.sampling.iter().map(|s| s.0).max().unwrap_or(1);
        let v = self.sampling.iter().map(|s| s.1).max().unwrap_or(1);
        (h.into(), v.into())
    }

    pub(super) fn factors(&self, component: usize) -> (usize, usize) {
        let (h, v) = self.sampling[component];
        (h.into(), v.into())
    }

    /// The MCUs in a row of a scan, and the rows. A scan of one component contains its data units one by one, and none
    /// that only complete an MCU (ITU-T T.81, A.2.2, A.2.3).
    pub(super) fn mcus(&self, scan: &[usize]) -> (usize, usize) {
        let (largest_h, largest_v) = self.largest();
        match scan {
            &[component] => {
                let (h, v) = self.factors(component);
                let columns = (self.width * h).div_ceil(largest_h).div_ceil(self.unit);
                (columns, (self.height * v).div_ceil(largest_v).div_ceil(self.unit))
            }
            _ => (self.width.div_ceil(self.unit * largest_h), self.height.div_ceil(self.unit * largest_v)),
        }
    }

    /// The data units of each MCU of a scan.
    pub(super) fn units(&self, scan: &[usize]) -> impl Iterator<Item = Vec<Unit>> {
        let (columns, rows) = self.mcus(scan);
        let (_, largest_v) = self.largest();
        (0..columns * rows).map(move |mcu| {
            let mut units = Vec::new();
            for &component in scan {
                let (h, v) = if scan.len() == 1 { (1, 1) } else { self.factors(component) };
                let (own_columns, own_rows) = self.mcus(&[component]);
                for unit in 0..h * v {
                    let (x, y) = (mcu % columns * h + unit % h, mcu / columns * v + unit / h);
                    let top = y * self.unit * largest_v / self.factors(component).1;
                    let is_outside = x >= own_columns || y >= own_rows;
                    units.push(Unit { component, x, y, top, is_outside });
                }
            }
            units
        })
    }
}
