//! `ripper report`: what is on the page, what is hidden until a click, and where the page is not written.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use samples::jpeg::segment;
use sha2::{Digest, Sha256};
use support::{camera, files, folder, put, ripper};

const PREFIX: &str = "data:image/jpeg;base64,";

fn sample(name: &str) -> Vec<u8> {
    samples::all().into_iter().find(|sample| sample.name == name).unwrap().bytes
}

/// A photo with one more segment.
fn with_segment(photo: &[u8], marker: u8, payload: &[u8]) -> Vec<u8> {
    [&photo[..2], &segment(marker, payload), &photo[2..]].concat()
}

/// The page of a run that must end with `code`.
fn page(dir: &Path, args: &[&str], code: i32) -> String {
    let args = ["report", "-o", "page.html"].iter().chain(args);
    assert_eq!(ripper(dir, args).code, Some(code));
    fs::read_to_string(dir.join("page.html")).unwrap()
}

/// The pictures in a page, in order.
fn pictures(page: &str) -> Vec<Vec<u8>> {
    let after = page.split("src=\"").skip(1);
    let addresses = after.map(|rest| &rest[..rest.find('"').unwrap()]);
    addresses.map(|address| STANDARD.decode(address.strip_prefix(PREFIX).unwrap()).unwrap()).collect()
}

/// The page without what is hidden until a click, and without its pictures.
fn shown(page: &str) -> String {
    let (mut shown, mut rest) = (String::new(), page);
    while let Some((before, hidden)) = rest.split_once("<details>") {
        let (summary, after) = hidden.split_once("</details>").unwrap();
        shown.push_str(before);
        shown.push_str(summary.split_once("</summary>").unwrap().0);
        rest = after;
    }
    shown.push_str(rest);
    let mut parts = shown.split(PREFIX);
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |text, part| text + part.split_once('"').unwrap().1)
}

#[test]
fn the_pictures_are_the_bytes_of_the_original_and_those_that_scrub_writes() {
    let dir = folder();
    for setting in [&[][..], &["--orientation", "tag", "--icc", "keep"]] {
        let mut originals = Vec::new();
        for sample in samples::all() {
            let name = format!("in/{:02}.jpg", originals.len());
            put(dir.path(), &name, &sample.bytes);
            originals.push((name, sample.bytes));
        }
        let page = page(dir.path(), &[&["in"], setting].concat(), 0);
        ripper(dir.path(), [&["scrub", "in", "--out", "out"], setting].concat());
        let pictures = pictures(&page);
        assert_eq!(pictures.len(), 2 * originals.len());
        let mut changed = 0;
        for (pair, (name, original)) in pictures.chunks(2).zip(&originals) {
            assert!(pair[0] == *original, "{name}");
            let clean = fs::read(dir.path().join(name.replace("in/", "out/"))).unwrap();
            assert!(pair[1] == clean, "{name}");
            changed += usize::from(pair[0] != pair[1]);
        }
        println!("{} photos, {changed} changed", originals.len());
        assert!(changed > 5);
    }
}

#[test]
fn names_of_tags_are_shown_and_their_values_only_after_a_click() {
    let dir = folder();
    put(dir.path(), "a.jpg", &camera().bytes);
    let page = page(dir.path(), &["a.jpg"], 0);
    let shown = shown(&page);
    for name in ["<li>Make</li>", "<li>GPSLatitude</li>", "<li>BodySerialNumber</li>", "GPS "] {
        assert!(shown.contains(name), "{name}");
    }
    let values = ripper(dir.path(), ["inspect", "a.jpg", "--values", "--json"]).lines()[0]["values"].clone();
    let secrets: Vec<_> = ["Make", "CameraOwnerName", "BodySerialNumber", "DateTimeOriginal"]
        .iter()
        .map(|name| {
            let found = values.as_array().unwrap().iter().find(|value| value["name"] == *name).unwrap();
            found["value"].as_str().unwrap().to_owned()
        })
        .collect();
    for secret in secrets {
        assert!(page.contains(&secret) && !shown.contains(&secret), "{secret}");
    }
    let place = page.split("<details><summary>Show where it was taken</summary>").nth(1).unwrap();
    let place = place.split("<li>").nth(1).unwrap().split(" (latitude").next().unwrap();
    println!("place: {place}");
    let numbers: Vec<f64> = place.split(", ").map(|number| number.parse().unwrap()).collect();
    assert!(numbers.len() == 2 && numbers[0] > 0.0 && numbers[1] < 0.0, "north and west");
    assert!(!shown.contains(place));
    assert!(shown.contains("<strong>Nothing</strong> but the picture"));
    assert!(shown.contains("This page is private."));
    assert!(shown.find("This page is private.") < shown.find("<article"));
}

