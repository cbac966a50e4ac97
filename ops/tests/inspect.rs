//! `ripper inspect`: what it shows, and what it does not.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use support::{camera, contains_bytes, fields, folder, put, ripper};

/// A photo with one more comment.
fn with_comment(photo: &[u8], comment: &[u8]) -> Vec<u8> {
    let length = u16::try_from(comment.len() + 2).unwrap().to_be_bytes();
    [&photo[..2], &[0xFF, 0xFE], &length, comment, &photo[2..]].concat()
}

#[test]
fn without_values_no_secret_is_shown() {
    let dir = folder();
    let mut secrets = 0;
    for sample in samples::all() {
        put(dir.path(), "a.jpg", &sample.bytes);
        for args in [&["inspect", "a.jpg"][..], &["inspect", "a.jpg", "--json"]] {
            let ran = ripper(dir.path(), args);
            assert_eq!(ran.code, Some(0));
            for secret in &sample.secrets {
                assert!(!contains_bytes(ran.out.as_bytes(), secret), "{}", sample.name);
                secrets += 1;
            }
        }
    }
    println!("{secrets} secrets checked, none shown");
    assert!(secrets > 0);
}

#[test]
fn with_values_the_secrets_of_exif_xmp_iptc_and_comments_are_shown() {
    let dir = folder();
    let (mut shown, mut all) = (0, 0);
    for sample in samples::all() {
        put(dir.path(), "a.jpg", &sample.bytes);
        let ran = ripper(dir.path(), ["inspect", "a.jpg", "--values", "--json"]);
        assert_eq!(ran.code, Some(0));
        // The texts in a profile are not among the values.
        let secrets = sample.secrets.iter().filter(|secret| !contains_bytes(secret, b"studio display"));
        let secrets: Vec<_> = secrets.collect();
        let seen = secrets.iter().filter(|secret| contains_bytes(ran.out.as_bytes(), secret)).count();
        println!("{}: {seen} of {} secrets shown", sample.name, secrets.len());
        if ["camera", "sideways", "press", "long-xmp"].contains(&sample.name) {
            assert!(seen > 0, "{}", sample.name);
        }
        (shown, all) = (shown + seen, all + secrets.len());
    }
    println!("{shown} of {all}; the others are in parts whose values are not read");
    assert!(shown * 2 > all);
}

#[test]
fn parts_cover_the_file_without_a_gap() {
    let dir = folder();
    for sample in samples::all() {
        put(dir.path(), "a.jpg", &sample.bytes);
        let ran = ripper(dir.path(), ["inspect", "a.jpg", "--json"]);
        let line = &ran.lines()[0];
        assert_eq!(line["bytes"], sample.bytes.len());
        let mut end = 0;
        for part in line["parts"].as_array().unwrap() {
            assert_eq!(part["offset"], end, "{}", sample.name);
            assert!(["kept", "rewritten", "removed"].contains(&part["action"].as_str().unwrap()));
            end += part["length"].as_u64().unwrap();
        }
        assert_eq!(end, sample.bytes.len() as u64, "{}", sample.name);
    }
}

#[test]
fn it_says_why_a_picture_would_be_coded_again() {
    let dir = folder();
    let mut recoded = 0;
    let codings = samples::coded::codings().into_iter().filter(|coding| coding.process.is_arithmetic());
    let photos = samples::all().into_iter().map(|sample| sample.bytes).chain(codings.map(|c| c.file()));
    for (number, photo) in photos.enumerate() {
        put(dir.path(), "a.jpg", &photo);
        let scrubbed = ripper(dir.path(), ["scrub", "a.jpg", "--out", "out", "--json"]).lines()[0].clone();
        let line = ripper(dir.path(), ["inspect", "a.jpg", "--json"]).lines()[0].clone();
        assert_eq!(line["recoded"], scrubbed["recoded"], "{number}");
        let table = ripper(dir.path(), ["inspect", "a.jpg"]).out;
        let sentence = line["recoded"].as_str().map(|reason| format!("would be coded again: {reason}\n"));
        assert_eq!(table.contains("coded again"), sentence.is_some(), "{number}");
        assert!(sentence.is_none_or(|sentence| table.contains(&sentence)), "{number}");
        recoded += usize::from(!line["recoded"].is_null());
    }
    println!("{recoded} would be coded again");
    assert!(recoded > 0);
}

