//! Random photos against a model of what has to remain. The model never reads bytes: it knows what each piece is,
//! because it was told when the photo was put together.

use crate::support::*;
use proptest::collection::vec;
use proptest::prelude::*;
use scrub::Bytes;

/// A piece of a photo, by what it is.
#[derive(Debug, Clone)]
enum Piece {
    /// A segment that has to go.
    Metadata(u8, Vec<u8>),
    /// Bytes that belong to no segment.
    Stray(Vec<u8>),
    /// A segment the picture is coded in.
    Coding(Vec<u8>),
    /// One that only arithmetic coding has a use for.
    Conditioning,
    /// Version and density, pixels of the thumbnail.
    Jfif([u8; 7], u8),
    /// Colour transform, what stands behind it.
    Adobe(u8, Vec<u8>),
    /// Sequence number and count of a chunk.
    Icc(u8, u8),
    /// EXIF with this orientation and some text.
    Exif(u8, String),
}

#[derive(Debug, Clone)]
struct Photo {
    in_front_of_frame: Vec<Piece>,
    frame: u8,
    behind_frame: Vec<Piece>,
    /// What stands in front of each scan but the first, and the data of each scan.
    scans: Vec<(Vec<Piece>, Vec<u8>)>,
    in_front_of_end: Vec<Piece>,
    trailer: Vec<u8>,
}

impl Piece {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Piece::Metadata(marker, payload) => segment(*marker, payload),
            Piece::Stray(bytes) | Piece::Coding(bytes) => bytes.clone(),
            Piece::Conditioning => segment(0xCC, &[0, 0x10]),
            Piece::Jfif(fixed, pixels) => segment(
                0xE0,
                &[b"JFIF\0", &fixed[..], &[*pixels, 1], &vec![0xAB; 3 * usize::from(*pixels)]].concat(),
            ),
            Piece::Adobe(transform, more) => {
                segment(0xEE, &[b"Adobe\0\x65\x80\0\0\x01", &[*transform][..], more].concat())
            }
            Piece::Icc(number, of) => icc(*number, *of, &[*number; 5]),
            Piece::Exif(orientation, text) => {
                let mut exif = exif(*orientation)[4..].to_vec();
                exif.extend(text.as_bytes());
                segment(0xE1, &exif)
            }
        }
    }

    /// The piece if a picture of this frame is coded in it.
    fn coding(&self, frame: u8) -> Option<Vec<u8>> {
        match self {
            Piece::Coding(_) => Some(self.bytes()),
            Piece::Conditioning if [0xC9, 0xCA].contains(&frame) => Some(self.bytes()),
            _ => None,
        }
    }
}

impl Photo {
    fn bytes(&self) -> Vec<u8> {
        let all = |pieces: &[Piece]| pieces.iter().flat_map(Piece::bytes).collect::<Vec<u8>>();
        let mut photo =
            [SOI.to_vec(), all(&self.in_front_of_frame), sof(self.frame), all(&self.behind_frame)].concat();
        for (pieces, data) in &self.scans {
            photo.extend([all(pieces), sos(), data.clone()].concat());
        }
        [photo, all(&self.in_front_of_end), EOI.to_vec(), self.trailer.clone()].concat()
    }

    /// What has to remain, and the orientation that has to be written anew.
    fn remains(&self) -> (Vec<u8>, Option<u8>) {
        let (first_scan, later) = self.scans.split_first().unwrap();
        let header: Vec<&Piece> =
            self.in_front_of_frame.iter().chain(&self.behind_frame).chain(&first_scan.0).collect();
        let jfif = header.iter().find_map(|piece| match piece {
            Piece::Jfif(fixed, _) => Some(segment(0xE0, &[b"JFIF\0", &fixed[..], &[0, 0]].concat())),
            _ => None,
        });
        let orientation = header
            .iter()
            .find_map(|piece| if let Piece::Exif(orientation, _) = piece { Some(*orientation) } else { None })
            .filter(|orientation| (2..=8).contains(orientation));
        let mut chunks: Vec<(u8, u8)> = header
            .iter()
            .filter_map(|piece| if let Piece::Icc(number, of) = piece { Some((*number, *of)) } else { None })
            .collect();
        chunks.sort();
        let n = chunks.len() as u8;
        if chunks != (1..=n).map(|number| (number, n)).collect::<Vec<_>>() {
            chunks.clear();
        }
        let adobe = header.iter().rev().find_map(|piece| match piece {
            Piece::Adobe(transform, _) => {
                Some(segment(0xEE, &[b"Adobe\0\x64\0\0\0\0", &[*transform][..]].concat()))
            }
            _ => None,
        });
        let segments = |pieces: &[Piece]| -> Vec<_> {
            pieces.iter().filter_map(|piece| piece.coding(self.frame)).collect()
        };
        let coding = |pieces: &[Piece]| segments(pieces).concat();
        let mut photo = SOI.to_vec();
        photo.extend(jfif.into_iter().chain(orientation.map(orientation_tag)).flatten());
        photo.extend(chunks.iter().flat_map(|(number, of)| Piece::Icc(*number, *of).bytes()));
        photo.extend(adobe.unwrap_or_default());
        photo.extend(coding(&self.in_front_of_frame));
        photo.extend(sof(self.frame));
        photo.extend(coding(&self.behind_frame));
        photo.extend([coding(&first_scan.0), sos(), first_scan.1.clone()].concat());
        for (pieces, data) in later {
            photo.extend([coding(pieces), sos(), data.clone()].concat());
        }
        // Nothing is coded with tables that come after the last scan. A number of lines may.
        photo.extend(segments(&self.in_front_of_end).into_iter().filter(|s| s[1] == 0xDC).flatten());
        photo.extend(EOI);
        (photo, orientation)
    }
}

