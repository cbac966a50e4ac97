//! Knows which blocks of a scan are outside of the picture. The last MCUs of a row and of a column reach over its edge
//! if it does not end where they do (ITU-T T.81, A.2.4), and decoders draw nothing of a block that is all outside. It
//! could be a part of what was there before the picture was cropped.

use super::ScanHeader;
use crate::frame::Frame;

/// Goes over the MCUs of a scan, in their order.
#[derive(Debug)]
pub(super) struct Edges {
    /// MCUs in a row.
    columns: u64,
    /// How many there are still in this row, and how many rows from this one on.
    columns_left: u64,
    rows_left: u64,
    /// A bit for each data unit of an MCU that is outside: in the last column, and in the last row.
    right: u16,
    below: u16,
}

impl Edges {
    pub(super) fn new(scan: &ScanHeader, frame: &Frame) -> Edges {
        let (columns, rows) = scan.size(frame);
        let (mut right, mut below) = (0, 0);
        if scan.components.len() > 1 {
            let components = scan.components.iter().filter_map(|c| frame.components.get(c.index));
            let mut bit: u16 = 1;
            for component in components {
                let (own_columns, own_rows) = frame.own_size(component);
                for y in 0..component.v {
                    for x in 0..component.h {
                        right |= if is_outside(columns, component.h, x, own_columns) { bit } else { 0 };
                        below |= if is_outside(rows, component.v, y, own_rows) { bit } else { 0 };
                        bit = bit.wrapping_shl(1);
                    }
                }
            }
        }
        Edges { columns, columns_left: columns, rows_left: rows, right, below }
    }

    /// Those of a part of a scan without edges.
    pub(super) fn none() -> Edges {
        Edges { columns: 0, columns_left: 0, rows_left: 0, right: 0, below: 0 }
    }

    /// How many MCUs come before the next that has a data unit outside. The last row is not counted whole.
    pub(super) fn until_next(&self) -> u64 {
        let in_row = self.columns_left.saturating_sub(u64::from(self.right != 0));
        match self.rows_left {
            0 => u64::MAX,
            1 if self.below != 0 => 0,
            _ if self.right != 0 => in_row,
            rows => self.columns.saturating_mul(rows.saturating_sub(2)).saturating_add(self.columns_left),
        }
    }

    /// Goes past so many MCUs.
    pub(super) fn skip(&mut self, mcus: u64) {
        let passed = self.columns.saturating_sub(self.columns_left).saturating_add(mcus);
        let (rows, columns) = (passed.checked_div(self.columns), passed.checked_rem(self.columns));
        self.rows_left = self.rows_left.saturating_sub(rows.unwrap_or(0));
        self.columns_left = self.columns.saturating_sub(columns.unwrap_or(0));
    }

    /// Whether no MCU reaches over an edge by a whole data unit.
    pub(super) fn are_straight(&self) -> bool {
        self.right | self.below == 0
    }

    /// Goes to the next MCU. A bit for each of its data units that is outside.
    #[inline(always)]
    pub(super) fn next_mcu(&mut self) -> u16 {
        let below = if self.rows_left == 1 { self.below } else { 0 };
        self.columns_left = self.columns_left.wrapping_sub(1);
        if self.columns_left != 0 {
            return below;
        }
        self.columns_left = self.columns;
        self.rows_left = self.rows_left.saturating_sub(1);
        below | self.right
    }
}

/// Whether data unit `at` of a side of the last MCU is outside, if the component has so many of its own.
fn is_outside(mcus: u64, factor: u8, at: u8, own: u64) -> bool {
    mcus.saturating_sub(1).saturating_mul(factor.into()).saturating_add(at.into()) >= own
}

#[cfg(test)]
mod tests {
    use super::super::header::ScanComponent;
    use super::*;

    /// Edges, and how many MCUs there are.
    fn of(width: u8, height: u8, factors: &[u8]) -> (Edges, u64) {
        let mut payload = vec![8, 0, height, 0, width, factors.len() as u8];
        payload.extend((1..).zip(factors).flat_map(|(id, &factors)| [id, factors, 0]));
        let frame = Frame::parse(0xC0, &payload).expect("a frame header");
        let component = |index| ScanComponent { index, dc_table: 0, ac_table: 0 };
        let components = (0..factors.len()).map(component).collect();
        let scan = ScanHeader { components, start: 0, end: 63, high: 0, low: 0 };
        (Edges::new(&scan, &frame), scan.mcus(&frame))
    }

    fn outside(width: u8, height: u8, factors: &[u8]) -> Vec<u16> {
        let (mut edges, mcus) = of(width, height, factors);
        (0..mcus).map(|_| edges.next_mcu()).collect()
    }

    #[test]
    fn mcus_before_an_edge_can_be_passed_at_once() {
        for (width, height) in [(24, 24), (40, 24), (32, 40), (24, 32), (200, 40), (8, 8)] {
            let all = outside(width, height, &[0x22, 0x11, 0x11]);
            let mut edges = of(width, height, &[0x22, 0x11, 0x11]).0;
            let (mut at, mut passed, mut looks) = (0, 0, 0);
            while at < all.len() {
                let plain = edges.until_next().min((all.len() - at) as u64);
                assert!(all[at..at + plain as usize].iter().all(|mask| *mask == 0), "{width} x {height}");
                edges.skip(plain);
                (at, passed, looks) = (at + plain as usize, passed + plain, looks + 1);
                if let Some(mask) = all.get(at) {
                    assert_eq!(edges.next_mcu(), *mask, "{width} x {height}, MCU {at}");
                    at += 1;
                }
            }
            println!("{width} x {height}: {passed} of {} MCUs passed at {looks} looks", all.len());
            let at_edges = all.iter().filter(|mask| **mask != 0).count();
            assert_eq!(passed as usize, all.len() - at_edges, "{width} x {height}");
            assert_eq!(looks, at_edges, "{width} x {height}: looks at the edges");
        }
        assert_eq!(Edges::none().until_next(), u64::MAX);
    }

    #[test]
    fn blocks_outside_of_the_picture_are_known_at_both_edges() {
        // 24 x 24 at 4:2:0: 2 x 2 MCUs. Of the four blocks of luma, the first is always in the picture.
        assert_eq!(outside(24, 24, &[0x22, 0x11, 0x11]), [0, 0b1010, 0b1100, 0b1110]);
        // One column more, and one row: the block of luma begins in the picture.
        assert_eq!(outside(25, 25, &[0x22, 0x11, 0x11]), [0; 4]);
        assert_eq!(outside(24, 24, &[0x11, 0x11, 0x11]), [0; 9], "each block of 4:4:4 is an MCU");
        assert_eq!(outside(8, 16, &[0x22]), [0, 0], "a scan of one component has no blocks but its own");
        // 40 x 8 at 4:1:1: two MCUs, of which the second has one block of luma in the picture.
        assert_eq!(outside(40, 8, &[0x41, 0x11, 0x11]), [0, 0b1110]);
        for (width, height, is_straight) in
            [(24, 24, false), (24, 32, false), (32, 24, false), (25, 25, true)]
        {
            assert_eq!(
                of(width, height, &[0x22, 0x11, 0x11]).0.are_straight(),
                is_straight,
                "{width} x {height}"
            );
        }
    }
}
