//! Reads a finished photo once more before anything is published. It shares no code with the rest of the crate but
//! the settings and the list of standard colour profiles, not even constants, so that one mistake is not made twice, and it knows only what a finished photo may look like:
//! anything else is a violation.

use crate::{IccMode, Options, OrientationMode, verify_icc};

/// Why a finished photo is not what it has to be. Offsets count bytes from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Violation {
    /// It does not start with SOI.
    #[error("no SOI marker at offset 0")]
    NoSoi,
    /// Something else stands where a marker has to.
    #[error("no marker at offset {offset}")]
    NoMarker {
        /// Where.
        offset: usize,
    },
    /// A segment that is not allowed, or not there.
    #[error("segment 0xFF{marker:02X} is not allowed at offset {offset}")]
    Forbidden {
        /// Second byte of its marker.
        marker: u8,
        /// Where.
        offset: usize,
    },
    /// A segment that is not of the exact shape it has to have.
    #[error("segment 0xFF{marker:02X} at offset {offset} is not of the shape it has to have")]
    Shape {
        /// Second byte of its marker.
        marker: u8,
        /// Where.
        offset: usize,
    },
    /// A colour profile that holds more than colours.
    #[error("the colour profile in front of offset {offset} holds more than colours")]
    Profile {
        /// Where it ends.
        offset: usize,
    },
    /// The file ends too early.
    #[error("the file ends at offset {offset}, before the picture does")]
    CutOff {
        /// Its length.
        offset: usize,
    },
    /// Bytes behind EOI.
    #[error("bytes behind EOI, at offset {offset}")]
    Trailer {
        /// Where.
        offset: usize,
    },
}

/// Checks that a JPEG holds nothing but its picture, in exactly the shape [`scrub`](crate::scrub()) writes.
///
/// # Errors
/// The first [`Violation`] found.
pub fn verify(photo: &[u8], options: &Options) -> Result<(), Violation> {
    if photo.get(..2) != Some(&[0xFF, 0xD8]) {
        return Err(Violation::NoSoi);
    }
    let mut reader = Reader { photo, at: 2 };
    let mut stage = Stage::Start;
    let mut icc = Icc { seen: 0, of: 0, profile: None };
    // The first conditioning of arithmetic coding, and the first table since the last scan: there has to be a use for both.
    let (mut conditioning, mut unused, mut is_arithmetic) = (None, None, false);
    loop {
        let offset = reader.at;
        let marker = reader.marker()?;
        if marker == 0xE1 && options.orientation == OrientationMode::Drop {
            return Err(Violation::Forbidden { marker, offset });
        }
        let next = stage.after(marker).ok_or(Violation::Forbidden { marker, offset })?;
        let payload = if next == Stage::End { &[] } else { reader.payload(marker)? };
        if marker != 0xE2 && icc.seen != icc.of {
            return Err(Violation::Shape { marker: 0xE2, offset });
        }
        if marker != 0xE2
            && let Some(profile) = icc.profile.take()
            && options.icc == IccMode::Minimal
            && !verify_icc::is_minimal(&profile)
        {
            return Err(Violation::Profile { offset });
        }
        if !has_shape(marker, payload, &mut icc) {
            return Err(Violation::Shape { marker, offset });
        }
        stage = next;
        match marker {
            0xC9 | 0xCA => is_arithmetic = true,
            0xC4 | 0xDB | 0xDD => unused = unused.or(Some((marker, offset))),
            0xCC => {
                conditioning = conditioning.or(Some((marker, offset)));
                unused = unused.or(conditioning);
            }
            _ => {}
        }
        let useless = match marker {
            0xDA if !is_arithmetic => conditioning,
            0xD9 => unused,
            _ => None,
        };
        if let Some((marker, offset)) = useless {
            return Err(Violation::Forbidden { marker, offset });
        }
        match marker {
            0xDA => {
                unused = None;
                reader.skip_entropy()?;
            }
            0xD9 if reader.at == photo.len() => return Ok(()),
            0xD9 => return Err(Violation::Trailer { offset: reader.at }),
            _ => {}
        }
    }
}

