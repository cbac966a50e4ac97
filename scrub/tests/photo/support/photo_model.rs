//! A model of a photo: what its parts are and what must remain of them. The model never reads bytes: it knows what each
//! part is, because the photo is put together from them.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

/// A part of a photo, by what it is.
#[derive(Debug, Clone)]
enum Part {
    /// A segment that must be removed.
    Metadata(u8, Vec<u8>),
    /// Bytes that are not in any segment.
    Stray(Vec<u8>),
    /// A segment that the picture is coded in.
    Coding(Vec<u8>),
    /// Conditioning, which only arithmetic coding uses.
    Conditioning,
    /// Version and density, pixels of the thumbnail.
    Jfif([u8; 7], u8),
    /// Colour transform, and what comes after it.
    Adobe(u8, Vec<u8>),
    /// Sequence number and count of a chunk.
    Icc(u8, u8),
    /// EXIF with this orientation and some text.
    Exif(u8, String),
}

#[derive(Debug, Clone)]
pub(crate) struct Photo {
    before_frame: Vec<Part>,
    frame: u8,
    after_frame: Vec<Part>,
    /// What comes before each scan, and its data.
    scans: Vec<(Vec<Part>, Vec<u8>)>,
    before_end: Vec<Part>,
    trailer: Vec<u8>,
}

impl Part {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Part::Metadata(marker, payload) => segment(*marker, payload),
            Part::Stray(bytes) | Part::Coding(bytes) => bytes.clone(),
            Part::Conditioning => segment(0xCC, &[0, 0x10]),
            Part::Jfif(fixed, pixels) => segment(
                0xE0,
                &[b"JFIF\0", &fixed[..], &[*pixels, 1], &vec![0xAB; 3 * usize::from(*pixels)]].concat(),
            ),
            Part::Adobe(transform, more) => {
                segment(0xEE, &[b"Adobe\0\x65\x80\0\0\x01", &[*transform][..], more].concat())
            }
            Part::Icc(number, of) => icc_chunk(*number, *of, &[*number; 5]),
            Part::Exif(orientation, text) => {
                let mut exif = exif(*orientation)[4..].to_vec();
                exif.extend(text.as_bytes());
                segment(0xE1, &exif)
            }
        }
    }

    /// The part if a picture of this frame is coded in it.
    fn coding(&self, frame: u8) -> Option<Vec<u8>> {
        match self {
            Part::Coding(_) => Some(self.bytes()),
            Part::Conditioning if [0xC9, 0xCA].contains(&frame) => Some(self.bytes()),
            _ => None,
        }
    }
}

impl Photo {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let all = |parts: &[Part]| parts.iter().flat_map(Part::bytes).collect::<Vec<u8>>();
        let mut photo =
            [SOI.to_vec(), all(&self.before_frame), sof(self.frame), all(&self.after_frame)].concat();
        for (parts, data) in &self.scans {
            photo.extend([all(parts), sos(), data.clone()].concat());
        }
        [photo, all(&self.before_end), EOI.to_vec(), self.trailer.clone()].concat()
    }

    /// What must remain, and the orientation that must be written again.
    pub(crate) fn remains(&self) -> (Vec<u8>, Option<u8>) {
        let (first_scan, later) = self.scans.split_first().unwrap();
        let header: Vec<&Part> =
            self.before_frame.iter().chain(&self.after_frame).chain(&first_scan.0).collect();
        let jfif = header.iter().find_map(|part| match part {
            Part::Jfif(fixed, _) => Some(segment(0xE0, &[b"JFIF\0", &fixed[..], &[0, 0]].concat())),
            _ => None,
        });
        let orientation = header
            .iter()
            .find_map(|part| if let Part::Exif(orientation, _) = part { Some(*orientation) } else { None })
            .filter(|orientation| (2..=8).contains(orientation));
        let mut chunks: Vec<(u8, u8)> = header
            .iter()
            .filter_map(|part| if let Part::Icc(number, of) = part { Some((*number, *of)) } else { None })
            .collect();
        chunks.sort();
        let n = chunks.len() as u8;
        if chunks != (1..=n).map(|number| (number, n)).collect::<Vec<_>>() {
            chunks.clear();
        }
        let adobe = header.iter().rev().find_map(|part| match part {
            Part::Adobe(transform, _) => {
                Some(segment(0xEE, &[b"Adobe\0\x64\0\0\0\0", &[*transform][..]].concat()))
            }
            _ => None,
        });
        let segments =
            |parts: &[Part]| -> Vec<_> { parts.iter().filter_map(|part| part.coding(self.frame)).collect() };
        let coding = |parts: &[Part]| segments(parts).concat();
        let mut photo = SOI.to_vec();
        photo.extend(jfif.into_iter().chain(orientation.map(orientation_tag)).flatten());
        photo.extend(chunks.iter().flat_map(|(number, of)| Part::Icc(*number, *of).bytes()));
        photo.extend(adobe.unwrap_or_default());
        photo.extend(coding(&self.before_frame));
        photo.extend(sof(self.frame));
        photo.extend(coding(&self.after_frame));
        photo.extend([coding(&first_scan.0), sos(), first_scan.1.clone()].concat());
        for (parts, data) in later {
            photo.extend([coding(parts), sos(), data.clone()].concat());
        }
        // Nothing is coded with tables after the last scan. A number of lines may come there.
        photo.extend(segments(&self.before_end).into_iter().filter(|s| s[1] == 0xDC).flatten());
        photo.extend(EOI);
        (photo, orientation)
    }
}

