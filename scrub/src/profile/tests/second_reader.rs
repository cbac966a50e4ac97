//! What the second reader of a profile accepts, asked by itself: the first writes none of what it has to reject.

use super::allowed::{TAGS, data, matrix, patched, rgb, tags, types};
use super::build::Tag;
use super::{is_minimal, minimal};

#[test]
fn the_second_reader_knows_the_types_a_tag_may_have() {
    let (mut accepted, mut rejected) = (0, 0);
    // Each type in a minimal profile, by a tag that may have it, is given another tag's signature.
    for bytes in types() {
        let Some((signature, _)) =
            TAGS.iter().find(|(_, allowed)| allowed.chunks(4).any(|kind| bytes.starts_with(kind)))
        else {
            continue;
        };
        let others = matrix().into_iter().filter(|(other, _)| other != signature);
        let all: Vec<Tag> = [(*signature, bytes.clone())].into_iter().chain(others).collect();
        let new = minimal(&rgb(&all)).unwrap();
        let at = 132 + 12 * tags(&new).position(|entry| entry.starts_with(*signature)).unwrap();
        for (other, allowed) in TAGS {
            if data(&new, other).is_some() && other != *signature {
                continue;
            }
            let may = allowed.chunks(4).any(|kind| bytes.starts_with(kind));
            let what = format!("{} of type {}", other.escape_ascii(), bytes[..4].escape_ascii());
            assert_eq!(is_minimal(&patched(&new, at, other)), may, "{what}");
            *if may { &mut accepted } else { &mut rejected } += 1;
        }
    }
    println!("{accepted} accepted, {rejected} rejected");
    assert!(accepted > 30 && rejected > 100);
}

#[test]
fn the_second_reader_rejects_bytes_behind_the_numbers_of_a_tag_and_within() {
    let mut tried = 0;
    for bytes in types() {
        let fits = |allowed: &[u8]| allowed.chunks(4).any(|kind| bytes.starts_with(kind));
        let Some((signature, _)) = TAGS.iter().rev().find(|(_, allowed)| fits(allowed)) else { continue };
        let others = matrix().into_iter().filter(|(other, _)| other != signature);
        let all: Vec<Tag> = others.chain([(*signature, bytes.clone())]).collect();
        let new = minimal(&rgb(&all)).unwrap();
        let what = bytes[..4].escape_ascii();
        // Its data stands last.
        let length = data(&new, signature).unwrap().len();
        let at = 132 + 12 * tags(&new).position(|entry| entry.starts_with(*signature)).unwrap();
        let number = |at: usize| u32::from_be_bytes(*new[at..].first_chunk().unwrap());
        assert_eq!(number(at + 4) as usize + length.next_multiple_of(4), new.len());
        for more in [&[0; 4], b"Ada "] {
            let mut longer = patched(&new, at + 8, &(number(at + 8) + 4).to_be_bytes());
            longer.splice(new.len().., *more);
            longer[..4].copy_from_slice(&(number(0) + 4).to_be_bytes());
            assert!(!is_minimal(&longer), "{what}: {more:?} behind it");
        }
        let reserved = number(at + 4) as usize + 4;
        assert!(!is_minimal(&patched(&new, reserved, b"Ada ")), "{what}: reserved bytes");
        if bytes.starts_with(b"para") {
            assert!(!is_minimal(&patched(&new, reserved + 6, b"A")), "{what}: behind the function");
        }
        tried += 1;
    }
    println!("{tried} types");
    assert_eq!(tried, 10);
}
