//! What the samples promise.

use crate::all;

#[test]
fn every_secret_is_planted() {
    let mut seen = 0;
    for sample in all() {
        for secret in &sample.secrets {
            let text = String::from_utf8_lossy(secret);
            let planted = sample.bytes.windows(secret.len()).any(|window| window == secret);
            assert!(planted, "{}: {text:?} is not in the file", sample.name);
            seen += 1;
        }
    }
    println!("{seen} secrets in {} samples", all().len());
}

#[test]
fn names_and_keys_are_unique_and_files_are_small() {
    let samples = all();
    for (i, sample) in samples.iter().enumerate() {
        println!("{:14} {:7} bytes  {}", sample.name, sample.bytes.len(), sample.key);
        assert!(sample.bytes.len() < 200_000, "{} is too large", sample.name);
        assert!(samples[..i].iter().all(|other| other.name != sample.name && other.key != sample.key));
    }
}
