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

/// Measures how long it takes to clean a photo or to refuse it. The photo core gets the only handle to its bytes.
fn scrub(bencher: Bencher, photo: &[u8]) {
    let bencher = bencher.counter(BytesCount::new(photo.len()));
    let bencher = bencher.with_inputs(|| Bytes::copy_from_slice(photo));
    bencher.bench_values(|photo| scrub::scrub(photo, &Options::default()));
}
