//! The completions and the manual page of `ripper`, read by the programs they are for.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::fs;
use std::io::ErrorKind;
use std::process::Command;

use support::{folder, ripper};

/// The commands that the help lists.
fn commands() -> Vec<String> {
    let help = ripper(folder().path(), ["--help"]).out;
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let rows = list.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.strip_prefix("  "));
    let names = rows.filter(|row| !row.starts_with(' ')).filter_map(|row| row.split_whitespace().next());
    names.map(ToOwned::to_owned).collect()
}

#[test]
fn bash_completes_every_command_and_its_flags() {
    let dir = folder();
    fs::write(dir.path().join("ripper.bash"), ripper(dir.path(), ["completions", "bash"]).out).unwrap();
    let complete = |words: &str, last: usize| {
        let script = format!(
            "set -eu; bash -n ripper.bash; source ripper.bash; COMP_WORDS=({words} ''); COMP_CWORD={last}
             _ripper ripper '' \"${{COMP_WORDS[{last} - 1]}}\"; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        let output = Command::new("bash").args(["-c", &script]).current_dir(dir.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().lines().map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    let (offered, commands) = (complete("ripper", 1), commands());
    assert!(commands.len() > 15 && commands.iter().all(|command| offered.contains(command)), "{offered:?}");
    assert!(complete("ripper audit", 2).contains(&"--deep".to_owned()));
}

#[test]
fn there_are_completions_for_three_shells_and_the_help_says_where_each_goes() {
    let dir = folder();
    let help = ripper(dir.path(), ["completions", "--help"]).out;
    for (shell, place) in [
        ("bash", "~/.local/share/bash-completion/completions/ripper"),
        ("zsh", "~/.zfunc/_ripper"),
        ("fish", "~/.config/fish/completions/ripper.fish"),
    ] {
        let ran = ripper(dir.path(), ["completions", shell]);
        assert!(ran.code == Some(0) && ran.err.is_empty());
        assert!(ran.out.contains("backfill") && ran.out.contains("dry-run"), "{shell}");
        assert!(help.contains(&format!("ripper completions {shell} > {place}\n")), "{shell}");
    }
    assert_eq!(ripper(dir.path(), ["completions", "tcsh"]).code, Some(2));
}

#[test]
fn the_manual_page_has_every_command_and_groff_has_no_warning() {
    let dir = folder();
    let page = ripper(dir.path(), ["man"]).out;
    assert!(page.lines().any(|line| line.starts_with(".TH ripper 1")));
    let commands = commands();
    for command in commands.iter().filter(|command| *command != "help") {
        assert!(page.lines().any(|line| line == format!(".SH \"ripper {command}\"")), "{command}");
    }
    fs::write(dir.path().join("ripper.1"), &page).unwrap();
    let groff =
        Command::new("groff").args(["-man", "-Tutf8", "-ww", "ripper.1"]).current_dir(dir.path()).output();
    let rendered = match groff {
        Ok(rendered) => rendered,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!("groff is not installed, so the page was not rendered");
            return;
        }
        Err(error) => panic!("{error}"),
    };
    assert!(rendered.status.success());
    assert_eq!(String::from_utf8(rendered.stderr).unwrap(), "");
    let text = String::from_utf8(rendered.stdout).unwrap();
    // Columns of examples stay columns.
    assert!(text.contains("--out clean        holiday.jpg becomes"), "{text}");
}
