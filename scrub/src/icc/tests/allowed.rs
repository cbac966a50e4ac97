//! Which tags, types and fields stay in a profile.

use super::build::*;
use super::tables::*;
use super::{is_minimal, minimal};

/// A version 4 profile for RGB with these tags.
pub(super) fn rgb(tags: &[Tag]) -> Vec<u8> {
    with_tags(4, b"mntr", b"RGB ", b"XYZ ", tags)
}

/// The three primaries and their curves: enough to compute colours with.
pub(super) fn matrix() -> Vec<Tag<'static>> {
    [primaries(), trc(&curve(9, 2))].concat()
}

/// A profile for CMYK, in which every tag may be, with these tags and a table.
pub(super) fn cmyk(signature: &[u8; 4], tags: Vec<Tag>) -> Vec<u8> {
    let table = (if signature == b"A2B0" { b"A2B1" } else { b"A2B0" }, table_16(4, 3, 3));
    with_tags(4, b"prtr", b"CMYK", b"Lab ", &[vec![table], tags].concat())
}

pub(super) fn tags(profile: &[u8]) -> impl Iterator<Item = &[u8]> {
    profile[132..].chunks(12).take(profile[131].into())
}

/// A tag's data in the minimal profile. None if the tag is gone.
pub(super) fn data<'a>(profile: &'a [u8], signature: &[u8; 4]) -> Option<&'a [u8]> {
    let entry = tags(profile).find(|entry| entry.starts_with(signature))?;
    let number = |at: usize| u32::from_be_bytes(*entry[at..].first_chunk().unwrap()) as usize;
    Some(&profile[number(4)..number(4) + number(8)])
}

/// What happens to a tag in a profile that does not need it. None also if the whole profile goes with it.
#[track_caller]
pub(super) fn kept(signature: &[u8; 4], bytes: Vec<u8>) -> Option<Vec<u8>> {
    let others = matrix().into_iter().filter(|(other, _)| *other != signature);
    let all: Vec<Tag> = [(signature, bytes)].into_iter().chain(others).collect();
    let table = [(if signature == b"A2B0" { b"A2B1" } else { b"A2B0" }, table_16(3, 3, 2))];
    let is_for_print = signature[0] == b'B' || signature == b"gamt";
    let profile = if is_for_print { cmyk(signature, all) } else { rgb(&[all, table.to_vec()].concat()) };
    let new = minimal(&profile)?;
    assert!(is_minimal(&new));
    data(&new, signature).map(<[u8]>::to_vec)
}

/// The profile with other bytes at this offset.
pub(super) fn patched(profile: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut patched = profile.to_vec();
    patched[at..at + bytes.len()].copy_from_slice(bytes);
    patched
}

pub(super) fn types() -> Vec<Vec<u8>> {
    vec![
        xyz(1, 2, 3),
        curve(3, 1),
        parametric(0, &[2.2]),
        [start(b"sf32"), fixed(&[1.0; 9])].concat(),
        table_8(3, 3, 2),
        table_16(3, 3, 2),
        curve_table(b"mAB ", 3, 3, 1),
        curve_table(b"mBA ", 3, 3, 1),
        elements(),
        [start(b"cicp"), vec![1, 13, 0, 1]].concat(),
        text("text"),
        description("description"),
        unicode("unicode"),
    ]
}

/// Tags, and the types each may have.
pub(super) const TAGS: [(&[u8; 4], &[u8]); 34] = [
    (b"wtpt", b"XYZ "),
    (b"bkpt", b"XYZ "),
    (b"rXYZ", b"XYZ "),
    (b"gXYZ", b"XYZ "),
    (b"bXYZ", b"XYZ "),
    (b"rTRC", b"curvpara"),
    (b"gTRC", b"curvpara"),
    (b"bTRC", b"curvpara"),
    (b"kTRC", b"curvpara"),
    (b"chad", b"sf32"),
    (b"cicp", b"cicp"),
    (b"A2B0", b"mft1mft2mAB "),
    (b"A2B1", b"mft1mft2mAB "),
    (b"A2B2", b"mft1mft2mAB "),
    (b"B2A0", b"mft1mft2mBA "),
    (b"B2A1", b"mft1mft2mBA "),
    (b"B2A2", b"mft1mft2mBA "),
    (b"gamt", b"mft1mft2mBA "),
    (b"D2B0", b"mpet"),
    (b"D2B1", b"mpet"),
    (b"D2B2", b"mpet"),
    (b"D2B3", b"mpet"),
    (b"B2D0", b"mpet"),
    (b"B2D1", b"mpet"),
    (b"B2D2", b"mpet"),
    (b"B2D3", b"mpet"),
    // Tags that name a maker, a device or an owner, and a private one.
    (b"dmnd", b""),
    (b"dmdd", b""),
    (b"lumi", b""),
    (b"vcgt", b""),
    (b"kXYZ", b""),
    (b"A2B3", b""),
    (b"D2B4", b""),
    (b"SN42", b""),
];

#[test]
fn a_tag_stays_only_with_the_types_it_may_have() {
    let (mut stay, mut go) = (0, 0);
    for (signature, allowed) in TAGS {
        for bytes in types() {
            let may = allowed.chunks(4).any(|kind| bytes.starts_with(kind));
            let new = kept(signature, bytes.clone());
            let what = format!("{} of type {}", signature.escape_ascii(), bytes[..4].escape_ascii());
            assert_eq!(new.is_some(), may, "{what}");
            assert!(new.is_none_or(|new| new.starts_with(&bytes[..4])), "{what}");
            *if may { &mut stay } else { &mut go } += 1;
        }
    }
    println!("{stay} stay, {go} go");
}