/// How far the file has been read. Segments come in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Start,
    Jfif,
    Exif,
    Icc,
    Adobe,
    Tables,
    Frame,
    Scans,
    End,
}

impl Stage {
    /// The stage a segment leads to, if it may stand here.
    fn after(self, marker: u8) -> Option<Stage> {
        let (next, allowed) = match marker {
            0xE0 => (Stage::Jfif, self < Stage::Jfif),
            0xE1 => (Stage::Exif, self < Stage::Exif),
            0xE2 => (Stage::Icc, self <= Stage::Icc),
            0xEE => (Stage::Adobe, self < Stage::Adobe),
            0xC4 | 0xCC | 0xDB | 0xDC | 0xDD => (self.max(Stage::Tables), true),
            0xC0 | 0xC1 | 0xC2 | 0xC3 | 0xC9 | 0xCA => (Stage::Frame, self < Stage::Frame),
            0xDA => (Stage::Scans, self == Stage::Frame || self == Stage::Scans),
            0xD9 => (Stage::End, self == Stage::Scans),
            _ => return None,
        };
        allowed.then_some(next)
    }
}

/// How many chunks of an ICC profile have been seen, and how many there are to be.
struct Icc {
    seen: u8,
    of: u8,
    /// What they hold, one behind the other.
    profile: Option<Vec<u8>>,
}

struct Reader<'a> {
    photo: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Takes the marker that has to stand right here. Returns its second byte.
    fn marker(&mut self) -> Result<u8, Violation> {
        let offset = self.at;
        match self.photo.get(offset..) {
            Some([0xFF, marker, ..]) => {
                self.at = offset.saturating_add(2);
                Ok(*marker)
            }
            None | Some([] | [0xFF]) => Err(Violation::CutOff { offset: self.photo.len() }),
            Some(_) => Err(Violation::NoMarker { offset }),
        }
    }

    /// Takes the length and the payload of the segment whose marker was taken last.
    fn payload(&mut self, marker: u8) -> Result<&'a [u8], Violation> {
        let cut_off = Violation::CutOff { offset: self.photo.len() };
        let Some([high, low, behind @ ..]) = self.photo.get(self.at..) else { return Err(cut_off) };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let shape = Violation::Shape { marker, offset: self.at.saturating_sub(2) };
        let payload = behind.get(..length.checked_sub(2).ok_or(shape)?).ok_or(cut_off)?;
        self.at = self.at.saturating_add(length);
        Ok(payload)
    }

    /// Skips entropy-coded data: up to the first 0xFF that is followed by neither a stuffed zero, a restart marker,
    /// nor a reserved marker, which no segment starts with.
    fn skip_entropy(&mut self) -> Result<(), Violation> {
        const STRIDE: usize = 512;
        let cut_off = Violation::CutOff { offset: self.photo.len() };
        let mut rest = self.photo.get(self.at..).unwrap_or_default();
        loop {
            let quiet = match (rest.get(..STRIDE), rest.get(1..=STRIDE)) {
                (Some(bytes), Some(followers)) => is_quiet(bytes, followers),
                _ => false,
            };
            if quiet {
                rest = rest.get(STRIDE..).unwrap_or_default();
                continue;
            }
            let mut walked = 0;
            while walked < STRIDE {
                let [first, behind @ ..] = rest else { return Err(cut_off) };
                if *first != 0xFF {
                    rest = behind;
                    walked = walked.saturating_add(1);
                    continue;
                }
                let fill = behind.iter().take_while(|&&byte| byte == 0xFF).count();
                match behind.get(fill..) {
                    Some([0x00..=0xBF | 0xD0..=0xD7, next @ ..]) => rest = next,
                    Some([_, ..]) => {
                        self.at = self.photo.len().saturating_sub(rest.len());
                        return Ok(());
                    }
                    _ => return Err(cut_off),
                }
                walked = walked.saturating_add(fill).saturating_add(2);
            }
        }
    }
}

