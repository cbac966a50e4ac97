//! The table, in Markdown, so that `docs/benchmarks.md` can show it as it was printed; and the budgets.

use std::fmt;
use std::time::Duration;

use bench::spread::{Spread, ms};
use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};

use crate::folder::FolderTimes;
use crate::function::{Cpu, Memory, Warm};
use crate::rotate::RotateTimes;
use crate::scrub_rounds::ScrubTimes;

/// Scrub and verify, as a multiple of `jpegtran -copy none` of the same file: in baseline and in progressive coding.
pub(crate) const BASELINE: f64 = 0.4;
pub(crate) const PROGRESSIVE: f64 = 0.8;
/// Rotating, cleaning and verifying, as a multiple of jpegtran rotating with optimised tables.
const ROTATE: f64 = 1.5;
/// Scrub and verify of metadata, as a multiple of a copy of the same bytes.
const METADATA: f64 = 1.3;
const START: Duration = Duration::from_millis(5);
const WARM: Duration = Duration::from_millis(30);
/// Peak memory: N bytes, and N times the photo.
const MEMORY: (f64, f64) = (12e6, 1.2);
const ZIP: u64 = 3_600_000;
/// A folder of photos: at most this long, or this many times as long as a copy.
const FOLDER: (Duration, u32) = (Duration::from_secs(25), 3);

pub(crate) struct Report(Table);

impl Report {
    pub(crate) fn new() -> Self {
        let mut table = Table::new();
        let header = ["measured", "median", "p10 to p90", "budget", "met", "beside it"];
        table.load_style(ASCII_MARKDOWN).set_header(header);
        for column in 1..3 {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        Self(table)
    }

    /// A photo against jpegtran, and the parts of its time.
    pub(crate) fn scrub(&mut self, what: &str, budget: f64, times: &ScrubTimes) {
        let ScrubTimes { copy, scrub, verify, walk, jpegtran, photo } = times;
        let ratio = jpegtran.map(|jpegtran| (jpegtran, ratio(*scrub, jpegtran)));
        let (met, beside) = match ratio {
            Some((jpegtran, ratio)) => (
                format!("{}, {ratio:.2}x", yes(ratio <= budget)),
                format!("jpegtran -copy none: {} ({})", jpegtran.middle(), jpegtran.range()),
            ),
            None => Default::default(),
        };
        let what = format!("scrub + verify of {what}, {}", mb(*photo as u64));
        self.row([&what, &scrub.middle(), &scrub.range(), &format!("{budget}x jpegtran"), &met, &beside]);
        let memcpy = format!("memcpy of it: {} ({})", copy.middle(), copy.range());
        self.row(["... of it the walk, and writing", &walk.middle(), &walk.range(), "", "", &memcpy]);
        self.row(["... of it the verifier", &verify.middle(), &verify.range(), "", "", ""]);
    }

    pub(crate) fn metadata(&mut self, times: &ScrubTimes) {
        let ScrubTimes { copy, scrub, photo, .. } = times;
        let what = format!("the same of metadata alone, {}", mb(*photo as u64));
        let ratio = ratio(*scrub, *copy);
        let met = format!("{}, {ratio:.2}x", yes(ratio <= METADATA));
        let beside = format!("memcpy of it: {} ({})", copy.middle(), copy.range());
        self.row([&what, &scrub.middle(), &scrub.range(), &format!("{METADATA}x memcpy"), &met, &beside]);
    }

    pub(crate) fn rotate(&mut self, what: &str, times: &RotateTimes) {
        let RotateTimes { rotate, jpegtran, photo, peak } = times;
        let ratio = ratio(*rotate, *jpegtran);
        let met = format!("{}, {ratio:.2}x", yes(ratio <= ROTATE));
        let beside = format!("jpegtran -rotate 90 -trim: {} ({})", jpegtran.middle(), jpegtran.range());
        let what = format!("{what} rotated, {}", mb(*photo as u64));
        self.row([&what, &rotate.middle(), &rotate.range(), &format!("{ROTATE}x jpegtran"), &met, &beside]);
        self.row(["... peak memory of the process", &mb(*peak), "", "", "", ""]);
    }

    pub(crate) fn start(&mut self, time: Spread) {
        let met = yes(time.median <= START);
        self.row(["process start to first poll", &time.middle(), &time.range(), &at_most(START), met, ""]);
    }

    pub(crate) fn warm(&mut self, photo: usize, warm: &Warm) {
        let Warm { total, in_s3, beside } = warm;
        let what = format!("warm photo of {}, event to answer", mb(photo as u64));
        self.row([&what, &total.middle(), &total.range(), "", "", "two GETs and a PUT over TLS"]);
        self.row(["... of it in the stub S3", &in_s3.middle(), &in_s3.range(), "", "", ""]);
        let met = yes(beside.median <= WARM);
        self.row(["... beside S3", &beside.middle(), &beside.range(), &at_most(WARM), met, ""]);
    }

    pub(crate) fn cpu(&mut self, photo: usize, cpu: &Cpu) {
        let what = format!("processor time for a warm photo of {}", mb(photo as u64));
        let time = |time| format!("{:.2} ms", ms(time));
        let beside = format!("boto3 and exif in Python: {}", time(cpu.original));
        let met = yes(cpu.function < cpu.original);
        self.row([&what, &time(cpu.function), "", "below Python", met, &beside]);
    }

    pub(crate) fn memory(&mut self, memory: &Memory) {
        let Memory { before, after, photo } = *memory;
        let limit = MEMORY.0 + MEMORY.1 * photo as f64;
        let what = format!("peak memory with a photo of {}", mb(photo));
        let met = yes(after as f64 <= limit);
        let idle = format!("before the photo: {}", mb(before));
        self.row([&what, &mb(after), "", "12 MB and 1.2 photos", met, &idle]);
    }

    pub(crate) fn zip(&mut self, bytes: u64) {
        let mb = |bytes: u64| format!("{:.2} MB", bytes as f64 / 1e6);
        let exactly = format!("{bytes} bytes");
        self.row(["zip", &mb(bytes), "", &mb(ZIP), yes(bytes <= ZIP), &exactly]);
    }

    pub(crate) fn folder(&mut self, times: &FolderTimes) {
        let FolderTimes { scrub, copy, bytes } = *times;
        let what = format!("ripper scrub of 5,600 photos, {}", mb(bytes));
        let seconds = |time: Duration| format!("{:.1} s", time.as_secs_f64());
        let ratio = scrub.as_secs_f64() / copy.as_secs_f64();
        let met = format!("{}, {ratio:.2}x", yes(scrub <= FOLDER.0.max(copy * FOLDER.1)));
        let beside = format!("cp -r and sync: {}", seconds(copy));
        self.row([&what, &seconds(scrub), "", "25 s or 3x cp", &met, &beside]);
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

fn ratio(time: Spread, yardstick: Spread) -> f64 {
    time.median.as_secs_f64() / yardstick.median.as_secs_f64()
}

fn mb(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

fn at_most(limit: Duration) -> String {
    format!("{} ms", ms(limit))
}

fn yes(met: bool) -> &'static str {
    if met { "yes" } else { "no" }
}
