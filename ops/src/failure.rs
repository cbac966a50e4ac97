//! How a run can end, and the exit codes that say so. They are documented in `--help`: scripts rest on them.

use std::io;
use std::process::ExitCode;

use crate::clients::CloudError;
use crate::live::LiveError;
use crate::photos::PhotoError;
use crate::sources::PlanError;
use crate::stack::StackError;

/// The end of a run that did what it was asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Everything is as it should be: exit code 0.
    Good,
    /// Some files could not be read or written; each was named on standard error: exit code 1.
    Incomplete,
    /// A photo was refused, or the stack does not do what it should: exit code 3.
    Bad,
}

impl From<Verdict> for ExitCode {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Good => Self::SUCCESS,
            Verdict::Incomplete => Self::from(1),
            Verdict::Bad => Self::from(3),
        }
    }
}

/// Why a run ended early. Each displays as one sentence: what happened, and what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Photo(#[from] PhotoError),
    #[error(transparent)]
    Stack(#[from] StackError),
    #[error(transparent)]
    Cloud(#[from] CloudError),
    #[error(transparent)]
    Live(#[from] LiveError),
    #[error("cannot make the folder {folder}: {source}; choose another --out")]
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
            Self::Plan(_) => 2,
            Self::Photo(error) => error.exit_code(),
            Self::Interrupted(_) => 130,
            _ => 1,
        })
    }

    pub(crate) fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}
