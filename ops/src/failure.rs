//! How a run can end, and its exit code. The exit codes are documented in `--help`, because scripts depend on them.

use std::error::Error;
use std::io;
use std::process::ExitCode;

/// The result of a run that reached its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunResult {
    /// Everything is as it should be: exit code 0.
    Ok,
    /// Some files could not be read or written; standard error names each of them: exit code 1.
    Incomplete,
    /// A photo was refused, a file is not clean, or the stack does not do what it should: exit code 3.
    Unexpected,
}

impl From<RunResult> for ExitCode {
    fn from(result: RunResult) -> Self {
        match result {
            RunResult::Ok => Self::SUCCESS,
            RunResult::Incomplete => Self::from(1),
            RunResult::Unexpected => Self::from(3),
        }
    }
}

/// Why a run ended early. Each message is one sentence: what happened, and what to do. The modules whose errors end a
/// run convert them.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The command line is not accepted, and nothing was done: exit code 2.
    #[error("{0}")]
    CommandLine(Box<dyn Error>),
    /// Something else that the run needs failed: exit code 1.
    #[error("{0}")]
    Other(Box<dyn Error>),
    #[error("cannot create the folder {folder}: {source}; choose another --out")]
    OutFolder { folder: String, source: io::Error },
    #[error("cannot write to standard output: {0}")]
    Output(#[from] io::Error),
    #[error("cannot listen for Ctrl-C: {0}")]
    Signals(#[from] ctrlc::Error),
    #[error("interrupted; {0}")]
    Interrupted(String),
}

impl Failure {
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::CommandLine(_) => 2,
            Self::Interrupted(_) => 130,
            _ => 1,
        })
    }

    pub(crate) fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}