#[test]
fn a_profile_must_have_the_tags_that_colours_need() {
    let table: Tag = (b"A2B0", table_16(3, 3, 2));
    let grey: Tag = (b"kTRC", curve(3, 1));
    let without = |gone: &[u8; 4]| matrix().into_iter().filter(|(tag, _)| *tag != gone).collect::<Vec<_>>();
    let all = matrix();
    for (space, tags, can) in [
        (b"RGB ", all.clone(), true),
        (b"GRAY", vec![grey.clone()], true),
        (b"RGB ", vec![table.clone()], true),
        (b"GRAY", vec![table.clone()], true),
        (b"CMYK", vec![table], true),
        (b"GRAY", all.clone(), false),
        (b"CMYK", all, false),
        (b"RGB ", vec![grey.clone()], false),
        (b"CMYK", vec![grey], false),
        (b"RGB ", vec![], false),
        (b"GRAY", vec![], false),
    ] {
        let profile = with_tags(2, b"mntr", space, b"XYZ ", &tags);
        assert_eq!(minimal(&profile).is_some(), can, "{} {}", space.escape_ascii(), tags.len());
    }
    for gone in [b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"] {
        assert_eq!(minimal(&rgb(&without(gone))), None, "without {}", gone.escape_ascii());
    }
}

#[test]
fn a_colour_space_is_one_of_a_device() {
    let with =
        |space: &[u8]| minimal(&with_tags(2, b"prtr", space, b"Lab ", &[(b"A2B0", table_16(3, 3, 2))]));
    let spaces = b"XYZ Lab Luv YCbrYxy RGB GRAYHSV HLS CMYKCMY 2CLR5CLR9CLRACLRFCLR";
    for space in spaces.chunks(4) {
        let new = with(space).unwrap_or_else(|| panic!("{} is refused", space.escape_ascii()));
        assert!(is_minimal(&new), "{}", space.escape_ascii());
        for none in [b"EVIL", b"RGB\0", b"rgb ", b"2CLS", b"aCLR", b"RGBA"] {
            assert_eq!(with(none), None, "{}", none.escape_ascii());
            assert!(!is_minimal(&patched(&new, 16, none)), "{}", none.escape_ascii());
        }
    }
    let good = with(b"3CLR").unwrap();
    for none in [b"1CLR", b"0CLR", b"GCLR", b":CLR", b"@CLR", b"\0CLR"] {
        assert_eq!(with(none), None, "{}", none.escape_ascii());
        assert!(!is_minimal(&patched(&good, 16, none)), "{}", none.escape_ascii());
    }
    println!("{} colour spaces", spaces.len() / 4);
}

#[test]
fn a_tag_must_be_inside_the_profile_and_long_enough_for_its_type() {
    let profile = rgb(&matrix());
    let length = u32::try_from(profile.len()).unwrap();
    let field = |signature: &[u8; 4], at: usize| {
        132 + 12 * tags(&profile).position(|entry| entry.starts_with(signature)).unwrap() + at
    };
    let with = |at: usize, number: u32| minimal(&patched(&profile, at, &number.to_be_bytes()));
    let expected = minimal(&profile);
    assert!(expected.is_some());
    let offset = u32::from_be_bytes(*profile[field(b"rXYZ", 4)..].first_chunk().unwrap());
    // As in lcms2, a size matters only if it reaches beyond the end.
    assert_eq!(with(field(b"rXYZ", 8), 8), expected);
    assert_eq!(with(field(b"rXYZ", 8), 7), None);
    assert_eq!(with(field(b"rXYZ", 8), length - offset), expected);
    assert_eq!(with(field(b"rXYZ", 8), length - offset + 1), None);
    assert_eq!(with(field(b"rXYZ", 8), u32::MAX), None);
    assert_eq!(with(field(b"rXYZ", 4), length), None);
    // The end is where the header says, or where the file ends.
    let without_size = expected.map(|expected| patched(&expected, 0, &[0xFF; 4]));
    assert_eq!(with(0, length + 1), without_size, "browsers ignore it, before and after");
    assert_eq!(with(0, offset + 20), None, "the curves are after the end");
    // Nine numbers, not fewer.
    let matrix = [start(b"sf32"), fixed(&[0.9; 9])].concat();
    assert_eq!(kept(b"chad", matrix.clone()).unwrap()[8..], matrix[8..]);
    assert_eq!(kept(b"chad", matrix[..43].to_vec()), None);
}

#[test]
fn tables_with_curves_begin_at_a_multiple_of_four() {
    // As after a tag whose length is not a multiple of 4: with_tags writes none, so all data is moved by two bytes.
    let moved = |signature: &'static [u8; 4], bytes: Vec<u8>| {
        let tables: Vec<Tag> = [matrix(), vec![(signature, bytes)]].concat();
        let mut profile = rgb(&tables);
        let at = 132 + 12 * 6 + 4;
        let offset = u32::from_be_bytes(*profile[at..].first_chunk().unwrap());
        profile.splice(offset as usize..offset as usize, [0, 0]);
        let size = u32::try_from(profile.len()).unwrap();
        profile[..4].copy_from_slice(&size.to_be_bytes());
        profile[at..at + 4].copy_from_slice(&(offset + 2).to_be_bytes());
        let new = minimal(&profile).unwrap();
        assert!(is_minimal(&new));
        data(&new, signature).is_some()
    };
    assert!(!moved(b"A2B0", curve_table(b"mAB ", 3, 3, 1)));
    assert!(!moved(b"B2A0", curve_table(b"mBA ", 3, 3, 1)));
    assert!(moved(b"A2B0", table_16(3, 3, 2)));
    assert!(moved(b"wtpt", xyz(1, 2, 3)));
    assert!(kept(b"A2B0", curve_table(b"mAB ", 3, 3, 1)).is_some());
}
