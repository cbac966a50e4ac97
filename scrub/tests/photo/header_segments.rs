//! Segments beside the picture that are kept or rewritten, in every position: JFIF, Adobe, ICC, and EXIF's orientation.

use scrub::Kind;

use crate::support::positions::*;
use crate::support::*;

fn without(parts: Vec<Vec<u8>>, gone: &[usize]) -> Vec<u8> {
    let kept = parts.into_iter().enumerate().filter(|(i, _)| !gone.contains(i));
    kept.map(|(_, part)| part).collect::<Vec<_>>().concat()
}

#[test]
fn the_first_jfif_segment_is_kept_without_its_thumbnail() {
    let with_thumbnail = segment(0xE0, b"JFIF\0\x01\x01\x02\x12\x34\x56\x78\x01\x01RGB");
    // 0x1234 : 0x5678 is about 53 : 255.
    let rewritten = segment(0xE0, b"JFIF\0\x01\x02\0\0\x35\0\xFF\0\0");
    let plain = parts();
    for position in positions() {
        let clean = scrub(&with(&with_thumbnail, position)).unwrap();
        let mut expected = plain.clone();
        if position == 1 {
            expected[1] = rewritten.clone();
        }
        assert_same(&clean.photo, &expected.concat(), &format!("a second JFIF before part {position}"));
    }
    for position in IN_HEADER {
        let mut parts = plain.clone();
        parts.insert(position, with_thumbnail.clone());
        parts.remove(if position == 1 { 2 } else { 1 });
        let clean = scrub(&parts.concat()).unwrap();
        let mut expected = plain.clone();
        expected[1] = rewritten.clone();
        assert_same(&clean.photo, &expected.concat(), &format!("the only JFIF before part {position}"));
        let removed: Vec<_> = clean.report.removed.iter().map(|r| (r.kind, r.bytes)).collect();
        assert_eq!(removed, [(Kind::Thumbnail, 3)]);
    }
    println!("{} positions", positions().count());
}

#[test]
fn of_a_density_only_the_shape_of_a_pixel_is_left() {
    let jfif = |start: [u8; 3], density: [u16; 2]| {
        let density = density.map(u16::to_be_bytes).concat();
        segment(0xE0, &[&b"JFIF\0"[..], &start, &density, &[0, 0]].concat())
    };
    let densities = [
        ([1, 1, 1], [72, 72], [1, 1]),
        ([1, 2, 2], [300, 200], [3, 2]),
        ([1, 2, 0], [1, 2], [1, 2]),
        ([9, 9, 9], [0xFFFF, 0xFFFE], [255, 254]),
        ([1, 1, 1], [0xFFFF, 1], [255, 1]),
        ([1, 2, 1], [0, 0], [1, 1]),
        ([1, 2, 1], [0, 7], [1, 1]),
        ([1, 2, 1], [7, 0], [1, 1]),
    ];
    for (start, stored, shape) in densities {
        let (mut photo, mut expected) = (parts(), parts());
        photo[1] = jfif(start, stored);
        expected[1] = jfif([1, 2, 0], shape);
        let clean = scrub(&photo.concat()).unwrap();
        assert_same(&clean.photo, &expected.concat(), &format!("{stored:?} of unit {}", start[2]));
        assert_eq!((clean.report.removed, clean.report.added), (vec![], 0));
    }
    println!("{} densities", densities.len());
}

#[test]
fn an_adobe_segment_gives_the_transform_that_decoders_take() {
    let adobe = |transform: u8| segment(0xEE, &[&ADOBE[..11], &[transform]].concat());
    for components in 1..=4 {
        for transform in [0, 1, 2, 3, 255] {
            let kept = match (components, transform) {
                (3 | 4, 0) => adobe(0),
                (3, _) => adobe(1),
                (4, _) => adobe(2),
                _ => Vec::new(),
            };
            let photo = |adobe: &[u8]| [SOI, adobe, &interleaved(components).concat()].concat();
            let clean = scrub(&photo(&adobe(transform))).unwrap();
            let what = format!("transform {transform} of {components} components");
            assert_same(&clean.photo, &photo(&kept), &what);
        }
    }
    println!("1 to 4 components");
}

