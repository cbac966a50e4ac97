//! What happens to a colour profile in a whole photo. That colours do not change is tested beside the code.

use crate::support::{SOI, as_stored, assert_same, contains, icc_chunk, interleaved};
use samples::icc::{LONGEST_CHUNK, segments};
use scrub::{Action, Bytes, Kind, Options, Violation};

/// The profile in a photo, its chunks joined, and how many there are.
fn profile(photo: &[u8]) -> (Vec<u8>, usize) {
    let parts = scrub::inspect(photo, &as_stored()).unwrap().parts;
    let chunks = parts.iter().filter(|part| part.kind == Kind::IccProfile);
    let mut chunks: Vec<_> = chunks.map(|part| &photo[part.offset..part.offset + part.length]).collect();
    // Ordered by their numbers: a sample has them in another order.
    chunks.sort_by_key(|chunk| chunk[16]);
    (chunks.iter().flat_map(|chunk| &chunk[18..]).copied().collect(), chunks.len())
}

/// A photo with these chunks before the frame, which has three components.
fn photo(chunks: &[Vec<u8>]) -> Vec<u8> {
    [SOI, &chunks.concat(), &interleaved(3).concat()].concat()
}

fn minimal(photo: &[u8]) -> scrub::Clean {
    scrub::scrub(Bytes::copy_from_slice(photo), &Options::default()).unwrap()
}

fn a_large_profile() -> Vec<u8> {
    profile(&samples::all().into_iter().find(|sample| sample.name == "wide-profile").unwrap().bytes).0
}

#[test]
fn a_profile_loses_its_names_and_every_byte_is_accounted_for() {
    let mut tried = 0;
    for sample in samples::all() {
        let (before, chunks) = profile(&sample.bytes);
        if before.is_empty() {
            continue;
        }
        let clean = minimal(&sample.bytes);
        let (after, chunks_after) = profile(&clean.photo);
        println!("{}: {} bytes in {chunks}, {} in {chunks_after}", sample.name, before.len(), after.len());
        assert!(contains(&before, b"studio display") && !contains(&after, b"display"));
        assert!(!after.is_empty() && after.len() < before.len());
        let gone = clean.report.removed.iter().find(|removed| removed.kind == Kind::IccProfile).unwrap();
        let segments = 18 * (chunks - chunks_after);
        assert_eq!(gone.bytes, (before.len() - after.len() + segments) as u64);
        let removed: u64 = clean.report.removed.iter().map(|removed| removed.bytes).sum();
        assert_eq!(sample.bytes.len() as u64 + clean.report.added, clean.photo.len() as u64 + removed);
        tried += 1;
    }
    println!("{tried} samples with a profile");
    assert!(tried > 0);
}

#[test]
fn a_profile_in_up_to_255_chunks_in_any_order_comes_out_the_same() {
    let whole = a_large_profile();
    let expected = profile(
        &minimal(&photo(&[1, 2].map(|number| {
            icc_chunk(number, 2, whole.chunks(LONGEST_CHUNK).nth(usize::from(number) - 1).unwrap())
        })))
        .photo,
    )
    .0;
    assert!(expected.len() > LONGEST_CHUNK, "it needs more than one chunk");
    for count in [2, 3, 100, 255] {
        let chunks: Vec<_> = whole.chunks(whole.len().div_ceil(count)).collect();
        let of = u8::try_from(chunks.len()).unwrap();
        let mut segments: Vec<_> =
            (1..=of).zip(&chunks).map(|(number, data)| icc_chunk(number, of, data)).collect();
        segments.reverse();
        segments.swap(0, chunks.len() / 2);
        let clean = minimal(&photo(&segments));
        let (after, chunks_after) = profile(&clean.photo);
        assert_same(&after, &expected, &format!("{of} chunks"));
        assert_eq!(chunks_after, expected.len().div_ceil(LONGEST_CHUNK), "as few chunks as it needs");
        assert_same(&minimal(&clean.photo).photo, &clean.photo, "twice");
        println!("{of} chunks became {chunks_after}");
    }
}

/// A photo with a profile in chunks of this many bytes.
fn in_chunks(profile: &[u8], bytes: usize) -> Vec<u8> {
    let of = u8::try_from(profile.len().div_ceil(bytes)).unwrap();
    let chunks = (1..=of).zip(profile.chunks(bytes)).map(|(number, data)| icc_chunk(number, of, data));
    photo(&chunks.collect::<Vec<_>>())
}

#[test]
fn chunks_with_nothing_to_remove_are_kept_as_they_are() {
    let clean = profile(&minimal(&in_chunks(&a_large_profile(), LONGEST_CHUNK)).photo).0;
    assert!(clean.len() > LONGEST_CHUNK);
    for bytes in [LONGEST_CHUNK, 60_001, clean.len().div_ceil(255)] {
        let original = in_chunks(&clean, bytes);
        let again = minimal(&original);
        assert_same(&again.photo, &original, &format!("chunks of {bytes} bytes"));
        assert_eq!(again.report.removed, []);
    }
    // Only bytes after the profile's end are to be removed, from the last chunk.
    let dirty = in_chunks(&[&clean, &b"Ada!"[..]].concat(), LONGEST_CHUNK);
    assert_same(&minimal(&dirty).photo, &in_chunks(&clean, LONGEST_CHUNK), "the last chunk");
    let parts = scrub::inspect(&dirty, &Options::default()).unwrap().parts;
    let chunks = parts.iter().filter(|part| part.kind == Kind::IccProfile);
    let actions: Vec<_> = chunks.map(|chunk| (chunk.action, chunk.removed.len())).collect();
    println!("{actions:?}");
    let (last, others) = actions.split_last().unwrap();
    assert_eq!(*last, (Action::Rewrite, 1));
    assert!(!others.is_empty() && others.iter().all(|other| *other == (Action::Keep, 0)));
}

