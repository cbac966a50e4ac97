//! The median and the spread of many rounds of one measurement.

use std::time::Duration;

/// The median of the rounds, and the range without the fastest and the slowest tenth.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    /// The median.
    pub median: Duration,
    /// A tenth of the rounds was faster.
    pub p10: Duration,
    /// A tenth of the rounds was slower.
    pub p90: Duration,
}

impl Spread {
    /// Nothing for no rounds.
    #[must_use]
    pub fn of(mut rounds: Vec<Duration>) -> Option<Self> {
        rounds.sort_unstable();
        let at = |tenths: usize| rounds.get(rounds.len().saturating_sub(1) * tenths / 10).copied();
        Some(Self { median: at(5)?, p10: at(1)?, p90: at(9)? })
    }

    /// The median as text: `0.51 ms`
    #[must_use]
    pub fn middle(self) -> String {
        format!("{:.2} ms", ms(self.median))
    }

    /// `0.49 to 0.55`
    #[must_use]
    pub fn range(self) -> String {
        format!("{:.2} to {:.2}", ms(self.p10), ms(self.p90))
    }
}

/// Milliseconds with their fraction.
#[must_use]
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
