//! Whether two files show the same picture, and which way that was found out.

use scrub::Kind;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

/// How two files were found to show the same picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Same {
    /// Both were decoded, and every pixel is equal.
    Pixels,
    /// The decoder reads neither (arithmetic or 12-bit coding, for instance); every table, header and entropy-coded
    /// byte is equal.
    CodedData,
}

impl Same {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pixels => "pixels",
            Self::CodedData => "coded data",
        }
    }
}

/// Compares a photo with its clean copy; none where the picture is not the same.
pub(crate) fn compare(before: &[u8], after: &[u8]) -> Option<Same> {
    match pixels(before) {
        Some(picture) => (pixels(after) == Some(picture)).then_some(Same::Pixels),
        None => (coded_data(before)? == coded_data(after)?).then_some(Same::CodedData),
    }
}

/// Width, height and pixels, where the decoder reads the file.
fn pixels(photo: &[u8]) -> Option<((usize, usize), Vec<u8>)> {
    let mut decoder = JpegDecoder::new(ZCursor::new(photo));
    let pixels = decoder.decode().ok()?;
    Some((decoder.dimensions()?, pixels))
}

/// All that the picture is coded in, in order: tables, headers and entropy-coded data (ITU-T T.81, Annex B).
fn coded_data(photo: &[u8]) -> Option<Vec<&[u8]>> {
    let inspection = scrub::inspect(photo).ok()?;
    let coded = inspection.parts.iter().filter(|part| {
        matches!(
            part.kind,
            Kind::Sof
                | Kind::Dht
                | Kind::Dqt
                | Kind::Dac
                | Kind::Dri
                | Kind::Dnl
                | Kind::Sos
                | Kind::EntropyCodedData
        )
    });
    coded.map(|part| photo.get(part.offset..part.offset + part.length)).collect()
}
