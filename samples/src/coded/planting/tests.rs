//! What the planted files promise: the payload is in them, and decoders skip it where it must go.

use super::{Expected, Planted, planted};
use crate::decoders;

const PAYLOADS: [&[u8]; 2] = [b"Ada Wintergreen, SN-4711-0815", b"12 Sandpiper Lane, PortMallow"];

/// What a decoder draws, and whether it reads the file to its end.
type Drawn = (Vec<u8>, bool);

/// None for 12 bits, and where the header has a warning.
fn by_libjpeg_turbo(file: &[u8]) -> Option<Drawn> {
    let (decoded, message) = decoders::turbojpeg_to_error(file, true).ok()?;
    let message = message.unwrap_or_default();
    let is_read = message.is_empty() || decoders::is_warning(&message);
    (!message.contains("precision")).then_some((decoded.samples, is_read))
}

/// By its tool djpeg. None without it.
fn by_djpeg(file: &[u8]) -> Option<Drawn> {
    decoders::tool("djpeg")?;
    let picture = decoders::djpeg(file);
    let is_read = picture.is_some();
    Some((picture.unwrap_or_default().0, is_read))
}

#[test]
fn every_secret_is_in_its_file_and_only_there() {
    let (mut files, mut secrets) = (0, 0);
    for (one, other) in planted(PAYLOADS[0]).zip(planted(PAYLOADS[1])) {
        let contains = |file: &[u8]| file.windows(one.secret.len().max(1)).any(|window| window == one.secret);
        assert_eq!((&one.name, one.plain == other.plain), (&other.name, true));
        files += 1;
        if !one.secret.is_empty() {
            secrets += 1;
            assert!(contains(&one.bytes), "{}: not planted", one.name);
            assert!(!contains(&one.plain), "{}: in the plain file", one.name);
            assert!(one.secret != other.secret, "{}: of no payload", one.name);
        }
    }
    println!("{files} files, {secrets} of them with bytes that must not be in the clean ones");
}

#[test]
fn decoders_skip_every_payload_that_must_go_and_draw_every_other() {
    let (mut plain, mut by_api, mut by_tool, mut wrong) = (Vec::new(), None, None, Vec::new());
    let mut seen = [0; 4];
    for Planted { name, bytes, plain: file, expected, is_read, .. } in planted(PAYLOADS[0]) {
        if plain != file {
            (by_api, by_tool) = (by_libjpeg_turbo(&file), by_djpeg(&file));
            plain = file;
        }
        let after = by_api.as_ref().and_then(|_| by_libjpeg_turbo(&bytes));
        let (before, after) = if after.is_some() { (&by_api, after) } else { (&by_tool, by_djpeg(&bytes)) };
        let (Some((before, true)), Some((after, is_read_now))) = (before, after) else {
            assert!(decoders::tool("djpeg").is_none(), "{name}: the plain file is not read");
            continue;
        };
        let is_as_promised = match (is_read, expected) {
            (true, Expected::Clean) => after == *before,
            (true, Expected::Drawn) => after != *before,
            // It stops after the picture, or before it draws anything.
            (false, _) => after == *before || after.iter().all(|&sample| sample == 0),
        };
        if !is_as_promised || is_read != is_read_now {
            wrong.push(format!("{name}: {expected:?}, read {is_read_now}, same {}", after == *before));
        }
        let kind = match is_read {
            true => expected as usize,
            false => 2 + usize::from(after != *before),
        };
        seen[kind] += 1;
    }
    println!(
        "{seen:?} files with a payload that is skipped; drawn; after which decoders stop; before which they do"
    );
    assert!(seen.iter().all(|&files| files > 0), "a kind of file is missing");
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
}
