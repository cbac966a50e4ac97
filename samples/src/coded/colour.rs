//! What the components of a picture are, and how a file says so.

use crate::jpeg::segment;

/// The components of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colour {
    /// What they are called.
    pub name: String,
    /// Their identifiers in the frame header.
    pub(super) ids: Vec<u8>,
    /// Horizontal and vertical sampling factor of each.
    pub sampling: Vec<(u8, u8)>,
    /// The segment that says what they are.
    pub(super) header: Header,
    /// Whether they are luma and chroma, as opposed to the colours of a pixel.
    pub is_ycbcr: bool,
}

/// A segment that says what the components are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Header {
    None,
    Jfif,
    /// Adobe, with this transform.
    Adobe(u8),
}

impl Header {
    pub(super) fn segment(self) -> Vec<u8> {
        match self {
            Header::None => Vec::new(),
            Header::Jfif => segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0"),
            Header::Adobe(transform) => segment(0xEE, &[b"Adobe\0\x64\0\0\0\0", &[transform][..]].concat()),
        }
    }
}

impl Colour {
    /// Components without a name, numbered from 1.
    pub(super) fn plain(sampling: &[(u8, u8)]) -> Colour {
        let factors: Vec<String> = sampling.iter().map(|(h, v)| format!("{h}x{v}")).collect();
        let ids = (1..=sampling.len() as u8).collect();
        let is_ycbcr = sampling.len() == 3; // what decoders assume
        Colour { name: factors.join(" "), ids, sampling: sampling.to_vec(), header: Header::None, is_ycbcr }
    }

    fn named(name: &str, sampling: &[(u8, u8)], header: Header) -> Colour {
        let plain = Colour::plain(sampling);
        Colour { name: name.to_string(), header, is_ycbcr: name.starts_with("YCbCr"), ..plain }
    }

    /// Every kind that photos have.
    pub(super) fn all() -> Vec<Colour> {
        let ycbcr = |name, luma, header| Colour::named(name, &[luma, (1, 1), (1, 1)], header);
        let rgb = Colour::named("RGB by its component ids", &[(1, 1); 3], Header::None);
        vec![
            Colour::named("gray", &[(1, 1)], Header::Jfif),
            Colour { ids: b"RGB".to_vec(), ..rgb },
            Colour::named("RGB by Adobe", &[(1, 1); 3], Header::Adobe(0)),
            ycbcr("YCbCr 4:4:4", (1, 1), Header::Jfif),
            ycbcr("YCbCr 4:4:4 by Adobe", (1, 1), Header::Adobe(1)),
            ycbcr("YCbCr 4:2:2", (2, 1), Header::Jfif),
            ycbcr("YCbCr 4:2:0", (2, 2), Header::Jfif),
            ycbcr("YCbCr 4:1:1", (4, 1), Header::Jfif),
            Colour::named("CMYK", &[(1, 1); 4], Header::Adobe(0)),
        ]
    }

    /// Whether all components have the same size.
    pub(super) fn is_unsampled(&self) -> bool {
        self.sampling.iter().all(|&factors| factors == (1, 1))
    }
}
