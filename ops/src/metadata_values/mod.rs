//! The values in a photo's metadata, for `ripper inspect --values` and `ripper report`: EXIF, XMP, IPTC
//! and comments.
//!
//! Nothing else in the project shows values. Broken metadata is shown as far as it can be read, with a note that it is
//! broken.

mod exif_tags;
mod iptc;
mod place;
mod xmp;

use scrub::Part;
use serde::Serialize;

use crate::text::printable;

/// Longest value shown to people, in characters; JSON has all of it.
const LONGEST_SHOWN: usize = 300;

/// One property of a photo. The text is as the file has it: escape it before it reaches a terminal.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub(crate) struct Value {
    /// Where the part that contains it starts, in bytes from the start of the file.
    pub(crate) offset: usize,
    pub(crate) name: String,
    pub(crate) value: String,
}

/// A name and its value.
type Pair = (String, String);

/// The values in a photo, in the order of its parts.
pub(crate) fn of_photo(photo: &[u8], parts: &[Part]) -> Vec<Value> {
    let of_part = |part: &Part| {
        // Coded data and markers without a segment have no payload.
        let (marker, payload) = segment(photo, part).and_then(payload).unwrap_or_default();
        let pairs = of_payload(marker, payload).into_iter();
        let offset = part.offset;
        pairs.map(move |(name, value)| Value { offset, name, value })
    };
    parts.iter().flat_map(of_part).collect()
}

/// The places in a photo, each once, as coordinates in decimal degrees.
pub(crate) fn places(photo: &[u8], parts: &[Part]) -> Vec<String> {
    let payloads = parts.iter().filter_map(|part| segment(photo, part).and_then(payload));
    let metadata = payloads.filter_map(|(marker, payload)| Metadata::of(marker, payload));
    let mut places: Vec<String> = Vec::new();
    for place in metadata.filter_map(|metadata| match metadata {
        Metadata::Exif(tiff) => place::in_exif(tiff),
        Metadata::Xmp(packet) => place::in_xmp(&xmp::xmp_properties(&text(packet))),
        _ => None,
    }) {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

/// The start of a value, printable. Where it is shortened, it says how long it is, and what `has_all` of it.
pub(crate) fn shortened(value: &str, has_all: &str) -> String {
    let length = value.chars().count();
    let shown: String = value.chars().take(LONGEST_SHOWN).collect();
    let more = if length > LONGEST_SHOWN {
        format!(" ({length} characters; {has_all} has all)")
    } else {
        String::new()
    };
    printable(&shown) + &more
}

fn segment<'a>(photo: &'a [u8], part: &Part) -> Option<&'a [u8]> {
    photo.get(part.offset..part.offset.saturating_add(part.length))
}

/// Splits a marker segment into its marker and its payload; fill bytes may precede the marker
/// (ITU-T T.81, B.1.1.2).
fn payload(segment: &[u8]) -> Option<(u8, &[u8])> {
    let marker_at = segment.iter().position(|&byte| byte != 0xFF).filter(|&at| at > 0)?;
    // After the marker come two bytes of length, which the part's own length makes redundant.
    Some((*segment.get(marker_at)?, segment.get(marker_at + 3..)?))
}

/// A segment whose values can be read, with what is after its signature.
enum Metadata<'a> {
    Comment(&'a [u8]),
    Exif(&'a [u8]),
    Xmp(&'a [u8]),
    ExtendedXmp(&'a [u8]),
    Photoshop(&'a [u8]),
}

impl<'a> Metadata<'a> {
    fn of(marker: u8, payload: &'a [u8]) -> Option<Self> {
        const APP1: u8 = 0xE1;
        const APP13: u8 = 0xED;
        const COM: u8 = 0xFE;
        match marker {
            COM => Some(Self::Comment(payload)),
            APP1 => {
                let tiff = payload.strip_prefix(b"Exif\0").and_then(|rest| rest.get(1..)).map(Self::Exif);
                let xmp = || payload.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0").map(Self::Xmp);
                let extended =
                    || payload.strip_prefix(b"http://ns.adobe.com/xmp/extension/\0").map(Self::ExtendedXmp);
                tiff.or_else(xmp).or_else(extended)
            }
            APP13 => payload.strip_prefix(b"Photoshop 3.0\0").map(Self::Photoshop),
            _ => None,
        }
    }
}

fn of_payload(marker: u8, payload: &[u8]) -> Vec<Pair> {
    match Metadata::of(marker, payload) {
        None => Vec::new(),
        Some(Metadata::Comment(comment)) => vec![("Comment".to_owned(), text(comment))],
        Some(Metadata::Exif(tiff)) => exif_tags::exif_fields(tiff),
        Some(Metadata::Xmp(packet)) => xmp::xmp_properties(&text(packet)),
        Some(Metadata::ExtendedXmp(chunk)) => {
            // A digest of 32 characters, the whole packet's length and this chunk's offset (XMP part 3, 1.1.3.1).
            let value = chunk.get(40..).map_or_else(|| "cannot be read: too short".to_owned(), text);
            vec![("Extended XMP".to_owned(), value)]
        }
        Some(Metadata::Photoshop(resources)) => iptc::iptc_fields(resources),
    }
}

/// Bytes as text, without the NULs and white space around it. Bytes that are not UTF-8 are replaced.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_matches(['\0', ' ', '\r', '\n', '\t']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_metadata_is_shown_up_to_the_error_and_the_error_is_noted() {
        let truncated_iptc =
            b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x0E\x1C\x02\x5A\0\x04Oslo\x1C\x02\x05\0\x09";
        let repeated_attribute = b"http://ns.adobe.com/xap/1.0/\0<a tiff:Make=\"Lumora\" tiff:Make=\"x\"/>";
        let broken_exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x0F\x01\x02\0\xFF\0\0\0\0\xFF\0\0\0\0\0\0";
        let cases: [(u8, &[u8], &str, &str); 4] = [
            (0xED, truncated_iptc, "IPTC City=Oslo", "cannot be read"),
            (0xE1, repeated_attribute, "tiff:Make=Lumora", "an attribute cannot be read"),
            (0xE1, broken_exif, "", "EXIF="),
            (0xE1, b"http://ns.adobe.com/xmp/extension/\0short", "", "too short"),
        ];
        for (marker, payload, value, note) in cases {
            let pairs = of_payload(marker, payload);
            let shown: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
            println!("{shown:?}");
            assert!(shown.iter().any(|pair| pair.contains(value)), "no {value} in {shown:?}");
            assert!(shown.iter().any(|pair| pair.contains(note)), "no {note} in {shown:?}");
        }
    }
}
