//! What `ripper scrub` reports and writes for each photo.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::fs;

use serde_json::{Value, json};
use support::{camera, contains_bytes, fields, files, folder, put, ripper};

const NOT_A_JPEG: &[u8] = b"GIF89a, not a photo at all";

#[test]
fn every_sample_loses_its_secrets_and_keeps_its_path() {
    let dir = folder();
    let all = samples::all();
    for sample in &all {
        put(dir.path(), &format!("in/{}", sample.key), &sample.bytes);
    }
    let ran = ripper(dir.path(), ["scrub", "in", "--out", "out"]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(files(&dir.path().join("out")), files(&dir.path().join("in")));
    let mut secrets = 0;
    for sample in &all {
        let before = fs::read(dir.path().join("in").join(sample.key)).unwrap();
        let after = fs::read(dir.path().join("out").join(sample.key)).unwrap();
        assert_eq!(before, sample.bytes, "{} was changed", sample.key);
        for secret in &sample.secrets {
            assert!(contains_bytes(&before, secret) && !contains_bytes(&after, secret), "{}", sample.key);
            secrets += 1;
        }
    }
    println!("{} samples, {secrets} secrets removed", all.len());
    assert!(secrets > all.len());
}

#[test]
fn a_json_line_has_exactly_the_documented_fields() {
    let dir = folder();
    let sample = camera();
    put(dir.path(), "a.jpg", &sample.bytes);
    put(dir.path(), "b.jpg", NOT_A_JPEG);
    let ran = ripper(dir.path(), ["scrub", "a.jpg", "b.jpg", "--out", "out", "--json"]);
    assert_eq!(ran.code, Some(3));
    let lines = ran.lines();
    assert_eq!(lines.len(), 2);
    for line in &lines {
        let mut names = fields(line);
        names.sort_unstable();
        assert_eq!(
            names,
            ["bytesIn", "bytesOut", "file", "orientation", "outcome", "reason", "recoded", "removed"]
        );
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
    let removed_bytes: u64 = removed.iter().map(|part| part["bytes"].as_u64().unwrap()).sum();
    assert_eq!(removed_bytes, sample.bytes.len() as u64 - written);
    let expected = json!({"file": "b.jpg", "outcome": "refused", "reason": "NotAJpeg", "removed": [],
        "orientation": null, "recoded": null, "bytesIn": NOT_A_JPEG.len(), "bytesOut": 0});
    assert_eq!(refused, &expected);
}

#[test]
fn photos_are_rotated_and_coded_again_as_by_the_photo_core_alone_whatever_the_other_workers_do() {
    let dir = folder();
    let codings = samples::coded::codings().into_iter().filter(|coding| coding.process.is_arithmetic());
    let photos = samples::all().into_iter().map(|sample| sample.bytes).chain(codings.map(|c| c.file()));
    let photos: Vec<_> = photos.collect();
    for (number, photo) in photos.iter().enumerate() {
        put(dir.path(), &format!("in/{number:03}.jpg"), photo);
    }
    let ran = ripper(dir.path(), ["scrub", "in", "--out", "out", "--json"]);
    let (mut rotated, mut recoded) = (0, 0);
    for (number, (photo, line)) in photos.into_iter().zip(ran.lines()).enumerate() {
        let clean = scrub::scrub(photo.into(), &scrub::Options::default()).unwrap();
        let written = fs::read(dir.path().join(format!("out/{number:03}.jpg"))).unwrap();
        assert!(written == clean.photo, "{number}");
        assert_eq!(line["orientation"], clean.report.orientation.to_string());
        assert_eq!(line["recoded"], json!(clean.report.recoded.map(|reason| reason.to_string())));
        rotated += usize::from(line["orientation"].as_str().unwrap().starts_with("rotated"));
        recoded += usize::from(!line["recoded"].is_null());
    }
    println!("{rotated} rotated, {recoded} coded again");
    assert!(rotated > 0 && recoded > 0);
    let table = ripper(dir.path(), ["scrub", "in", "--out", "out"]);
    assert!(table.out.contains("recoded: arithmetic coding"));
}

#[test]
fn a_refused_photo_writes_nothing_and_the_others_are_done() {
    let dir = folder();
    let sample = camera();
    put(dir.path(), "in/1-cut.jpg", &sample.bytes[..sample.bytes.len() / 2]);
    put(dir.path(), "in/2-empty.jpg", b"");
    put(dir.path(), "in/3-text.jpeg", NOT_A_JPEG);
    put(dir.path(), "in/4-good.JPG", &sample.bytes);
    let ran = ripper(dir.path(), ["scrub", "in", "--out", "out"]);
    assert_eq!(ran.code, Some(3));
    assert_eq!(files(&dir.path().join("out")), ["4-good.JPG"]);
    assert!(ran.out.contains("1 photo clean") && ran.out.contains("3 refused"));
}

#[test]
fn results_are_in_the_order_of_the_names_however_many_cpus_there_are() {
    let dir = folder();
    let all = samples::all();
    for number in 0..60 {
        put(dir.path(), &format!("in/{number:02}.jpg"), &all[number % all.len()].bytes);
    }
    // The first one takes longer than many others.
    put(dir.path(), "in/00.jpg", &[&all[0].bytes[..], &vec![0x20; 40 << 20]].concat());
    let ran = ripper(dir.path(), ["scrub", "in", "--out", "out", "--json"]);
    let names: Vec<_> = ran.lines().iter().map(|line| line["file"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names, (0..60).map(|number| format!("in/{number:02}.jpg")).collect::<Vec<_>>());
}

#[test]
fn a_file_that_cannot_be_read_or_written_does_not_stop_the_rest() {
    let dir = folder();
    let sample = camera();
    put(dir.path(), "in/a.jpg", &sample.bytes);
    put(dir.path(), "in/b.jpg", &sample.bytes);
    // A folder is where a's clean copy should be, and contains a file that must stay.
    put(dir.path(), "out/a.jpg/keep", b"mine");
    let ran = ripper(dir.path(), ["scrub", "missing.jpg", "in", "--out", "out", "--json"]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(files(&dir.path().join("out")), ["a.jpg/keep", "b.jpg"]);
    assert_eq!(ran.lines().len(), 1);
    assert!(ran.err.contains("missing.jpg") && ran.err.contains("out/a.jpg"));
    assert_eq!(ran.err.lines().count(), 2);
}

#[test]
fn real_photos_are_clean_or_refused() {
    let Some(photos) = samples::shared_photos_folder() else { return };
    let dir = folder();
    let ran = ripper(dir.path(), ["scrub", photos.to_str().unwrap(), "--out", "out", "--json"]);
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
        assert!(
            !contains_bytes(&bytes, b"http://ns.adobe.com/xap/") && !contains_bytes(&bytes, b"Photoshop 3.0"),
            "{name}"
        );
    }
}