fn metadata() -> impl Strategy<Value = Piece> {
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
        .prop_map(|(marker, signature, tail)| Piece::Metadata(marker, [signature, &tail].concat()))
}

fn coding() -> impl Strategy<Value = Piece> {
    prop_oneof![
        Just(Piece::Coding(dqt())),
        (0..4_u8).prop_map(|number| Piece::Coding(dht(number))),
        any::<u16>().prop_map(|interval| Piece::Coding(segment(0xDD, &interval.to_be_bytes()))),
        Just(Piece::Conditioning),
        Just(Piece::Coding(segment(0xDC, &[0, 8]))),
    ]
}

fn stray() -> impl Strategy<Value = Piece> {
    let bytes = prop_oneof![
        vec(0..0xC0_u8, 1..6),
        vec(Just(0xFF_u8), 1..4),
        Just(vec![0xFF, 0xD3]),
        Just(vec![0xFF, 0])
    ];
    bytes.prop_map(Piece::Stray)
}

fn special() -> impl Strategy<Value = Piece> {
    prop_oneof![
        1 => (any::<[u8; 7]>(), 0..4_u8).prop_map(|(fixed, pixels)| Piece::Jfif(fixed, pixels)),
        1 => (any::<u8>(), vec(any::<u8>(), 0..5)).prop_map(|(transform, more)| Piece::Adobe(transform, more)),
        1 => (0..12_u8, "[a-z]{0,40}").prop_map(|(orientation, text)| Piece::Exif(orientation, text)),
        3 => (1..3_u8, 1..3_u8).prop_map(|(number, of)| Piece::Icc(number, of)),
    ]
}

/// Pieces between two segments. The first is no stray: directly behind a scan it would be part of its data.
fn between() -> impl Strategy<Value = Vec<Piece>> {
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

fn photo() -> impl Strategy<Value = Photo> {
    let header = || vec(prop_oneof![metadata(), coding(), stray(), special()], 0..6);
    let frame = prop_oneof![Just(0xC0), Just(0xC1), Just(0xC2), Just(0xC3), Just(0xC9), Just(0xCA)];
    let scans = vec((between(), entropy()), 1..4);
    (header(), frame, header(), scans, between(), vec(any::<u8>(), 0..30)).prop_map(
        |(in_front_of_frame, frame, behind_frame, scans, in_front_of_end, trailer)| Photo {
            in_front_of_frame,
            frame,
            behind_frame,
            scans,
            in_front_of_end,
            trailer,
        },
    )
}

#[test]
fn what_remains_of_any_photo_is_what_the_model_says() {
    let (mut changed, mut tagged) = (0, 0);
    let run = |photo: Photo| {
        let bytes = photo.bytes();
        let (expected, orientation) = photo.remains();
        let clean = scrub(&bytes).map_err(|refusal| TestCaseError::fail(refusal.to_string()))?;
        prop_assert!(clean.photo == expected, "     got {}\nexpected {}", hex(&clean.photo), hex(&expected));
        changed += usize::from(bytes != expected);
        tagged += usize::from(orientation.is_some());

        let removed: u64 = clean.report.removed.iter().map(|removed| removed.bytes).sum();
        prop_assert_eq!(bytes.len() as u64 + clean.report.added, expected.len() as u64 + removed);

        let second_handle = Bytes::from(bytes);
        let copied = scrub::scrub(second_handle.clone(), &as_stored()).unwrap();
        prop_assert_eq!(&copied.photo, &clean.photo);
        prop_assert_eq!(&copied.report, &clean.report);

        let twice = scrub(&clean.photo).unwrap();
        prop_assert_eq!(&twice.photo, &clean.photo);
        prop_assert_eq!(&twice.report.removed, &vec![]);
        prop_assert_eq!(twice.report.added, 0);
        Ok(())
    };
    let run = std::cell::RefCell::new(run);
    random(2_000).run(&photo(), |photo| run.borrow_mut()(photo)).unwrap();
    println!("{changed} photos had something to remove, {tagged} lay on their side");
    assert!(changed > 1000 && tagged > 100);
}
