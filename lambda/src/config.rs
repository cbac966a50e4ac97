//! The function's settings. They are read from the environment and checked once at the start: a function that is set up
//! wrongly must report it before it accepts an event, not fail at the first photo.

use std::ffi::OsString;
use std::str::FromStr;
use std::time::Duration;

use scrub::Options;
use strum::EnumString;

pub use crate::config_error::ConfigError;

/// Memory in MiB that the function needs in addition to the photo: the process itself, TLS sessions and the runtime's
/// buffers.
pub const HEADROOM_MIB: u64 = 64;

/// The largest object that one PUT can write, in MiB ("Uploading objects", Amazon S3 User Guide: 5 GB).
pub(crate) const MAX_PUT_MIB: u64 = 5 * 1024;

/// The checked settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Name of the bucket that photos are uploaded to.
    pub bucket_a: String,
    /// Name of the bucket that clean photos are published in.
    pub bucket_b: String,
    /// Address of the queue that keeps refusals.
    pub refusals_queue_url: String,
    /// The largest photo accepted, in bytes.
    pub max_photo_bytes: u64,
    /// How photos are scrubbed. `memory` here includes the photo itself.
    pub options: Options,
    /// Whether what is deleted from A is deleted from B.
    pub deletes: Deletes,
    /// How old an original is when lifecycle deletes it, if it does.
    pub originals_expire_after: Option<Duration>,
}

/// Whether deletes are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum Deletes {
    /// A photo that somebody deletes from A, or overwrites with one that is refused, is deleted from B.
    Follow,
    /// What was published stays in B.
    Keep,
}

/// The status of the lifecycle rule that expires originals, in S3's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString)]
enum RuleStatus {
    Enabled,
    Disabled,
}

impl Config {
    /// Reads the process's environment.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_lookup(|name| std::env::var_os(name))
    }

    /// Reads the environment through a function that returns the value of a variable.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<OsString>) -> Result<Self, ConfigError> {
        let bucket_a = read_text(&lookup, "BUCKET_A", "the name of the bucket that photos are uploaded to")?;
        let bucket_b =
            read_text(&lookup, "BUCKET_B", "the name of the bucket that clean photos are published in")?;
        if bucket_a == bucket_b {
            return Err(ConfigError::SameBucket { bucket: bucket_a });
        }
        let refusals_queue_url = read_queue_url(&lookup)?;
        let max_photo_mib = read_number(
            &lookup,
            "MAX_PHOTO_MB",
            "the size of the largest photo to accept, a whole number of MiB above 0",
        )?;
        if max_photo_mib > MAX_PUT_MIB {
            return Err(ConfigError::LargerThanAPut { max_photo_mib });
        }
        let memory_mib = read_number(
            &lookup,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            "the function's memory in MiB, a whole number above 0, which Lambda sets",
        )?;
        if max_photo_mib + HEADROOM_MIB > memory_mib {
            return Err(ConfigError::TooLittleMemory { max_photo_mib, memory_mib });
        }
        let scrub = "SCRUB";
        let settings = read_text(&lookup, scrub, "the settings of the photo core")?;
        let options = Options {
            memory: (memory_mib - HEADROOM_MIB) << 20,
            ..settings.parse().map_err(|source| ConfigError::NotAChoice { name: scrub, source })?
        };
        // A setting that the stack forgot must not silently get its default.
        if options.to_string() != settings {
            return Err(ConfigError::Incomplete {
                name: scrub,
                value: settings,
                expected: options.to_string(),
            });
        }
        let deletes = read_word(&lookup, "DELETES", "follow or keep")?;
        let rule: RuleStatus = read_word(&lookup, "EXPIRE_ORIGINALS", "Enabled or Disabled")?;
        let days = read_number(
            &lookup,
            "EXPIRE_ORIGINALS_DAYS",
            "the days after which originals are deleted if EXPIRE_ORIGINALS is Enabled, a whole number above 0",
        )?;
        let expire_after = Duration::from_secs(days.saturating_mul(24 * 60 * 60));
        Ok(Self {
            bucket_a,
            bucket_b,
            refusals_queue_url,
            max_photo_bytes: max_photo_mib << 20,
            options,
            deletes,
            originals_expire_after: (rule == RuleStatus::Enabled).then_some(expire_after),
        })
    }
}

fn read_text(
    lookup: impl Fn(&str) -> Option<OsString>,
    name: &'static str,
    expected: &'static str,
) -> Result<String, ConfigError> {
    let value = lookup(name).ok_or(ConfigError::Missing { name, expected })?;
    let value = value.into_string().map_err(|_| ConfigError::NotUtf8 { name, expected })?;
    if value.trim().is_empty() {
        return Err(ConfigError::Empty { name, expected });
    }
    Ok(value)
}

/// Plain HTTP is only for an AWS on this machine, whose address `AWS_ENDPOINT_URL` gives.
fn read_queue_url(lookup: impl Fn(&str) -> Option<OsString>) -> Result<String, ConfigError> {
    let name = "REFUSALS_QUEUE_URL";
    let expected = "the https address of the queue that keeps refusals";
    let value = read_text(&lookup, name, expected)?;
    let is_local = lookup("AWS_ENDPOINT_URL").is_some_and(|endpoint| !endpoint.is_empty());
    if value.starts_with("https://") || (is_local && value.starts_with("http://")) {
        return Ok(value);
    }
    Err(ConfigError::NotAnAddress { name, expected, value })
}

fn read_word<T: FromStr>(
    lookup: impl Fn(&str) -> Option<OsString>,
    name: &'static str,
    expected: &'static str,
) -> Result<T, ConfigError> {
    let value = read_text(lookup, name, expected)?;
    value.parse().map_err(|_| ConfigError::UnknownWord { name, expected, value })
}

fn read_number(
    lookup: impl Fn(&str) -> Option<OsString>,
    name: &'static str,
    expected: &'static str,
) -> Result<u64, ConfigError> {
    let value = read_text(lookup, name, expected)?;
    match value.parse() {
        Ok(0) => Err(ConfigError::Zero { name, expected }),
        Ok(number) => Ok(number),
        Err(_) => Err(ConfigError::NotANumber { name, expected, value }),
    }
}