#[test]
fn the_last_adobe_segment_in_the_header_takes_effect() {
    let second = segment(0xEE, b"Adobe\0\x65\x80\x01\x02\x03\0and a serial number");
    let rewritten = segment(0xEE, b"Adobe\0\x64\0\0\0\0\0");
    for position in positions() {
        let mut expected = parts();
        if (5..=9).contains(&position) {
            expected[4] = rewritten.clone();
        }
        let clean = scrub(&with(&second, position)).unwrap();
        assert_same(&clean.photo, &expected.concat(), &format!("a second Adobe before part {position}"));
    }
    println!("{} positions", positions().count());
}

#[test]
fn a_whole_icc_profile_is_put_in_order_and_any_other_is_removed() {
    let shuffled = |chunks: &[Vec<u8>]| {
        let mut parts = parts();
        parts.splice(2..4, []);
        // Spread over the header, in this order.
        for (i, chunk) in chunks.iter().enumerate() {
            parts.insert(1 + 2 * i, chunk.clone());
        }
        parts.concat()
    };
    let three = [icc_chunk(3, 3, b"c"), icc_chunk(1, 3, b"a"), icc_chunk(2, 3, b"b")];
    let mut expected = parts();
    expected.splice(2..4, [three[1].clone(), three[2].clone(), three[0].clone()]);
    assert_same(
        &scrub(&shuffled(&three)).unwrap().photo,
        &expected.concat(),
        "three chunks in another order",
    );

    let bare = without(parts(), &[2, 3]);
    let broken: &[&[Vec<u8>]] = &[
        &[icc_chunk(1, 2, b"a")],
        &[icc_chunk(2, 2, b"b")],
        &[icc_chunk(0, 1, b"a")],
        &[icc_chunk(1, 0, b"a")],
        &[icc_chunk(1, 2, b"a"), icc_chunk(1, 2, b"a"), icc_chunk(2, 2, b"b")],
        &[icc_chunk(1, 2, b"a"), icc_chunk(2, 3, b"b")],
        &[icc_chunk(1, 3, b"a"), icc_chunk(3, 3, b"c")],
        &[icc_chunk(0, 1, b"a"), icc_chunk(1, 1, b"a")],
    ];
    for chunks in broken {
        let clean = scrub(&shuffled(chunks)).unwrap();
        assert_same(&clean.photo, &bare, "a series that is not whole");
        assert_eq!(clean.report.removed.iter().map(|r| r.kind).collect::<Vec<_>>(), [Kind::IncompleteIcc]);
    }
    // After the first scan a chunk is not part of the profile: it neither completes it nor breaks it.
    for position in BETWEEN_SCANS.into_iter().chain([AFTER_EOI]) {
        let clean = scrub(&with(&icc_chunk(1, 1, b"late"), position)).unwrap();
        assert_same(&clean.photo, &parts().concat(), "a late chunk");
    }
    println!("1 profile in another order, {} broken ones", broken.len());
}

#[test]
fn an_orientation_is_kept_as_the_only_thing_in_exif() {
    let mut tried = 0;
    for orientation in 0..=9 {
        for position in positions() {
            let clean = scrub(&with(&exif(orientation), position)).unwrap();
            let mut expected = parts();
            let is_kept = (2..=8).contains(&orientation) && IN_HEADER.contains(&position);
            if is_kept {
                expected.insert(2, orientation_tag(orientation));
            }
            assert_same(
                &clean.photo,
                &expected.concat(),
                &format!("orientation {orientation} at {position}"),
            );
            assert_eq!(clean.report.added, if is_kept { 36 } else { 0 });
            tried += 1;
        }
    }
    println!("{tried} photos");
}

#[test]
fn only_the_first_exif_segment_gives_the_orientation() {
    for (first, second, kept) in [(6, 3, Some(6)), (1, 3, None), (3, 1, Some(3))] {
        let mut photo = parts();
        photo.insert(2, exif(first));
        photo.insert(5, exif(second));
        let mut expected = parts();
        expected.splice(2..2, kept.map(orientation_tag));
        assert_same(&scrub(&photo.concat()).unwrap().photo, &expected.concat(), "two EXIF segments");
    }
}

#[test]
fn an_exif_segment_may_be_shorter_than_the_new_one() {
    // Without the offset of the next IFD, and first in the file: there are fewer bytes than the new segment needs.
    let whole = exif(8);
    let short = segment(0xE1, &whole[4..whole.len() - 4]);
    let photo = [SOI, &short, &picture(0xC0).concat()].concat();
    let clean = scrub(&photo).unwrap();
    let expected = [SOI, &orientation_tag(8), &picture(0xC0).concat()].concat();
    assert_same(&clean.photo, &expected, "4 bytes longer than before");
    assert_eq!(clean.photo.len(), photo.len() + 4);
}
