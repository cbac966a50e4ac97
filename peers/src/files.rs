//! The photos that all strippers are given.

use std::error::Error;
use std::path::{Path, PathBuf};

use bench::drawing;

use crate::walk::Walk;

#[derive(Clone)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// What was planted in it, if that is known.
    pub(crate) secrets: Vec<Vec<u8>>,
}

/// The samples, each as it is and once more sideways; the ordinary one in every orientation.
pub(crate) fn samples() -> Vec<File> {
    let mut files = Vec::new();
    for sample in samples::all() {
        let orientations: &[u8] = if sample.name == "camera" { &[2, 3, 4, 5, 6, 7, 8] } else { &[8] };
        for &orientation in orientations {
            let name = format!("{}, orientation {orientation}", sample.name);
            let bytes = with_orientation(&sample.bytes, orientation);
            files.push(File { name, bytes, secrets: sample.secrets.clone() });
        }
        files.push(File { name: sample.name.to_owned(), bytes: sample.bytes, secrets: sample.secrets });
    }
    files
}

/// The photos that are timed: one as a phone makes it, a large one, and a large one that is sideways.
pub(crate) fn timed() -> Result<Vec<File>, Box<dyn Error>> {
    let camera = camera_segments();
    let file = |what: &str, bytes: Vec<u8>| {
        let name = format!("{what}, {:.1} MB", bytes.len() as f64 / 1e6);
        File { name, bytes, secrets: Vec::new() }
    };
    Ok(vec![
        file("14 MP", drawing::photo(4288, 3216, 4, &camera)?),
        file("24 MP", drawing::photo(6000, 4000, 7, &camera)?),
        file("24 MP sideways", drawing::sideways_24_mp()?),
    ])
}

/// The user's own photos: files, and all JPEGs in folders.
pub(crate) fn given(paths: &[PathBuf]) -> Result<Vec<File>, Box<dyn Error>> {
    let mut files = Vec::new();
    for path in paths {
        let with_path = |error| format!("{}: {error}", path.display());
        if path.is_dir() {
            let entries = std::fs::read_dir(path).map_err(with_path)?;
            let mut paths =
                entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, std::io::Error>>()?;
            paths.sort();
            for file in paths.iter().filter(|file| file.is_file()) {
                files.extend(Some(read_file(file)?).filter(|file| file.bytes.starts_with(b"\xFF\xD8\xFF")));
            }
        } else {
            files.push(read_file(path)?);
        }
    }
    Ok(files)
}

fn read_file(path: &Path) -> Result<File, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(File { name, bytes, secrets: Vec::new() })
}

/// The same photo with another orientation: in its own EXIF, or in a new EXIF segment before all others if it has none.
fn with_orientation(photo: &[u8], orientation: u8) -> Vec<u8> {
    let mut changed = photo.to_vec();
    // The entries of a single SHORT (Exif 2.32, tag 0x0112), little-endian and big-endian, up to the number itself.
    let entries: [&[u8]; 2] = [b"\x12\x01\x03\0\x01\0\0\0", b"\x01\x12\0\x03\0\0\0\x01\0"];
    let scan = photo.windows(2).position(|pair| pair == b"\xFF\xDA").unwrap_or(photo.len());
    let header = &photo[..scan];
    let found = entries.iter().find_map(|entry| {
        Some(header.windows(entry.len()).position(|window| window == *entry)? + entry.len())
    });
    match found {
        Some(at) => changed[at] = orientation,
        None => drop(changed.splice(2..2, drawing::exif_with_orientation(orientation))),
    }
    changed
}

/// EXIF and XMP of the sample that is an ordinary camera file.
fn camera_segments() -> Vec<u8> {
    let camera = samples::all().into_iter().find(|sample| sample.name == "camera");
    let bytes = camera.map(|sample| sample.bytes).unwrap_or_default();
    let walk = Walk::new(&bytes);
    let metadata = walk.segments.iter().filter(|segment| segment.marker == 0xE1);
    metadata
        .flat_map(|segment| {
            let length = (segment.payload.len() as u16 + 2).to_be_bytes();
            [&[0xFF, 0xE1], &length[..], segment.payload].concat()
        })
        .collect()
}
