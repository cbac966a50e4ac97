//! Why the function does not start with its settings.

use scrub::BadOptions;
use strum::IntoStaticStr;
use thiserror::Error;

use crate::config::{HEADROOM_MIB, MAX_PUT_MIB};

/// Why the settings are not valid. Each message says what to set.
#[derive(Debug, Clone, PartialEq, Eq, Error, IntoStaticStr)]
#[strum(prefix = "Config.")]
pub enum ConfigError {
    /// A variable is not set.
    #[error("the environment variable {name} is not set: it must be {expected}")]
    Missing {
        /// The variable's name.
        name: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// A variable is empty.
    #[error("the environment variable {name} is empty: it must be {expected}")]
    Empty {
        /// The variable's name.
        name: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// A variable is not UTF-8.
    #[error("the environment variable {name} is not UTF-8: it must be {expected}")]
    NotUtf8 {
        /// The variable's name.
        name: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// An address is not one that the function may use.
    #[error("the environment variable {name} is {value:?}: it must be {expected}")]
    NotAnAddress {
        /// The variable's name.
        name: &'static str,
        /// What it must be.
        expected: &'static str,
        /// Its value.
        value: String,
    },
    /// A size is not a whole number.
    #[error("the environment variable {name} is {value:?}: it must be {expected}")]
    NotANumber {
        /// The variable's name.
        name: &'static str,
        /// What it must be.
        expected: &'static str,
        /// Its value.
        value: String,
    },
    /// A size is 0.
    #[error("the environment variable {name} is 0: it must be {expected}")]
    Zero {
        /// The variable's name.
        name: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// The photo core does not know a setting, or its value.
    #[error("the environment variable {name} is not valid: {source}")]
    NotAChoice {
        /// The variable's name.
        name: &'static str,
        /// What is not known.
        source: BadOptions,
    },
    /// A word is not one of the choices.
    #[error("the environment variable {name} is {value:?}: it must be {expected}")]
    UnknownWord {
        /// The variable's name.
        name: &'static str,
        /// What it must be.
        expected: &'static str,
        /// Its value.
        value: String,
    },
    /// Not every setting of the photo core is given once, in its order.
    #[error(
        "the environment variable {name} is {value:?}: it must give every setting once, as in {expected:?}"
    )]
    Incomplete {
        /// The variable's name.
        name: &'static str,
        /// Its value.
        value: String,
        /// The same settings, complete.
        expected: String,
    },
    /// A and B are the same bucket: each clean photo would overwrite its original and start the function again.
    #[error("BUCKET_A and BUCKET_B are both {bucket:?}: they must be different buckets")]
    SameBucket {
        /// The bucket's name.
        bucket: String,
    },
    /// The largest photo accepted does not fit in the function's memory.
    #[error(
        "MAX_PHOTO_MB is {max_photo_mib} and the function has {memory_mib} MiB of memory: it needs {} MiB, \
         so give it more memory or lower MAX_PHOTO_MB",
        max_photo_mib.saturating_add(HEADROOM_MIB)
    )]
    TooLittleMemory {
        /// The largest photo to accept, in MiB.
        max_photo_mib: u64,
        /// The function's memory, in MiB.
        memory_mib: u64,
    },
    /// The largest photo accepted could not be published in one PUT.
    #[error("MAX_PHOTO_MB is {max_photo_mib}: a PUT to S3 writes at most {MAX_PUT_MIB} MiB")]
    LargerThanAPut {
        /// The largest photo to accept, in MiB.
        max_photo_mib: u64,
    },
}

impl ConfigError {
    /// The error's name, for logs and `errorType`.
    pub fn name(&self) -> &'static str {
        self.into()
    }
}
