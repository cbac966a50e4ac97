//! What a load has shown, for people and for programs.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::client::Seen;
use crate::text;

/// What all clients together have done and seen.
#[derive(Debug)]
pub(super) struct Measured {
    clients: usize,
    started: Instant,
    took: Duration,
    uploads: usize,
    overwrites: usize,
    deletes: usize,
    times: Vec<Duration>,
    pub(super) lost: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    uploads: usize,
    overwrites: usize,
    deletes: usize,
    clients: usize,
    seconds: f64,
    uploads_per_second: f64,
    readable_ms: Percentiles,
    lost: usize,
    wrong: u64,
}

/// In milliseconds; 0 if nothing arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct Percentiles {
    p50: u64,
    p90: u64,
    p99: u64,
    max: u64,
}

impl Measured {
    pub(super) fn start(clients: usize) -> Self {
        Self {
            clients,
            started: Instant::now(),
            took: Duration::ZERO,
            uploads: 0,
            overwrites: 0,
            deletes: 0,
            times: Vec::new(),
            lost: 0,
        }
    }

    pub(super) fn add(&mut self, seen: Seen) {
        self.uploads += seen.uploads;
        self.overwrites += seen.overwrites;
        self.deletes += seen.deletes;
        self.times.extend(seen.times);
        self.lost += seen.lost;
    }

    /// All clients are done.
    pub(super) fn finish(&mut self) {
        self.took = self.started.elapsed();
        self.times.sort_unstable();
    }

    /// Prints it. `wrong` is what the comparison of both buckets found.
    pub(super) fn show(&self, wrong: u64, json: bool) -> io::Result<()> {
        let seconds = self.took.as_secs_f64();
        let line = Line {
            uploads: self.uploads,
            overwrites: self.overwrites,
            deletes: self.deletes,
            clients: self.clients,
            seconds: rounded(seconds),
            uploads_per_second: rounded(self.uploads as f64 / seconds),
            readable_ms: percentiles(&self.times),
            lost: self.lost,
            wrong,
        };
        let mut out = io::stdout().lock();
        if json {
            return text::json_line(&mut out, &line);
        }
        let Percentiles { p50, p90, p99, max } = line.readable_ms;
        writeln!(
            out,
            "{} from {}, {} of them overwrites, and {}: {:.1} s, {:.1} uploads a second",
            text::count(line.uploads, "upload"),
            text::count(line.clients, "client"),
            line.overwrites,
            text::count(line.deletes, "delete"),
            line.seconds,
            line.uploads_per_second
        )?;
        writeln!(
            out,
            "readable in bucket B after: p50 {p50} ms, p90 {p90} ms, p99 {p99} ms, at most {max} ms"
        )?;
        writeln!(out, "{} lost, {wrong} wrong in bucket B", line.lost)
    }
}

fn rounded(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// By the nearest rank, of times in order.
fn percentiles(times: &[Duration]) -> Percentiles {
    let rank = |percent: usize| {
        let rank = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times.get(rank).map_or(0, |time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
    };
    Percentiles { p50: rank(50), p90: rank(90), p99: rank(99), max: rank(100) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_nearest_rank() {
        for (number, expected) in
            [(0, [0, 0, 0, 0]), (1, [1, 1, 1, 1]), (10, [5, 9, 10, 10]), (200, [100, 180, 198, 200])]
        {
            let times: Vec<_> = (1..=number).map(Duration::from_millis).collect();
            let Percentiles { p50, p90, p99, max } = percentiles(&times);
            println!("{number} times: {p50} {p90} {p99} {max}");
            assert_eq!([p50, p90, p99, max], expected);
        }
    }
}