fn metadata() -> impl Strategy<Value = Part> {
    let signatures = prop_oneof![
        Just(&b"http://ns.adobe.com/xap/1.0/\0"[..]),
        Just(&b"JFXX\0\x10"[..]),
        Just(&b"JFIF\0"[..]),
        Just(&b"Adobe"[..]),
        Just(&b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x02"[..]),
        Just(&b"MPF\0MM\0\x2A\0\0\0\x08"[..]),
        Just(&b"JP\0\x01\0\0\0\x01\0\0\0\x09jumb"[..]),
        Just(&b""[..]),
    ];
    let marker = prop_oneof![4 => 0xE0..=0xEF_u8, 1 => Just(0xFE), 1 => Just(0xF0), 1 => Just(0xFD)];
    // Short enough that none of them is a JFIF or an Adobe segment.
    (marker, signatures, vec(any::<u8>(), 0..6))
        .prop_map(|(marker, signature, tail)| Part::Metadata(marker, [signature, &tail].concat()))
}

fn coding() -> impl Strategy<Value = Part> {
    prop_oneof![
        Just(Part::Coding(dqt())),
        (0..4_u8).prop_map(|number| Part::Coding(dht(number))),
        any::<u16>().prop_map(|interval| Part::Coding(segment(0xDD, &interval.to_be_bytes()))),
        Just(Part::Conditioning),
        Just(Part::Coding(segment(0xDC, &[0, 8]))),
    ]
}

fn stray() -> impl Strategy<Value = Part> {
    let bytes = prop_oneof![
        vec(0..0xC0_u8, 1..6),
        vec(Just(0xFF_u8), 1..4),
        Just(vec![0xFF, 0xD3]),
        Just(vec![0xFF, 0])
    ];
    bytes.prop_map(Part::Stray)
}

fn special() -> impl Strategy<Value = Part> {
    prop_oneof![
        1 => (any::<[u8; 7]>(), 0..4_u8).prop_map(|(fixed, pixels)| Part::Jfif(fixed, pixels)),
        1 => (any::<u8>(), vec(any::<u8>(), 0..5)).prop_map(|(transform, more)| Part::Adobe(transform, more)),
        1 => (0..12_u8, "[a-z]{0,40}").prop_map(|(orientation, text)| Part::Exif(orientation, text)),
        3 => (1..3_u8, 1..3_u8).prop_map(|(number, of)| Part::Icc(number, of)),
    ]
}

/// Parts between two segments. The first is not stray: right after a scan it would be part of its data.
fn between() -> impl Strategy<Value = Vec<Part>> {
    let first = prop_oneof![metadata(), coding(), special()];
    let rest = vec(prop_oneof![metadata(), coding(), stray(), special()], 0..4);
    prop_oneof![
        2 => Just(Vec::new()),
        3 => (first, rest).prop_map(|(first, rest)| [vec![first], rest].concat()),
    ]
}

fn entropy() -> impl Strategy<Value = Vec<u8>> {
    let bit = prop_oneof![
        8 => vec(0..0xFF_u8, 1..40),
        1 => Just(vec![0xFF, 0]),
        1 => (0xD0..=0xD7_u8).prop_map(|marker| vec![0xFF, marker]),
        1 => Just(vec![0xFF, 0xFF, 0xD1]),
        1 => (1..0xC0_u8).prop_map(|marker| vec![0xFF, marker]),
    ];
    vec(bit, 0..30).prop_map(|bits| bits.concat())
}

pub(crate) fn photo() -> impl Strategy<Value = Photo> {
    let header = || vec(prop_oneof![metadata(), coding(), stray(), special()], 0..6);
    let frame = prop_oneof![Just(0xC0), Just(0xC1), Just(0xC2), Just(0xC3), Just(0xC9), Just(0xCA)];
    let scans = vec((between(), entropy()), 1..4);
    (header(), frame, header(), scans, between(), vec(any::<u8>(), 0..30)).prop_map(
        |(before_frame, frame, after_frame, scans, before_end, trailer)| Photo {
            before_frame,
            frame,
            after_frame,
            scans,
            before_end,
            trailer,
        },
    )
}
