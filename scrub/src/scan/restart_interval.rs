//! Which restart intervals are in force, and which DRI segments they need (ITU-T T.81, B.2.4.4). An interval that is at
//! least as long as a scan puts no marker into it, so it could be any number.

/// The scans between two changes of the interval.
#[derive(Debug)]
struct Period {
    /// Where the DRI segment is that began it. None at the start of the file.
    dri: Option<usize>,
    interval: u16,
    /// The numbers of MCUs in its longest scan.
    longest_scan: u64,
}

#[derive(Debug)]
pub(super) struct RestartIntervals {
    periods: Vec<Period>,
}

impl RestartIntervals {
    pub(super) fn new() -> Self {
        Self { periods: vec![Period { dri: None, interval: 0, longest_scan: 0 }] }
    }

    /// Takes a DRI segment at this offset. The one before it is forgotten if no scan has come since.
    pub(super) fn define(&mut self, dri: usize, interval: u16) {
        let period = Period { dri: Some(dri), interval, longest_scan: 0 };
        match self.periods.last_mut().filter(|last| last.longest_scan == 0) {
            Some(last) => *last = period,
            None => self.periods.push(period),
        }
    }

    /// MCUs between two restart markers in a scan of so many. 0 if there are none.
    pub(super) fn in_scan(&mut self, mcus: u64) -> u64 {
        let Some(period) = self.periods.last_mut() else { return 0 };
        period.longest_scan = period.longest_scan.max(mcus);
        Some(u64::from(period.interval)).filter(|&interval| interval < mcus).unwrap_or(0)
    }

    /// The interval in force, whether or not it has an effect.
    pub(super) fn in_force(&self) -> u64 {
        self.periods.last().map_or(0, |period| period.interval.into())
    }

    /// The DRI segments that are needed: the offset of each, and the interval that it has to give.
    pub(super) fn finish(self) -> Vec<(usize, u16)> {
        let mut written = 0;
        let mut needed = Vec::new();
        for Period { dri, interval, longest_scan } in self.periods {
            let is_shorter = |interval: u16| u64::from(interval) < longest_scan;
            let interval = if is_shorter(interval) { interval } else { 0 };
            let is_needed = interval != written && (interval > 0 || is_shorter(written));
            if let Some(dri) = dri.filter(|_| is_needed) {
                needed.push((dri, interval));
                written = interval;
            }
        }
        needed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scans are given by their MCUs, DRI segments by their interval. Returns the intervals that are written.
    fn written(events: &[Event]) -> Vec<(usize, u16)> {
        let mut intervals = RestartIntervals::new();
        for (at, event) in events.iter().enumerate() {
            match *event {
                Event::Dri(interval) => intervals.define(at, interval),
                Event::Scan(mcus, expected) => assert_eq!(intervals.in_scan(mcus), expected),
            }
        }
        intervals.finish()
    }

    enum Event {
        Dri(u16),
        /// MCUs, and how many are between two markers.
        Scan(u64, u64),
    }
    use Event::{Dri, Scan};

    #[test]
    fn only_an_interval_that_has_an_effect_is_written() {
        assert_eq!(written(&[Dri(7), Scan(20, 7), Scan(5, 0)]), [(0, 7)]);
        assert_eq!(written(&[Dri(9), Dri(7), Scan(20, 7), Dri(7), Scan(30, 7)]), [(1, 7)], "repeated");
        assert_eq!(written(&[Dri(20), Scan(20, 0), Dri(0), Scan(20, 0)]), [], "no marker");
        assert_eq!(written(&[Dri(20), Scan(5, 0), Scan(40, 20)]), [(0, 20)], "in the second scan");
        assert_eq!(written(&[Dri(7), Scan(20, 7), Dri(900), Scan(20, 0)]), [(0, 7), (2, 0)], "ended");
        assert_eq!(written(&[Dri(30), Scan(40, 30), Dri(7), Scan(20, 7)]), [(0, 30), (2, 7)], "replaced");
        assert_eq!(written(&[Dri(7), Scan(20, 7), Dri(900), Scan(5, 0)]), [(0, 7)], "no need to end it");
        assert_eq!(written(&[Scan(20, 0), Dri(7)]), [], "after the last scan");
    }
}
