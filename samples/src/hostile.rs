//! Files made to be slow to read: each tries one way in which a reader's time or memory could outgrow the file.

use crate::icc::{self, HEADER, LONGEST_PROFILE, Profile, display_header};
use crate::jpeg::{EOI, SOI, segment};

/// A file made to be slow.
#[derive(Debug, Clone)]
pub struct Hostile {
    /// What it has too much of. Unique.
    pub name: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
    /// The name of the expected refusal. None if decoders decode the file at no great cost, so that it is cleaned.
    pub refused_as: Option<&'static str>,
}

/// Huffman, progressive, and progressive with arithmetic coding.
const SOF0: u8 = 0xC0;
const SOF2: u8 = 0xC2;
const SOF10: u8 = 0xCA;
const MILLION: usize = 1_000_000;

/// Makes all of them. The same bytes every time, up to 17 MB each.
pub fn hostile() -> Vec<Hostile> {
    [too_many(), too_large(), bytes_between_segments(), exif_directories(), profiles()].concat()
}

fn file(name: &'static str, refused_as: Option<&'static str>, parts: &[&[u8]]) -> Hostile {
    Hostile { name, bytes: parts.concat(), refused_as }
}

/// Too many segments or scans.
fn too_many() -> Vec<Hostile> {
    let comments = segment(0xFE, b"").repeat(MILLION);
    let (tiny, scan) = (frame(SOF0, 8, 8), scan(0, 0));
    // Decoders wait for the scan of the second component.
    let half = segment(SOF0, &[8, 0, 8, 0, 8, 2, 1, 0x11, 0, 2, 0x11, 0]);
    let segments = Some("TooManySegments");
    vec![
        file("10^6 segments", segments, &[&SOI, &comments, &tiny, &scan, &EOI]),
        file("10^6 segments after the first scan", segments, &[&SOI, &half, &scan, &comments, &EOI]),
        file("10^5 scans", Some("TooManyScans"), &[&SOI, &frame(SOF2, 8, 8), &scan.repeat(100_000), &EOI]),
    ]
}

/// Far more pixels than there is data, and pixels that each of many scans changes.
fn too_large() -> Vec<Hostile> {
    let huge = |marker| [frame(marker, 65_500, 65_500), scan(0, 0)].concat();
    let missing = Some("TooMuchWork");
    let sideways = exif(&orientation_6());
    let large = frame(SOF10, 8_192, 8_191);
    vec![
        file("65,500 x 65,500 pixels", missing, &[&SOI, &huge(SOF0), &EOI]),
        file("65,500 x 65,500 pixels, arithmetic coding", missing, &[&SOI, &huge(SOF10), &EOI]),
        file(
            "100 scans of 67 megapixels",
            missing,
            &[&SOI, &sideways, &flat_table(), &large, &hundred_scans(), &EOI],
        ),
    ]
}

/// Bytes that are not in any segment, and restart markers with fill bytes.
fn bytes_between_segments() -> Vec<Hostile> {
    let picture = picture();
    let lengths = [0xFF, 0xE1, 0, 0].repeat(4 * MILLION);
    let (stray, fill) = (vec![0; 16 * MILLION], vec![0xFF; 16 * MILLION]);
    let restarts = [0xFF, 0xFF, 0xD0].repeat(5 * MILLION);
    vec![
        file("16 MB of lengths below 2", None, &[&SOI, &lengths, &picture, &EOI]),
        file("16 MB of stray bytes", None, &[&SOI, &stray, &picture, &EOI]),
        file("16 MB of fill bytes", None, &[&SOI, &fill, &picture, &EOI]),
        file("16 MB of restart markers", None, &[&SOI, &picture, &restarts, &EOI]),
    ]
}

/// Image file directories that point to each other.
fn exif_directories() -> Vec<Hostile> {
    let picture = picture();
    let with = |name, tiff: &[u8]| file(name, None, &[&SOI, &exif(tiff).repeat(250), &picture, &EOI]);
    vec![with("250 IFDs that loop", &looping()), with("250 times 5,400 IFDs in a chain", &deep())]
}

/// Profiles whose tags overlap or share what they refer to.
fn profiles() -> Vec<Hostile> {
    let picture = picture();
    let with =
        |name, profile: &[u8]| file(name, None, &[&SOI, &icc::segments(profile).concat(), &picture, &EOI]);
    vec![
        with("16 MB of profile that overlaps", &overlapping()),
        with("2,000,000 elements in a profile", &elements()),
        with("22,000,000 shared curve segments in a profile", &shared_segments(0, 15_600_000)),
        with(
            "22,000,000 shared curve segments in a long tag of a profile",
            &shared_segments(15_600_000, 1_000),
        ),
    ]
}

/// A frame of one component.
fn frame(marker: u8, width: u16, height: u16) -> Vec<u8> {
    let ([h1, h0], [w1, w0]) = (height.to_be_bytes(), width.to_be_bytes());
    segment(marker, &[8, h1, h0, w1, w0, 1, 1, 0x11, 0])
}

