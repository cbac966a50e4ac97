//! How a photo is to be cleaned: what somebody running a stack may choose, and nothing that would leave more of it
//! than they would expect.

use std::fmt;

/// How a photo is to be cleaned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// What becomes of an orientation that is not upright.
    pub orientation: OrientationMode,
    /// What becomes of a colour profile.
    pub icc: IccMode,
    /// How much memory turning a photo may take beside the photo itself, in bytes. A photo that would take more is
    /// tagged instead. Turning takes about 12 bytes a pixel with full colour resolution, half of it with a quarter
    /// of the colour samples, and three times the file.
    pub turn_memory: u64,
}

impl Default for Options {
    /// Upright, minimal profiles, and 1 GiB for turning: enough for 80 megapixels with full colour resolution in 20 MB.
    fn default() -> Options {
        Options { orientation: OrientationMode::Upright, icc: IccMode::Minimal, turn_memory: 1 << 30 }
    }
}

/// The settings that decide what is in a finished photo, as one word each. Photos cleaned with other settings may
/// differ.
impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "orientation={} icc={}", self.orientation.as_str(), self.icc.as_str())
    }
}

impl Options {
    /// The options that were written as `settings`; what they do not say is the default.
    pub fn from_settings(settings: &str) -> Option<Options> {
        let mut options = Options::default();
        for setting in settings.split_whitespace() {
            match setting.split_once('=')? {
                ("orientation", name) => options.orientation = OrientationMode::named(name)?,
                ("icc", name) => options.icc = IccMode::named(name)?,
                _ => return None,
            }
        }
        Some(options)
    }
}

/// What becomes of an orientation that is not upright.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OrientationMode {
    /// The picture is turned without decoding it. Where that cannot be done, as with `Tag`.
    #[default]
    Upright,
    /// The picture stays as it is stored, and a fresh EXIF segment of 36 bytes says how to turn it.
    Tag,
    /// The picture stays as it is stored, and nothing says how to turn it.
    Drop,
}

impl OrientationMode {
    /// All modes.
    pub const ALL: [OrientationMode; 3] =
        [OrientationMode::Upright, OrientationMode::Tag, OrientationMode::Drop];

    /// The mode's name in settings.
    pub fn as_str(self) -> &'static str {
        match self {
            OrientationMode::Upright => "upright",
            OrientationMode::Tag => "tag",
            OrientationMode::Drop => "drop",
        }
    }

    /// The mode of this name.
    pub fn named(name: &str) -> Option<OrientationMode> {
        OrientationMode::ALL.into_iter().find(|mode| mode.as_str() == name)
    }
}

/// What becomes of a colour profile.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum IccMode {
    /// What colours need stays, bit for bit; names, serial numbers and dates go. Standard profiles stay as they are.
    #[default]
    Minimal,
    /// The profile stays, byte for byte. It may name a device and its owner.
    Keep,
}

impl IccMode {
    /// All modes.
    pub const ALL: [IccMode; 2] = [IccMode::Minimal, IccMode::Keep];

    /// The mode's name in settings.
    pub fn as_str(self) -> &'static str {
        match self {
            IccMode::Minimal => "minimal",
            IccMode::Keep => "keep",
        }
    }

    /// The mode of this name.
    pub fn named(name: &str) -> Option<IccMode> {
        IccMode::ALL.into_iter().find(|mode| mode.as_str() == name)
    }
}
