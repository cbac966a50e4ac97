//! The settings of scrubbing. An option keeps only what its name says.

use std::fmt;
use std::str::FromStr;

use strum::{Display, EnumString, IntoStaticStr, VariantArray, VariantNames};

/// How a photo is scrubbed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// What happens to a photo whose orientation is not upright.
    pub orientation: OrientationMode,
    /// What happens to a colour profile.
    pub icc: IccMode,
    /// Memory in bytes that rotating a photo, or coding it again, may take beside the photo itself. A photo that needs
    /// more is tagged, or refused. Either takes about 12 bytes per pixel without chroma subsampling, half of that with
    /// 4:2:0, and four times the file.
    pub memory: u64,
}

impl Default for Options {
    /// Upright, minimal profiles, and 1 GiB of memory: enough for a 20 MB photo of 80 megapixels without chroma
    /// subsampling.
    fn default() -> Options {
        Options { orientation: OrientationMode::default(), icc: IccMode::default(), memory: 1 << 30 }
    }
}

/// The settings that decide which bytes are in a clean photo, as one word each. Photos scrubbed with other settings may
/// differ.
impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "orientation={} icc={}", self.orientation, self.icc)
    }
}

/// The reverse of `Display`. A setting that is not named has its default.
impl FromStr for Options {
    type Err = BadOptions;

    fn from_str(settings: &str) -> Result<Options, BadOptions> {
        let mut options = Options::default();
        for setting in settings.split_whitespace() {
            match setting.split_once('=') {
                Some(("orientation", mode)) => options.orientation = parse_mode(setting, mode)?,
                Some(("icc", mode)) => options.icc = parse_mode(setting, mode)?,
                _ => return Err(BadOptions::UnknownSetting { setting: setting.to_owned() }),
            }
        }
        Ok(options)
    }
}

fn parse_mode<T: FromStr + VariantNames>(setting: &str, mode: &str) -> Result<T, BadOptions> {
    let choices = || T::VARIANTS.join(" or ");
    mode.parse().map_err(|_| BadOptions::BadValue { setting: setting.to_owned(), choices: choices() })
}

/// Why a text is not a list of settings as `Options` displays them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadOptions {
    /// A word that is not a setting.
    #[error("{setting:?} is not a setting: the settings are like {:?}", Options::default().to_string())]
    UnknownSetting {
        /// The word.
        setting: String,
    },
    /// A setting with a value that it cannot have.
    #[error("{setting:?} has a value that is not known: it must be {choices}")]
    BadValue {
        /// The whole word.
        setting: String,
        /// The values that it can have.
        choices: String,
    },
}

/// What happens to a photo whose orientation is not upright.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Display, EnumString, IntoStaticStr, VariantArray, VariantNames,
)]
#[strum(serialize_all = "lowercase")]
pub enum OrientationMode {
    /// It is rotated upright without being decoded. Where that cannot be done, or would trim more than 1/16 of a side,
    /// it is tagged.
    #[default]
    Upright,
    /// It is rotated upright without being decoded if no pixel is trimmed. Otherwise it is tagged.
    Perfect,
    /// The picture stays as it is stored, and a new EXIF segment of 36 bytes holds its orientation.
    Tag,
    /// The picture stays as it is stored, and nothing in the file gives its orientation.
    Drop,
}

/// What happens to a colour profile.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Display, EnumString, IntoStaticStr, VariantArray, VariantNames,
)]
#[strum(serialize_all = "lowercase")]
pub enum IccMode {
    /// What colours need stays, bit for bit; names, serial numbers and dates go. Standard profiles stay as they are.
    #[default]
    Minimal,
    /// The profile stays, byte for byte. It may name a device and its owner.
    Keep,
}
