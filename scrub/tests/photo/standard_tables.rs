//! The frames of Motion JPEG have no Huffman tables: those of ITU-T T.81, K.3 are meant, and not every decoder knows
//! them.

use samples::decoders;

use crate::support::*;

/// Three components of one blank block each, in these scans, without a table. The code of the end of a block is 1010 in
/// the table for luminance, and 00 in that for chrominance; that of no difference is 00 in both.
fn picture(scans: &[&[u8]], marker: u8) -> Vec<Vec<u8>> {
    let frame = [8, 0, 8, 0, 8, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0];
    let mut parts = vec![SOI.to_vec(), dqt(), segment(marker, &frame)];
    for components in scans {
        let (mut header, mut bits) = (vec![components.len() as u8], String::new());
        for &component in *components {
            let is_first = component == 1;
            header.extend([component, if is_first { 0x00 } else { 0x11 }]);
            bits += if is_first { "001010" } else { "0000" };
        }
        header.extend([0, 63, 0]);
        parts.extend([segment(0xDA, &header), pack_bits(&bits)]);
    }
    parts.push(EOI.to_vec());
    parts
}

#[test]
fn a_photo_without_huffman_tables_gets_those_of_the_standard_that_it_uses() {
    // Class and number of the tables, in the order in which they are used.
    let cases: [(&[&[u8]], [u8; 4]); 4] = [
        (&[&[1, 2, 3]], [0x00, 0x10, 0x01, 0x11]),
        (&[&[1], &[2], &[3]], [0x00, 0x10, 0x01, 0x11]),
        (&[&[2, 3], &[1]], [0x01, 0x11, 0x00, 0x10]),
        (&[&[1], &[2, 3]], [0x00, 0x10, 0x01, 0x11]),
    ];
    for (scans, expected) in cases {
        let photo = picture(scans, 0xC0).concat();
        let clean = scrub(&photo).unwrap();
        assert_eq!(clean.report.recoded, None, "{scans:?}");
        let (tables, others): (Vec<&[u8]>, Vec<&[u8]>) =
            segments(&clean.photo).into_iter().partition(|segment| segment[1] == 0xC4);
        assert_eq!(tables.iter().map(|table| table[4]).collect::<Vec<_>>(), expected, "{scans:?}");
        assert_eq!(others, segments(&photo), "{scans:?}");
        let drawn = |photo: &[u8]| decoders::turbojpeg(photo, true).unwrap();
        assert!(drawn(&clean.photo) == drawn(&photo), "{scans:?}: other pixels");
        println!("{scans:?}: {} bytes, with tables {}", photo.len(), clean.photo.len());
    }
}

/// libjpeg-turbo reads no such file.
#[test]
fn in_other_codings_a_missing_table_is_not_made_up() {
    let progressive = |parameters: [u8; 3], data: &[u8]| {
        let mut parts = picture(&[], 0xC2);
        let header = segment(0xDA, &[&[3, 1, 0, 2, 0, 3, 0][..], &parameters].concat());
        parts.splice(3..3, [header, data.to_vec()]);
        parts.concat()
    };
    let frame = segment(0xC3, &[8, 0, 1, 0, 1, 1, 1, 0x11, 0]);
    let lossless = [SOI, &frame, &segment(0xDA, &[1, 1, 0, 1, 0, 0]), &pack_bits("00"), EOI].concat();
    for (photo, what) in
        [(progressive([0, 0, 0], &pack_bits("000000")), "progressive"), (lossless, "lossless")]
    {
        let refusal = scrub(&photo).unwrap_err();
        assert_eq!(refusal.name(), "NotRecoded", "{what}: {refusal}");
        println!("{what}: {refusal}");
    }
}
