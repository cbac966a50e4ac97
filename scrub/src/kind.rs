//! What a part of a file is, by the names the field uses.

use std::fmt;

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
    Exif,
    Gps,
    MakerNote,
    Thumbnail,
    Xmp,
    ExtendedXmp,
    Iptc,
    Photoshop,
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
