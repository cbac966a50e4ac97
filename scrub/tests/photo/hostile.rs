//! Files made to be slow are refused by name, or cost no more than others of their size. `cargo bench -p scrub`
//! measures how much time and memory they take.

use scrub::{NotRotated, Options, Orientation, Refusal};

use crate::support::{contains, orientation_tag};

#[test]
fn a_file_made_to_be_slow_is_refused_by_name_or_cleaned_of_what_makes_it_slow() {
    let files = samples::hostile();
    for file in &files {
        let bytes = file.bytes.len();
        let outcome = scrub::scrub(file.bytes.clone().into(), &Options::default());
        assert_eq!(outcome.as_ref().err().map(Refusal::name), file.refused_as, "{}", file.name);
        match outcome {
            Ok(clean) => {
                let (photo, orientation) = (clean.photo, clean.report.orientation);
                println!("{}: {bytes} bytes, {} left, {orientation}", file.name, photo.len());
                match orientation {
                    // The picture itself makes it slow.
                    Orientation::Tagged { not_rotated: Some(NotRotated::Work { .. }), .. } => {
                        assert!(contains(&photo, &orientation_tag(6)), "{}", file.name)
                    }
                    // What makes it slow comes before the picture.
                    _ => assert!(photo.len() < bytes || file.name.contains("restart"), "{}", file.name),
                }
                // After a profile, which is rewritten, the picture is as it was.
                let frame = || photo.windows(2).rposition(|pair| pair == [0xFF, 0xC0]).unwrap();
                let from = if contains(&photo, b"ICC_PROFILE") { frame() } else { 2 };
                assert!(
                    orientation != Orientation::Upright || file.bytes.ends_with(&photo[from..]),
                    "{}",
                    file.name
                );
            }
            Err(refusal) => println!("{}: {bytes} bytes, {refusal}", file.name),
        }
    }
    println!("{} files", files.len());
}
