//! Strippers in other languages, in a process of their own: `bench/peers/start.py` says which lines they speak.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use super::strippers::Stripper;

pub(crate) struct Runner {
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Runner {
    /// Together with its version. It is installed first, where it has to be.
    pub(crate) fn start(python: &Path, name: &str) -> Result<(String, Self), String> {
        let told = |error: std::io::Error| format!("{name} does not start: {error}");
        let log = tempfile::NamedTempFile::new().map_err(told)?;
        let mut command = Command::new(python);
        command.args(["-m", "bench.peers.start", name]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let errors = File::create(log.path()).map_err(told)?;
        let mut process = command.stderr(errors).spawn().map_err(told)?;
        let (Some(to), Some(from)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(format!("{name} has no pipes"));
        };
        let mut runner = Self { process, to, from: BufReader::new(from) };
        let version = runner.line().map_err(|_| {
            let said = std::fs::read_to_string(log.path()).unwrap_or_default();
            said.lines().last().unwrap_or("it ended without a word").to_owned()
        })?;
        Ok((version, runner))
    }

    fn ask(&mut self, parts: [&str; 3]) -> Result<Vec<String>, String> {
        writeln!(self.to, "{}", parts.join("\t")).map_err(|error| error.to_string())?;
        let answer: Vec<String> = self.line()?.split('\t').map(str::to_owned).collect();
        match &answer[..] {
            [refused, why] if refused == "refused" => Err(why.clone()),
            _ => Ok(answer),
        }
    }

    fn line(&mut self) -> Result<String, String> {
        let mut line = String::new();
        match self.from.read_line(&mut line) {
            Ok(0) => Err("its process has ended".to_owned()),
            Ok(_) => Ok(line.trim_end_matches('\n').to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }
}

impl Stripper for Runner {
    fn strip(&mut self, photo: &Path, clean: &Path) -> Result<(), String> {
        self.ask(["strip", &photo.to_string_lossy(), &clean.to_string_lossy()]).map(drop)
    }

    fn times(&mut self, photo: &Path, rounds: usize) -> Result<Vec<Duration>, String> {
        let times = self.ask(["time", &photo.to_string_lossy(), &rounds.to_string()])?;
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
