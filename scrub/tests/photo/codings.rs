//! Everything a decoder draws passes, and is drawn as before: every coding there is, with everything in it that may
//! stand in a file beside its picture.

use std::collections::BTreeMap;

use crate::draw::{self, Drawing};
use crate::dress::{self, Dressed, PLANTED, Pieces};
use crate::encode::{self, Coded, Coding};
use crate::support::{SOI, as_stored, assert_same, contains, exif, orientation_tag, skipped};
use crate::turn::Picture;
use scrub::{Bytes, Clean, NotRotated, Options, Orientation};

/// How many files were tried, and by which decoders drawn.
#[derive(Default)]
struct Tried {
    files: usize,
    turbojpeg: usize,
    zune: usize,
    djpeg: usize,
    undrawn: usize,
}

fn print(tried: &BTreeMap<Coding, Tried>) {
    for (coding, tried) in tried {
        let Tried { files, turbojpeg, zune, djpeg, undrawn } = tried;
        println!(
            "{coding}: {files} files; drawn by libjpeg-turbo {turbojpeg}, by its djpeg alone {djpeg}, \
             by zune-jpeg {zune}, by none {undrawn}"
        );
    }
}

fn scrub(photo: &[u8], options: &Options, what: &str) -> Clean {
    scrub::scrub(Bytes::copy_from_slice(photo), options).unwrap_or_else(|refusal| panic!("{what}: {refusal}"))
}

fn turbojpeg(photo: &[u8]) -> Option<Drawing> {
    let (drawing, warning) = draw::turbojpeg(photo, false).ok()?;
    warning.is_none().then_some(drawing)
}

/// Asserts that every decoder which draws the one photo draws the other the same. Says whether any did.
fn assert_drawn_the_same(before: &[u8], after: &[u8], ask_zune: bool, what: &str, tried: &mut Tried) -> bool {
    tried.files += 1;
    let zune = if ask_zune { draw::zune(before) } else { None };
    if zune.is_some() {
        assert!(draw::zune(after) == zune, "{what}: other pixels for zune-jpeg");
        tried.zune += 1;
    }
    if let Some(drawing) = turbojpeg(before) {
        assert!(turbojpeg(after).as_ref() == Some(&drawing), "{what}: other pixels for libjpeg-turbo");
        tried.turbojpeg += 1;
    } else if let Some((drawing, _)) = draw::djpeg(before) {
        assert!(draw::djpeg(after).unwrap().0 == drawing, "{what}: other pixels for djpeg");
        tried.djpeg += 1;
    } else if zune.is_none() {
        tried.undrawn += 1;
        return false;
    }
    true
}

#[test]
fn every_coding_with_everything_in_it_is_cleaned_and_drawn_as_before() {
    let mut tried: BTreeMap<Coding, Tried> = BTreeMap::new();
    for coded in encode::all() {
        let Coded { coding, name, bytes, .. } = &coded;
        let tried = tried.entry(*coding).or_default();
        for Dressed { what, bytes: dressed, expected, is_for_zune } in dress::all(bytes) {
            let what = format!("{coding}, {name}, {what}");
            let stored = scrub(&dressed, &as_stored(), &what).photo;
            let clean = scrub(&dressed, &Options::default(), &what).photo;
            if let Some(expected) = &expected {
                assert_same(&stored, expected, &what);
            }
            for clean in [&stored, &clean] {
                assert!(!contains(clean, PLANTED), "{what}: something planted is left");
            }
            let ask_zune = is_for_zune && coded.is_for_zune();
            let is_drawn = assert_drawn_the_same(&dressed, &stored, ask_zune, &what, tried);
            // No decoder at hand draws two components, or converts the colours of lossless coding.
            let is_known = coded.components() == 2 || coding.marker == 0xC3 && expected.is_none();
            assert!(is_drawn || is_known || draw::tool("djpeg").is_none(), "{what}: not drawn");
            if clean != stored {
                assert_drawn_the_same(&dressed, &clean, ask_zune, &what, tried);
            }
        }
    }
    let tools = [
        ("djpeg", "nothing of more than 8 bits was drawn"),
        ("cjpeg", "no coding that it alone writes was tried"),
    ];
    for (tool, what) in tools.iter().filter(|(tool, _)| draw::tool(tool).is_none()) {
        skipped(&format!("no {tool} beside the library, {what}"));
    }
    print(&tried);
}

