//! The stack that a command is about.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

/// Which stack.
#[derive(Debug, Args)]
pub(crate) struct StackArgs {
    /// Stack to work on, such as dev
    #[arg(long = "stack", value_name = "STACK", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) name: String,
}
