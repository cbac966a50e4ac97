//! Files made to be slow: each aims at one way in which a reader's time or memory could outgrow the file.

use crate::jpeg::segment;

/// A file made to be slow.
#[derive(Debug, Clone)]
pub struct Hostile {
    /// What it has too much of, unique.
    pub name: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
    /// The name of the refusal it should meet; none for a file that decoders draw at no great cost, so that it is
    /// cleaned.
    pub refused_as: Option<&'static str>,
}

const SOI: [u8; 2] = [0xFF, 0xD8];
const EOI: [u8; 2] = [0xFF, 0xD9];
/// Huffman, progressive, and progressive with arithmetic coding.
const SOF0: u8 = 0xC0;
const SOF2: u8 = 0xC2;
const SOF10: u8 = 0xCA;

/// Makes all of them. The same bytes every time, up to 17 MB each.
pub fn hostile() -> Vec<Hostile> {
    let file = |name, refused_as, parts: &[&[u8]]| Hostile { name, bytes: parts.concat(), refused_as };
    let comment = segment(0xFE, b"");
    let tiny = frame(SOF0, 8, 8);
    let (scan, half) = (scan(0, 0), 500_000);
    vec![
        file(
            "10^6 segments",
            Some("TooManySegments"),
            &[&SOI, &comment.repeat(2 * half), &tiny, &scan, &EOI],
        ),
        file(
            "10^6 segments behind the first scan",
            Some("TooManySegments"),
            &[&SOI, &tiny, &scan, &comment.repeat(2 * half), &EOI],
        ),
        file("10^5 scans", Some("TooManyScans"), &[&SOI, &frame(SOF2, 8, 8), &scan.repeat(100_000), &EOI]),
        file(
            "65,500 x 65,500 pixels",
            Some("TooLittleData"),
            &[&SOI, &frame(SOF0, 65_500, 65_500), &scan, &EOI],
        ),
        file(
            "65,500 x 65,500 pixels, arithmetic coding",
            Some("TooLittleData"),
            &[&SOI, &frame(SOF10, 65_500, 65_500), &scan, &EOI],
        ),
        file(
            "100 scans of 67 megapixels",
            None,
            &[&SOI, &exif(&turn()), &flat_table(), &frame(SOF10, 8_192, 8_191), &hundred_scans(), &EOI],
        ),
        file(
            "16 MB of lengths below 2",
            None,
            &[&SOI, &[0xFF, 0xE1, 0, 0].repeat(8 * half), &tiny, &scan, &EOI],
        ),
        file("16 MB of stray bytes", None, &[&SOI, &[0; 16].repeat(2 * half), &tiny, &scan, &EOI]),
        file("16 MB of fill bytes", None, &[&SOI, &[0xFF; 16].repeat(2 * half), &tiny, &scan, &EOI]),
        file(
            "16 MB of restart markers",
            None,
            &[&SOI, &tiny, &scan, &[0xFF, 0xFF, 0xD0].repeat(10 * half), &EOI],
        ),
        file("250 IFDs that loop", None, &[&SOI, &exif(&looping()).repeat(250), &tiny, &scan, &EOI]),
        file(
            "250 times 5,400 IFDs in a chain",
            None,
            &[&SOI, &exif(&deep()).repeat(250), &tiny, &scan, &EOI],
        ),
        file("16 MB of profile that overlaps", None, &[&SOI, &chunks(&overlapping()), &tiny, &scan, &EOI]),
        file("2,000,000 elements in a profile", None, &[&SOI, &chunks(&elements()), &tiny, &scan, &EOI]),
        file(
            "22,000,000 shared curve segments in a profile",
            None,
            &[&SOI, &chunks(&shared_segments(0, 15_600_000)), &tiny, &scan, &EOI],
        ),
        file(
            "22,000,000 shared curve segments in a long tag of a profile",
            None,
            &[&SOI, &chunks(&shared_segments(15_600_000, 1_000)), &tiny, &scan, &EOI],
        ),
    ]
}

