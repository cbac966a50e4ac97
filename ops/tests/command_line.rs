//! The command line of `ripper`: help, errors, and output that is safe on a terminal.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::fs;

use support::{camera, files, folder, put, ripper};

#[test]
fn file_names_cannot_control_the_terminal() {
    let dir = folder();
    let nasty = "a\u{1b}[2J\u{202e}b.jpg";
    put(dir.path(), nasty, &camera().bytes);
    for args in [vec!["scrub", nasty, "--out", "out"], vec!["scrub", nasty, "--out", "out", "--json"]] {
        let ran = ripper(dir.path(), args);
        assert_eq!(ran.code, Some(0));
        assert!(!ran.out.contains(['\u{1b}', '\u{202e}']), "{:?}", ran.out);
    }
    let ran = ripper(dir.path(), ["scrub", nasty, "--out", "out", "--json"]);
    assert_eq!(ran.lines()[0]["file"], nasty);
}

#[test]
fn a_wrong_command_line_is_one_sentence_and_exit_code_2() {
    let dir = folder();
    let wrong: [&[&str]; 7] = [
        &["scrub"],
        &["scrub", "a.jpg"],
        &["scrub", "--out", "out"],
        &["scrub", "a.jpg", "--out", "out", "--fast"],
        &["clean", "a.jpg"],
        &["verify"],
        &["smoke"],
    ];
    for args in wrong {
        let ran = ripper(dir.path(), args);
        assert_eq!(ran.code, Some(2), "{args:?}");
        assert!(ran.sentence().contains("--help") && ran.out.is_empty());
    }
    assert!(files(dir.path()).is_empty());
}

#[test]
fn help_shows_examples_and_exit_codes() {
    let dir = folder();
    for command in ["scrub", "inspect", "verify", "smoke", "access"] {
        let ran = ripper(dir.path(), [command, "--help"]);
        assert_eq!(ran.code, Some(0));
        assert!(
            ran.out.contains("Example") && ran.out.contains("Exit codes") && ran.out.contains("JSON"),
            "{command}"
        );
    }
}

#[test]
fn strip_is_another_name_of_scrub() {
    let dir = folder();
    put(dir.path(), "a.jpg", &camera().bytes);
    let lines = ["scrub", "strip"].map(|name| {
        let ran = ripper(dir.path(), [name, "a.jpg", "--out", name, "--json"]);
        assert_eq!(ran.code, Some(0));
        (ran.out, fs::read(dir.path().join(name).join("a.jpg")).unwrap())
    });
    assert_eq!(lines[0], lines[1]);
}
