//! What a part of a file is, by its usual name.

use img_parts::jpeg::markers;

/// What a part of a JPEG is. Its name, as it is displayed, does not change between versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::Display)]
#[non_exhaustive]
#[allow(missing_docs, reason = "each variant has the name of what it is")]
pub enum Kind {
    #[strum(serialize = "SOI")]
    Soi,
    #[strum(serialize = "SOF")]
    Sof,
    #[strum(serialize = "DHT")]
    Dht,
    #[strum(serialize = "DQT")]
    Dqt,
    #[strum(serialize = "DAC")]
    Dac,
    #[strum(serialize = "DRI")]
    Dri,
    #[strum(serialize = "DNL")]
    Dnl,
    #[strum(serialize = "SOS")]
    Sos,
    #[strum(serialize = "entropy-coded data")]
    EntropyCodedData,
    #[strum(serialize = "EOI")]
    Eoi,
    #[strum(serialize = "JFIF")]
    Jfif,
    Adobe,
    #[strum(serialize = "ICC profile")]
    IccProfile,
    /// ICC chunks of which one is missing, or comes twice before all are there. Decoders ignore all of them.
    #[strum(serialize = "incomplete ICC")]
    IncompleteIcc,
    /// A profile that no colour engine reads.
    #[strum(serialize = "unreadable ICC")]
    UnreadableIcc,
    /// A profile for another number of components than the picture has. Decoders ignore it.
    #[strum(serialize = "mismatched ICC")]
    MismatchedIcc,
    /// ICC chunks that are not part of the profile: it was whole before they came.
    #[strum(serialize = "surplus ICC")]
    SurplusIcc,
    #[strum(serialize = "EXIF")]
    Exif,
    #[strum(serialize = "GPS")]
    Gps,
    MakerNote,
    #[strum(serialize = "thumbnail")]
    Thumbnail,
    #[strum(serialize = "XMP")]
    Xmp,
    #[strum(serialize = "extended XMP")]
    ExtendedXmp,
    #[strum(serialize = "IPTC")]
    Iptc,
    Photoshop,
    /// JUMBF boxes (ISO/IEC 19566-5), which hold content credentials.
    #[strum(serialize = "C2PA")]
    C2pa,
    #[strum(serialize = "MPF")]
    Mpf,
    FlashPix,
    #[strum(serialize = "JFXX")]
    Jfxx,
    #[strum(serialize = "CIFF")]
    Ciff,
    #[strum(serialize = "comment")]
    Comment,
    /// Any other APPn segment, by its number 0 to 15.
    #[strum(to_string = "APP{0}")]
    App(u8),
    /// A segment that is reserved or belongs to another format (JPGn).
    #[strum(serialize = "reserved segment")]
    Reserved,
    /// Bytes between two segments.
    #[strum(serialize = "stray bytes")]
    StrayBytes,
    /// 0xFF before a marker (ITU-T T.81, B.1.1.2).
    #[strum(serialize = "fill bytes")]
    FillBytes,
    /// Tables and restart intervals that no scan uses.
    #[strum(serialize = "unused table")]
    UnusedTable,
    /// Rows of the picture below the height that the frame header gives: what somebody cropped away, perhaps.
    #[strum(serialize = "hidden rows")]
    HiddenRows,
    /// Bytes after the last block of a scan, and before its restart markers. Decoders skip them.
    #[strum(serialize = "surplus data")]
    SurplusData,
    /// A scan after the picture is complete, with its data. Decoders skip it.
    #[strum(serialize = "surplus scan")]
    SurplusScan,
    /// A JPEG after EOI: the second picture of a multi-picture file, a gain map, a preview.
    #[strum(serialize = "trailing JPEG")]
    TrailingJpeg,
    /// A video after EOI, as in motion photos.
    #[strum(serialize = "trailing video")]
    TrailingVideo,
    /// Any other bytes after EOI.
    #[strum(serialize = "trailer")]
    Trailer,
}

/// What kind of segment this is. Those that the picture is coded in are known by their marker alone, metadata by the
/// signature that its payload starts with.
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
        // To libjpeg-turbo a shorter JFIF or Adobe segment is an unknown one.
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

/// The coding that a marker announces, if no ordinary decoder draws it. Before the first scan SOF55 means JPEG-LS, and
/// decoders stop at it; after it, it is one more segment that is removed.
pub(crate) fn unsupported_coding(marker: u8) -> Option<Coding> {
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

/// A way of coding a picture that ordinary decoders do not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
#[non_exhaustive]
pub enum Coding {
    /// SOF5 to SOF7, SOF13 to SOF15, DHP and EXP (ITU-T T.81, Annex J).
    #[strum(serialize = "hierarchical")]
    Hierarchical,
    /// SOF11. Only the reference software of ITU-T T.873 is known to read it.
    #[strum(serialize = "lossless arithmetic")]
    LosslessArithmetic,
    /// SOF55 (ITU-T T.87): another format in the same container.
    #[strum(serialize = "JPEG-LS")]
    JpegLs,
    /// JPG (0xFFC8), reserved for extensions.
    #[strum(serialize = "JPEG extension")]
    Extension,
}