/// The smallest picture: one block, with one code of each of two Huffman tables.
fn picture() -> Vec<u8> {
    let table = |class| segment(0xC4, &[&[class, 1][..], &[0; 16]].concat());
    let scan = segment(0xDA, &[1, 1, 0, 0, 63, 0]);
    [flat_table(), frame(SOF0, 8, 8), table(0x00), table(0x10), scan, vec![0x3F]].concat()
}

/// A quantisation table of ones.
fn flat_table() -> Vec<u8> {
    segment(0xDB, &[&[0][..], &[1; 64]].concat())
}

/// A scan of one component and one coefficient, without data: with arithmetic coding that is a whole picture.
fn scan(coefficient: u8, bits: u8) -> Vec<u8> {
    segment(0xDA, &[1, 1, 0, coefficient, coefficient, bits])
}

/// Every coefficient in a scan of its own, 36 of them with the last bit in one more: no decoder warns of it.
fn hundred_scans() -> Vec<u8> {
    let coarse = (0..64).map(|coefficient| scan(coefficient, u8::from((1..=36).contains(&coefficient))));
    let fine = (1..=36).map(|coefficient| scan(coefficient, 0x10));
    coarse.chain(fine).flatten().collect()
}

fn exif(tiff: &[u8]) -> Vec<u8> {
    segment(0xE1, &[b"Exif\0\0", tiff].concat())
}

/// TIFF data with an orientation of 6.
fn orientation_6() -> Vec<u8> {
    b"MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec()
}

/// IFD0 of 5,400 entries that point back to it, and that is followed by itself.
fn looping() -> Vec<u8> {
    let entries = *b"\x87\x69\0\x04\0\0\0\x01\0\0\0\x08\x88\x25\0\x04\0\0\0\x01\0\0\0\x08";
    [&b"MM\0\x2A\0\0\0\x08"[..], &5_400_u16.to_be_bytes(), &entries.repeat(2_700), &[0, 0, 0, 8]].concat()
}

/// IFDs without entries, each followed by the next one.
fn deep() -> Vec<u8> {
    let ifds = (0..5_400_u32).flat_map(|i| [&[0, 0][..], &(8 + 6 * (i + 1)).to_be_bytes()].concat());
    b"MM\0\x2A\0\0\0\x08".iter().copied().chain(ifds).collect()
}

/// A profile as large as one can be, whose tags are curves that all run to its end.
fn overlapping() -> Vec<u8> {
    let tags = [b"rTRC", b"gTRC", b"bTRC", b"kTRC"];
    let length = LONGEST_PROFILE - (HEADER + 4 + 12 * tags.len()) - 48;
    let points = (length as u32 / 2).to_be_bytes();
    let curve = [b"curv\0\0\0\0", &points[..]].concat();
    let data = [curve.repeat(tags.len()), vec![0; length]].concat();
    let profile = Profile::new(display_header([4, 0])).data(&data);
    let add = |profile: Profile, (i, tag)| profile.tag_at(tag, 12 * i..data.len());
    tags.into_iter().enumerate().fold(profile, add).bytes()
}

/// A profile as large as one can be, with a tag of two million elements that are all the same one.
fn elements() -> Vec<u8> {
    let count = (LONGEST_PROFILE as u32 - 200) / 8;
    let head = [b"mpet\0\0\0\0\0\x03\0\x03", &count.to_be_bytes()[..]].concat();
    let element = b"bACS\0\0\0\0\0\x03\0\x03\0\0\0\0";
    let position = [16 + 8 * count, 16].map(u32::to_be_bytes).concat();
    one_tag(&[&head[..], &position.repeat(count as usize), element].concat())
}

/// A profile with a tag of 21 elements with 16 curves each. All share one curve of 65,535 empty segments. `gap` and
/// `after` are the numbers of unused bytes inside and at the end of the tag.
fn shared_segments(gap: usize, after: usize) -> Vec<u8> {
    let words = |numbers: &[usize]| -> Vec<u8> {
        numbers.iter().flat_map(|&number| (number as u32).to_be_bytes()).collect()
    };
    let (element, count) = (12 + 8 * 16, 65_535);
    let first = 16 + 21 * 8;
    let curf = first + 21 * element + gap;
    let offsets: Vec<_> = (0..21).map(|i| first + i * element).collect();
    let positions = offsets.iter().map(|&at| words(&[at, element]));
    let elements = offsets.iter().map(|&at| {
        [&b"cvst\0\0\0\0\0\x10\0\x10"[..], &words(&[curf - at, 12 + 16 * count]).repeat(16)].concat()
    });
    let head = [&b"mpet\0\0\0\0\0\x10\0\x10"[..], &words(&[21])].concat();
    let curve = [&b"curf\0\0\0\0\xFF\xFF\0\0"[..], &vec![0; 4 * (count - 1)]].concat();
    let segments = b"samf\0\0\0\0\0\0\0\0".repeat(count);
    let parts = [vec![head], positions.collect(), elements.collect(), vec![vec![0; gap], curve, segments]];
    one_tag(&[parts.concat().concat(), vec![0; after]].concat())
}

/// A profile with this tag alone.
fn one_tag(data: &[u8]) -> Vec<u8> {
    Profile::new(display_header([4, 0])).tag_at(b"D2B0", 0..data.len()).data(data).bytes()
}
