//! Settings are words: the function's environment, the stack's config and the note beside a photo all hold them.

use scrub::{IccMode, Options, OrientationMode};

#[test]
fn every_setting_is_read_back_from_the_words_it_is_written_as() {
    let mut tried = 0;
    for orientation in OrientationMode::ALL {
        for icc in IccMode::ALL {
            let options = Options { orientation, icc, ..Options::default() };
            let words = options.to_string();
            println!("{words}");
            assert_eq!(Options::from_settings(&words), Some(options));
            tried += 1;
        }
    }
    assert_eq!(tried, 6);
    assert_eq!(Options::from_settings(""), Some(Options::default()));
}

#[test]
fn words_that_are_no_settings_are_not_taken_for_some() {
    for words in ["upright", "orientation=", "orientation=sideways", "icc=all", "colour=keep", "icc=keep x"] {
        assert_eq!(Options::from_settings(words), None, "{words}");
    }
}
