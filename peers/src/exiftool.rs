//! The tags that ExifTool finds in a folder of photos.

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value};

/// Profiles with these names are the same everywhere, so they reveal nothing about anybody.
const STANDARD_PROFILES: [&str; 5] =
    ["sRGB", "Display P3", "Adobe RGB (1998)", "Generic RGB Profile", "ProPhoto RGB"];
/// Groups for what comes from the file system and the coding, or is computed from them.
const STRUCTURE: [&str; 6] = ["SourceFile", "ExifTool", "File", "JFIF", "APP14", "Composite"];

/// The tags of one photo.
#[derive(Default)]
pub(crate) struct Tags {
    /// By `group:subgroup:name`, those of embedded files too.
    all: Map<String, Value>,
    /// The EXIF orientation, 1 to 8.
    pub(crate) orientation: u8,
}

/// The tags of all photos in a folder, by the names of the files.
pub(crate) fn tags_of(program: &Path, folder: &Path) -> Result<HashMap<String, Tags>, Box<dyn Error>> {
    // All tags: duplicates, unknown ones and those of embedded files too.
    let mut all = run(program, folder, &["-a", "-u", "-U", "-ee3"])?;
    let tags = run(program, folder, &["-IFD0:Orientation"])?.into_iter().map(|(name, first)| {
        let orientation = first.values().find_map(Value::as_u64).filter(|number| (1..=8).contains(number));
        let all = all.remove(&name).unwrap_or_default();
        (name, Tags { all, orientation: orientation.unwrap_or(1) as u8 })
    });
    Ok(tags.collect())
}

fn run(
    program: &Path,
    folder: &Path,
    options: &[&str],
) -> Result<HashMap<String, Map<String, Value>>, Box<dyn Error>> {
    let mut command = Command::new(program);
    command.args(["-json", "-G0:1", "-n", "-q", "-q"]).args(options).arg(".").current_dir(folder);
    let output = command.output().map_err(|error| format!("{} does not run: {error}", program.display()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let photos: Vec<Map<String, Value>> = match text.trim() {
        "" if std::fs::read_dir(folder)?.next().is_none() => Vec::new(),
        text => serde_json::from_str(text).map_err(|error| {
            format!("{}: {error}; {}", program.display(), String::from_utf8_lossy(&output.stderr))
        })?,
    };
    let by_name = photos.into_iter().filter_map(|photo| {
        let name = photo.get("SourceFile")?.as_str()?.trim_start_matches("./").to_owned();
        Some((name, photo))
    });
    Ok(by_name.collect())
}

impl Tags {
    /// Any tag of EXIF but the orientation, which a photo may need.
    pub(crate) fn has_exif(&self) -> bool {
        self.names().any(|(group, name)| group == "EXIF" && name != "Orientation")
    }

    /// A location, in any kind of metadata.
    pub(crate) fn has_gps(&self) -> bool {
        self.names()
            .any(|(group, name)| group != "Composite" && name.starts_with("GPS") && name != "GPSVersionID")
    }

    /// Anything that is neither EXIF, nor a profile, nor structure.
    pub(crate) fn has_other(&self) -> bool {
        self.names().any(|(group, name)| match group {
            "EXIF" | "ICC_Profile" => false,
            "File" => name == "Comment",
            "JFIF" => name.starts_with("Thumbnail"),
            _ => !STRUCTURE.contains(&group),
        })
    }

    /// A name in the profile that is not a standard profile's.
    pub(crate) fn has_profile_name(&self) -> bool {
        let is_own = |text: &str| {
            !text.trim().is_empty() && !STANDARD_PROFILES.iter().any(|name| text.starts_with(name))
        };
        self.all.iter().any(|(key, value)| {
            key.starts_with("ICC_Profile:")
                && key.ends_with(":ProfileDescription")
                && value.as_str().is_some_and(is_own)
        })
    }

    /// Group and name.
    fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all.keys().filter_map(|key| key.split(':').next().zip(key.rsplit(':').next()))
    }
}
