//! How time and memory of the photo core grow: with a photo's size, with its number of segments, and in files made to
//! be slow. To compare: a plain copy of the same bytes, and img-parts, which removes EXIF only.
//!
//! `cargo bench -p scrub`. `max alloc` is the most memory that Rust code holds beside the photo itself, which is given.
//! It does not include what libjpeg-turbo takes for a rotation: `just bench` measures that.
#![allow(missing_docs, clippy::unwrap_used)]

use divan::counter::BytesCount;
use divan::{AllocProfiler, Bencher, black_box};
use img_parts::ImageEXIF;
use img_parts::jpeg::Jpeg;
use samples::jpeg::{EOI, SOI, segment};
use samples::{hostile, large};
use scrub::{Bytes, Options};

#[global_allocator]
static ALLOC: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// The photo of 16.8 MB that the budget in `bench/` is for.
#[divan::bench_group(sample_count = 100, sample_size = 1)]
mod photo_of_16_8_mb {
    use super::*;

    const SIZE: usize = 16_800_000;

    #[divan::bench]
    fn copied(bencher: Bencher) {
        let photo = large(SIZE);
        // To memory that was written to before, so that it does not pay for fresh pages.
        let bencher = bencher.counter(BytesCount::new(SIZE)).with_inputs(|| vec![1_u8; SIZE]);
        bencher.bench_refs(|copy| copy.copy_from_slice(black_box(&photo)));
    }

    #[divan::bench]
    fn scrubbed_and_verified(bencher: Bencher) {
        scrub(bencher, &large(SIZE));
    }

    #[divan::bench]
    fn exif_removed_by_img_parts(bencher: Bencher) {
        let photo = large(SIZE);
        let bencher = bencher.counter(BytesCount::new(SIZE)).with_inputs(|| Bytes::copy_from_slice(&photo));
        bencher.bench_values(|photo| {
            let mut jpeg = Jpeg::from_bytes(photo).unwrap();
            jpeg.set_exif(None);
            jpeg.encoder().bytes()
        });
    }
}

#[divan::bench(args = [1, 5, 20, 100, 500], sample_count = 10, sample_size = 1)]
fn megabytes(bencher: Bencher, megabytes: usize) {
    scrub(bencher, &large(megabytes * 1_000_000));
}

/// Comments before the photo. More than 65,536 segments are refused.
#[divan::bench(args = [1_000, 10_000, 65_000, 100_000, 1_000_000], sample_count = 20, sample_size = 1)]
fn segments(bencher: Bencher, segments: usize) {
    let mut photo = large(2_500_000);
    photo.splice(2..2, b"\xFF\xFE\0\x08secret".repeat(segments));
    scrub(bencher, &photo);
}

#[divan::bench(args = hostile().into_iter().map(|file| file.name), sample_count = 10, sample_size = 1)]
fn made_to_be_slow(bencher: Bencher, name: &str) {
    scrub(bencher, &hostile().into_iter().find(|file| file.name == name).unwrap().bytes);
}

/// The slowest files that `just slowest` has found, in about 100 MB: pictures of four components in which every bit of
/// the data is 0. With one code in each table a block takes two bits, a sample of lossless coding one.
#[divan::bench(args = ["sequential", "lossless", "a restart marker after each MCU"], sample_count = 3, sample_size = 1)]
fn fewest_bits(bencher: Bencher, name: &str) {
    let (marker, side, unit) = if name == "lossless" { (0xC3, 10_000, 1) } else { (0xC1, 65_472, 8) };
    let is_marked = name.starts_with("a restart");
    // As many rows as make 32 million MCUs, which are a byte each.
    let height = if is_marked { side / 2 } else { side };
    let mcus = side / unit * (height / unit);
    let [h1, h0, w1, w0] = [height, side].map(|side| (side as u16).to_be_bytes()).concat()[..] else {
        return;
    };
    let components: Vec<u8> = (1..=4).flat_map(|id| [id, 0x11, 0]).collect();
    let one_code = |class| segment(0xC4, &[&[class, 1][..], &[0; 16]].concat());
    let parameters = if unit == 1 { [1, 0, 0] } else { [0, 63, 0] };
    let header = [
        SOI.to_vec(),
        segment(0xDB, &[&[0][..], &[1; 64]].concat()),
        segment(marker, &[&[8, h1, h0, w1, w0, 4][..], &components].concat()),
        one_code(0x00),
        one_code(0x10),
        segment(0xDD, &[0, u8::from(is_marked)]),
        segment(0xDA, &[&[4, 1, 0, 2, 0, 3, 0, 4, 0][..], &parameters].concat()),
    ];
    let mut photo = header.concat();
    match (is_marked, unit) {
        (true, _) => (0..mcus).for_each(|mcu| photo.extend([0, 0xFF, 0xD0 + (mcu % 8) as u8])),
        // Half a byte an MCU.
        (false, 1) => photo.extend(vec![0; mcus / 2]),
        (false, _) => photo.extend(vec![0; mcus]),
    }
    if is_marked {
        photo.truncate(photo.len() - 2);
    }
    photo.extend(EOI);
    scrub(bencher, &photo);
}

/// Measures how long it takes to clean a photo or to refuse it. The photo core gets the only handle to its bytes.
fn scrub(bencher: Bencher, photo: &[u8]) {
    let bencher = bencher.counter(BytesCount::new(photo.len()));
    let bencher = bencher.with_inputs(|| Bytes::copy_from_slice(photo));
    bencher.bench_values(|photo| scrub::scrub(photo, &Options::default()));
}
