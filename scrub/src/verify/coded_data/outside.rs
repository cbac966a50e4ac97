//! Blocks outside of the picture. A scan of several components ends its rows and columns with whole MCUs, so the last
//! ones can have blocks of which no sample is in the picture (ITU-T T.81, A.2.4). Those may say nothing.

/// The MCUs of a scan, in rows.
pub(super) struct Grid {
    pub(super) columns: usize,
    pub(super) rows: usize,
}

/// Whether a block is outside if its MCU is the last of a row, and if it is in the last row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::verify) struct Outside {
    pub(in crate::verify) in_last_column: bool,
    pub(in crate::verify) in_last_row: bool,
}

/// Where in a scan an MCU is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    is_last_in_row: bool,
    is_in_last_row: bool,
}

impl Position {
    /// Whether the MCU is at the right or the lower edge.
    #[inline(always)]
    pub(super) fn is_at_edge(self) -> bool {
        self.is_last_in_row || self.is_in_last_row
    }

    /// Whether nothing of a block of the MCU is in the picture.
    pub(super) fn excludes(self, block: Outside) -> bool {
        (self.is_last_in_row && block.in_last_column) || (self.is_in_last_row && block.in_last_row)
    }
}

/// The positions of the MCUs of a scan, one after the other.
pub(super) struct Positions {
    grid: Grid,
    column: usize,
    row: usize,
}

impl Positions {
    pub(super) fn new(grid: Grid) -> Self {
        Self { grid, column: 0, row: 0 }
    }

    /// The position of the next MCU.
    #[inline(always)]
    pub(super) fn advance(&mut self) -> Position {
        self.column = self.column.wrapping_add(1);
        let is_in_last_row = self.row.wrapping_add(1) == self.grid.rows;
        let is_last_in_row = self.column == self.grid.columns;
        if is_last_in_row {
            self.column = 0;
            self.row = self.row.wrapping_add(1);
        }
        Position { is_last_in_row, is_in_last_row }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_mcu_of_each_row_and_all_of_the_last_row_are_at_an_edge() {
        let mut positions = Positions::new(Grid { columns: 3, rows: 2 });
        let edges: Vec<_> = (0..6)
            .map(|_| positions.advance())
            .map(|position| (position.is_last_in_row, position.is_in_last_row))
            .collect();
        let (inside, right, below, corner) = ((false, false), (true, false), (false, true), (true, true));
        assert_eq!(edges, [inside, inside, right, below, below, corner]);
    }
}
