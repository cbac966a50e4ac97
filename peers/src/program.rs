//! Strippers that are programs and take files as arguments.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::strippers::Stripper;

type MakeCommand = Box<dyn Fn(&Path, &Path, &Path) -> Command>;

/// A program that is started for each photo.
pub(crate) struct Program {
    program: PathBuf,
    /// Makes the command from the program, a photo and its clean copy.
    command: MakeCommand,
}

impl Program {
    /// Returns the version as well, which the option `version` prints.
    pub(crate) fn start(
        program: &Path,
        version: &str,
        command: impl Fn(&Path, &Path, &Path) -> Command + 'static,
    ) -> Result<(String, Self), String> {
        let version = version_of(program, version)?;
        Ok((version, Self { program: program.to_owned(), command: Box::new(command) }))
    }
}

impl Stripper for Program {
    fn scrub(&mut self, photo: &Path, clean: &Path) -> Result<(), String> {
        let output =
            (self.command)(&self.program, photo, clean).output().map_err(|error| error.to_string())?;
        // jpegtran exits with 2 if it has warned and written the photo.
        if matches!(output.status.code(), Some(0 | 2)) {
            return is_written(clean);
        }
        let _ = std::fs::remove_file(clean);
        let errors = String::from_utf8_lossy(&output.stderr);
        Err(errors.lines().next().unwrap_or("no reason given").to_owned())
    }
}

fn version_of(program: &Path, option: &str) -> Result<String, String> {
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    let output = Command::new(program).arg(option).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{name} does not run: {error}"))?;
    let text = [output.stdout, output.stderr].concat();
    let first = String::from_utf8_lossy(&text).lines().next().unwrap_or_default().trim().to_owned();
    if output.status.success() { Ok(first) } else { Err(format!("{name} does not run: {first}")) }
}

fn is_written(clean: &Path) -> Result<(), String> {
    let is_there = clean.metadata().is_ok_and(|file| file.len() > 0);
    is_there.then_some(()).ok_or_else(|| "nothing was written".to_owned())
}

/// One ExifTool process that stays open for all photos.
pub(crate) struct StayOpen {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl StayOpen {
    pub(crate) fn start(program: &Path) -> Result<(String, Self), String> {
        let version = version_of(program, "-ver")?;
        let mut command = Command::new(program);
        command.args(["-stay_open", "True", "-@", "-"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().map_err(|error| error.to_string())?;
        let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
            return Err("ExifTool has no pipes".to_owned());
        };
        Ok((version, Self { process, input, output: BufReader::new(output) }))
    }
}

impl Stripper for StayOpen {
    fn scrub(&mut self, photo: &Path, clean: &Path) -> Result<(), String> {
        // With -q it would not print that it is ready.
        let arguments = format!("-all=\n-o\n{}\n{}\n-execute\n", clean.display(), photo.display());
        self.input.write_all(arguments.as_bytes()).map_err(|error| error.to_string())?;
        let mut line = String::new();
        while line.trim() != "{ready}" {
            line.clear();
            if self.output.read_line(&mut line).map_err(|error| error.to_string())? == 0 {
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
