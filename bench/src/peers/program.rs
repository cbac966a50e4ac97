//! Strippers that are programs with files for arguments.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::strippers::Stripper;

type Arguments = Box<dyn Fn(&Path, &Path, &Path) -> Command>;

/// A process for each photo.
pub(crate) struct Program {
    program: PathBuf,
    /// The command for a program, a photo and its clean copy.
    command: Arguments,
}

impl Program {
    /// Together with its version, for which `version` asks.
    pub(crate) fn start(
        program: &Path,
        version: &str,
        command: impl Fn(&Path, &Path, &Path) -> Command + 'static,
    ) -> Result<(String, Self), String> {
        let told = version_of(program, version)?;
        Ok((told, Self { program: program.to_owned(), command: Box::new(command) }))
    }
}

impl Stripper for Program {
    fn strip(&mut self, photo: &Path, clean: &Path) -> Result<(), String> {
        let ran = (self.command)(&self.program, photo, clean).output().map_err(|error| error.to_string())?;
        // jpegtran's 2 says that it has warned, and written the photo.
        if matches!(ran.status.code(), Some(0 | 2)) {
            return is_written(clean);
        }
        let _ = std::fs::remove_file(clean);
        let said = String::from_utf8_lossy(&ran.stderr);
        Err(said.lines().next().unwrap_or("no reason given").to_owned())
    }
}

fn version_of(program: &Path, option: &str) -> Result<String, String> {
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    let ran = Command::new(program).arg(option).stdin(Stdio::null()).output();
    let ran = ran.map_err(|error| format!("{name} does not run: {error}"))?;
    let said = [ran.stdout, ran.stderr].concat();
    let first = String::from_utf8_lossy(&said).lines().next().unwrap_or_default().trim().to_owned();
    if ran.status.success() { Ok(first) } else { Err(format!("{name} does not run: {first}")) }
}

fn is_written(clean: &Path) -> Result<(), String> {
    let is_there = clean.metadata().is_ok_and(|file| file.len() > 0);
    is_there.then_some(()).ok_or_else(|| "nothing was written".to_owned())
}

/// One ExifTool that stays for all photos.
pub(crate) struct StayOpen {
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl StayOpen {
    pub(crate) fn start(program: &Path) -> Result<(String, Self), String> {
        let told = version_of(program, "-ver")?;
        let mut command = Command::new(program);
        command.args(["-stay_open", "True", "-@", "-"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().map_err(|error| error.to_string())?;
        let (Some(to), Some(from)) = (process.stdin.take(), process.stdout.take()) else {
            return Err("ExifTool has no pipes".to_owned());
        };
        Ok((told, Self { process, to, from: BufReader::new(from) }))
    }
}

impl Stripper for StayOpen {
    fn strip(&mut self, photo: &Path, clean: &Path) -> Result<(), String> {
        // With -q it would not say that it is ready.
        let order = format!("-all=\n-o\n{}\n{}\n-execute\n", clean.display(), photo.display());
        self.to.write_all(order.as_bytes()).map_err(|error| error.to_string())?;
        let mut line = String::new();
        while line.trim() != "{ready}" {
            line.clear();
            if self.from.read_line(&mut line).map_err(|error| error.to_string())? == 0 {
                return Err("ExifTool has ended".to_owned());
            }
        }
        is_written(clean)
    }
}

impl Drop for StayOpen {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
