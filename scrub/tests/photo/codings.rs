//! Everything that a decoder reads is cleaned, and decodes to the same pixels: every coding there is, with everything
//! that a file may contain beside its picture.

use std::collections::BTreeMap;

use crate::support::decoders::{self, Decoded};
use crate::support::encoders::{self, CodingProcess, Encoded};
use crate::support::inject::{self, PLANTED, SplitJpeg, WithMetadata};
use crate::support::pictures::Picture;
use crate::support::{SOI, as_stored, assert_same, contains, exif, orientation_tag, report_skipped};
use scrub::{Bytes, Clean, NotRotated, Options, Orientation};

/// How many files were tried, and which decoders decoded them.
#[derive(Default)]
struct Tried {
    files: usize,
    turbojpeg: usize,
    zune: usize,
    djpeg: usize,
    undecoded: usize,
}

fn print(tried: &BTreeMap<CodingProcess, Tried>) {
    for (coding, tried) in tried {
        let Tried { files, turbojpeg, zune, djpeg, undecoded } = tried;
        println!(
            "{coding}: {files} files; decoded by libjpeg-turbo {turbojpeg}, by its djpeg alone {djpeg}, \
             by zune-jpeg {zune}, by none {undecoded}"
        );
    }
}

fn scrub(photo: &[u8], options: &Options, what: &str) -> Clean {
    scrub::scrub(Bytes::copy_from_slice(photo), options).unwrap_or_else(|refusal| panic!("{what}: {refusal}"))
}

/// A photo as it comes out if nothing is put into it, and whether more can be put into that: arithmetic coding is gone
/// from it.
fn normal(coded: &Encoded) -> (Vec<u8>, bool) {
    let what = format!("{}, {}", coded.coding, coded.name);
    let photo = scrub(&coded.bytes, &as_stored(), &what).photo;
    assert_same(&scrub(&photo, &as_stored(), &what).photo, &photo, &what);
    (photo.to_vec(), coded.coding.marker < 0xC4)
}

fn turbojpeg(photo: &[u8]) -> Option<Decoded> {
    let (decoded, warning) = decoders::turbojpeg(photo, false).ok()?;
    warning.is_none().then_some(decoded)
}

/// Asserts that every decoder that decodes the one photo decodes the other to the same pixels. Returns whether any did.
fn assert_decoded_the_same(
    before: &[u8],
    after: &[u8],
    ask_zune: bool,
    what: &str,
    tried: &mut Tried,
) -> bool {
    tried.files += 1;
    let zune = if ask_zune { decoders::zune(before) } else { None };
    if zune.is_some() {
        assert!(decoders::zune(after) == zune, "{what}: other pixels for zune-jpeg");
        tried.zune += 1;
    }
    if let Some(decoded) = turbojpeg(before) {
        assert!(turbojpeg(after).as_ref() == Some(&decoded), "{what}: other pixels for libjpeg-turbo");
        tried.turbojpeg += 1;
    } else if let Some((decoded, _)) = decoders::djpeg(before) {
        assert!(decoders::djpeg(after).unwrap().0 == decoded, "{what}: other pixels for djpeg");
        tried.djpeg += 1;
    } else if zune.is_none() {
        tried.undecoded += 1;
        return false;
    }
    true
}

#[test]
fn every_coding_with_everything_in_it_is_cleaned_and_decoded_as_before() {
    let mut tried: BTreeMap<CodingProcess, Tried> = BTreeMap::new();
    for coded in encoders::all() {
        let Encoded { coding, name, bytes, .. } = &coded;
        let tried = tried.entry(*coding).or_default();
        let (normal, is_huffman) = normal(&coded);
        assert_decoded_the_same(bytes, &normal, coded.is_for_zune(), name, tried);
        let bytes = if is_huffman { &normal } else { bytes };
        for WithMetadata { what, bytes: injected, expected, is_for_zune } in inject::all(bytes) {
            let what = format!("{coding}, {name}, {what}");
            let stored = scrub(&injected, &as_stored(), &what).photo;
            let clean = scrub(&injected, &Options::default(), &what).photo;
            if let Some(expected) = &expected {
                let coded_again = || scrub(expected, &as_stored(), &what).photo.to_vec();
                let expected = if is_huffman { expected.clone() } else { coded_again() };
                assert_same(&stored, &expected, &what);
            }
            for clean in [&stored, &clean] {
                assert!(!contains(clean, PLANTED), "{what}: something planted is left");
            }
            let ask_zune = is_for_zune && coded.is_for_zune();
            let is_decoded = assert_decoded_the_same(&injected, &stored, ask_zune, &what, tried);
            // No decoder here reads two components, or converts the colours of lossless coding.
            let is_known = coded.components() == 2 || coding.marker == 0xC3 && expected.is_none();
            assert!(is_decoded || is_known || decoders::tool("djpeg").is_none(), "{what}: not decoded");
            if clean != stored {
                assert_decoded_the_same(&injected, &clean, ask_zune, &what, tried);
            }
        }
    }
    let tools = [
        ("djpeg", "nothing of more than 8 bits was decoded"),
        ("cjpeg", "no coding that only it writes was tried"),
    ];
    for (tool, what) in tools.iter().filter(|(tool, _)| decoders::tool(tool).is_none()) {
        report_skipped(&format!("no {tool} beside the library, {what}"));
    }
    print(&tried);
}

