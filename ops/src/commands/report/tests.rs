#![allow(clippy::unwrap_used)]

use scrub::{IccMode, Options, OrientationMode};

use super::examine::Left;
use super::html::escaped;

fn sample(name: &str) -> Vec<u8> {
    samples::all().into_iter().find(|sample| sample.name == name).unwrap().bytes
}

#[test]
fn what_is_left_is_read_from_the_bytes() {
    let options = Options::default();
    let original = sample("camera");
    let left = Left::of(&original, &options);
    println!("{left:?}");
    for found in ["Make", "GPSLatitude", "EXIF"] {
        assert!(left.metadata.iter().any(|name| name == found), "{found}");
    }
    let clean = scrub::scrub(original.into(), &options).unwrap();
    assert_eq!(Left::of(&clean.photo, &options).metadata, Vec::<String>::new());
}

#[test]
fn what_a_setting_keeps_is_left() {
    let tag = Options { orientation: OrientationMode::Tag, ..Options::default() };
    let clean = scrub::scrub(sample("sideways").into(), &tag).unwrap();
    assert_eq!(Left::of(&clean.photo, &tag).metadata, ["Orientation"]);

    let keep = Options { icc: IccMode::Keep, ..Options::default() };
    let with_profile = samples::all().into_iter().find_map(|sample| {
        let clean = scrub::scrub(sample.bytes.into(), &keep).ok()?;
        Some(Left::of(&clean.photo, &keep)).filter(|left| left.kinds.iter().any(|kind| kind == "ICC profile"))
    });
    assert_eq!(with_profile.unwrap().metadata, ["the whole ICC profile, as --icc keep asks for"]);
}

#[test]
fn html_in_text_is_text() {
    assert_eq!(escaped("<b a='1' c=\"&amp;\">"), "&lt;b a=&#39;1&#39; c=&quot;&amp;amp;&quot;&gt;");
    assert_eq!(escaped("a\u{202e}b\u{1b}"), "a\\u{202e}b\\u{1b}");
}
