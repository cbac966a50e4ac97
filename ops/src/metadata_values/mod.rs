//! The values in a photo's metadata, for `ripper inspect --values`: EXIF, XMP, IPTC and comments.
//!
//! Nothing else in the project shows values. Broken metadata is shown as far as it can be read, with a note that it is
//! broken.

mod exif_tags;
mod iptc;
mod xmp;

use serde::Serialize;

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

/// The values in one part of a photo, a marker segment with its marker. Empty for parts without readable values.
pub(crate) fn of_part(photo: &[u8], offset: usize, length: usize) -> Vec<Value> {
    let Some(segment) = photo.get(offset..offset.saturating_add(length)) else { return Vec::new() };
    // Coded data and markers without a segment have no payload.
    let Some((marker, payload)) = payload(segment) else { return Vec::new() };
    of_payload(marker, payload).into_iter().map(|(name, value)| Value { offset, name, value }).collect()
}

/// Splits a marker segment into its marker and its payload; fill bytes may precede the marker
/// (ITU-T T.81, B.1.1.2).
fn payload(segment: &[u8]) -> Option<(u8, &[u8])> {
    let marker_at = segment.iter().position(|&byte| byte != 0xFF).filter(|&at| at > 0)?;
    // After the marker come two bytes of length, which the part's own length makes redundant.
    Some((*segment.get(marker_at)?, segment.get(marker_at + 3..)?))
}

fn of_payload(marker: u8, payload: &[u8]) -> Vec<Pair> {
    const APP1: u8 = 0xE1;
    const APP13: u8 = 0xED;
    const COM: u8 = 0xFE;
    match marker {
        COM => vec![("Comment".to_owned(), text(payload))],
        APP1 => {
            if let Some(tiff) = payload.strip_prefix(b"Exif\0").and_then(|rest| rest.get(1..)) {
                exif_tags::exif_fields(tiff)
            } else if let Some(packet) = payload.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0") {
                xmp::xmp_properties(&text(packet))
            } else if let Some(chunk) = payload.strip_prefix(b"http://ns.adobe.com/xmp/extension/\0") {
                // A digest of 32 characters, the whole packet's length and this chunk's offset (XMP part 3, 1.1.3.1).
                let value = chunk.get(40..).map_or_else(|| "cannot be read: too short".to_owned(), text);
                vec![("Extended XMP".to_owned(), value)]
            } else {
                Vec::new()
            }
        }
        APP13 => payload.strip_prefix(b"Photoshop 3.0\0").map_or_else(Vec::new, iptc::iptc_fields),
        _ => Vec::new(),
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
