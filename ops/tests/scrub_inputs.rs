//! Which photos `ripper scrub` reads, and where it will not write.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::fs;

use support::{camera, files, folder, put, ripper};

#[test]
fn folders_are_searched_only_for_jpegs_and_named_files_are_always_taken() {
    let dir = folder();
    let sample = camera();
    for name in ["in/a.jpg", "in/deep/er/b.JPEG", "in/c.JpG", "in/d.png", "in/jpg", "e.upload"] {
        put(dir.path(), name, &sample.bytes);
    }
    let ran = ripper(dir.path(), ["scrub", "in", "e.upload", "--out", "out"]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(files(&dir.path().join("out")), ["a.jpg", "c.JpG", "deep/er/b.JPEG", "e.upload"]);
    assert!(ran.out.contains("2 files not named .jpg or .jpeg skipped"));
}

#[test]
fn two_photos_with_the_same_output_are_a_usage_error_before_anything_is_written() {
    let dir = folder();
    let sample = camera();
    put(dir.path(), "one/a.jpg", &sample.bytes);
    put(dir.path(), "two/a.jpg", &sample.bytes);
    let ran = ripper(dir.path(), ["scrub", "one", "two", "--out", "out"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.sentence().contains("one/a.jpg") && ran.sentence().contains("two/a.jpg"));
    assert!(!dir.path().join("out").exists());
}

#[test]
fn a_photo_that_is_named_twice_is_scrubbed_once() {
    let dir = folder();
    put(dir.path(), "in/a.jpg", &camera().bytes);
    let ran = ripper(dir.path(), ["scrub", "in/a.jpg", "./in/a.jpg", "in", "--out", "out", "--json"]);
    assert_eq!((ran.code, ran.lines().len()), (Some(0), 1));
}

#[test]
fn a_file_where_another_photo_needs_a_folder_is_a_usage_error() {
    let dir = folder();
    put(dir.path(), "one/a.jpg/b.jpg", &camera().bytes);
    put(dir.path(), "a.jpg", &camera().bytes);
    let ran = ripper(dir.path(), ["scrub", "a.jpg", "one", "--out", "out"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.sentence().contains("both a file and a folder"));
    assert!(!dir.path().join("out").exists());
}

#[test]
fn an_original_is_never_overwritten() {
    let dir = folder();
    let sample = camera();
    put(dir.path(), "in/a.jpg", &sample.bytes);
    put(dir.path(), "in/sub/b.jpg", &sample.bytes);
    let before = files(dir.path());
    let tries: [&[&str]; 5] = [
        &["scrub", "in", "--out", "in"],
        &["scrub", "in", "--out", "in/clean"],
        &["scrub", "in", "--out", "in/sub/../clean"],
        &["scrub", "in/a.jpg", "--out", "in"],
        &["scrub", "in/sub", "in/a.jpg", "--out", "./in/sub/.."],
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
fn an_original_is_not_overwritten_through_links() {
    use std::os::unix::fs::symlink;
    let dir = folder();
    let sample = camera();
    put(dir.path(), "in/a.jpg", &sample.bytes);
    symlink(dir.path().join("in"), dir.path().join("elsewhere")).unwrap();
    put(dir.path(), "links/real.jpg", &sample.bytes);
    fs::create_dir(dir.path().join("from")).unwrap();
    symlink("../links/real.jpg", dir.path().join("from/real.jpg")).unwrap();
    for args in [
        ["scrub", "in", "--out", "elsewhere"],
        ["scrub", "in/a.jpg", "--out", "elsewhere"],
        ["scrub", "in", "--out", "elsewhere/clean"],
        ["scrub", "from", "--out", "links"],
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
    let ran = ripper(dir.path(), ["scrub", "in", "--out", "out"]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(files(&dir.path().join("out")), ["linked.jpg"]);
    assert!(fs::symlink_metadata(dir.path().join("out/linked.jpg")).unwrap().is_file());
    assert!(ran.out.contains("2 links to folders not followed"));
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let dir = folder();
    let pipe = dir.path().join("pipe.jpg");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let ran = ripper(dir.path(), ["scrub", "pipe.jpg", "--out", "out"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("not a regular file"));
}

#[test]
fn an_out_that_is_not_a_folder_is_an_error() {
    let dir = folder();
    put(dir.path(), "a.jpg", &camera().bytes);
    put(dir.path(), "file", b"mine");
    let ran = ripper(dir.path(), ["scrub", "a.jpg", "--out", "file"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.sentence().contains("file"));
    let ran = ripper(dir.path(), ["scrub", "a.jpg", "--out", "file/below"]);
    assert_eq!(ran.code, Some(1));
    ran.sentence();
    assert_eq!(fs::read(dir.path().join("file")).unwrap(), b"mine");
}

#[test]
fn an_empty_out_is_a_usage_error() {
    let dir = folder();
    put(dir.path(), "in/a.jpg", &camera().bytes);
    let ran = ripper(dir.path(), ["scrub", "in", "--out", ""]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.sentence().contains("--out"));
    assert_eq!(files(dir.path()), ["in/a.jpg"]);
}
