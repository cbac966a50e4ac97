//! A model of a photo: what its parts are and what must remain of them. The model never reads bytes: it knows what each
//! part is, because the photo is put together from them.

use super::picture_model::{Picture, colours, grey};
use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// A part of a photo, by what it is.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// A segment that must be removed.
    Metadata(u8, Vec<u8>),
    /// Bytes that are not in any segment.
    Stray(Vec<u8>),
    /// What the picture is coded in: as it is stored, and as it has to be.
    Coding { stored: Vec<u8>, clean: Vec<u8> },
    /// Version, unit and density, pixels of the thumbnail.
    Jfif([u8; 3], Density, u8),
    /// Colour transform, and what comes after it.
    Adobe(u8, Vec<u8>),
    /// Sequence number and count of a chunk.
    Icc(u8, u8),
    /// EXIF with this orientation and some text.
    Exif(u8, String),
}

/// The shape of a pixel in lowest terms, and what both numbers are multiplied by. 0 if it is not known.
type Density = ([u16; 2], u16);

#[derive(Debug, Clone)]
pub(crate) struct Photo {
    components: usize,
    /// Up to the first scan header.
    header: Vec<Part>,
    /// From there to EOI.
    scans: Vec<Part>,
    trailer: Vec<u8>,
}

impl Part {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Part::Metadata(marker, payload) => segment(*marker, payload),
            Part::Stray(bytes) | Part::Coding { stored: bytes, .. } => bytes.clone(),
            Part::Jfif(start, ([x, y], times), pixels) => {
                let density = [x * times, y * times].map(u16::to_be_bytes).concat();
                let thumbnail = vec![0xAB; 3 * usize::from(*pixels)];
                segment(0xE0, &[b"JFIF\0", &start[..], &density, &[*pixels, 1], &thumbnail].concat())
            }
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
}

impl Photo {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let parts = self.header.iter().chain(&self.scans);
        let parts: Vec<u8> = parts.flat_map(Part::bytes).collect();
        [SOI, &parts, &self.trailer].concat()
    }

    /// What must remain, and the orientation that must be written again.
    pub(crate) fn remains(&self) -> (Vec<u8>, Option<u8>) {
        let jfif = self.header.iter().find_map(|part| match part {
            Part::Jfif(_, (shape, times), _) => {
                let shape = if *times == 0 { [1, 1] } else { *shape };
                let [x, y] = shape.map(u16::to_be_bytes);
                Some(segment(0xE0, &[&b"JFIF\0\x01\x02\0"[..], &x, &y, &[0, 0]].concat()))
            }
            _ => None,
        });
        let orientation = self
            .header
            .iter()
            .find_map(|part| if let Part::Exif(orientation, _) = part { Some(*orientation) } else { None })
            .filter(|orientation| (2..=8).contains(orientation));
        // A grey picture has no colours to transform.
        let adobe = self.header.iter().rev().find_map(|part| match part {
            Part::Adobe(transform, _) if self.components == 3 => Some((*transform).min(1)),
            _ => None,
        });
        let adobe =
            adobe.map(|transform| segment(0xEE, &[b"Adobe\0\x64\0\0\0\0", &[transform][..]].concat()));
        let coding = self.header.iter().chain(&self.scans).filter_map(|part| match part {
            Part::Coding { clean, .. } => Some(&clean[..]),
            _ => None,
        });
        let mut photo = SOI.to_vec();
        photo.extend(jfif.into_iter().chain(orientation.map(orientation_tag)).flatten());
        photo.extend(self.profile());
        photo.extend(adobe.unwrap_or_default());
        photo.extend(coding.collect::<Vec<_>>().concat());
        (photo, orientation)
    }

    /// The chunks that are left of the profile.
    fn profile(&self) -> Vec<u8> {
        let mut profile: Vec<(u8, u8)> = Vec::new();
        for part in &self.header {
            let Part::Icc(number, of) = *part else { continue };
            // Whole: what comes then is surplus.
            if profile.first().is_some_and(|(_, of)| profile.len() == usize::from(*of)) {
                break;
            }
            profile.push((number, of));
        }
        profile.sort();
        let n = profile.len() as u8;
        if profile != (1..=n).map(|number| (number, n)).collect::<Vec<_>>() {
            profile.clear();
        }
        profile.iter().flat_map(|(number, of)| Part::Icc(*number, *of).bytes()).collect()
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
    let shape = select(vec![[1, 1], [1, 2], [3, 2], [5, 251]]);
    prop_oneof![
        2 => (any::<[u8; 3]>(), (shape, 0..9_u16), 0..4_u8)
            .prop_map(|(start, density, pixels)| Part::Jfif(start, density, pixels)),
        2 => (any::<u8>(), vec(any::<u8>(), 0..5)).prop_map(|(transform, more)| Part::Adobe(transform, more)),
        3 => (0..12_u8, "[a-z]{0,40}").prop_map(|(orientation, text)| Part::Exif(orientation, text)),
        3 => (1..3_u8, 1..3_u8).prop_map(|(number, of)| Part::Icc(number, of)),
    ]
}

/// Parts between two of those that the picture is coded in.
fn between() -> impl Strategy<Value = Vec<Part>> {
    let parts = vec(prop_oneof![2 => metadata(), 2 => unused(), 1 => stray(), 5 => special()], 1..4);
    prop_oneof![2 => Just(Vec::new()), 1 => parts]
}

/// Segments of the picture's kinds that nothing uses.
fn unused() -> impl Strategy<Value = Part> {
    let table = prop_oneof![
        (1..4_u8, vec(any::<u8>(), 64)).prop_map(|(number, table)| (0xDB, [vec![number], table].concat())),
        (2..4_u8, 0..2_u8, any::<u8>()).prop_map(|(number, class, value)| {
            (0xC4, [&[class << 4 | number, 1][..], &[0; 15], &[value]].concat())
        }),
        Just((0xC4, Vec::new())),
        Just((0xCC, vec![0, 0x10])),
        any::<[u8; 2]>().prop_map(|height| (0xDC, height.to_vec())),
    ];
    table.prop_map(|(marker, payload)| Part::Metadata(marker, payload))
}

pub(crate) fn photo() -> impl Strategy<Value = Photo> {
    let whole = prop_oneof![colours(), grey()].prop_flat_map(|Picture { components, first_scan, parts }| {
        let gaps = vec(between(), parts.len());
        (Just((components, first_scan, parts)), gaps, vec(any::<u8>(), 0..30))
    });
    whole.prop_map(|((components, first_scan, parts), gaps, trailer)| {
        let is_data = |part: &Part| matches!(part, Part::Coding { stored, .. } if stored[0] != 0xFF);
        let mut photo = Photo { components, header: Vec::new(), scans: Vec::new(), trailer };
        for (i, (part, gap)) in parts.into_iter().zip(gaps).enumerate() {
            let gap = if is_data(&part) { Vec::new() } else { gap };
            // What comes before the first scan header is in the header.
            if i <= first_scan { &mut photo.header } else { &mut photo.scans }.extend(gap);
            if i < first_scan { &mut photo.header } else { &mut photo.scans }.push(part);
        }
        photo
    })
}