#[test]
fn a_photo_cannot_write_html() {
    let dir = folder();
    let nasty = "<script>alert(1)</script><img src=\"https://evil.example/\" onerror='x'>&amp;";
    let name = "<img src=x onerror=alert(1)>.jpg";
    put(dir.path(), name, &with_segment(&sample("clean"), 0xFE, nasty.as_bytes()));
    // A tag whose name is from the photo, as the names of XMP are.
    let xmp = b"http://ns.adobe.com/xap/1.0/\0<a><b&lt;\"'>x</b&lt;\"'><c d=\"&lt;script>\"/></a>";
    put(dir.path(), "b.jpg", &with_segment(&sample("clean"), 0xE1, xmp));
    let page = page(dir.path(), &[name, "b.jpg"], 0);
    assert!(
        page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=&quot;https://evil.example/&quot;")
    );
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;.jpg"));
    assert!(!page.contains("<script"));
    assert_eq!(page.matches("<img ").count(), 4);
}

#[test]
fn the_page_needs_nothing_but_itself() {
    let dir = folder();
    for (number, sample) in samples::all().iter().enumerate() {
        put(dir.path(), &format!("{number}.jpg"), &sample.bytes);
    }
    let page = page(dir.path(), &["."], 0);
    let frame = shown(&page);
    let tags: Vec<_> = frame.split('<').filter_map(|rest| rest.split_once('>')).map(|(tag, _)| tag).collect();
    println!("{} tags", tags.len());
    for what in ["http:", "//", "href", "link ", "script", "iframe", "style=", "onload", "onerror"] {
        let found: Vec<_> = tags.iter().filter(|tag| tag.contains(what)).collect();
        assert!(found.is_empty(), "{what}: {found:?}");
    }
    assert!(!frame.contains("url(") && !frame.contains("@import"));
    assert_eq!(page.matches("src=").count(), page.matches(&format!("src=\"{PREFIX}")).count());
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
    let (_, style) = page.split_once("<style>").unwrap();
    let hash = STANDARD.encode(Sha256::digest(style.split_once("</style>").unwrap().0));
    assert!(
        page.contains(&format!("content=\"default-src 'none'; img-src data:; style-src 'sha256-{hash}'"))
    );
    assert!(page.contains("prefers-color-scheme: dark") && !page.contains("unsafe-inline"));
    assert_eq!(page.matches("<img alt=\"").count(), page.matches("<img").count());
}