#[test]
fn a_json_line_has_exactly_the_documented_fields() {
    let dir = folder();
    put(dir.path(), "a.jpg", &camera().bytes);
    let sorted = |line: &serde_json::Value| {
        let mut names: Vec<_> = fields(line).into_iter().map(str::to_owned).collect();
        names.sort_unstable();
        names
    };
    let ran = ripper(dir.path(), ["inspect", "a.jpg", "--json"]);
    assert_eq!(sorted(&ran.lines()[0]), ["bytes", "file", "parts", "reason", "recoded"]);
    assert_eq!(sorted(&ran.lines()[0]["parts"][0]), ["action", "kind", "length", "offset", "removed"]);
    let ran = ripper(dir.path(), ["inspect", "a.jpg", "--json", "--values"]);
    assert_eq!(sorted(&ran.lines()[0]), ["bytes", "file", "parts", "reason", "recoded", "values"]);
    assert_eq!(sorted(&ran.lines()[0]["values"][0]), ["name", "offset", "value"]);
}

#[test]
fn escape_sequences_in_a_photo_do_not_reach_the_terminal() {
    let dir = folder();
    let nasty = "\u{1b}]0;owned\u{7}\u{1b}[31mred\u{9b}2J\u{202e}\r\nnext";
    let clean = samples::all().into_iter().find(|sample| sample.name == "clean").unwrap();
    put(dir.path(), "a.jpg", &with_comment(&clean.bytes, nasty.as_bytes()));
    let table = ripper(dir.path(), ["inspect", "a.jpg", "--values"]);
    assert!(table.out.contains(r"\u{1b}]0;owned\u{7}\u{1b}[31mred\u{9b}2J\u{202e}\r\nnext"));
    let json = ripper(dir.path(), ["inspect", "a.jpg", "--values", "--json"]);
    for out in [&table.out, &json.out] {
        let control = out.chars().find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
        assert_eq!(control, None);
    }
    // JSON has the value unchanged.
    let values = json.lines()[0]["values"].clone();
    assert_eq!(values[0]["name"], "Comment");
    assert_eq!(values[0]["value"], nasty);
}

#[test]
fn broken_metadata_is_shown_as_far_as_it_can_be_read() {
    let dir = folder();
    let sample = camera();
    let mut broken = 0;
    // Change bytes in the EXIF segment, without changing any length.
    for at in (20..2000).step_by(37) {
        let mut photo = sample.bytes.clone();
        photo[at] = photo[at].wrapping_add(0x55);
        put(dir.path(), "a.jpg", &photo);
        let ran = ripper(dir.path(), ["inspect", "a.jpg", "--values", "--json"]);
        assert!([Some(0), Some(3)].contains(&ran.code), "at {at}");
        assert_eq!(ran.lines().len(), 1);
        broken += 1;
    }
    println!("{broken} broken photos inspected");
}

#[test]
fn a_refused_file_and_a_missing_one_do_not_stop_the_rest() {
    let dir = folder();
    put(dir.path(), "a.jpg", &camera().bytes);
    put(dir.path(), "b.jpg", b"text");
    let ran = ripper(dir.path(), ["inspect", "b.jpg", "a.jpg", "--json"]);
    assert_eq!(ran.code, Some(3));
    assert_eq!(
        (ran.lines()[0]["reason"].as_str(), ran.lines()[1]["reason"].as_str()),
        (Some("NotAJpeg"), None)
    );
    let ran = ripper(dir.path(), ["inspect", "missing.jpg", "b.jpg", "a.jpg", "--json"]);
    assert_eq!((ran.code, ran.lines().len()), (Some(1), 2));
    assert!(ran.sentence().contains("missing.jpg"));
}
