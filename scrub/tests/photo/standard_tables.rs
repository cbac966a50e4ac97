//! The frames of Motion JPEG have no Huffman tables: those of ITU-T T.81, K.3 are meant, and not every decoder knows.

use samples::decoders;

use crate::support::*;

/// Three components of one block in so many scans, all blank, without a table. The code of the end of a block is 1010
/// in the table for luminance, and 00 in that for chrominance; that of no difference is 00 in both.
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
        parts.extend([segment(0xDA, &header), coded_data(&bits)]);
    }
    parts.push(EOI.to_vec());
    parts
}

/// The standard tables that libjpeg-turbo writes, by class and number.
fn tables() -> Vec<Vec<u8>> {
    let mut compressor = turbojpeg::Compressor::new().unwrap();
    compressor.set_subsamp(turbojpeg::Subsamp::Sub2x2).unwrap();
    let format = turbojpeg::PixelFormat::RGB;
    let image = turbojpeg::Image { pixels: vec![0; 3 * 64], width: 8, pitch: 24, height: 8, format };
    let photo = compressor.compress_to_vec(image.as_deref()).unwrap();
    let mut tables: Vec<Vec<u8>> = segments(&photo).into_iter().map(<[u8]>::to_vec).collect();
    tables.retain(|segment| segment[1] == 0xC4);
    tables
}

#[test]
fn a_photo_without_huffman_tables_gets_those_of_the_standard_that_it_uses() {
    let of = |number: u8| tables().into_iter().filter(move |table| table[4] & 0xF == number);
    let (first, second) = (of(0).collect::<Vec<_>>(), of(1).collect::<Vec<_>>());
    assert_eq!((first.len(), second.len()), (2, 2));
    let in_turn = [first.clone(), second.clone()].concat();
    let cases: [(&[&[u8]], _); 4] = [
        (&[&[1, 2, 3]], in_turn.clone()),
        (&[&[1], &[2], &[3]], in_turn.clone()),
        (&[&[2, 3], &[1]], [second, first].concat()),
        (&[&[1], &[2, 3]], in_turn),
    ];
    for (scans, tables) in cases {
        let photo = picture(scans, 0xC0);
        let clean = scrub(&photo.concat()).unwrap();
        assert_eq!(clean.report.recoded, None, "{scans:?}");
        let mut expected = photo.clone();
        expected.splice(3..3, tables);
        assert_same(&clean.photo, &expected.concat(), &format!("{scans:?}"));
        let drawn = |photo: &[u8]| decoders::turbojpeg(photo, true).unwrap();
        assert!(drawn(&clean.photo) == drawn(&photo.concat()), "{scans:?}: other pixels");
        println!("{scans:?}: {} bytes, with tables {}", photo.concat().len(), clean.photo.len());
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
    let lossless = [
        vec![
            SOI.to_vec(),
            segment(0xC3, &[8, 0, 1, 0, 1, 1, 1, 0x11, 0]),
            segment(0xDA, &[1, 1, 0, 1, 0, 0]),
        ],
        vec![coded_data("00"), EOI.to_vec()],
    ];
    for (photo, what) in [
        (progressive([0, 0, 0], &coded_data("000000")), "progressive"),
        (lossless.concat().concat(), "lossless"),
    ] {
        let refusal = scrub(&photo).unwrap_err();
        assert_eq!(refusal.name(), "NotRecoded", "{what}: {refusal}");
        println!("{what}: {refusal}");
    }
}
