//! Settings are words: in the function's environment, in the stack's config and in the metadata of a clean object.

use scrub::{IccMode, Options, OrientationMode};
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
    assert_eq!(tried, 8);
    assert_eq!("".parse(), Ok(Options::default()));
}

#[test]
fn a_word_that_is_not_a_setting_is_named_and_a_wrong_value_with_the_right_ones() {
    let bad = [
        (
            "upright",
            "\"upright\" is not a setting: the settings are like \"orientation=upright icc=minimal\"",
        ),
        ("colour=keep", "\"colour=keep\" is not a setting"),
        ("icc=keep x", "\"x\" is not a setting"),
        (
            "orientation=",
            "\"orientation=\" has a value that is not known: it must be upright or perfect or tag or drop",
        ),
        ("icc=keep orientation=sideways", "\"orientation=sideways\" has a value that is not known"),
        ("icc=Keep", "\"icc=Keep\" has a value that is not known: it must be minimal or keep"),
    ];
    for (words, problem) in bad {
        let error = words.parse::<Options>().unwrap_err().to_string();
        println!("{words}: {error}");
        assert!(error.starts_with(problem), "{words}: {error}");
    }
}
