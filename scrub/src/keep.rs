//! The allow-list: what each segment is, and whether the picture needs it. The one place that decides.

use bytes::Bytes;
use img_parts::jpeg::markers;

use crate::{Coding, Kind, icc};

/// What kind of segment this is. Kinds the picture needs are named by their marker alone; metadata by the signature
/// its payload starts with.
pub(crate) fn classify(marker: u8, payload: &[u8]) -> Kind {
    let starts = |signature: &[u8]| payload.starts_with(signature);
    match marker {
        markers::DHT => Kind::Dht,
        markers::DAC => Kind::Dac,
        markers::SOF0..=markers::SOF15 => Kind::Sof,
        markers::SOS => Kind::Sos,
        markers::DQT => Kind::Dqt,
        markers::DRI => Kind::Dri,
        markers::DNL => Kind::Dnl,
        markers::COM => Kind::Comment,
        markers::APP0 if jfif(payload).is_some() => Kind::Jfif,
        markers::APP0 if starts(b"JFXX\0") => Kind::Jfxx,
        markers::APP0 if payload.get(6..10) == Some(b"HEAP") => Kind::Ciff,
        markers::APP1 if starts(b"Exif\0") => Kind::Exif,
        markers::APP1 if starts(b"http://ns.adobe.com/xap/1.0/\0") => Kind::Xmp,
        markers::APP1 if starts(b"http://ns.adobe.com/xmp/extension/\0") => Kind::ExtendedXmp,
        markers::APP2 if icc::chunk(payload).is_some() => Kind::IccProfile,
        markers::APP2 if starts(b"MPF\0") => Kind::Mpf,
        markers::APP2 if starts(b"FPXR\0") => Kind::FlashPix,
        markers::APP11 if starts(b"JP") => Kind::C2pa,
        markers::APP13 if starts(b"Photoshop 3.0\0") => Kind::Photoshop,
        markers::APP14 if adobe(payload).is_some() => Kind::Adobe,
        markers::APP0..=markers::APP15 => Kind::App(marker.wrapping_sub(markers::APP0)),
        _ => Kind::Reserved,
    }
}

/// Whether the picture is coded in this kind of segment, so that it stays byte for byte.
pub(crate) fn codes_the_picture(kind: Kind) -> bool {
    matches!(kind, Kind::Sof | Kind::Dht | Kind::Dqt | Kind::Dac | Kind::Dri | Kind::Dnl | Kind::Sos)
}

/// Codings no ordinary decoder draws. SOF55 is only JPEG-LS where the frame header should stand.
pub(crate) fn unsupported(marker: u8) -> Option<Coding> {
    match marker {
        markers::SOF5..=markers::SOF7 | markers::SOF13..=markers::SOF15 | markers::DHP | markers::EXP => {
            Some(Coding::Hierarchical)
        }
        markers::SOF11 => Some(Coding::LosslessArithmetic),
        markers::JPG => Some(Coding::Extension),
        markers::JPG7 => Some(Coding::JpegLs),
        _ => None,
    }
}

/// A JFIF segment (ITU-T T.871, 10.1) without its thumbnail. Decoders ask for its 14 fixed bytes.
pub(crate) fn jfif(payload: &[u8]) -> Option<Bytes> {
    let (fixed, _) = payload.strip_prefix(b"JFIF\0")?.split_first_chunk::<9>()?;
    let [version_and_density @ .., _, _] = fixed;
    let mut jfif = b"JFIF\0".to_vec();
    jfif.extend_from_slice(version_and_density);
    jfif.extend([0, 0]);
    Some(jfif.into())
}

/// An Adobe segment (ITU-T T.872, 6.5.3) with nothing but its colour transform; version and flags do not take part
/// in decoding. Decoders ask for 12 bytes.
pub(crate) fn adobe(payload: &[u8]) -> Option<Bytes> {
    let &[.., transform] = payload.strip_prefix(b"Adobe")?.first_chunk::<7>()?;
    let mut adobe = b"Adobe\0\x64\0\0\0\0".to_vec();
    adobe.push(transform);
    Some(adobe.into())
}
