//! The Huffman tables of ITU-T T.81, K.3. The frames of Motion JPEG mean them when they have no tables of their own.

use super::tables::TableClass;

/// Counts of codes by length, and their values. Of the longest codes those values are left out that are simply all the
/// others in ascending order.
type Table = ([u8; 16], &'static [u8]);

/// Table K.3 and K.4: luminance and chrominance, DC.
const DC: [Table; 2] = [
    ([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B"),
    ([0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B"),
];

/// Table K.5 and K.6: luminance and chrominance, AC.
const AC: [Table; 2] = [
    (
        [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125],
        b"\x01\x02\x03\x00\x04\x11\x05\x12\x21\x31\x41\x06\x13\x51\x61\x07\x22\x71\x14\x32\x81\x91\xA1\x08\x23\
          \x42\xB1\xC1\x15\x52\xD1\xF0\x24\x33\x62\x72\x82",
    ),
    (
        [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119],
        b"\x00\x01\x02\x03\x11\x04\x05\x21\x31\x06\x12\x41\x51\x07\x61\x71\x13\x22\x32\x81\x08\x14\x42\x91\xA1\
          \xB1\xC1\x09\x23\x33\x52\xF0\x15\x62\x72\xD1\x0A\x16\x24\x34\xE1\x25\xF1",
    ),
];

/// A standard table as DHT defines it (B.2.4.2): class and number, counts and values.
pub(crate) fn standard_table(class: TableClass, number: u8) -> Vec<u8> {
    let first = (class as u8) << 4 | number;
    let definition = huffman(class, number).unwrap_or_default();
    std::iter::once(first).chain(definition).collect()
}

/// Counts and values of a standard table. None if there is none with this number.
pub(super) fn huffman(class: TableClass, number: u8) -> Option<Vec<u8>> {
    let tables = match class {
        TableClass::Dc => &DC,
        TableClass::Ac => &AC,
    };
    let (counts, first) = tables.get(usize::from(number))?;
    let all: usize = counts.iter().map(|&count| usize::from(count)).sum();
    // Runs up to 15 of sizes up to 10 (F.1.2.2.1).
    let others = (0x01..=0xFA_u8).filter(|value| (1..=10).contains(&(value & 15)) && !first.contains(value));
    let others = others.take(all.saturating_sub(first.len()));
    Some(counts.iter().copied().chain(first.iter().copied()).chain(others).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// libjpeg-turbo writes the standard tables unless it is asked to optimise them.
    #[test]
    fn the_tables_are_those_that_libjpeg_turbo_writes() {
        let mut compressor = turbojpeg::Compressor::new().expect("libjpeg-turbo starts");
        compressor.set_subsamp(turbojpeg::Subsamp::Sub2x2).expect("4:2:0 exists");
        let image = turbojpeg::Image {
            pixels: vec![0; 3 * 64],
            width: 8,
            pitch: 24,
            height: 8,
            format: turbojpeg::PixelFormat::RGB,
        };
        let photo = compressor.compress_to_vec(image.as_deref()).expect("the image has a size");
        let mut written: Vec<u8> = Vec::new();
        for segment in samples::jpeg::segments(&photo).into_iter().filter(|segment| segment[1] == 0xC4) {
            written.extend(&segment[4..]);
        }
        let table = |class, number, first| {
            [vec![first], huffman(class, number).expect("there is such a table")].concat()
        };
        let expected = [
            table(TableClass::Dc, 0, 0x00),
            table(TableClass::Ac, 0, 0x10),
            table(TableClass::Dc, 1, 0x01),
            table(TableClass::Ac, 1, 0x11),
        ];
        assert_eq!(written, expected.concat());
        println!("{} bytes of tables", written.len());
    }
}
