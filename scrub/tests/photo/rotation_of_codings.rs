//! A rotated photo is coded the way it was, so what decodes it before decodes it after; only arithmetic coding, which
//! few decoders draw, becomes Huffman coding. It is not larger than it was.

use crate::support::encoders::{self, Encoded};
use crate::support::pictures::{ENCODINGS, photo};
use crate::support::{SOI, as_stored, assert_same, exif};
use scrub::{Bytes, Options, Orientation};
use turbojpeg::{Transform, Transformer};

/// The second byte of the frame header's marker.
fn coding(photo: &[u8]) -> u8 {
    let parts = scrub::inspect(photo, &as_stored()).unwrap().parts;
    photo[parts.iter().find(|part| part.kind == scrub::Kind::Sof).unwrap().offset + 1]
}

/// The photo as libjpeg-turbo codes it again, without loss.
fn recoded(photo: &[u8], progressive: bool, arithmetic: bool) -> Vec<u8> {
    let mut transform = Transform::default();
    transform.progressive = progressive;
    transform.arithmetic = arithmetic;
    Transformer::new().unwrap().transform_to_owned(&transform, photo).unwrap().to_vec()
}

#[test]
fn a_rotated_photo_is_coded_as_it_was_without_arithmetic_coding() {
    let mut tried = 0;
    for original in ENCODINGS.map(|encoding| photo(encoding, 96, 64, 1)) {
        for (progressive, arithmetic, marker) in
            [(false, false, 0xC0), (true, false, 0xC2), (false, true, 0xC9), (true, true, 0xCA)]
        {
            let mut tagged = recoded(&original, progressive, arithmetic);
            assert_eq!(coding(&tagged), marker);
            tagged.splice(2..2, exif(6));
            let clean = scrub::scrub(Bytes::from(tagged), &Options::default()).unwrap();
            assert!(matches!(clean.report.orientation, Orientation::Rotated { .. }), "{marker:02X}");
            // Arithmetic coding is written as Huffman: sequential (0xC9) as baseline, progressive as progressive.
            assert_eq!(coding(&clean.photo), if progressive { 0xC2 } else { 0xC0 });
            // Both ways of coding hold the same picture.
            let plain = recoded(&clean.photo, false, false);
            let mut expected = original.clone();
            expected.splice(2..2, exif(6));
            let expected = scrub::scrub(Bytes::from(expected), &Options::default()).unwrap().photo;
            assert_same(&plain, &recoded(&expected, false, false), "another picture");
            tried += 1;
        }
    }
    println!("{tried} photos rotated");
}

#[test]
fn a_rotated_photo_has_only_the_kinds_of_application_segments_it_had() {
    let kinds = |photo: &[u8]| -> Vec<scrub::Kind> {
        let parts = scrub::inspect(photo, &as_stored()).unwrap().parts;
        let is_app = |part: &&scrub::Part| (0xE0..=0xEF).contains(&photo[part.offset + 1]);
        parts.iter().filter(|part| photo[part.offset] == 0xFF).filter(is_app).map(|part| part.kind).collect()
    };
    let (mut tried, mut plain) = (0, 0);
    for Encoded { coding, name, bytes, .. } in encoders::all() {
        let tagged = [SOI, &exif(6), &bytes[2..]].concat();
        let clean = scrub::scrub(tagged.into(), &Options::default()).unwrap();
        if matches!(clean.report.orientation, Orientation::Rotated { .. }) {
            assert_eq!(kinds(&clean.photo), kinds(&bytes), "{coding}, {name}");
            tried += 1;
            plain += usize::from(kinds(&bytes).is_empty());
        }
    }
    println!("{tried} rotated, {plain} of them without any such segment");
    assert!(plain > 0);
}