/// A frame of one component.
fn frame(marker: u8, width: u16, height: u16) -> Vec<u8> {
    let ([h1, h0], [w1, w0]) = (height.to_be_bytes(), width.to_be_bytes());
    segment(marker, &[8, h1, h0, w1, w0, 1, 1, 0x11, 0])
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

/// An orientation of 6.
fn turn() -> Vec<u8> {
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
    let start = 132 + 12 * 4;
    let length = LONGEST_PROFILE - start - 48;
    let points = (length as u32 / 2).to_be_bytes();
    let curve = [b"curv\0\0\0\0", &points[..]].concat();
    let tags = [b"rTRC", b"gTRC", b"bTRC", b"kTRC"];
    let places: Vec<_> = tags.into_iter().enumerate().map(|(i, tag)| (tag, start + 12 * i)).collect();
    profile(&places, &[curve.repeat(4), vec![0; length]].concat())
}

/// A profile as large as one can be, with a tag of two million elements that are all the same one.
fn elements() -> Vec<u8> {
    let count = (LONGEST_PROFILE as u32 - 200) / 8;
    let head = [b"mpet\0\0\0\0\0\x03\0\x03", &count.to_be_bytes()[..]].concat();
    let element = b"bACS\0\0\0\0\0\x03\0\x03\0\0\0\0";
    let position = [16 + 8 * count, 16].map(u32::to_be_bytes).concat();
    profile(&[(b"D2B0", 144)], &[&head[..], &position.repeat(count as usize), element].concat())
}

/// A profile with a tag of 21 elements of 16 curves, which are all the same one of 65,535 segments without a number.
/// `gap` bytes of the tag are of no use, nor are those `behind` it.
fn shared_segments(gap: usize, behind: usize) -> Vec<u8> {
    let words = |numbers: &[usize]| -> Vec<u8> {
        numbers.iter().flat_map(|&number| (number as u32).to_be_bytes()).collect()
    };
    let (element, count) = (12 + 8 * 16, 65_535);
    let first = 16 + 21 * 8;
    let curf = first + 21 * element + gap;
    let places: Vec<_> = (0..21).map(|i| first + i * element).collect();
    let positions = places.iter().map(|&at| words(&[at, element]));
    let elements = places.iter().map(|&at| {
        [&b"cvst\0\0\0\0\0\x10\0\x10"[..], &words(&[curf - at, 12 + 16 * count]).repeat(16)].concat()
    });
    let head = [&b"mpet\0\0\0\0\0\x10\0\x10"[..], &words(&[21])].concat();
    let curve = [&b"curf\0\0\0\0\xFF\xFF\0\0"[..], &vec![0; 4 * (count - 1)]].concat();
    let segments = b"samf\0\0\0\0\0\0\0\0".repeat(count);
    let parts = [vec![head], positions.collect(), elements.collect(), vec![vec![0; gap], curve, segments]];
    profile(&[(b"D2B0", 144)], &[parts.concat().concat(), vec![0; behind]].concat())
}

/// What fits into 255 chunks.
const LONGEST_PROFILE: usize = 255 * (65_533 - 14);

/// A profile of a display with tags that reach from an offset to the end.
fn profile(tags: &[(&[u8; 4], usize)], data: &[u8]) -> Vec<u8> {
    let size = 132 + 12 * tags.len() + data.len();
    let word = |number: usize| (number as u32).to_be_bytes();
    let mut profile = [&word(size)[..], b"\0\0\0\0\x04\0\0\0mntrRGB XYZ "].concat();
    profile.resize(36, 0);
    profile.extend(b"acsp");
    profile.resize(128, 0);
    profile.extend(word(tags.len()));
    for (tag, offset) in tags {
        profile.extend([&tag[..], &word(*offset), &word(size - offset)].concat());
    }
    profile.extend(data);
    profile
}

fn chunks(profile: &[u8]) -> Vec<u8> {
    crate::icc::segments(profile).concat()
}
