//! `ripper strip`, run as a user would.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::fs;
use std::path::Path;

use common::{camera, fields, files, folder, holds, put, ripper};
use serde_json::{Value, json};

const NOT_A_JPEG: &[u8] = b"GIF89a, not a photo at all";

#[test]
fn every_sample_loses_its_secrets_and_keeps_its_path() {
    let dir = folder();
    let all = samples::all();
    for sample in &all {
        put(dir.path(), &format!("in/{}", sample.key), &sample.bytes);
    }
    let ran = ripper(dir.path(), ["strip", "in", "--out", "out"]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(files(&dir.path().join("out")), files(&dir.path().join("in")));
    let mut secrets = 0;
    for sample in &all {
        let before = fs::read(dir.path().join("in").join(sample.key)).unwrap();
        let after = fs::read(dir.path().join("out").join(sample.key)).unwrap();
        assert_eq!(before, sample.bytes, "{} was changed", sample.key);
        for secret in &sample.secrets {
            assert!(holds(&before, secret) && !holds(&after, secret), "{}", sample.key);
            secrets += 1;
        }
    }
    println!("{} samples, {secrets} secrets gone", all.len());
    assert!(secrets > all.len());
}

#[test]
fn a_json_line_has_exactly_the_documented_fields() {
    let dir = folder();
    let sample = camera();
    put(dir.path(), "a.jpg", &sample.bytes);
    put(dir.path(), "b.jpg", NOT_A_JPEG);
    let ran = ripper(dir.path(), ["strip", "a.jpg", "b.jpg", "--out", "out", "--json"]);
    assert_eq!(ran.code, Some(3));
    let lines = ran.lines();
    assert_eq!(lines.len(), 2);
    for line in &lines {
        let mut names = fields(line);
        names.sort_unstable();
        assert_eq!(names, ["bytesIn", "bytesOut", "file", "orientation", "outcome", "reason", "removed"]);
    }
    let written = fs::metadata(dir.path().join("out/a.jpg")).unwrap().len();
    let (clean, refused) = (&lines[0], &lines[1]);
    assert_eq!(
        (&clean["file"], &clean["outcome"], &clean["reason"]),
        (&json!("a.jpg"), &json!("clean"), &Value::Null)
    );
    assert_eq!((&clean["bytesIn"], &clean["bytesOut"]), (&json!(sample.bytes.len()), &json!(written)));
    let removed = clean["removed"].as_array().unwrap();
    assert!(removed.iter().all(|part| part["kind"].is_string() && part["bytes"].as_u64() > Some(0)));
    let gone: u64 = removed.iter().map(|part| part["bytes"].as_u64().unwrap()).sum();
    assert_eq!(gone, sample.bytes.len() as u64 - written);
    let expected = json!({"file": "b.jpg", "outcome": "refused", "reason": "NotAJpeg", "removed": [],
        "orientation": null, "bytesIn": NOT_A_JPEG.len(), "bytesOut": 0});
    assert_eq!(refused, &expected);
}

#[test]
fn a_refused_photo_writes_nothing_and_the_others_are_done() {
    let dir = folder();
    let sample = camera();
    put(dir.path(), "in/1-cut.jpg", &sample.bytes[..sample.bytes.len() / 2]);
    put(dir.path(), "in/2-empty.jpg", b"");
    put(dir.path(), "in/3-text.jpeg", NOT_A_JPEG);
    put(dir.path(), "in/4-good.JPG", &sample.bytes);
    let ran = ripper(dir.path(), ["strip", "in", "--out", "out"]);
    assert_eq!(ran.code, Some(3));
    assert_eq!(files(&dir.path().join("out")), ["4-good.JPG"]);
    assert!(ran.out.contains("1 photo clean") && ran.out.contains("3 refused"));
}

#[test]
fn folders_are_searched_for_jpegs_alone_and_files_are_taken_by_name() {
    let dir = folder();
    let sample = camera();
    for name in ["in/a.jpg", "in/deep/er/b.JPEG", "in/c.JpG", "in/d.png", "in/jpg", "e.upload"] {
        put(dir.path(), name, &sample.bytes);
    }
    let ran = ripper(dir.path(), ["strip", "in", "e.upload", "--out", "out"]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(files(&dir.path().join("out")), ["a.jpg", "c.JpG", "deep/er/b.JPEG", "e.upload"]);
    assert!(ran.out.contains("2 files without .jpg or .jpeg passed over"));
}

#[test]
fn results_come_in_the_order_of_the_names_however_many_cores_there_are() {
    let dir = folder();
    let all = samples::all();
    for number in 0..60 {
        put(dir.path(), &format!("in/{number:02}.jpg"), &all[number % all.len()].bytes);
    }
    // The first one takes longer than many others.
    put(dir.path(), "in/00.jpg", &[&all[0].bytes[..], &vec![0x20; 40 << 20]].concat());
    let ran = ripper(dir.path(), ["strip", "in", "--out", "out", "--json"]);
    let names: Vec<_> = ran.lines().iter().map(|line| line["file"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names, (0..60).map(|number| format!("in/{number:02}.jpg")).collect::<Vec<_>>());
}

#[test]
fn two_photos_for_one_name_are_a_usage_error_before_anything_is_written() {
    let dir = folder();
    let sample = camera();
    put(dir.path(), "one/a.jpg", &sample.bytes);
    put(dir.path(), "two/a.jpg", &sample.bytes);
    let ran = ripper(dir.path(), ["strip", "one", "two", "--out", "out"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.sentence().contains("one/a.jpg") && ran.sentence().contains("two/a.jpg"));
    assert!(!dir.path().join("out").exists());
}

#[test]
fn the_same_photo_named_twice_is_done_once() {
    let dir = folder();
    put(dir.path(), "in/a.jpg", &camera().bytes);
    let ran = ripper(dir.path(), ["strip", "in/a.jpg", "./in/a.jpg", "in", "--out", "out", "--json"]);
    assert_eq!((ran.code, ran.lines().len()), (Some(0), 1));
}

#[test]
fn a_file_where_another_photo_needs_a_folder_is_a_usage_error() {
    let dir = folder();
    put(dir.path(), "one/a.jpg/b.jpg", &camera().bytes);
    put(dir.path(), "a.jpg", &camera().bytes);
    let ran = ripper(dir.path(), ["strip", "a.jpg", "one", "--out", "out"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.sentence().contains("both a file and a folder"));
    assert!(!dir.path().join("out").exists());
}

#[test]
fn a_source_is_never_written_over() {
    let dir = folder();
    let sample = camera();
    put(dir.path(), "in/a.jpg", &sample.bytes);
    put(dir.path(), "in/sub/b.jpg", &sample.bytes);
    let before = files(dir.path());
    let tries: [&[&str]; 5] = [
        &["strip", "in", "--out", "in"],
        &["strip", "in", "--out", "in/clean"],
        &["strip", "in", "--out", "in/sub/../clean"],
        &["strip", "in/a.jpg", "--out", "in"],
        &["strip", "in/sub", "in/a.jpg", "--out", "./in/sub/.."],
    ];
    for args in tries {
        let ran = ripper(dir.path(), args);
        assert_eq!(ran.code, Some(2), "{args:?}");
        ran.sentence();
    }
    assert_eq!(files(dir.path()), before);
    assert_eq!(fs::read(dir.path().join("in/a.jpg")).unwrap(), sample.bytes);
}

#[cfg(unix)]
#[test]
fn a_source_is_not_written_over_by_way_of_links() {
    use std::os::unix::fs::symlink;
    let dir = folder();
    let sample = camera();
    put(dir.path(), "in/a.jpg", &sample.bytes);
    symlink(dir.path().join("in"), dir.path().join("elsewhere")).unwrap();
    put(dir.path(), "links/real.jpg", &sample.bytes);
    fs::create_dir(dir.path().join("from")).unwrap();
    symlink("../links/real.jpg", dir.path().join("from/real.jpg")).unwrap();
    for args in [
        ["strip", "in", "--out", "elsewhere"],
        ["strip", "in/a.jpg", "--out", "elsewhere"],
        ["strip", "in", "--out", "elsewhere/clean"],
        ["strip", "from", "--out", "links"],
    ] {
        let ran = ripper(dir.path(), args);
        assert_eq!(ran.code, Some(2), "{args:?}");
    }
    assert_eq!(fs::read(dir.path().join("in/a.jpg")).unwrap(), sample.bytes);
    assert_eq!(fs::read(dir.path().join("links/real.jpg")).unwrap(), sample.bytes);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_photo_is_a_photo_and_a_link_to_a_folder_is_not_followed() {
    use std::os::unix::fs::symlink;
    let dir = folder();
    let sample = camera();
    put(dir.path(), "album/a.jpg", &sample.bytes);
    fs::create_dir(dir.path().join("in")).unwrap();
    symlink("../album/a.jpg", dir.path().join("in/linked.jpg")).unwrap();
    symlink("../album", dir.path().join("in/folder.jpg")).unwrap();
    symlink("..", dir.path().join("in/loop")).unwrap();
    let ran = ripper(dir.path(), ["strip", "in", "--out", "out"]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(files(&dir.path().join("out")), ["linked.jpg"]);
    assert!(fs::symlink_metadata(dir.path().join("out/linked.jpg")).unwrap().is_file());
    assert!(ran.out.contains("2 links to folders not followed"));
}

#[test]
fn what_cannot_be_read_or_written_does_not_stop_the_rest() {
    let dir = folder();
    let sample = camera();
    put(dir.path(), "in/a.jpg", &sample.bytes);
    put(dir.path(), "in/b.jpg", &sample.bytes);
    // A folder stands where a's clean copy should go, with something in it that must stay.
    put(dir.path(), "out/a.jpg/keep", b"mine");
    let ran = ripper(dir.path(), ["strip", "missing.jpg", "in", "--out", "out", "--json"]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(files(&dir.path().join("out")), ["a.jpg/keep", "b.jpg"]);
    assert_eq!(ran.lines().len(), 1);
    assert!(ran.err.contains("missing.jpg") && ran.err.contains("out/a.jpg"));
    assert_eq!(ran.err.lines().count(), 2);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let dir = folder();
    let pipe = dir.path().join("pipe.jpg");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let ran = ripper(dir.path(), ["strip", "pipe.jpg", "--out", "out"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("not a regular file"));
}

#[test]
fn an_out_that_is_no_folder_is_refused() {
    let dir = folder();
    put(dir.path(), "a.jpg", &camera().bytes);
    put(dir.path(), "file", b"mine");
    let ran = ripper(dir.path(), ["strip", "a.jpg", "--out", "file"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.sentence().contains("file"));
    let ran = ripper(dir.path(), ["strip", "a.jpg", "--out", "file/below"]);
    assert_eq!(ran.code, Some(1));
    ran.sentence();
    assert_eq!(fs::read(dir.path().join("file")).unwrap(), b"mine");
}

#[test]
fn a_second_run_replaces_the_first_ones_copies_and_leaves_nothing_else() {
    let dir = folder();
    put(dir.path(), "a.jpg", &camera().bytes);
    put(dir.path(), "out/a.jpg", b"of an earlier run");
    put(dir.path(), "out/other.txt", b"mine");
    for _ in 0..2 {
        assert_eq!(ripper(dir.path(), ["strip", "a.jpg", "--out", "out"]).code, Some(0));
    }
    assert_eq!(files(&dir.path().join("out")), ["a.jpg", "other.txt"]);
    let first = fs::read(dir.path().join("out/a.jpg")).unwrap();
    assert_eq!(ripper(dir.path(), ["strip", "out/a.jpg", "--out", "again"]).code, Some(0));
    assert_eq!(fs::read(dir.path().join("again/a.jpg")).unwrap(), first);
}

#[cfg(unix)]
#[test]
fn a_clean_copy_has_the_permissions_of_any_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let dir = folder();
    put(dir.path(), "a.jpg", &camera().bytes);
    let usual = fs::metadata(put(dir.path(), "usual", b"")).unwrap().permissions().mode();
    ripper(dir.path(), ["strip", "a.jpg", "--out", "out"]);
    assert_eq!(fs::metadata(dir.path().join("out/a.jpg")).unwrap().permissions().mode(), usual);
}

#[test]
fn names_cannot_steer_the_terminal() {
    let dir = folder();
    let nasty = "a\u{1b}[2J\u{202e}b.jpg";
    put(dir.path(), nasty, &camera().bytes);
    for args in [vec!["strip", nasty, "--out", "out"], vec!["strip", nasty, "--out", "out", "--json"]] {
        let ran = ripper(dir.path(), args);
        assert_eq!(ran.code, Some(0));
        assert!(!ran.out.contains(['\u{1b}', '\u{202e}']), "{:?}", ran.out);
    }
    let ran = ripper(dir.path(), ["strip", nasty, "--out", "out", "--json"]);
    assert_eq!(ran.lines()[0]["file"], nasty);
}

#[test]
fn a_wrong_command_line_is_one_sentence_and_exit_code_2() {
    let dir = folder();
    let wrong: [&[&str]; 6] = [
        &["strip"],
        &["strip", "a.jpg"],
        &["strip", "--out", "out"],
        &["strip", "a.jpg", "--out", "out", "--fast"],
        &["scrub", "a.jpg"],
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
fn help_teaches_examples_and_exit_codes() {
    let dir = folder();
    for command in ["strip", "inspect", "smoke", "access"] {
        let ran = ripper(dir.path(), [command, "--help"]);
        assert_eq!(ran.code, Some(0));
        assert!(
            ran.out.contains("Example") && ran.out.contains("Exit codes") && ran.out.contains("JSON"),
            "{command}"
        );
    }
}

#[test]
fn real_photos_are_clean_or_refused() {
    let photos = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/photos");
    if !photos.is_dir() {
        println!("SKIPPED: no real photos in {}", photos.display());
        return;
    }
    let dir = folder();
    let ran = ripper(dir.path(), ["strip", photos.to_str().unwrap(), "--out", "out", "--json"]);
    let lines = ran.lines();
    let clean = lines.iter().filter(|line| line["outcome"] == "clean").count();
    println!("{clean} clean, {} refused", lines.len() - clean);
    assert!(clean > 0 && ran.err.is_empty());
    assert_eq!(ran.code, Some(if clean == lines.len() { 0 } else { 3 }));
    assert_eq!(files(&dir.path().join("out")).len(), clean);
    for name in files(&dir.path().join("out")) {
        let bytes = fs::read(dir.path().join("out").join(&name)).unwrap();
        assert_eq!(scrub::verify(&bytes, &scrub::Options::default()), Ok(()), "{name}");
        assert!(bytes.starts_with(&[0xFF, 0xD8]) && bytes.ends_with(&[0xFF, 0xD9]), "{name}");
        assert!(!holds(&bytes, b"http://ns.adobe.com/xap/") && !holds(&bytes, b"Photoshop 3.0"), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_whole_clean_photos_and_nothing_else() {
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Command, Stdio};
    let dir = folder();
    let photo = put(dir.path(), "photo", &camera().bytes);
    fs::create_dir(dir.path().join("in")).unwrap();
    for number in 0..2000 {
        fs::hard_link(&photo, dir.path().join(format!("in/{number:04}.jpg"))).unwrap();
    }
    let args = ["strip", "in", "--out", "out", "--json"];
    let mut run = common::command(dir.path());
    let mut run = run.args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(run.stdout.take().unwrap());
    let mut lines = String::new();
    out.read_line(&mut lines).unwrap();
    let stopped = Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    out.read_to_string(&mut lines).unwrap();
    let code = run.wait().unwrap().code();
    let written = files(&dir.path().join("out"));
    println!("exit {code:?}, {} of 2000 written", written.len());
    assert_eq!(written.len(), lines.lines().count());
    // A machine may be quick enough to be done before the signal comes.
    assert_eq!(code, Some(if written.len() < 2000 { 130 } else { 0 }));
    for name in &written {
        let bytes = fs::read(dir.path().join("out").join(name)).unwrap();
        assert!(
            name.ends_with(".jpg") && scrub::verify(&bytes, &scrub::Options::default()) == Ok(()),
            "{name}"
        );
    }
}
