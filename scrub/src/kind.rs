//! What a part of a file is, by the names the field uses.

use std::fmt;

use img_parts::jpeg::markers;

/// What a part of a JPEG is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the variants are named after what they stand for")]
pub enum Kind {
    Soi,
    Sof,
    Dht,
    Dqt,
    Dac,
    Dri,
    Dnl,
    Sos,
    EntropyCodedData,
    Eoi,
    Jfif,
    Adobe,
    IccProfile,
    /// A series of ICC chunks that is not whole, which decoders ignore.
    IncompleteIcc,
    /// A profile that no colour engine reads.
    UnreadableIcc,
    Exif,
    Gps,
    MakerNote,
    Thumbnail,
    Xmp,
    ExtendedXmp,
    Iptc,
    Photoshop,
    /// JUMBF boxes (ISO/IEC 19566-5), which hold content credentials.
    C2pa,
    Mpf,
    FlashPix,
    Jfxx,
    Ciff,
    Comment,
    /// Any other APPn segment, by its number 0 to 15.
    App(u8),
    /// A segment that is reserved or belongs to another format (JPGn).
    Reserved,
    /// Bytes between segments that belong to none.
    StrayBytes,
    /// 0xFF in front of a marker (ITU-T T.81, B.1.1.2).
    FillBytes,
    /// A whole JPEG behind EOI: the second picture of a multi-picture file, a gain map, a preview.
    TrailingJpeg,
    /// A video behind EOI, as in motion photos.
    TrailingVideo,
    /// Any other bytes behind EOI.
    Trailer,
}

impl Kind {
    /// The kind's name. It does not change between versions.
    pub fn as_str(self) -> &'static str {
        const APP: [&str; 16] = [
            "APP0", "APP1", "APP2", "APP3", "APP4", "APP5", "APP6", "APP7", "APP8", "APP9", "APP10", "APP11",
            "APP12", "APP13", "APP14", "APP15",
        ];
        match self {
            Kind::Soi => "SOI",
            Kind::Sof => "SOF",
            Kind::Dht => "DHT",
            Kind::Dqt => "DQT",
            Kind::Dac => "DAC",
            Kind::Dri => "DRI",
            Kind::Dnl => "DNL",
            Kind::Sos => "SOS",
            Kind::EntropyCodedData => "entropy-coded data",
            Kind::Eoi => "EOI",
            Kind::Jfif => "JFIF",
            Kind::Adobe => "Adobe",
            Kind::IccProfile => "ICC profile",
            Kind::IncompleteIcc => "incomplete ICC",
            Kind::UnreadableIcc => "unreadable ICC",
            Kind::Exif => "EXIF",
            Kind::Gps => "GPS",
            Kind::MakerNote => "MakerNote",
            Kind::Thumbnail => "thumbnail",
            Kind::Xmp => "XMP",
            Kind::ExtendedXmp => "extended XMP",
            Kind::Iptc => "IPTC",
            Kind::Photoshop => "Photoshop",
            Kind::C2pa => "C2PA",
            Kind::Mpf => "MPF",
            Kind::FlashPix => "FlashPix",
            Kind::Jfxx => "JFXX",
            Kind::Ciff => "CIFF",
            Kind::Comment => "comment",
            Kind::App(n) => APP.get(usize::from(n)).copied().unwrap_or("APPn"),
            Kind::Reserved => "reserved segment",
            Kind::StrayBytes => "stray bytes",
            Kind::FillBytes => "fill bytes",
            Kind::TrailingJpeg => "trailing JPEG",
            Kind::TrailingVideo => "trailing video",
            Kind::Trailer => "trailer",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

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
        // libjpeg-turbo takes shorter ones for unknown segments, and so JFIF and Adobe are only these.
        markers::APP0 if starts(b"JFIF\0") && payload.len() >= 14 => Kind::Jfif,
        markers::APP0 if starts(b"JFXX\0") => Kind::Jfxx,
        markers::APP0 if payload.get(6..10) == Some(b"HEAP") => Kind::Ciff,
        markers::APP1 if starts(b"Exif\0") => Kind::Exif,
        markers::APP1 if starts(b"http://ns.adobe.com/xap/1.0/\0") => Kind::Xmp,
        markers::APP1 if starts(b"http://ns.adobe.com/xmp/extension/\0") => Kind::ExtendedXmp,
        markers::APP2 if starts(b"ICC_PROFILE\0") && payload.len() >= 14 => Kind::IccProfile,
        markers::APP2 if starts(b"MPF\0") => Kind::Mpf,
        markers::APP2 if starts(b"FPXR\0") => Kind::FlashPix,
        markers::APP11 if starts(b"JP") && payload.get(12..16) == Some(b"jumb") => Kind::C2pa,
        markers::APP13 if starts(b"Photoshop 3.0\0") => Kind::Photoshop,
        markers::APP14 if starts(b"Adobe") && payload.len() >= 12 => Kind::Adobe,
        markers::APP0..=markers::APP15 => Kind::App(marker.wrapping_sub(markers::APP0)),
        _ => Kind::Reserved,
    }
}
