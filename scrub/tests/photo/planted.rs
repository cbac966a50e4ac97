//! A payload at every place of a file that decoders skip, in every coding, leaves no trace: two payloads of the same
//! length give the same clean photo, byte for byte. What decoders draw of a payload stays as they draw it.

use std::collections::BTreeMap;

use samples::coded::{Expected, Planted, planted};
use scrub::{Bytes, Clean, Kind, Options, Refusal, Violation, verify};

use crate::support::{as_stored, assert_same, contains, decoders, hex};

const PAYLOADS: [&[u8]; 2] = [b"Ada Wintergreen, SN-4711-0815", b"12 Sandpiper Lane, PortMallow"];
/// One of so many files of 12 bits is decoded: each takes a process of its own.
const DECODED_OF_12_BITS: usize = 20;

/// The places where the plain file too may have a table that no scan uses, but not with a payload.
const UNUSED_TABLES: [&str; 2] = [
    "the quantisation table of a component without a scan",
    "a DHT after a component with only its first coefficient",
];
/// A segment with a Huffman table of the encoder.
const LARGEST_TABLE: usize = 4 + 17 + 256;

/// Counts by what is counted, in their order.
#[derive(Default)]
struct Counts(BTreeMap<String, usize>);

impl Counts {
    fn add(&mut self, what: impl Into<String>) {
        *self.0.entry(what.into()).or_default() += 1;
    }

    fn print(&self, title: &str) {
        println!("{title}: {}", self.0.values().sum::<usize>());
        self.0.iter().for_each(|(what, count)| println!("{count:7} {what}"));
    }
}

/// What the verifier calls blocks that are outside of the picture and not empty.
const HIDDEN: &str = "something in a block outside of the picture";

