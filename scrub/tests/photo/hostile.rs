//! Files made to be slow are refused by name, or cost no more than others of their size. `cargo bench -p scrub`
//! measures how much time and memory they take.

use scrub::{Options, Refusal};

use crate::support::assert_same;

#[test]
fn a_file_made_to_be_slow_is_refused_by_name_or_cleaned_of_what_makes_it_slow() {
    let files = samples::hostile();
    let mut picture = None;
    for file in &files {
        let bytes = file.bytes.len();
        let outcome = scrub::scrub(file.bytes.clone().into(), &Options::default());
        assert_eq!(outcome.as_ref().err().map(Refusal::name), file.refused_as, "{}", file.name);
        match outcome {
            Ok(clean) => {
                let photo = clean.photo;
                println!("{}: {bytes} bytes, {} left, {}", file.name, photo.len(), clean.report.orientation);
                // What makes it slow is not in the picture, which is the same in all of them.
                let from = photo.windows(2).rposition(|pair| pair == [0xFF, 0xDB]).unwrap();
                let picture = picture.get_or_insert_with(|| photo.slice(from..));
                assert_same(&photo[from..], picture, file.name);
                assert!(photo.len() < bytes && picture.len() < 200, "{}", file.name);
            }
            Err(refusal) => println!("{}: {bytes} bytes, {refusal}", file.name),
        }
    }
    println!("{} files", files.len());
}
