//! EXIF tags, read by the `kamadak-exif` library.

use exif::{Error, Exif, Field, In, Reader, Tag, Value};

use super::{Pair, text};

/// The fields in a TIFF structure, as far as it can be read. The names of a thumbnail's fields say so.
pub(crate) fn exif_fields(tiff: &[u8]) -> Vec<Pair> {
    let (exif, errors) = match read(tiff) {
        Ok(read) => read,
        Err(error) => return vec![("EXIF".to_owned(), format!("cannot be read: {error}"))],
    };
    let errors = errors.iter().map(|error| ("EXIF".to_owned(), format!("is broken: {error}")));
    exif.fields()
        .map(|field| {
            let prefix = if field.ifd_num == In::THUMBNAIL { "Thumbnail " } else { "" };
            let value = plain(field).unwrap_or_else(|| field.display_value().with_unit(&exif).to_string());
            (format!("{prefix}{}", field.tag), value)
        })
        .chain(errors)
        .collect()
}

/// Reads a TIFF structure as far as it can be read, and the errors in it.
pub(super) fn read(tiff: &[u8]) -> Result<(Exif, Vec<Error>), Error> {
    let mut errors = Vec::new();
    let read = Reader::new().continue_on_error(true).read_raw(tiff.to_vec());
    let exif = read.or_else(|error| error.distill_partial_result(|found| errors = found))?;
    Ok((exif, errors))
}

/// Values that are text, whatever their type says; the library shows these as quoted ASCII or hexadecimal digits.
fn plain(field: &Field) -> Option<String> {
    match (&field.value, field.tag) {
        (Value::Ascii(lines), _) => Some(lines.iter().map(|line| text(line)).collect::<Vec<_>>().join(", ")),
        // Eight bytes name the character set (EXIF 2.32, UserComment).
        (Value::Undefined(bytes, _), Tag::UserComment) => Some(text(bytes.get(8..)?)),
        (Value::Undefined(bytes, _), Tag::MakerNote) => Some(readable_runs(bytes)),
        // Windows' own tags, in UTF-16.
        (Value::Byte(bytes), Tag(_, 0x9C9B..=0x9C9F)) => Some(utf16(bytes)),
        _ => None,
    }
}

fn utf16(bytes: &[u8]) -> String {
    let units: Vec<_> = bytes.as_chunks::<2>().0.iter().copied().map(u16::from_le_bytes).collect();
    String::from_utf16_lossy(&units).trim_end_matches('\0').to_owned()
}

/// The readable part of a maker's own format: every run of four or more ASCII characters.
fn readable_runs(bytes: &[u8]) -> String {
    let runs: Vec<_> = bytes
        .split(|byte| !(b' '..=b'~').contains(byte))
        .filter(|run| run.len() >= 4)
        .map(|run| String::from_utf8_lossy(run))
        .collect();
    format!("{} bytes, readable: {}", bytes.len(), runs.join(" | "))
}
