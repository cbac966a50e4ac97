//! The function's settings, read from its environment and checked once at the start: a function that is set up wrongly must say so
//! before it takes an event, not fail at the first photo.

use std::ffi::OsString;
use std::str::FromStr;

use scrub::Options;
use strum::VariantNames;
use thiserror::Error;

/// Memory in MiB that the function needs beside the photo: the process itself, TLS sessions and the runtime's buffers.
pub const HEADROOM_MB: u64 = 64;

/// The largest object that one PUT can write, in MiB ("Uploading objects", Amazon S3 User Guide: 5 GB).
const LARGEST_PUT_MB: u64 = 5 * 1024;

/// The checked settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Name of the bucket that photos are uploaded to.
    pub bucket_a: String,
    /// Name of the bucket that clean photos are published in.
    pub bucket_b: String,
    /// The largest photo taken, in bytes.
    pub max_photo_bytes: u64,
    /// How photos are cleaned. Its memory for turning is all that a photo and its turning may take together.
    pub options: Options,
}

/// Why the environment makes no configuration. Each message says what to set.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// A variable is not there.
    #[error("the environment variable {name} is not set: it must hold {holds}")]
    Missing {
        /// The variable's name.
        name: &'static str,
        /// What it must hold.
        holds: &'static str,
    },
    /// A variable is there and holds nothing.
    #[error("the environment variable {name} is empty: it must hold {holds}")]
    Empty {
        /// The variable's name.
        name: &'static str,
        /// What it must hold.
        holds: &'static str,
    },
    /// A variable is not UTF-8.
    #[error("the environment variable {name} is not UTF-8: it must hold {holds}")]
    NotUtf8 {
        /// The variable's name.
        name: &'static str,
        /// What it must hold.
        holds: &'static str,
    },
    /// A size is not a whole number.
    #[error("the environment variable {name} is {value:?}: it must hold {holds}")]
    NotANumber {
        /// The variable's name.
        name: &'static str,
        /// What it must hold.
        holds: &'static str,
        /// What it does hold.
        value: String,
    },
    /// A size is 0.
    #[error("the environment variable {name} is 0: it must hold {holds}")]
    Zero {
        /// The variable's name.
        name: &'static str,
        /// What it must hold.
        holds: &'static str,
    },
    /// A setting of the photo core is none that it has.
    #[error("the environment variable {name} is {value:?}: it must be {choices}")]
    NotAChoice {
        /// The variable's name.
        name: &'static str,
        /// What it may be.
        choices: String,
        /// What it is.
        value: String,
    },
    /// A and B are one bucket: each clean photo would overwrite its original and start the function again.
    #[error("BUCKET_A and BUCKET_B are both {bucket:?}: they must be two buckets")]
    SameBucket {
        /// The bucket's name.
        bucket: String,
    },
    /// The largest photo taken does not fit into the function's memory.
    #[error(
        "MAX_PHOTO_MB is {max_photo_mb} and the function has {memory_mb} MB of memory: it needs {} MB, \
         so give it more memory or take smaller photos",
        max_photo_mb.saturating_add(HEADROOM_MB)
    )]
    TooLittleMemory {
        /// The largest photo to take, in MiB.
        max_photo_mb: u64,
        /// The function's memory, in MiB.
        memory_mb: u64,
    },
    /// The largest photo taken could not be published in one PUT.
    #[error("MAX_PHOTO_MB is {max_photo_mb}: a PUT to S3 writes at most {LARGEST_PUT_MB} MB")]
    LargerThanAPut {
        /// The largest photo to take, in MiB.
        max_photo_mb: u64,
    },
}

impl ConfigError {
    /// The kind of the error, as Lambda's `errorType` and the log name it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "Config.Missing",
            Self::Empty { .. } => "Config.Empty",
            Self::NotUtf8 { .. } => "Config.NotUtf8",
            Self::NotANumber { .. } => "Config.NotANumber",
            Self::Zero { .. } => "Config.Zero",
            Self::NotAChoice { .. } => "Config.NotAChoice",
            Self::SameBucket { .. } => "Config.SameBucket",
            Self::TooLittleMemory { .. } => "Config.TooLittleMemory",
            Self::LargerThanAPut { .. } => "Config.LargerThanAPut",
        }
    }
}

impl Config {
    /// Reads the process's environment.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_lookup(|name| std::env::var_os(name))
    }

    /// Reads an environment given as a function from a variable's name to its value.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<OsString>) -> Result<Self, ConfigError> {
        let bucket_a = text(&lookup, "BUCKET_A", "the name of the bucket that photos are uploaded to")?;
        let bucket_b =
            text(&lookup, "BUCKET_B", "the name of the bucket that clean photos are published in")?;
        if bucket_a == bucket_b {
            return Err(ConfigError::SameBucket { bucket: bucket_a });
        }
        let max_photo_mb =
            number(&lookup, "MAX_PHOTO_MB", "the largest photo to take, a whole number of MiB")?;
        if max_photo_mb > LARGEST_PUT_MB {
            return Err(ConfigError::LargerThanAPut { max_photo_mb });
        }
        let memory_mb = number(
            &lookup,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            "the function's memory in MiB, which Lambda sets by itself",
        )?;
        if max_photo_mb + HEADROOM_MB > memory_mb {
            return Err(ConfigError::TooLittleMemory { max_photo_mb, memory_mb });
        }
        let options = Options {
            orientation: choice(&lookup, "ORIENTATION")?,
            icc: choice(&lookup, "ICC")?,
            rotate_memory: (memory_mb - HEADROOM_MB) << 20,
        };
        Ok(Self { bucket_a, bucket_b, max_photo_bytes: max_photo_mb << 20, options })
    }
}

fn text(
    lookup: impl Fn(&str) -> Option<OsString>,
    name: &'static str,
    holds: &'static str,
) -> Result<String, ConfigError> {
    let value = lookup(name).ok_or(ConfigError::Missing { name, holds })?;
    let value = value.into_string().map_err(|_| ConfigError::NotUtf8 { name, holds })?;
    if value.trim().is_empty() {
        return Err(ConfigError::Empty { name, holds });
    }
    Ok(value)
}

fn choice<T: FromStr + VariantNames>(
    lookup: impl Fn(&str) -> Option<OsString>,
    name: &'static str,
) -> Result<T, ConfigError> {
    let value = text(lookup, name, "a setting of the photo core")?;
    value.parse().map_err(|_| ConfigError::NotAChoice { name, choices: T::VARIANTS.join(" or "), value })
}

fn number(
    lookup: impl Fn(&str) -> Option<OsString>,
    name: &'static str,
    holds: &'static str,
) -> Result<u64, ConfigError> {
    let value = text(lookup, name, holds)?;
    match value.parse() {
        Ok(0) => Err(ConfigError::Zero { name, holds }),
        Ok(number) => Ok(number),
        Err(_) => Err(ConfigError::NotANumber { name, holds, value }),
    }
}
