//! The frame header, and of how many MCUs a scan of it consists (ITU-T T.81, B.2.2 and A.2).

use super::marker;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Process {
    Sequential,
    Progressive,
    Lossless,
}

pub(super) struct Component {
    pub(super) id: u8,
    /// Horizontal and vertical sampling factor.
    pub(super) factors: (u8, u8),
    /// Number of its quantisation table.
    pub(super) quantisation: u8,
}

pub(super) struct Frame {
    pub(super) process: Process,
    pub(super) precision: u8,
    pub(super) components: Vec<Component>,
    width: usize,
    height: usize,
}

impl Frame {
    /// The frame header in a segment. None if it is not one that a clean photo has.
    pub(super) fn read(marker: u8, payload: &[u8]) -> Option<Self> {
        let &[precision, y1, y0, x1, x0, count @ 1..=10, ref rest @ ..] = payload else { return None };
        let process = match (marker, precision) {
            (marker::SOF0, 8) | (marker::SOF1, 8 | 12) => Process::Sequential,
            (marker::SOF2, 8 | 12) => Process::Progressive,
            (marker::SOF3, 2..=16) => Process::Lossless,
            _ => return None,
        };
        let components: Vec<Component> = rest.chunks(3).map(component).collect::<Option<_>>()?;
        let size = |high, low| usize::from(u16::from_be_bytes([high, low]));
        let frame = Self { process, precision, components, width: size(x1, x0), height: size(y1, y0) };
        let is_whole = frame.components.len() == usize::from(count) && frame.width > 0 && frame.height > 0;
        let is_plain = frame.components.len() > 1 || frame.largest() == (1, 1);
        let has_right_tables =
            process != Process::Lossless || frame.components.iter().all(|c| c.quantisation == 0);
        (is_whole && is_plain && has_right_tables && are_named(&frame.components)).then_some(frame)
    }

    /// The largest horizontal and the largest vertical sampling factor.
    fn largest(&self) -> (usize, usize) {
        let largest = |of: fn(&Component) -> u8| self.components.iter().map(of).max().unwrap_or(1).max(1);
        (usize::from(largest(|c| c.factors.0)), usize::from(largest(|c| c.factors.1)))
    }

    /// Columns or rows of blocks, or of samples in lossless coding, on one side of a component (A.1.1).
    fn blocks_along(&self, size: usize, factor: u8, largest: usize) -> usize {
        let samples = size.saturating_mul(usize::from(factor)).div_ceil(largest);
        samples.div_ceil(self.block_size())
    }

    fn block_size(&self) -> usize {
        if self.process == Process::Lossless { 1 } else { 8 }
    }

    /// Columns and rows of the MCUs of a scan of this component alone, each of which is a block (A.2.2).
    pub(super) fn blocks_of(&self, component: &Component) -> (usize, usize) {
        let (h, v) = self.largest();
        let (own_h, own_v) = component.factors;
        (self.blocks_along(self.width, own_h, h), self.blocks_along(self.height, own_v, v))
    }

    /// Columns and rows of the MCUs of a scan of several components (A.2.3): those that only complete the last MCU are
    /// there too (A.2.4).
    pub(super) fn mcus(&self) -> (usize, usize) {
        let (h, v) = self.largest();
        let along = |size: usize, factor: usize| size.div_ceil(factor.saturating_mul(self.block_size()));
        (along(self.width, h), along(self.height, v))
    }
}

fn component(parameters: &[u8]) -> Option<Component> {
    let &[id, factors, quantisation @ 0..=3] = parameters else { return None };
    let factors @ (1..=4, 1..=4) = (factors / 16, factors % 16) else { return None };
    Some(Component { id, factors, quantisation })
}

/// Whether components have the only names that they may have: their numbers, or the letters by which decoders know RGB.
fn are_named(components: &[Component]) -> bool {
    let ids = || components.iter().map(|component| component.id);
    ids().eq(b"RGB".iter().copied()) || ids().zip(1..).all(|(id, number)| id == number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(width: u8, height: u8, factors: &[u8], marker: u8) -> Frame {
        let mut payload = vec![8, 0, height, 0, width, factors.len() as u8];
        payload.extend((1..).zip(factors).flat_map(|(id, &factors)| [id, factors, 0]));
        Frame::read(marker, &payload).expect("a frame header")
    }

    #[test]
    fn blocks_are_counted_as_the_standard_says() {
        let sampled = frame(17, 9, &[0x22, 0x11, 0x11], marker::SOF0);
        let of = |c: usize| sampled.blocks_of(&sampled.components[c]);
        println!("17 x 9 at 4:2:0: {:?} MCUs, {:?} and {:?} blocks", sampled.mcus(), of(0), of(1));
        assert_eq!((sampled.mcus(), of(0), of(1)), ((2, 1), (3, 2), (2, 1)));
        let lossless = frame(17, 9, &[0x11, 0x11, 0x11], marker::SOF3);
        assert_eq!((lossless.mcus(), lossless.blocks_of(&lossless.components[0])), ((17, 9), (17, 9)));
        // 3 x 1 against 2 x 1: 17 samples, and 12 (11.33 rounded up).
        let odd = frame(17, 9, &[0x31, 0x21], marker::SOF0);
        let of = |c: usize| odd.blocks_of(&odd.components[c]);
        assert_eq!((odd.mcus(), of(0), of(1)), ((1, 2), (3, 2), (2, 2)));
    }
}
