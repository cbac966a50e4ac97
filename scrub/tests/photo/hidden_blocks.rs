//! Blocks that only complete the last MCUs of a picture: what is in them is not drawn, so nothing of it may stay.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use samples::decoders;
use scrub::Recoded;

use crate::support::*;

/// One MCU of 16 x 8 samples in a picture of 8 x 8: the second block of the first component is outside. Each block has
/// a difference of one bit and 63 coefficients of one bit, and each code is a 0, so all of the data is zeros.
fn picture(codes: impl Fn(u8) -> Vec<u8>) -> Vec<u8> {
    let frame = [8, 0, 8, 0, 8, 3, 1, 0x21, 0, 2, 0x11, 0, 3, 0x11, 0];
    let tables = [codes(0x00), codes(0x10)].concat();
    let scan = segment(0xDA, &[3, 1, 0, 2, 0, 3, 0, 0, 63, 0]);
    [SOI, &dqt(), &segment(0xC0, &frame), &tables, &scan, &[0; 4 * 16], EOI].concat()
}

#[test]
fn a_picture_is_coded_again_if_its_tables_have_no_codes_for_an_empty_block() {
    let size_of_1 = |values: &'static [u8]| picture(move |class| table(class, values));
    let cases = [(size_of_1(&[1]), Some(Recoded::HiddenBlocks)), (size_of_1(&[1, 0]), None)];
    for (photo, recoded) in cases {
        let clean = scrub(&photo).unwrap();
        println!("{:?}: {} bytes become {}", clean.report.recoded, photo.len(), clean.photo.len());
        assert_eq!(clean.report.recoded, recoded);
        let drawn = |photo: &[u8]| decoders::turbojpeg(photo, true).unwrap();
        assert!(drawn(&clean.photo) == drawn(&photo), "other pixels");
        assert!(recoded.is_some() || clean.photo.len() < photo.len(), "nothing was emptied");
    }
}

/// Two MCUs, so that a block after the empty one differs from another block than before.
#[test]
fn the_difference_after_an_empty_block_is_coded_again_or_the_picture_is() {
    for (values, recoded) in [(&[1, 0][..], Some(Recoded::HiddenBlocks)), (&[1, 0, 2], None)] {
        let mut photo = picture(|class| table(class, values));
        // Twice as high.
        let height = photo.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap() + 6;
        photo[height] = 16;
        photo.splice(photo.len() - 2..photo.len() - 2, [0; 4 * 16]);
        let clean = scrub(&photo).unwrap();
        println!("{values:?}: {:?}", clean.report.recoded);
        assert_eq!(clean.report.recoded, recoded);
        let drawn = |photo: &[u8]| decoders::turbojpeg(photo, true).unwrap();
        assert!(drawn(&clean.photo) == drawn(&photo), "other pixels");
    }
}

/// There are eight restart markers, and any number of intervals.
#[test]
fn pictures_of_hundreds_of_restart_intervals_are_emptied() {
    for rows in [1, 127, 128, 129, 255, 256, 257, 300] {
        let (width, height) = (24, rows * 16 - 8);
        let pixels: Vec<u8> =
            (0..width as usize * height as usize * 3).map(|at| (at * at % 251) as u8).collect();
        let mut photo = Vec::new();
        let mut encoder = Encoder::new(&mut photo, 90);
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        encoder.set_restart_interval(1);
        encoder.encode(&pixels, width, height, ColorType::Rgb).unwrap();
        let clean = scrub(&photo).unwrap_or_else(|refusal| panic!("{} intervals: {refusal}", rows * 2));
        assert_eq!(clean.report.recoded, None);
        assert!(clean.photo.len() < photo.len());
        let drawn = |photo: &[u8]| decoders::turbojpeg(photo, true).unwrap();
        assert!(drawn(&clean.photo) == drawn(&photo), "{} intervals: other pixels", rows * 2);
        println!("{} intervals: {} bytes become {}", rows * 2, photo.len(), clean.photo.len());
    }
}

/// Most MCUs are copied between the edges, and those after an edge have another difference than before.
#[test]
fn pictures_of_every_size_and_sampling_draw_the_same_with_those_blocks_emptied() {
    use SamplingFactor::{F_1_2, F_2_1, F_2_2, F_4_1, F_4_2};
    let (mut pictures, mut bytes) = (0, 0);
    for (width, height) in (1..=6).flat_map(|w| (1..=6).map(move |h| (w * 8 - 3, h * 8 - 5))) {
        let pixels: Vec<u8> =
            (0..width as usize * height as usize * 3).map(|at| (at * at % 251) as u8).collect();
        for (sampling, is_progressive, interval) in [F_2_2, F_2_1, F_1_2, F_4_1, F_4_2]
            .into_iter()
            .flat_map(|sampling| [(sampling, false, 0), (sampling, false, 3), (sampling, true, 0)])
        {
            let mut photo = Vec::new();
            let mut encoder = Encoder::new(&mut photo, 90);
            encoder.set_sampling_factor(sampling);
            encoder.set_progressive(is_progressive);
            encoder.set_restart_interval(interval);
            encoder.encode(&pixels, width, height, ColorType::Rgb).unwrap();
            let what = format!("{width} x {height}, {sampling:?}, progressive {is_progressive}, {interval}");
            let clean = scrub(&photo).unwrap_or_else(|refusal| panic!("{what}: {refusal}"));
            let drawn = |photo: &[u8]| decoders::turbojpeg(photo, true).unwrap();
            assert!(drawn(&clean.photo) == drawn(&photo), "{what}: other pixels");
            assert_eq!(scrub(&clean.photo).unwrap().photo, clean.photo, "{what}: not clean at once");
            (pictures, bytes) = (pictures + 1, bytes + photo.len() - clean.photo.len());
        }
    }
    println!("{pictures} pictures lost {bytes} bytes in all");
    assert!(bytes > 0);
}
