//! How `ripper scrub` writes its files: whole or not at all.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::fs;

use support::{camera, files, folder, put, ripper};

#[test]
fn a_second_run_replaces_the_copies_of_the_first_and_leaves_nothing_else() {
    let dir = folder();
    put(dir.path(), "a.jpg", &camera().bytes);
    put(dir.path(), "out/a.jpg", b"of an earlier run");
    put(dir.path(), "out/other.txt", b"mine");
    for _ in 0..2 {
        assert_eq!(ripper(dir.path(), ["scrub", "a.jpg", "--out", "out"]).code, Some(0));
    }
    assert_eq!(files(&dir.path().join("out")), ["a.jpg", "other.txt"]);
    let first = fs::read(dir.path().join("out/a.jpg")).unwrap();
    assert_eq!(ripper(dir.path(), ["scrub", "out/a.jpg", "--out", "again"]).code, Some(0));
    assert_eq!(fs::read(dir.path().join("again/a.jpg")).unwrap(), first);
}

#[cfg(unix)]
#[test]
fn a_clean_copy_has_the_permissions_of_any_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let dir = folder();
    put(dir.path(), "a.jpg", &camera().bytes);
    let usual = fs::metadata(put(dir.path(), "usual", b"")).unwrap().permissions().mode();
    ripper(dir.path(), ["scrub", "a.jpg", "--out", "out"]);
    assert_eq!(fs::metadata(dir.path().join("out/a.jpg")).unwrap().permissions().mode(), usual);
}

#[cfg(unix)]
#[test]
fn a_file_above_the_limit_or_a_full_disk_is_an_error_and_leaves_no_temporary_file() {
    let dir = folder();
    put(dir.path(), "a.jpg", &camera().bytes);
    fs::create_dir(dir.path().join("out")).unwrap();
    let ripper = env!("CARGO_BIN_EXE_ripper");
    let limited = format!("ulimit -f 1; '{ripper}' scrub a.jpg --out out; echo code $?; ls -A out");
    // A very small file system of its own, where that is allowed.
    let full = format!(
        "unshare --user --map-root-user --mount sh -c \"mount -t tmpfs -o size=4096 tmpfs out && {{ '{ripper}' scrub \
         a.jpg --out out; echo code \\$?; ls -A out; }}\" || echo SKIPPED: tmpfs cannot be mounted"
    );
    for script in [limited, full] {
        let ran =
            std::process::Command::new("sh").args(["-c", &script]).current_dir(dir.path()).output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        println!("{script}\n{out}{err}");
        if out.contains("SKIPPED") {
            continue;
        }
        assert!(out.ends_with("code 1\n"), "nothing is in the folder");
        assert!(err.contains("too large") || err.contains("No space"), "{err}");
    }
}

#[cfg(unix)]
#[test]
fn signals_leave_whole_clean_photos_and_nothing_else() {
    for (signal, times) in [("INT", 1), ("TERM", 1), ("TERM", 2)] {
        interrupt(signal, times);
    }
}

#[cfg(unix)]
fn interrupt(signal: &str, times: usize) {
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Command, Stdio};
    let dir = folder();
    let photo = put(dir.path(), "photo", &camera().bytes);
    fs::create_dir(dir.path().join("in")).unwrap();
    for number in 0..2000 {
        fs::hard_link(&photo, dir.path().join(format!("in/{number:04}.jpg"))).unwrap();
    }
    let args = ["scrub", "in", "--out", "out", "--json"];
    let mut run = support::command(dir.path());
    let mut run = run.args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(run.stdout.take().unwrap());
    let mut lines = String::new();
    out.read_line(&mut lines).unwrap();
    for _ in 0..times {
        // The second may come too late.
        let _ = Command::new("kill").args([format!("-{signal}"), run.id().to_string()]).status().unwrap();
    }
    out.read_to_string(&mut lines).unwrap();
    let code = run.wait().unwrap().code();
    let written = files(&dir.path().join("out"));
    println!("{times} times SIG{signal}: exit {code:?}, {} of 2000 written", written.len());
    if times == 1 {
        assert_eq!(written.len(), lines.lines().count());
    }
    // A fast machine may be done before the signal arrives.
    assert_eq!(code, Some(if written.len() < 2000 { 130 } else { 0 }));
    for name in &written {
        let bytes = fs::read(dir.path().join("out").join(name)).unwrap();
        assert!(
            name.ends_with(".jpg") && scrub::verify(&bytes, &scrub::Options::default()) == Ok(()),
            "{name}"
        );
    }
}
