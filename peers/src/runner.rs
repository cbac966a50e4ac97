//! Strippers in other languages, each in its own process. `peers/runners/start.py` describes the lines that they read
//! and write.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use crate::strippers::Stripper;

pub(crate) struct Runner {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Runner {
    /// Returns the version as well. Installs it first if needed.
    pub(crate) fn start(python: &Path, name: &str) -> Result<(String, Self), String> {
        let not_started = |error: std::io::Error| format!("{name} does not start: {error}");
        let log = tempfile::NamedTempFile::new().map_err(not_started)?;
        let mut command = Command::new(python);
        command.args(["-m", "peers.runners.start", name]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let stderr = File::create(log.path()).map_err(not_started)?;
        let mut process = command.stderr(stderr).spawn().map_err(not_started)?;
        let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(format!("{name} has no pipes"));
        };
        let mut runner = Self { process, input, output: BufReader::new(output) };
        let version = runner.line().map_err(|_| {
            let errors = std::fs::read_to_string(log.path()).unwrap_or_default();
            errors.lines().last().unwrap_or("it ended without a message").to_owned()
        })?;
        Ok((version, runner))
    }

    fn request(&mut self, fields: [&str; 3]) -> Result<Vec<String>, String> {
        writeln!(self.input, "{}", fields.join("\t")).map_err(|error| error.to_string())?;
        let answer: Vec<String> = self.line()?.split('\t').map(str::to_owned).collect();
        match &answer[..] {
            [refused, why] if refused == "refused" => Err(why.clone()),
            _ => Ok(answer),
        }
    }

    fn line(&mut self) -> Result<String, String> {
        let mut line = String::new();
        match self.output.read_line(&mut line) {
            Ok(0) => Err("its process has ended".to_owned()),
            Ok(_) => Ok(line.trim_end_matches('\n').to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }
}

impl Stripper for Runner {
    fn scrub(&mut self, photo: &Path, clean: &Path) -> Result<(), String> {
        self.request(["scrub", &photo.to_string_lossy(), &clean.to_string_lossy()]).map(drop)
    }

    fn times(&mut self, photo: &Path, rounds: usize) -> Result<Vec<Duration>, String> {
        let times = self.request(["time", &photo.to_string_lossy(), &rounds.to_string()])?;
        let time = |text: &String| text.parse().map(Duration::from_nanos);
        times.iter().map(time).collect::<Result<_, _>>().map_err(|error| error.to_string())
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
