//! `ripper verify`: which files are clean, and what it says of the others.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::fs;

use serde_json::json;
use support::{camera, fields, folder, put, ripper};

#[test]
fn every_clean_sample_is_clean_and_no_original_with_secrets_is() {
    let dir = folder();
    let (mut clean, mut not_clean) = (0, 0);
    for sample in samples::all() {
        put(dir.path(), "in/a.jpg", &sample.bytes);
        assert_eq!(ripper(dir.path(), ["scrub", "in", "--out", "out"]).code, Some(0));
        assert_eq!(ripper(dir.path(), ["verify", "out/a.jpg"]).code, Some(0), "{}", sample.name);
        clean += 1;
        if !sample.secrets.is_empty() {
            assert_eq!(ripper(dir.path(), ["verify", "in/a.jpg"]).code, Some(3), "{}", sample.name);
            not_clean += 1;
        }
    }
    println!("{clean} clean, {not_clean} not clean");
    assert!(not_clean > 0);
}

#[test]
fn it_says_at_which_offset_what_is_wrong() {
    let dir = folder();
    put(dir.path(), "in.jpg", &camera().bytes);
    ripper(dir.path(), ["scrub", "in.jpg", "--out", "out"]);
    let mut photo = fs::read(dir.path().join("out/in.jpg")).unwrap();
    let end = photo.len();
    photo.extend(b"more");
    put(dir.path(), "more.jpg", &photo);
    let expected = format!("bytes after EOI, at offset {end}");

    let table = ripper(dir.path(), ["verify", "out/in.jpg", "more.jpg"]);
    assert_eq!(table.code, Some(3));
    assert!(table.out.contains(&expected) && table.out.contains("1 file clean, 1 not clean"));

    let lines = ripper(dir.path(), ["verify", "out/in.jpg", "more.jpg", "--json"]).lines();
    let clean = json!({"file": "out/in.jpg", "bytes": end, "clean": true, "problem": null});
    let not_clean = json!({"file": "more.jpg", "bytes": end + 4, "clean": false, "problem": expected});
    assert_eq!(lines, [clean, not_clean]);
    assert_eq!(fields(&lines[0]).len(), 4);
}

#[test]
fn the_settings_are_those_that_the_photo_was_scrubbed_with() {
    let dir = folder();
    let samples = samples::all();
    let named = |name| &samples.iter().find(|sample| sample.name == name).unwrap().bytes;
    put(dir.path(), "tagged.jpg", named("sideways"));
    ripper(dir.path(), ["scrub", "tagged.jpg", "--out", "out", "--orientation", "tag"]);
    let verify = |args: &[&str]| ripper(dir.path(), [&["verify"], args].concat()).code;
    assert_eq!(verify(&["out/tagged.jpg"]), Some(0));
    assert_eq!(verify(&["out/tagged.jpg", "--orientation", "drop"]), Some(3));

    let mut kept = 0;
    for sample in &samples {
        put(dir.path(), "icc.jpg", &sample.bytes);
        ripper(dir.path(), ["scrub", "icc.jpg", "--out", "out", "--icc", "keep"]);
        assert_eq!(verify(&["out/icc.jpg", "--icc", "keep"]), Some(0), "{}", sample.name);
        kept += usize::from(verify(&["out/icc.jpg"]) == Some(3));
    }
    println!("{kept} kept profiles hold more than colours");
    assert!(kept > 0);
}

#[test]
fn a_file_that_cannot_be_read_does_not_stop_the_rest() {
    let dir = folder();
    put(dir.path(), "a.jpg", b"text");
    put(dir.path(), "folder/file", b"");
    let ran = ripper(dir.path(), ["verify", "missing.jpg", "folder", "a.jpg", "--json"]);
    assert_eq!((ran.code, ran.lines().len()), (Some(1), 1));
    assert!(ran.err.contains("missing.jpg") && ran.err.contains("folder: not a regular file"));
    assert_eq!(ran.lines()[0]["problem"], "no SOI marker at offset 0");
}