#[test]
fn a_profile_is_kept_where_the_setting_says_so() {
    let whole = a_large_profile();
    let original = photo(&[icc_chunk(1, 2, &whole[..60_000]), icc_chunk(2, 2, &whole[60_000..])]);
    let clean = scrub::scrub(original.clone().into(), &as_stored()).unwrap();
    assert_same(&clean.photo, &original, "keep");
    // The verifier checks that the setting was obeyed.
    let violation = scrub::verify(&clean.photo, &Options::default()).unwrap_err();
    println!("{violation}");
    assert!(matches!(violation, scrub::Violation::Profile { .. }));
}

#[test]
fn a_profile_that_no_colour_engine_reads_is_removed_and_reported() {
    let broken = [&b""[..], b"no profile", &a_large_profile()[..140], &[0; 3000]];
    for data in broken {
        let clean = minimal(&photo(&[icc_chunk(1, 1, data)]));
        assert_same(&clean.photo, &photo(&[]), "no profile");
        assert_eq!(clean.report.removed[0].kind, Kind::UnreadableIcc);
        assert_eq!(clean.report.removed[0].bytes, 18 + data.len() as u64);
    }
    println!("{} broken profiles", broken.len());
}

#[test]
fn of_a_repeated_profile_or_chunk_the_first_whole_series_stays() {
    let whole = a_large_profile();
    let [first, last] = [icc_chunk(1, 2, &whole[..60_000]), icc_chunk(2, 2, &whole[60_000..])];
    let expected = profile(&minimal(&photo(&[first.clone(), last.clone()])).photo).0;
    let more: [&[Vec<u8>]; 4] = [
        std::slice::from_ref(&last),
        &[first.clone(), last.clone()],
        &[icc_chunk(0, 0, b"Ada")],
        &[icc_chunk(3, 9, b"Ada")],
    ];
    for surplus in more {
        let clean = minimal(&photo(&[&[first.clone(), last.clone()], surplus].concat()));
        let (after, _) = profile(&clean.photo);
        assert_same(
            &[&after[..67], &after[68..]].concat(),
            &[&expected[..67], &expected[68..]].concat(),
            "all",
        );
        assert_eq!(after[67], 4, "Firefox ignores such a profile, and has to go on");
        let removed = clean.report.removed.iter().find(|removed| removed.kind == Kind::SurplusIcc).unwrap();
        assert_eq!(removed.bytes, surplus.iter().map(|chunk| chunk.len() as u64).sum::<u64>());
    }
    println!("{} kinds of surplus chunks", more.len());
}

#[test]
fn a_profile_for_other_components_than_the_picture_has_is_removed_and_reported() {
    let (mut kept, mut removed) = (0, 0);
    // The frame has three components.
    for (space, stays) in [(b"RGB ", true), (b"GRAY", false), (b"CMYK", false), (b"Lab ", false)] {
        let mut whole = a_large_profile();
        whole[16..20].copy_from_slice(space);
        let chunks = [icc_chunk(1, 2, &whole[..60_000]), icc_chunk(2, 2, &whole[60_000..])];
        let clean = minimal(&photo(&chunks));
        let kinds: Vec<_> = clean.report.removed.iter().map(|removed| removed.kind).collect();
        println!("{}: {kinds:?}", space.escape_ascii());
        assert_eq!(!profile(&clean.photo).0.is_empty(), stays);
        *if stays { &mut kept } else { &mut removed } += 1;
    }
    assert!(kept == 1 && removed == 3);
}

#[test]
fn the_verifier_rejects_a_profile_for_another_number_of_components_than_the_picture_has() {
    let spaces = [
        (b"GRAY", 1),
        (b"2CLR", 2),
        (b"3CLR", 3),
        (b"4CLR", 4),
        (b"9CLR", 9),
        (b"ACLR", 10),
        (b"FCLR", 15),
        (b"Lab ", 3),
        (b"CMYK", 4),
    ];
    for components in [1, 3, 4] {
        let whole = [SOI, &segments(&a_large_profile()).concat(), &interleaved(components).concat()].concat();
        let clean = minimal(&whole).photo;
        assert_eq!(scrub::verify(&clean, &Options::default()), Ok(()), "RGB, {components} components");
        let place = |wanted: &[u8]| clean.windows(wanted.len()).position(|bytes| bytes == wanted).unwrap();
        let (space, offset) = (place(b"RGB XYZ "), place(b"\xFF\xC0"));
        for (name, has) in spaces {
            let mut changed = clean.to_vec();
            changed[space..space + 4].copy_from_slice(name);
            let found = scrub::verify(&changed, &Options::default());
            let other = Err(Violation::ProfileOfOtherColours { offset });
            assert_eq!(found, if has == components { Ok(()) } else { other }, "{name:?}, {components}");
        }
    }
    println!("{} colour spaces in pictures of 1, 3 and 4 components", spaces.len());
}
