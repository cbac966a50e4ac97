//! The place where a photo was taken, in decimal degrees: what a map takes.

use exif::{Exif, In, Tag, Value};

use super::{Pair, exif_tags};

/// The place in a TIFF structure (Exif 2.32, 4.6.6).
pub(super) fn in_exif(tiff: &[u8]) -> Option<String> {
    let (exif, _) = exif_tags::read(tiff).ok()?;
    let latitude = coordinate(&exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S')?;
    let longitude = coordinate(&exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W')?;
    place(latitude, longitude)
}

fn coordinate(exif: &Exif, tag: Tag, sign: Tag, negative: u8) -> Option<f64> {
    let Value::Rational(numbers) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let numbers: Vec<_> = numbers.iter().map(|number| number.to_f64()).collect();
    let sign = exif.get_field(sign, In::PRIMARY).map(|field| &field.value);
    let negative =
        matches!(sign, Some(Value::Ascii(lines)) if lines.iter().any(|line| line.contains(&negative)));
    degrees(&numbers, negative)
}

/// The place in XMP: `59,54.8321N` or `59,54,49N` (XMP specification part 2, GPSCoordinate).
pub(super) fn in_xmp(properties: &[Pair]) -> Option<String> {
    let find =
        |name: &str| properties.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
    let read = |value: &str| {
        let (numbers, direction) = value.split_at_checked(value.len().checked_sub(1)?)?;
        let numbers: Result<Vec<_>, _> = numbers.split(',').map(|number| number.trim().parse()).collect();
        degrees(&numbers.ok()?, ["S", "W"].contains(&direction))
    };
    place(read(find("exif:GPSLatitude")?)?, read(find("exif:GPSLongitude")?)?)
}

/// Degrees, minutes and seconds as one number.
fn degrees(numbers: &[f64], negative: bool) -> Option<f64> {
    let units = [1.0, 60.0, 3600.0];
    if numbers.is_empty() || numbers.len() > units.len() {
        return None;
    }
    let sum: f64 = numbers.iter().zip(units).map(|(number, unit)| number / unit).sum();
    Some(if negative { -sum } else { sum })
}

/// Six digits are 11 cm. What is not on Earth (0/0 says that a number is not known) is no place.
fn place(latitude: f64, longitude: f64) -> Option<String> {
    let on_earth = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    on_earth.then(|| format!("{latitude:.6}, {longitude:.6}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_in_xmp_are_read_in_both_forms_and_nonsense_is_no_place() {
        let place = |latitude: &str, longitude: &str| {
            let pairs = [("exif:GPSLatitude", latitude), ("exif:GPSLongitude", longitude)];
            in_xmp(&pairs.map(|(name, value)| (name.to_owned(), value.to_owned())))
        };
        assert_eq!(place("59,54.5N", "10,45,36E").as_deref(), Some("59.908333, 10.760000"));
        assert_eq!(place("33,30.0S", "70,36.0W").as_deref(), Some("-33.500000, -70.600000"));
        for nonsense in ["", "N", "é", "1,2,3,4N", "NaNN", "91,0N", "<b>"] {
            assert_eq!(place(nonsense, "10,0E"), None, "{nonsense}");
        }
    }

    #[test]
    fn a_place_that_is_not_known_is_no_place() {
        assert_eq!(place(f64::NAN, 1.0), None);
        assert_eq!(place(f64::INFINITY, 1.0), None);
    }
}
