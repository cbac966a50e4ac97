//! The command line, and the help that explains it.

mod audit;
mod backfill;
mod completions;
mod forget;
mod load;
mod photos;
mod report;
mod restore;
mod stack;
mod stack_name;
mod waiting;

use std::process::ExitCode;
use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Parser, Subcommand};
use strum::VariantNames;

pub(crate) use audit::AuditArgs;
pub(crate) use backfill::BackfillArgs;
pub(crate) use completions::{CompletionsArgs, ManArgs};
pub(crate) use forget::ForgetArgs;
pub(crate) use load::LoadArgs;
pub(crate) use photos::{InspectArgs, ScrubArgs, VerifyArgs};
pub(crate) use report::ReportArgs;
pub(crate) use restore::RestoreArgs;
pub(crate) use stack::{AccessArgs, SmokeArgs};
pub(crate) use stack_name::StackArgs;
pub(crate) use waiting::{
    DismissArgs, FailuresArgs, ListArgs, QueueName, RedriveArgs, RefusalsArgs, SelectArgs,
};

const EXIT_CODES: &str = "\
Exit codes:
  0    everything is as it should be
  1    a file could not be read or written, or the stack could not be reached
  2    the command line is wrong; nothing was done
  3    a photo was refused, a file is not clean, or the stack does not do what it should
  130  Ctrl-C; no file is half written";

/// Remove everything private from JPEG photos, on this machine and in a deployed stack.
#[derive(Debug, Parser)]
#[command(name = "ripper", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    // `strip` is the command's former name.
    #[command(alias = "strip")]
    Scrub(ScrubArgs),
    Inspect(InspectArgs),
    Report(ReportArgs),
    Verify(VerifyArgs),
    Smoke(SmokeArgs),
    Load(LoadArgs),
    Access(AccessArgs),
    Audit(AuditArgs),
    Backfill(BackfillArgs),
    Failures(FailuresArgs),
    Refusals(RefusalsArgs),
    Redrive(RedriveArgs),
    Dismiss(DismissArgs),
    Forget(ForgetArgs),
    Restore(RestoreArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// Accepts the names of the values of a setting of the photo core.
fn mode<T>() -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = strum::ParseError> + VariantNames + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(T::VARIANTS).try_map(|name| name.parse())
}

/// Prints help unchanged, and an error in the command line as one sentence. Returns the exit code.
pub(crate) fn explain(error: &clap::Error) -> ExitCode {
    // If standard output or standard error is closed, nobody is left to be told.
    if !error.use_stderr() {
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = error.print();
        return ExitCode::from(2);
    }
    let text = error.render().to_string();
    let before = |end: &str| text.find(end).unwrap_or(text.len());
    let what = &text[..before("\n\nUsage:").min(before("\n\nFor more"))];
    let what: Vec<_> = what.trim_start_matches("error:").split_whitespace().collect();
    eprintln!("ripper: {}; `ripper --help` and `ripper COMMAND --help` show how", what.join(" "));
    ExitCode::from(2)
}
