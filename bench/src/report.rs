//! The table, in Markdown, so that `docs/benchmarks.md` can show it as it was printed; and the budgets.

use std::fmt;
use std::time::Duration;

use bench::spread::{Spread, ms};
use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};

use crate::function::{Memory, Warm};
use crate::rotate::RotateTimes;
use crate::scrub_rounds::ScrubTimes;

/// Scrub and verify, as a multiple of a copy of the same bytes.
const SCRUB: f64 = 1.3;
/// 24 megapixels rotated.
const ROTATE: Duration = Duration::from_millis(300);
const START: Duration = Duration::from_millis(15);
const WARM: Duration = Duration::from_millis(10);
/// Peak memory above the idle function's, as a multiple of the photo: one photo, and the buffers of two connections.
const MEMORY: f64 = 1.1;
const ZIP: u64 = 3_600_000;

pub(crate) struct Report(Table);

impl Report {
    pub(crate) fn new() -> Self {
        let mut table = Table::new();
        table.load_style(ASCII_MARKDOWN).set_header([
            "measured",
            "median",
            "p10 to p90",
            "budget",
            "met",
            "beside it",
        ]);
        for column in 1..3 {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        Self(table)
    }

    pub(crate) fn scrub(&mut self, built: &str, times: Option<&ScrubTimes>) {
        let what = format!("scrub + verify of 16.8 MB, {built}");
        let budget = format!("{SCRUB}x copy");
        let Some(ScrubTimes { copy, scrub }) = times else {
            let why =
                "skipped, and so is the function: this processor cannot run the code they are built with";
            return self.row([&what, "", "", &budget, "", why]);
        };
        let ratio = scrub.median.as_secs_f64() / copy.median.as_secs_f64();
        let met = format!("{}, {ratio:.2}x", yes(ratio <= SCRUB));
        let beside = format!("memcpy of it: {} ({})", copy.middle(), copy.range());
        self.row([&what, &scrub.middle(), &scrub.range(), &budget, &met, &beside]);
    }

    pub(crate) fn rotate(&mut self, times: &RotateTimes) {
        let jpegtran = times.jpegtran.as_ref();
        let ratio = jpegtran.map(|other| times.rotate.median.as_secs_f64() / other.median.as_secs_f64());
        let met = yes(times.rotate.median <= ROTATE && ratio.is_none_or(|ratio| ratio <= 1.0));
        let beside = match (jpegtran, ratio) {
            (Some(other), Some(ratio)) => {
                format!("jpegtran -trim: {} ({}); {ratio:.2}x", other.middle(), other.range())
            }
            _ => "no jpegtran on PATH or in JPEGTRAN".to_owned(),
        };
        let budget = format!("{}, 1.0x jpegtran", at_most(ROTATE));
        self.row([
            "24 MP rotated by 90 degrees",
            &times.rotate.middle(),
            &times.rotate.range(),
            &budget,
            met,
            &beside,
        ]);
        let mb = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
        let photo = format!("the photo has {}", mb(times.photo as u64));
        self.row(["... peak memory of the process", &mb(times.peak), "", "", "", &photo]);
    }

    pub(crate) fn start(&mut self, time: Spread) {
        let met = yes(time.median <= START);
        self.row(["process start to first poll", &time.middle(), &time.range(), &at_most(START), met, ""]);
    }

    pub(crate) fn warm(&mut self, warm: &Warm) {
        let s3 = "a GET and a PUT over TLS";
        self.row([
            "warm photo of 2.5 MB, event to answer",
            &warm.total.middle(),
            &warm.total.range(),
            "",
            "",
            s3,
        ]);
        self.row(["... of it in the stub S3", &warm.in_s3.middle(), &warm.in_s3.range(), "", "", ""]);
        let met = yes(warm.beside.median <= WARM);
        self.row(["... beside S3", &warm.beside.middle(), &warm.beside.range(), &at_most(WARM), met, ""]);
    }

    pub(crate) fn memory(&mut self, memory: &Memory) {
        let photos = (memory.after - memory.before) as f64 / memory.photo as f64;
        let mb = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
        let met = format!("{}, {photos:.2}x", yes(photos <= MEMORY));
        let idle = format!("before the photo: {}", mb(memory.before));
        self.row([
            "peak memory with a photo of 100 MB",
            &mb(memory.after),
            "",
            "the photo once",
            &met,
            &idle,
        ]);
    }

    pub(crate) fn zip(&mut self, bytes: u64) {
        let mb = |bytes: u64| format!("{:.2} MB", bytes as f64 / 1e6);
        let exactly = format!("{bytes} bytes");
        self.row(["zip", &mb(bytes), "", &mb(ZIP), yes(bytes <= ZIP), &exactly]);
    }

    fn row(&mut self, cells: [&str; 6]) {
        self.0.add_row(cells);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.trim_fmt())
    }
}

fn at_most(limit: Duration) -> String {
    format!("{} ms", ms(limit))
}

fn yes(met: bool) -> &'static str {
    if met { "yes" } else { "no" }
}