/// The coding and the place that are in a name: without numbers, so that there are not too many.
fn coding_and_place(name: &str) -> (String, String) {
    let (coding, place) = name.split_once(": ").unwrap();
    let coding = coding.split(", ").take(2).collect::<Vec<_>>().join(", ");
    (coding, place.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ').to_string())
}

fn scrub(photo: &[u8], options: &Options) -> Result<Clean, Refusal> {
    scrub::scrub(Bytes::copy_from_slice(photo), options)
}

/// What libjpeg-turbo has drawn when it stops: by its API, or by its tool for 12 bits.
fn drawn(photo: &[u8]) -> Option<Vec<u8>> {
    match decoders::turbojpeg_to_error(photo, true) {
        Ok((decoded, message)) if !message.as_ref().is_some_and(|text| text.contains("precision")) => {
            Some(decoded.samples)
        }
        _ => Some(decoders::djpeg(photo)?.0),
    }
}

fn is_of_12_bits(name: &str) -> bool {
    name.contains("12 bit")
}

/// What a plain file gives: itself, unless it is coded by arithmetic. Its pixels stay in any case.
fn of_plain(plain: &[u8], name: &str) -> Vec<u8> {
    let clean = scrub(plain, &Options::default()).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
    let is_arithmetic = name.starts_with("arithmetic");
    assert_eq!(clean.report.recoded.is_some(), is_arithmetic, "{name}: {:?}", clean.report);
    if UNUSED_TABLES.iter().any(|place| name.ends_with(place)) {
        let gone = plain.len() - clean.photo.len();
        assert!(gone <= LARGEST_TABLE, "{name}: {gone} bytes are gone, more than a table");
    } else if !is_arithmetic {
        assert_same(&clean.photo, plain, name);
    }
    assert!(drawn(&clean.photo) == drawn(plain), "{name}: other pixels for libjpeg-turbo");
    clean.photo.to_vec()
}

/// zune-jpeg reads neither arithmetic nor lossless coding nor 12 bits, nor every number of components; and it draws
/// sequential scans of one component in several ways.
fn assert_same_for_zune(planted: &Planted, clean: &[u8], counts: &mut Counts) {
    let name = &planted.name;
    if ["arithmetic", "lossless", "12 bit", "a scan each"].iter().any(|what| name.contains(what)) {
        return;
    }
    let Some(plain) = decoders::zune(&planted.plain) else { return counts.add("not read by zune-jpeg") };
    assert!(decoders::zune(clean) == Some(plain), "{name}: other pixels for zune-jpeg");
    counts.add("the same for zune-jpeg");
}

#[test]
fn no_payload_leaves_a_trace_and_what_is_drawn_of_one_stays() {
    let (mut codings, mut places, mut ends) = (Counts::default(), Counts::default(), Counts::default());
    let (mut plain, mut clean_plain, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    let options = [Options::default(), as_stored()];
    for (i, (one, other)) in planted(PAYLOADS[0]).zip(planted(PAYLOADS[1])).enumerate() {
        let (coding, place) = coding_and_place(&one.name);
        codings.add(coding);
        places.add(place);
        if plain != one.plain {
            clean_plain = of_plain(&one.plain, &one.name);
            assert_same_for_zune(&one, &clean_plain, &mut ends);
            plain.clone_from(&one.plain);
        }
        for options in &options {
            for file in [&one, &other] {
                match check(file, options, &clean_plain, i) {
                    Ok(end) => ends.add(format!("{:?}, {end}", file.expected)),
                    Err(why) => failed.push(format!("{}: {why}", file.name)),
                }
            }
        }
    }
    codings.print("by coding");
    places.print("by place");
    ends.print("scrubbed");
    let mut kinds = Counts::default();
    for failed in &failed {
        let (coding, place) = coding_and_place(failed);
        kinds.add(format!("{} of {coding}", place.split(" at ").next().unwrap()));
    }
    kinds.print("failed");
    assert!(
        failed.is_empty(),
        "{} failed, the first:\n{}",
        failed.len(),
        failed[..failed.len().min(20)].join("\n")
    );
}

/// Scrubs a file and says what happened to it, or what is wrong.
fn check(file: &Planted, options: &Options, clean_plain: &[u8], i: usize) -> Result<String, String> {
    let clean = match (scrub(&file.bytes, options), file.expected) {
        (Ok(clean), _) => clean,
        (Err(refusal), Expected::Drawn) if !matches!(refusal, Refusal::Unverified(_)) => {
            let (coding, place) = coding_and_place(&file.name);
            return Ok(format!("refused: {refusal}: {} of {coding}", place.split(" at ").next().unwrap()));
        }
        (Err(refusal), _) => return Err(format!("refused: {refusal}")),
    };
    if !file.secret.is_empty() && contains(&clean.photo, &file.secret) {
        return Err("the payload is left".to_string());
    }
    verify(&clean.photo, options).map_err(|violation| format!("not clean: {violation}"))?;
    if file.expected == Expected::Clean {
        return match clean.photo == clean_plain {
            true => Ok("as the plain file".to_string()),
            false => {
                Err(format!("{} bytes, not the {} of the plain file", clean.photo.len(), clean_plain.len()))
            }
        };
    }
    // What a payload is decoded to can also be whole coded data, with a surplus.
    let how =
        clean.report.recoded.map_or("as it is".to_string(), |reason| format!("coded again for {reason}"));
    let is_asked = !is_of_12_bits(&file.name) || i.is_multiple_of(DECODED_OF_12_BITS);
    if is_asked && drawn(&clean.photo) != drawn(&file.bytes) {
        return Err(format!("other pixels for libjpeg-turbo, {how}"));
    }
    Ok(how)
}

/// The coded data of each scan, from its header to the next marker that is none of data, as it is.
fn coded_data(file: &[u8]) -> Vec<&[u8]> {
    let mut scans = Vec::new();
    let mut at = 2;
    while let Some(next) =
        (at..file.len().saturating_sub(4)).find(|&at| file[at] == 0xFF && file[at + 1] != 0xFF)
    {
        at = next + 2;
        match file[next + 1] {
            0 | 0x01 | 0xD0..=0xD8 => continue,
            0xD9 => break,
            _ => at += usize::from(u16::from_be_bytes([file[at], file[at + 1]])),
        }
        if file[next + 1] == 0xDA {
            let end = end_of_data(file, at);
            scans.push(&file[at..end]);
            at = end;
        }
    }
    scans
}

fn end_of_data(file: &[u8], start: usize) -> usize {
    let mut at = start;
    while at < file.len() {
        let fill = file[at..].iter().take_while(|&&byte| byte == 0xFF).count();
        match file.get(at + fill) {
            Some(0 | 0xD0..=0xD7) => at += fill + 1,
            Some(_) if fill == 0 => at += 1,
            _ => return at,
        }
    }
    file.len()
}

/// The plain file with the coded data of another one. None if that has not as many scans.
fn with_data_of(plain: &[u8], other: &[u8]) -> Option<Vec<u8>> {
    let (old, new) = (coded_data(plain), coded_data(other));
    if old.len() != new.len() {
        return None;
    }
    let mut file = Vec::new();
    let mut at = 0;
    for (old, new) in old.into_iter().zip(new) {
        let start = old.as_ptr() as usize - plain.as_ptr() as usize;
        file.extend([&plain[at..start], new].concat());
        at = start + old.len();
    }
    file.extend(&plain[at..]);
    Some(file)
}

#[test]
fn a_clean_photo_with_coded_data_copied_as_it_is_is_caught_for_every_payload_in_it() {
    let (mut places, mut flaws) = (Counts::default(), Counts::default());
    for file in planted(PAYLOADS[0]).filter(|file| !file.name.starts_with("arithmetic")) {
        // All of the file as it is, first.
        assert!(verify(&file.bytes, &Options::default()).is_err(), "{}", file.name);
        let copied = with_data_of(&file.plain, &file.bytes).filter(|copied| *copied != file.plain);
        let Some(copied) = copied else { continue };
        let Err(Violation::CodedData { flaw, .. }) = verify(&copied, &Options::default()) else {
            panic!("{}: {:?}\n{}", file.name, verify(&copied, &Options::default()), hex(&copied));
        };
        places.add(coding_and_place(&file.name).1.split(" at ").next().unwrap());
        flaws.add(flaw.to_string());
    }
    places.print("by place");
    flaws.print("by what the verifier finds");
    let kinds = ["padding that is not all 1", "bytes after the last MCU", "a fill byte", HIDDEN];
    assert!(kinds.iter().all(|kind| flaws.0.contains_key(*kind)));
    let mut kinds = places.0.keys();
    assert!(kinds.any(|place| place == "rows below the height") && flaws.0.len() > 4);
}

#[test]
fn rows_below_the_height_are_named_and_random_bytes_after_the_picture_are_not_taken_for_rows() {
    let mut named = 0;
    for file in planted(PAYLOADS[0]) {
        let (coding, place) = coding_and_place(&file.name);
        let Ok(clean) = scrub(&file.bytes, &Options::default()) else { continue };
        let has_rows = clean.report.removed.iter().any(|removed| removed.kind == Kind::HiddenRows);
        let are_rows = place == "rows below the height" && !coding.contains("progressive");
        assert_eq!(has_rows, are_rows, "{}", file.name);
        named += usize::from(has_rows);
    }
    println!("saw hidden rows in {named} files");
    assert!(named > 10);
}