#[test]
fn every_coding_that_can_be_turned_is_and_any_other_keeps_its_tag() {
    let mut tried: BTreeMap<Coding, [usize; 3]> = BTreeMap::new();
    let mut worst = (0, 0.0_f64);
    for Coded { coding, name, bytes, unit } in encode::all() {
        let [turned, tagged, undrawn] = tried.entry(coding).or_default();
        let pieces = Pieces::of(&bytes);
        for orientation in 2..=8 {
            let mut first: Option<Bytes> = None;
            for place in pieces.in_header() {
                let what = format!("{coding}, {name}, orientation {orientation} in front of segment {place}");
                let photo = pieces.with(&[place], |_| exif(orientation));
                let clean = scrub(&photo, &Options::default(), &what);
                if let Some(first) = &first {
                    assert_same(&clean.photo, first, &what);
                    continue;
                }
                first = Some(clean.photo.clone());
                if !coding.can_be_turned() {
                    let reason = Some(NotRotated::Coding);
                    assert_eq!(
                        clean.report.orientation,
                        Orientation::Tagged { orientation, not_rotated: reason }
                    );
                    let expected = pieces.with(&[pieces.behind_jfif()], |_| orientation_tag(orientation));
                    assert_same(&clean.photo, &expected, &what);
                    *tagged += 1;
                    continue;
                }
                assert!(matches!(clean.report.orientation, Orientation::Rotated { .. }), "{what}");
                assert!(!contains(&clean.photo, b"Exif"), "{what}");
                let Ok(stored) = picture(&bytes) else {
                    *undrawn += 1;
                    continue;
                };
                let expected = stored.trimmed(orientation, unit).upright(orientation);
                let (largest, mean) = picture(&clean.photo).unwrap().difference(&expected);
                assert!(largest <= 4 && mean < 0.5, "{what}: differs by {largest}, {mean:.3} on average");
                worst = (worst.0.max(largest), worst.1.max(mean));
                *turned += 1;
            }
        }
    }
    for (coding, [turned, tagged, undrawn]) in tried {
        println!(
            "{coding}: {turned} turned and drawn upright, {undrawn} turned that it does not draw, {tagged} tagged"
        );
    }
    println!("differences of {} at most and {:.3} on average", worst.0, worst.1);
}

/// What libjpeg-turbo draws, without mixing the colours of neighbours.
fn picture(photo: &[u8]) -> Result<Picture, String> {
    let (Drawing { width, height, samples }, warning) = draw::turbojpeg(photo, true)?;
    assert_eq!(warning, None);
    let channels = samples.len() / (width * height);
    let pixels = samples.chunks(channels).map(|p| std::array::from_fn(|i| p[i.min(channels - 1)]));
    Ok(Picture { width, height, pixels: pixels.collect() })
}

#[test]
fn what_else_is_in_a_file_that_is_turned_leaves_no_trace() {
    let mut tried: BTreeMap<Coding, usize> = BTreeMap::new();
    for Coded { coding, name, bytes, .. } in encode::all() {
        let turned = |photo: &[u8], what: &str| {
            let sideways = [SOI, &exif(6), &photo[2..]].concat();
            scrub(&sideways, &Options::default(), what).photo
        };
        let plain = turned(&bytes, &name);
        for Dressed { what, bytes: dressed, expected, .. } in dress::all(&bytes) {
            if expected.as_ref() == Some(&bytes) {
                let what = format!("{coding}, {name}, {what}");
                assert_same(&turned(&dressed, &what), &plain, &what);
                *tried.entry(coding).or_default() += 1;
            }
        }
    }
    for (coding, tried) in tried {
        println!("{coding}: {tried} files");
    }
}

#[test]
fn a_picture_of_any_coding_whose_height_comes_later_stays_byte_for_byte() {
    let mut tried: BTreeMap<Coding, usize> = BTreeMap::new();
    for Coded { coding, name, bytes, .. } in encode::all() {
        let photo = Pieces::of(&bytes).with_later_height();
        let pieces = Pieces::of(&photo);
        let dressed = pieces.with(&pieces.in_header(), |_| dress::metadata().concat());
        assert_same(&scrub(&dressed, &Options::default(), &name).photo, &photo, &name);
        let sideways = pieces.with(&[1], |_| exif(6));
        let expected = pieces.with(&[pieces.behind_jfif()], |_| orientation_tag(6));
        assert_same(&scrub(&sideways, &Options::default(), &name).photo, &expected, &name);
        *tried.entry(coding).or_default() += 2;
    }
    for (coding, tried) in tried {
        println!("{coding}: {tried} files");
    }
}
