//! Settings are words: in the function's environment, in the stack's config and in the metadata of a clean object.

use scrub::{BadOptions, IccMode, Options, OrientationMode};
use strum::VariantArray;

#[test]
fn every_setting_is_read_back_from_the_words_it_is_written_as() {
    let mut tried = 0;
    for &orientation in OrientationMode::VARIANTS {
        for &icc in IccMode::VARIANTS {
            let options = Options { orientation, icc, ..Options::default() };
            let words = options.to_string();
            println!("{words}");
            assert_eq!(words.parse(), Ok(options));
            tried += 1;
        }
    }
    assert_eq!(tried, 6);
    assert_eq!("".parse(), Ok(Options::default()));
}

#[test]
fn words_that_are_not_settings_are_refused() {
    for words in ["upright", "orientation=", "orientation=sideways", "icc=all", "colour=keep", "icc=keep x"] {
        assert_eq!(words.parse::<Options>(), Err(BadOptions), "{words}");
    }
}
