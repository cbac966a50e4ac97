//! The arguments of `ripper completions` and `ripper man`.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap_complete::Shell;

/// Print a script that completes ripper's commands and flags on Tab.
///
/// Save what it prints where the shell looks for it, and start a new shell. Do that again after an upgrade.
#[derive(Debug, Args)]
#[command(after_help = COMPLETIONS_MORE)]
pub(crate) struct CompletionsArgs {
    /// The shell that reads the script
    #[arg(value_name = "SHELL", value_parser = shell())]
    pub(crate) shell: Shell,
}

/// Those for which the help says where the file goes.
fn shell() -> impl TypedValueParser<Value = Shell> {
    PossibleValuesParser::new(["bash", "zsh", "fish"]).try_map(|name| name.parse())
}

const COMPLETIONS_MORE: &str = "\
Where the file goes (make the folder first, if it is not there):
  bash  ripper completions bash > ~/.local/share/bash-completion/completions/ripper
        This needs the package bash-completion.
  zsh   ripper completions zsh > ~/.zfunc/_ripper
        Before compinit, ~/.zshrc has to say: fpath+=(~/.zfunc)
  fish  ripper completions fish > ~/.config/fish/completions/ripper.fish

Exit codes:
  0    the script is printed
  1    it could not be written
  2    the command line is wrong; nothing was printed";

/// Print the manual page of ripper, with all commands.
#[derive(Debug, Args)]
#[command(after_help = MAN_MORE)]
pub(crate) struct ManArgs {}

const MAN_MORE: &str = "\
Examples:
  ripper man | man -l -                                    read it now
  ripper man > ~/.local/share/man/man1/ripper.1            from then on: man ripper

Exit codes:
  0    the page is printed
  1    it could not be written
  2    the command line is wrong; nothing was printed";