#[test]
fn a_refused_photo_is_shown_with_its_reason_and_without_an_after() {
    let dir = folder();
    let cut = &camera().bytes[..camera().bytes.len() / 2];
    put(dir.path(), "cut.jpg", cut);
    put(dir.path(), "text.jpg", b"text");
    put(dir.path(), "whole.jpg", &camera().bytes);
    let page = page(dir.path(), &["cut.jpg", "text.jpg", "whole.jpg"], 3);
    let refused = ripper(dir.path(), ["scrub", "cut.jpg", "text.jpg", "--out", "out", "--json"]).lines();
    for line in refused {
        assert!(page.contains(&format!("Refused</strong> ({})", line["reason"].as_str().unwrap())));
    }
    assert!(page.contains("no SOI marker at offset 0"));
    assert_eq!(page.matches("Not known: the photo was refused before").count(), 2);
    let pictures = pictures(&page);
    assert_eq!(pictures.len(), 4);
    assert!(pictures[0] == cut && pictures[1] == b"text" && pictures[2] == camera().bytes);
    assert_eq!(page.matches("What is left").count(), 1);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_page_even_where_it_replaces_another() {
    use std::os::unix::fs::PermissionsExt;
    let dir = folder();
    put(dir.path(), "a.jpg", &camera().bytes);
    let old = put(dir.path(), "page.html", b"<!DOCTYPE html>\nof an earlier run");
    fs::set_permissions(&old, fs::Permissions::from_mode(0o644)).unwrap();
    for _ in 0..2 {
        assert!(page(dir.path(), &["a.jpg"], 0).ends_with("</html>\n"));
        assert_eq!(fs::metadata(&old).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(files(dir.path()), ["a.jpg", "page.html"]);
}

#[test]
fn no_photo_no_folder_and_no_file_of_another_kind_is_overwritten() {
    let dir = folder();
    for name in ["in/a.jpg", "other.jpg", "e.upload", "notes.txt"] {
        put(dir.path(), name, &camera().bytes);
    }
    let before = files(dir.path());
    let tries: [&[&str]; 8] = [
        &["report", "in/a.jpg", "-o", "in/a.jpg"],
        &["report", "in", "-o", "in/../in/a.jpg"],
        &["report", "e.upload", "-o", "./e.upload"],
        &["report", "in", "-o", "other.jpg"],
        &["report", "in", "-o", "notes.txt"],
        &["report", "in", "-o", "new.JPEG"],
        &["report", "in", "-o", "in"],
        &["report", "in", "-o", "in/../in/"],
    ];
    for args in tries {
        let ran = ripper(dir.path(), args);
        assert_eq!(ran.code, Some(2), "{args:?}");
        ran.sentence();
    }
    assert_eq!(files(dir.path()), before);
    for name in &before {
        assert!(fs::read(dir.path().join(name)).unwrap() == camera().bytes, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_photo_is_not_overwritten_through_a_link_and_a_device_not_at_all() {
    use std::os::unix::fs::symlink;
    let dir = folder();
    put(dir.path(), "real/photo", &camera().bytes);
    symlink("real/photo", dir.path().join("a.jpg")).unwrap();
    symlink("real", dir.path().join("linked")).unwrap();
    let pipe = dir.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for out in ["real/photo", "linked/photo", "pipe"] {
        let ran = ripper(dir.path(), ["report", "a.jpg", "-o", out]);
        assert_eq!(ran.code, Some(2), "{out}");
    }
    assert!(fs::read(dir.path().join("real/photo")).unwrap() == camera().bytes);
}

#[test]
fn too_many_photos_and_none_are_usage_errors() {
    let dir = folder();
    fs::create_dir(dir.path().join("in")).unwrap();
    assert_eq!(ripper(dir.path(), ["report", "in", "-o", "page.html"]).code, Some(2));
    // A file with a hole takes no space.
    let large = fs::File::create(dir.path().join("in/a.jpg")).unwrap();
    large.set_len((500 << 20) + 1).unwrap();
    let ran = ripper(dir.path(), ["report", "in", "-o", "page.html"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.sentence().contains("500.00 MiB"));
    assert_eq!(files(dir.path()), ["in/a.jpg"]);
}

#[test]
fn a_file_that_is_missing_does_not_stop_the_rest_and_a_photo_named_twice_is_shown_once() {
    let dir = folder();
    put(dir.path(), "in/a.jpg", &camera().bytes);
    let page = page(dir.path(), &["in", "./in/a.jpg", "missing.jpg"], 1);
    assert_eq!(pictures(&page).len(), 2);
    assert!(page.contains("Not on this page") && page.contains("<li>missing.jpg: "));
}