/// Whether no byte that is 0xFF has a follower other than 0x00 and 0xD0 to 0xD7.
fn is_quiet(bytes: &[u8], followers: &[u8]) -> bool {
    let alarm = |(&byte, &follower): (&u8, &u8)| {
        u8::from(byte == 0xFF) & u8::from(follower != 0) & u8::from(follower.wrapping_sub(0xD0) > 7)
    };
    bytes.iter().zip(followers).map(alarm).fold(0, |any, one| any | one) == 0
}

/// Whether a segment is of the exact shape this crate writes, or as long as its content says.
fn has_shape(marker: u8, payload: &[u8], icc: &mut Icc) -> bool {
    match (marker, payload) {
        (0xE0, [b'J', b'F', b'I', b'F', 0, fixed @ .., 0, 0]) => fixed.len() == 7,
        (0xE1, [exif @ .., 2..=8, 0, 0, 0, 0, 0, 0]) => {
            exif == *b"Exif\x00\x00MM\x00\x2A\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"
        }
        (
            0xE2,
            [b'I', b'C', b'C', b'_', b'P', b'R', b'O', b'F', b'I', b'L', b'E', 0, number, of, data @ ..],
        ) => {
            let follows = icc.seen.checked_add(1) == Some(*number) && (icc.of == 0 || icc.of == *of);
            (icc.seen, icc.of) = (*number, *of);
            icc.profile.get_or_insert_default().extend(data);
            follows && number <= of
        }
        (0xEE, [b'A', b'd', b'o', b'b', b'e', 0, 100, 0, 0, 0, 0, _transform]) => true,
        (0xC4, _) => divides(payload, |table| {
            let (head @ [0x00..=0x03 | 0x10..=0x13, ..], values) = table.split_at_checked(17)? else {
                return None;
            };
            let sum = head.iter().skip(1).map(|&count| u16::from(count)).sum::<u16>();
            values.get(usize::from(sum)..).filter(|_| sum <= 256)
        }),
        (0xDB, _) => divides(payload, |table| match table.first()? {
            0x00..=0x03 => table.get(65..),
            0x10..=0x13 => table.get(129..),
            _ => None,
        }),
        (0xCC, _) => payload.chunks(2).all(|pair| match *pair {
            [0x00..=0x03, bounds] => bounds >> 4 >= bounds % 16,
            [0x10..=0x13, low] => low > 0 && low < 64,
            _ => false,
        }),
        (0xDC | 0xDD, _) => matches!(payload, [_, _]),
        (0xDA, [1, rest @ ..]) => rest.len() == 5,
        (0xDA, [2, rest @ ..]) => rest.len() == 7,
        (0xDA, [3, rest @ ..]) => rest.len() == 9,
        (0xDA, [4, rest @ ..]) => rest.len() == 11,
        (0xC0..=0xC3 | 0xC9 | 0xCA, [precision, _, _, _, _, components @ 1..=10, rest @ ..]) => {
            let is_factor = |factor| matches!(factor, 1..=4);
            matches!((marker, precision), (0xC3, 2..=16) | (_, 8 | 12))
                && rest.len() == usize::from(*components).saturating_mul(3)
                && rest.chunks(3).all(|component| {
                    matches!(component, [_, factors, 0..=3] if is_factor(factors / 16) && is_factor(factors % 16))
                })
        }
        (0xD9, []) => true,
        _ => false,
    }
}

/// Whether a payload is nothing but tables, each of which `behind` can step over.
fn divides(mut payload: &[u8], behind: impl Fn(&[u8]) -> Option<&[u8]>) -> bool {
    while !payload.is_empty() {
        let Some(rest) = behind(payload) else { return false };
        payload = rest;
    }
    true
}
