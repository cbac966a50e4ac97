//! What the encoder promises: decoders draw the plain files without a warning, as computed.

use super::{Coding, HEIGHT, Process, WIDTH, codings};
use crate::decoders;

/// Samples of 8 bits by libjpeg-turbo, of others by its tool djpeg. None without the tool.
fn drawn(coding: &Coding) -> Option<Vec<i32>> {
    let file = coding.file();
    if coding.precision == 8 {
        let (decoded, warning) = decoders::turbojpeg(&file, true).unwrap_or_else(|e| panic!("{coding}: {e}"));
        assert_eq!(warning, None, "{coding}");
        assert_eq!((decoded.width, decoded.height), (WIDTH, HEIGHT), "{coding}");
        return Some(decoded.samples.into_iter().map(i32::from).collect());
    }
    let (picture, has_warned) = decoders::djpeg(&file)?;
    assert!(!has_warned, "{coding}: djpeg warns");
    let bytes = 2 * coding.pixels().len();
    let samples = &picture[picture.len() - bytes..];
    Some(samples.chunks(2).map(|pair| i32::from(u16::from_be_bytes([pair[0], pair[1]]))).collect())
}

#[test]
fn every_coding_is_drawn_without_a_warning_as_computed() {
    let (mut seen, mut largest, mut size) = (0, 0, 0);
    for coding in codings() {
        // djpeg mixes neighbours where colours have fewer samples, and writes no file of four inks.
        let is_comparable = coding.precision == 8 || coding.colour.is_unsampled();
        if coding.precision != 8 && coding.colour.sampling.len() == 4 {
            continue;
        }
        let Some(drawn) = drawn(&coding) else { continue };
        seen += 1;
        size = size.max(coding.file().len());
        if !is_comparable {
            continue;
        }
        let expected = coding.pixels();
        assert_eq!(drawn.len(), expected.len(), "{coding}");
        let difference = drawn.iter().zip(&expected).map(|(a, b)| (a - b).abs()).max().unwrap_or(0);
        let tolerance = if coding.process == Process::Lossless { 0 } else { 5 };
        assert!(difference <= tolerance, "{coding}: differs by {difference}");
        largest = largest.max(difference);
    }
    println!("{seen} codings drawn; at most {largest} off, at most {size} bytes");
}

#[test]
fn zune_draws_what_it_supports_as_computed() {
    let mut seen = 0;
    for coding in codings() {
        // It mixes neighbours where colours have fewer samples, does not give CMYK as it is in the file, and its result
        // varies in sequential coding with a scan for each component.
        let is_split = !coding.is_interleaved && !coding.process.is_progressive();
        if coding.precision != 8
            || !coding.colour.is_unsampled()
            || coding.colour.sampling.len() == 4
            || is_split
        {
            continue;
        }
        let Some(decoded) = decoders::zune(&coding.file()) else {
            let is_known = coding.process == Process::Lossless || coding.process.is_arithmetic();
            assert!(is_known, "{coding}: zune-jpeg does not decode it");
            continue;
        };
        let expected = coding.pixels();
        // It may give gray as RGB.
        let step = decoded.samples.len() / expected.len();
        let samples = decoded.samples.iter().step_by(step);
        let off = samples.zip(&expected).map(|(&a, b)| (i32::from(a) - b).abs()).max();
        assert!(off <= Some(4), "{coding}: differs by {off:?}");
        seen += 1;
    }
    println!("zune-jpeg drew {seen} codings");
    assert!(seen > 0, "zune-jpeg decoded nothing");
}
