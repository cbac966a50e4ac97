//! What many rounds of one measurement say.

use std::time::Duration;

/// The middle of the rounds, and where all but the fastest and the slowest tenth lie.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spread {
    pub(crate) median: Duration,
    pub(crate) p10: Duration,
    pub(crate) p90: Duration,
}

impl Spread {
    /// Nothing for no rounds.
    pub(crate) fn of(mut rounds: Vec<Duration>) -> Option<Self> {
        rounds.sort_unstable();
        let at = |tenths: usize| rounds.get(rounds.len().saturating_sub(1) * tenths / 10).copied();
        Some(Self { median: at(5)?, p10: at(1)?, p90: at(9)? })
    }

    /// `0.512 ms`
    pub(crate) fn middle(self) -> String {
        format!("{:.2} ms", ms(self.median))
    }

    /// `0.49 to 0.55`
    pub(crate) fn range(self) -> String {
        format!("{:.2} to {:.2}", ms(self.p10), ms(self.p90))
    }
}

/// Milliseconds with their fraction.
pub(crate) fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
