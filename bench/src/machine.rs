//! What the figures were measured on, as far as Linux tells.

use std::fs::read_to_string;

/// Processor, cores, memory, kernel, and how busy the machine was before.
pub(crate) fn describe() -> String {
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

fn field(file: &str, name: &str) -> Option<String> {
    let text = read_to_string(file).ok()?;
    let (_, value) =
        text.lines().filter_map(|line| line.split_once(':')).find(|(key, _)| key.trim() == name)?;
    Some(value.trim().to_owned())
}
