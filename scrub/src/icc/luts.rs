//! Types with multi-dimensional tables (ICC.1, 10.10 to 10.16), and processing elements.

use super::used_bytes::UsedBytes;

/// lcms2 reads no more channels, and no colour space has more (ICC.1, 7.2.6).
const MAX_CHANNELS: usize = 16;

impl UsedBytes<'_> {
    /// Keeps a lut8Type or lut16Type (ICC.1, 10.10 and 10.11).
    pub(super) fn table_lut(&mut self, width: usize) -> Option<()> {
        let (inputs, outputs) = (channels(self.byte(8)?)?, channels(self.byte(9)?)?);
        let points = self.byte(10)?;
        self.keep(12, 36)?;
        let (start, input_entries, output_entries) =
            if width == 1 { (48, 256, 256) } else { (52, self.short(48)?, self.short(50)?) };
        let numbers = inputs
            .checked_mul(input_entries)?
            .checked_add(outputs.checked_mul(output_entries)?)?
            .checked_add(points.checked_pow(u32::try_from(inputs).ok()?)?.checked_mul(outputs)?)?;
        self.keep(start, numbers.checked_mul(width)?)
    }

    /// Keeps a lutAToBType or lutBToAType (ICC.1, 10.12 and 10.13). An offset of 0 means that there is none.
    pub(super) fn curve_lut(&mut self, is_a_to_b: bool) -> Option<()> {
        let (inputs, outputs) = (channels(self.byte(8)?)?, channels(self.byte(9)?)?);
        // The A curves are on the device's side, the others on the side of the connection space.
        let (device, space) = if is_a_to_b { (inputs, outputs) } else { (outputs, inputs) };
        let [b, matrix, m, table, a] =
            [self.long(12)?, self.long(16)?, self.long(20)?, self.long(24)?, self.long(28)?];
        if b != 0 {
            self.curves(b, space)?;
        }
        if matrix != 0 {
            self.keep(matrix, 48)?;
        }
        if m != 0 {
            self.curves(m, space)?;
        }
        if table != 0 {
            let width = self.byte(table.checked_add(16)?)?;
            if !matches!(width, 1 | 2) {
                return None;
            }
            self.grid(table, table.checked_add(20)?, inputs, outputs.checked_mul(width)?)?;
        }
        if a != 0 {
            self.curves(a, device)?;
        }
        Some(())
    }

    /// Keeps consecutive curves, each at a multiple of 4.
    fn curves(&mut self, mut at: usize, count: usize) -> Option<()> {
        for _ in 0..count {
            at = self.curve(at)?.checked_next_multiple_of(4)?;
        }
        Some(())
    }

    /// Keeps a table: the number of points of each dimension, in up to 16 bytes, and the values.
    fn grid(&mut self, points: usize, values: usize, inputs: usize, size: usize) -> Option<()> {
        let mut length = size;
        for i in 0..inputs {
            length = length.checked_mul(self.byte(points.checked_add(i)?)?)?;
        }
        self.keep(values, length)
    }

    /// Keeps a multiProcessElementsType (ICC.1, 10.16).
    pub(super) fn elements(&mut self) -> Option<()> {
        channels(self.short(8)?)?;
        channels(self.short(10)?)?;
        for i in 0..self.long(12)? {
            let element = self.position(16, i)?;
            self.element(element)?;
        }
        Some(())
    }

    /// Keeps an entry of a table of positions (ICC.1, 4.10). Returns the offset; sizes cannot be relied on.
    fn position(&mut self, table: usize, number: usize) -> Option<usize> {
        let at = table.checked_add(number.checked_mul(8)?)?;
        self.long(at.checked_add(4)?)?;
        self.long(at)
    }

    /// Keeps a processing element (ICC.1, 10.16.1).
    fn element(&mut self, at: usize) -> Option<()> {
        let kind = self.signature(at)?;
        let inputs = channels(self.short(at.checked_add(8)?)?)?;
        let outputs = channels(self.short(at.checked_add(10)?)?)?;
        let start = at.checked_add(12)?;
        match &kind {
            b"matf" => {
                let numbers = inputs.checked_add(1)?.checked_mul(outputs)?;
                self.keep(start, numbers.checked_mul(4)?)
            }
            b"clut" => {
                let size = outputs.checked_mul(4)?;
                self.grid(start, at.checked_add(28)?, inputs, size)
            }
            b"cvst" => {
                for i in 0..inputs {
                    let curve = self.position(start, i)?.checked_add(at)?;
                    self.segments(curve)?;
                }
                Some(())
            }
            b"bACS" | b"eACS" => self.keep(start, 4),
            _ => None,
        }
    }

    /// Keeps a one-dimensional curve of segments (ICC.1, 10.16.2.2).
    fn segments(&mut self, at: usize) -> Option<()> {
        if &self.signature(at)? != b"curf" {
            return None;
        }
        let count = self.short(at.checked_add(8)?)?;
        let breaks = count.checked_sub(1)?.checked_mul(4)?;
        self.keep(at.checked_add(12)?, breaks)?;
        let mut at = at.checked_add(12)?.checked_add(breaks)?;
        for _ in 0..count {
            let kind = self.signature(at)?;
            let start = at.checked_add(8)?;
            let length = match &kind {
                b"parf" => match self.short(start)? {
                    0 => 16,
                    1 | 2 => 20,
                    _ => return None,
                },
                b"samf" => self.long(start)?.checked_mul(4)?,
                _ => return None,
            };
            self.keep(at.checked_add(12)?, length)?;
            at = at.checked_add(12)?.checked_add(length)?;
        }
        Some(())
    }
}

fn channels(count: usize) -> Option<usize> {
    (1..=MAX_CHANNELS).contains(&count).then_some(count)
}
