//! Strip and verify a photo of 16.8 MB against a plain copy of the same bytes, in the same run.
//!
//! A copy is the least a function could do with a photo, so the ratio tells how much of its time is ours. The photo
//! is cleaned in place, as the function does it: `scrub` gets the only handle. The copy goes to memory that has been
//! written to before, so that it does not pay for fresh pages.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use scrub::{Bytes, Options, scrub, verify};

const SIZE: usize = 16_800_000;

fn main() {
    let photo = photo();
    let clean = scrub(Bytes::from(photo.clone()), &Options::default()).unwrap().photo;
    let mut copy = photo.clone();

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("16.8 MB");
    group.throughput(Throughput::Bytes(SIZE as u64));
    let mut measure = |name: &str, run: &mut dyn FnMut() -> Duration| {
        let mut times = Vec::new();
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|rounds| {
                let start = times.len();
                times.extend((0..rounds).map(|_| run()));
                times[start..].iter().sum()
            });
        });
        times.sort_unstable();
        times.get(times.len() / 2).copied()
    };
    let copying = measure("copy", &mut || {
        let start = Instant::now();
        copy.copy_from_slice(black_box(&photo));
        black_box(&mut copy);
        start.elapsed()
    });
    let verifying = measure("verify alone", &mut || {
        let start = Instant::now();
        black_box(verify(black_box(&clean))).unwrap();
        start.elapsed()
    });
    let cleaning = measure("strip and verify", &mut || {
        let photo = Bytes::from(photo.clone());
        let start = Instant::now();
        let clean = scrub(black_box(photo), &Options::default());
        let time = start.elapsed();
        drop(black_box(clean));
        time
    });
    group.finish();

    // Asked for one benchmark only, or to list them, there is nothing to compare.
    if let (Some(copying), Some(verifying), Some(cleaning)) = (copying, verifying, cleaning) {
        println!("median round {:>9}  {:>6}", "time", "ratio");
        for (name, time) in [("copy", copying), ("verify", verifying), ("strip+verify", cleaning)] {
            let ratio = time.as_secs_f64() / copying.as_secs_f64();
            println!("{name:12} {:>6.3} ms  {ratio:>5.2}x", time.as_secs_f64() * 1e3);
        }
    }
}

/// A camera's header in front of entropy-coded data in which every 256th byte, on average, is 0xFF, as in real photos.
fn photo() -> Vec<u8> {
    let sample = samples::all().into_iter().find(|sample| sample.name == "camera").unwrap().bytes;
    let mut photo = sample.strip_suffix(b"\xFF\xD9").unwrap().to_vec();
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    while photo.len() < SIZE {
        // xorshift64 (Marsaglia 2003)
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        for byte in state.to_le_bytes() {
            photo.push(byte);
            if byte == 0xFF {
                photo.push(0x00);
            }
        }
    }
    photo.truncate(SIZE - 3);
    photo.extend([0x00, 0xFF, 0xD9]);
    photo
}
