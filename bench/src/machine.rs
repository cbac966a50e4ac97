//! What Linux says about the machine that the figures were measured on.

use std::fs::read_to_string;
use std::io;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

/// Processor, cores, memory, kernel, and how busy the machine was before.
#[must_use]
pub fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let model = field("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let memory =
        field("/proc/meminfo", "MemTotal").and_then(|text| text.trim_end_matches(" kB").parse::<u64>().ok());
    let memory = memory.map_or(0, |kib| kib.div_ceil(1 << 20));
    let word = |file, at| {
        read_to_string(file).ok().and_then(|text: String| text.split_whitespace().nth(at).map(str::to_owned))
    };
    let kernel = word("/proc/version", 2).unwrap_or_default();
    let load = word("/proc/loadavg", 0).unwrap_or_default();
    format!("{model}, {cores} cores, {memory} GiB, Linux {kernel}; load before: {load}")
}

/// The most memory a process had so far, in bytes (`VmHWM` in proc_pid_status(5)). `pid` is a number or `self`.
///
/// # Errors
/// If the process has ended, or Linux does not say.
pub fn peak_memory(pid: &str) -> io::Result<u64> {
    let peak = field(&format!("/proc/{pid}/status"), "VmHWM");
    let kib = peak.and_then(|text| text.trim_end_matches(" kB").parse::<u64>().ok());
    kib.map(|kib| kib * 1024).ok_or_else(|| io::Error::other(format!("no VmHWM of process {pid}")))
}

/// What a process has taken of the processor so far, in all its threads, to a hundredth of a second (`utime` and
/// `stime` in proc_pid_stat(5)).
///
/// # Errors
/// If the process has ended, or Linux does not say.
pub fn cpu_time(pid: u32) -> io::Result<Duration> {
    let stat = read_to_string(format!("/proc/{pid}/stat"))?;
    // The name of the program, in brackets, may contain spaces.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: Vec<u64> = fields.skip(11).take(2).filter_map(|ticks| ticks.parse().ok()).collect();
    match ticks[..] {
        [user, system] => Ok(Duration::from_millis((user + system) * 10)),
        _ => Err(io::Error::other(format!("no times of process {pid}"))),
    }
}

/// A new temporary folder, in memory if the machine has `/dev/shm`, so that no disk is measured.
///
/// # Errors
/// If it cannot be made.
pub fn memory_folder() -> io::Result<TempDir> {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = read_to_string(file).ok()?;
    let (_, value) =
        text.lines().filter_map(|line| line.split_once(':')).find(|(key, _)| key.trim() == name)?;
    Some(value.trim().to_owned())
}