#[test]
fn every_coding_that_can_be_rotated_is_and_any_other_keeps_its_tag() {
    let mut tried: BTreeMap<CodingProcess, [usize; 4]> = BTreeMap::new();
    let mut worst = (0, 0.0_f64);
    for coded in encoders::all() {
        let (normal, is_huffman) = normal(&coded);
        let Encoded { coding, name, bytes, unit } = coded;
        let bytes = if is_huffman { normal } else { bytes };
        let [rotated, tagged, undecoded, larger] = tried.entry(coding).or_default();
        let split = SplitJpeg::of(&bytes);
        for orientation in 2..=8 {
            let with_tag = split.with(&[split.after_jfif()], |_| orientation_tag(orientation));
            let mut first: Option<Bytes> = None;
            for position in split.in_header() {
                let what = format!("{coding}, {name}, orientation {orientation} before segment {position}");
                let photo = split.with(&[position], |_| exif(orientation));
                let clean = scrub(&photo, &Options::default(), &what);
                if let Some(first) = &first {
                    assert_same(&clean.photo, first, &what);
                    continue;
                }
                first = Some(clean.photo.clone());
                if let Orientation::Tagged { not_rotated: Some(reason), .. } = clean.report.orientation {
                    let is_larger = matches!(reason, NotRotated::Larger { tagged: ..8_192, .. });
                    let is_expected = match coding.can_be_rotated() {
                        true => is_larger || matches!(reason, NotRotated::LargeTrim(_)),
                        false => reason == NotRotated::Coding,
                    };
                    assert!(is_expected, "{what}: {reason}");
                    let coded_again = || scrub(&with_tag, &as_stored(), &what).photo.to_vec();
                    let expected = if is_huffman { with_tag.clone() } else { coded_again() };
                    assert_same(&clean.photo, &expected, &what);
                    *if is_larger { &mut *larger } else { &mut *tagged } += 1;
                    continue;
                }
                assert!(matches!(clean.report.orientation, Orientation::Rotated { .. }), "{what}");
                assert!(!contains(&clean.photo, b"Exif"), "{what}");
                let Ok(stored) = picture(&bytes) else {
                    *undecoded += 1;
                    continue;
                };
                let expected = stored.trimmed(orientation, unit).upright(orientation);
                let (largest, mean) = picture(&clean.photo).unwrap().difference(&expected);
                assert!(largest <= 4 && mean < 0.5, "{what}: differs by {largest}, {mean:.3} on average");
                worst = (worst.0.max(largest), worst.1.max(mean));
                *rotated += 1;
            }
        }
    }
    print_rotated(&tried);
    println!("differences of at most {} and {:.3} on average", worst.0, worst.1);
}

/// Prints how often a picture of each coding was rotated, and checks that most were.
fn print_rotated(tried: &BTreeMap<CodingProcess, [usize; 4]>) {
    for (coding, [rotated, tagged, undecoded, larger]) in tried {
        println!(
            "{coding}: {rotated} rotated and decoded, {undecoded} rotated that it does not decode, {tagged} tagged, \
             {larger} too small to be rotated without growing"
        );
        assert!(larger < rotated || !coding.can_be_rotated(), "{coding}: most are rotated");
    }
}

/// What libjpeg-turbo decodes, without mixing the colours of neighbours.
fn picture(photo: &[u8]) -> Result<Picture, String> {
    let (decoded, warning) = decoders::turbojpeg(photo, true)?;
    assert_eq!(warning, None);
    Ok(Picture::from(decoded))
}

#[test]
fn what_else_is_in_a_file_that_is_rotated_leaves_no_trace() {
    let mut tried: BTreeMap<CodingProcess, usize> = BTreeMap::new();
    for Encoded { coding, name, bytes, .. } in encoders::all() {
        let rotated = |photo: &[u8], what: &str| {
            let sideways = [SOI, &exif(6), &photo[2..]].concat();
            scrub(&sideways, &Options::default(), what).photo
        };
        let plain = rotated(&bytes, &name);
        for WithMetadata { what, bytes: injected, expected, .. } in inject::all(&bytes) {
            if expected.as_ref() == Some(&bytes) {
                let what = format!("{coding}, {name}, {what}");
                assert_same(&rotated(&injected, &what), &plain, &what);
                *tried.entry(coding).or_default() += 1;
            }
        }
    }
    for (coding, tried) in tried {
        println!("{coding}: {tried} files");
    }
}

#[test]
fn a_picture_of_any_coding_whose_height_comes_later_comes_out_as_if_it_did_not() {
    let mut tried: BTreeMap<CodingProcess, usize> = BTreeMap::new();
    for Encoded { coding, name, bytes, .. } in encoders::all() {
        let photo = SplitJpeg::of(&bytes).with_later_height();
        let split = SplitJpeg::of(&photo);
        let injected = split.with(&split.in_header(), |_| inject::metadata().concat());
        let clean = |photo: &[u8]| scrub(photo, &Options::default(), &name).photo;
        assert_same(&clean(&injected), &clean(&bytes), &name);
        let sideways = |split: SplitJpeg| clean(&split.with(&[1], |_| exif(6)));
        assert_same(&sideways(split), &sideways(SplitJpeg::of(&bytes)), &name);
        *tried.entry(coding).or_default() += 2;
    }
    for (coding, tried) in tried {
        println!("{coding}: {tried} files");
    }
}
