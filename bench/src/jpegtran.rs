//! libjpeg-turbo's own program, the yardstick: the least that a tool does that reads and writes all of a photo.

use std::error::Error;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Keeps as little as [`scrub`](scrub::scrub()) does.
pub(crate) const COPY: [&str; 2] = ["-copy", "none"];

/// Runs it with these options and returns how long its whole process took. It is the one that `JPEGTRAN` names, which
/// `just bench` sets to that of the libjpeg-turbo in the function, or the one on PATH.
pub(crate) fn run(options: &[&str], from: &Path, to: &Path) -> Result<Duration, Box<dyn Error>> {
    let program: OsString = std::env::var_os("JPEGTRAN").unwrap_or_else(|| "jpegtran".into());
    let start = Instant::now();
    let status = Command::new(&program).args(options).arg("-outfile").arg(to).arg(from).status();
    let time = start.elapsed();
    match status {
        Ok(status) if status.success() => Ok(time),
        Ok(status) => Err(format!("{}: {status}", program.display()).into()),
        Err(error) => Err(format!("{} does not run: {error}; set JPEGTRAN", program.display()).into()),
    }
}
