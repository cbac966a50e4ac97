//! The settings in the environment: which are accepted, and the error for each that is not.

use std::collections::HashMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::time::Duration;

use exif_ripper::config::{Config, ConfigError, Deletes, HEADROOM_MIB};
use scrub::{IccMode, Options, OrientationMode};

use crate::support::QUEUE;

const VALID: [(&str, &str); 9] = [
    ("BUCKET_A", "photos-in"),
    ("BUCKET_B", "photos-out"),
    ("REFUSALS_QUEUE_URL", QUEUE),
    ("MAX_PHOTO_MB", "50"),
    ("SCRUB", "orientation=tag icc=keep"),
    ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
    ("DELETES", "follow"),
    ("EXPIRE_ORIGINALS", "Disabled"),
    ("EXPIRE_ORIGINALS_DAYS", "30"),
];

/// The settings from the valid environment with one variable changed or removed.
fn config_with(name: &str, value: Option<OsString>) -> Result<Config, ConfigError> {
    let mut environment: HashMap<String, OsString> =
        VALID.map(|(name, value)| (name.to_owned(), value.into())).into();
    match value {
        Some(value) => environment.insert(name.to_owned(), value),
        None => environment.remove(name),
    };
    Config::from_lookup(|name| environment.get(name).cloned())
}

#[test]
fn a_valid_environment_is_accepted() {
    let config = config_with("OTHER", Some("ignored".into())).unwrap();
    println!("{config:?}");
    let expected = Config {
        bucket_a: "photos-in".to_owned(),
        bucket_b: "photos-out".to_owned(),
        refusals_queue_url: QUEUE.to_owned(),
        max_photo_bytes: 50 * 1024 * 1024,
        options: Options {
            orientation: OrientationMode::Tag,
            icc: IccMode::Keep,
            memory: (512 - HEADROOM_MIB) << 20,
        },
        deletes: Deletes::Follow,
        originals_expire_after: None,
    };
    assert_eq!(config, expected);
}

#[test]
fn each_variable_that_is_missing_empty_or_not_utf8_is_named() {
    let mut tried = 0;
    for (name, _) in VALID {
        let values = [
            (None, "Config.Missing"),
            (Some(OsString::new()), "Config.Empty"),
            (Some("  ".into()), "Config.Empty"),
            (Some(OsString::from_vec(vec![b'a', 0xFF])), "Config.NotUtf8"),
        ];
        for (value, kind) in values {
            let error = config_with(name, value).unwrap_err();
            println!("{}: {error}", error.name());
            assert_eq!(error.name(), kind);
            assert!(error.to_string().contains(name));
            tried += 1;
        }
    }
    println!("{tried} environments");
}

#[test]
fn the_address_of_the_queue_is_https_except_on_an_aws_on_this_machine() {
    let local = "http://127.0.0.1:4566/000000000000/refusals";
    for value in ["refusals", "arn:aws:sqs:eu-west-1:123456789012:refusals", local] {
        let error = config_with("REFUSALS_QUEUE_URL", Some(value.into())).unwrap_err();
        println!("{}: {error}", error.name());
        assert_eq!(error.name(), "Config.NotAnAddress");
        assert!(["REFUSALS_QUEUE_URL", value, "https"].iter().all(|word| error.to_string().contains(word)));
    }
    let lookup = |endpoint: &'static str| {
        move |name: &str| match name {
            "REFUSALS_QUEUE_URL" => Some(local.into()),
            "AWS_ENDPOINT_URL" => Some(endpoint.into()),
            _ => VALID.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into()),
        }
    };
    assert_eq!(Config::from_lookup(lookup("http://127.0.0.1:4566")).unwrap().refusals_queue_url, local);
    assert!(Config::from_lookup(lookup("")).is_err());
}

#[test]
fn each_size_that_is_not_a_whole_number_above_0_is_an_error() {
    for name in ["MAX_PHOTO_MB", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "EXPIRE_ORIGINALS_DAYS"] {
        for (value, kind) in [
            ("fifty", "Config.NotANumber"),
            ("-1", "Config.NotANumber"),
            ("1.5", "Config.NotANumber"),
            ("50MB", "Config.NotANumber"),
            ("99999999999999999999", "Config.NotANumber"),
            ("0", "Config.Zero"),
        ] {
            let error = config_with(name, Some(value.into())).unwrap_err();
            println!("{}: {error}", error.name());
            assert_eq!(error.name(), kind);
            assert!(error.to_string().contains(name));
        }
    }
}

#[test]
fn a_value_that_the_photo_core_does_not_know_is_an_error_that_lists_the_choices() {
    let choices = [("orientation", "upright or perfect or tag or drop"), ("icc", "minimal or keep")];
    for (setting, choices) in choices {
        for value in ["sideways", "Keep", "1"] {
            let error = config_with("SCRUB", Some(format!("{setting}={value}").into())).unwrap_err();
            println!("{}: {error}", error.name());
            assert_eq!(error.name(), "Config.NotAChoice");
            let message = error.to_string();
            assert!(["SCRUB", setting, value, choices].iter().all(|word| message.contains(word)));
        }
    }
}

#[test]
fn a_setting_of_the_photo_core_that_is_left_out_or_given_twice_is_an_error() {
    for value in
        ["orientation=tag", "icc=keep", "icc=keep orientation=tag", "orientation=tag icc=keep icc=keep"]
    {
        let error = config_with("SCRUB", Some(value.into())).unwrap_err();
        println!("{}: {error}", error.name());
        assert_eq!(error.name(), "Config.Incomplete");
        assert!(error.to_string().contains("SCRUB") && error.to_string().contains(value));
    }
}

#[test]
fn deletes_and_expiry_take_exactly_their_words() {
    for (name, value) in [
        ("DELETES", "Follow"),
        ("DELETES", "yes"),
        ("EXPIRE_ORIGINALS", "enabled"),
        ("EXPIRE_ORIGINALS", "30"),
    ] {
        let error = config_with(name, Some(value.into())).unwrap_err();
        println!("{}: {error}", error.name());
        assert_eq!(error.name(), "Config.UnknownWord");
        assert!(error.to_string().contains(name) && error.to_string().contains(value));
    }
    assert_eq!(config_with("DELETES", Some("keep".into())).unwrap().deletes, Deletes::Keep);
    let expires = config_with("EXPIRE_ORIGINALS", Some("Enabled".into())).unwrap();
    println!("{:?}", expires.originals_expire_after);
    assert_eq!(expires.originals_expire_after, Some(Duration::from_secs(30 * 24 * 60 * 60)));
}

#[test]
fn the_same_bucket_for_both_is_an_error() {
    let error = config_with("BUCKET_B", Some("photos-in".into())).unwrap_err();
    println!("{error}");
    assert_eq!(error, ConfigError::SameBucket { bucket: "photos-in".to_owned() });
}

#[test]
fn the_largest_photo_must_fit_in_memory() {
    let fits = 512 - HEADROOM_MIB;
    assert!(config_with("MAX_PHOTO_MB", Some(fits.to_string().into())).is_ok());
    let error = config_with("MAX_PHOTO_MB", Some((fits + 1).to_string().into())).unwrap_err();
    println!("{error}");
    assert_eq!(error.name(), "Config.TooLittleMemory");
    assert!(error.to_string().contains("513 MiB"));
}

#[test]
fn the_largest_photo_must_fit_in_one_put() {
    let error = config_with("MAX_PHOTO_MB", Some(u64::MAX.to_string().into())).unwrap_err();
    println!("{error}");
    assert_eq!(error.name(), "Config.LargerThanAPut");
}
