//! ExifTool reads more kinds of metadata than any other program. What it finds in clean photos is structure only.
//!
//! `just test` installs the version in `tools/exiftool` and puts its path into EXIFTOOL; it takes perl. Otherwise the
//! `exiftool` on PATH is used. Without one these tests say so, even when output is captured, and pass.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::process::Command;

use crate::support::{SOI, exif, icc_chunk, picture, report_skipped, segment};
use samples::icc::{HEADER, Profile};
use scrub::{Bytes, IccMode, Options, OrientationMode};
use strum::VariantArray;

/// What ExifTool may find, by its groups (family 1): what describes the coding and its colours, or is computed from
/// that.
const STRUCTURE: [(&str, &[&str]); 9] = [
    ("ExifTool", &["ExifToolVersion"]),
    (
        "File",
        &[
            "FileType",
            "FileTypeExtension",
            "MIMEType",
            "ExifByteOrder",
            "ImageWidth",
            "ImageHeight",
            "EncodingProcess",
            "BitsPerSample",
            "ColorComponents",
            "YCbCrSubSampling",
        ],
    ),
    ("JFIF", &["JFIFVersion", "ResolutionUnit", "XResolution", "YResolution"]),
    ("Adobe", &["DCTEncodeVersion", "APP14Flags0", "APP14Flags1", "ColorTransform"]),
    ("IFD0", &["Orientation"]),
    (
        "ICC-header",
        &[
            "ProfileVersion",
            "ProfileClass",
            "ColorSpaceData",
            "ProfileConnectionSpace",
            "ProfileFileSignature",
            "CMMFlags",
            "DeviceAttributes",
            "RenderingIntent",
            "ConnectionSpaceIlluminant",
        ],
    ),
    (
        "ICC_Profile",
        &[
            "MediaWhitePoint",
            "MediaBlackPoint",
            "RedMatrixColumn",
            "GreenMatrixColumn",
            "BlueMatrixColumn",
            "RedTRC",
            "GreenTRC",
            "BlueTRC",
            "GrayTRC",
            "ChromaticAdaptation",
            "AToB0",
            "AToB1",
            "AToB2",
            "BToA0",
            "BToA1",
            "BToA2",
            "DToB0",
            "DToB1",
            "DToB2",
            "DToB3",
            "BToD0",
            "BToD1",
            "BToD2",
            "BToD3",
            "Gamut",
        ],
    ),
    ("ICC-cicp", &["ColorPrimaries", "TransferCharacteristics", "MatrixCoefficients", "VideoFullRangeFlag"]),
    ("Composite", &["ImageSize", "Megapixels"]),
];

/// The program, if there is one. One that EXIFTOOL names must run, unless there is no perl.
fn program() -> Option<OsString> {
    let named = std::env::var_os("EXIFTOOL");
    let runs = |program: &OsString, argument: &str| {
        Command::new(program).arg(argument).output().is_ok_and(|ran| ran.status.success())
    };
    let program = named.clone().unwrap_or_else(|| "exiftool".into());
    if runs(&program, "-ver") {
        return Some(program);
    }
    assert!(named.is_none() || !runs(&"perl".into(), "-v"), "EXIFTOOL is {program:?}, which does not run");
    let why = if named.is_some() { "no perl to run it with" } else { "no exiftool on PATH or in EXIFTOOL" };
    report_skipped(&format!("ExifTool is not asked about any photo: {why}"));
    None
}

/// What ExifTool says of each photo with these options: values by tag. None if there is no ExifTool.
pub(crate) fn ask(
    photos: impl IntoIterator<Item = impl AsRef<[u8]>>,
    options: &[&str],
) -> Option<Vec<BTreeMap<String, String>>> {
    let program = program()?;
    let folder = tempfile::tempdir().unwrap();
    let mut said = Vec::new();
    for (i, photo) in photos.into_iter().enumerate() {
        std::fs::write(folder.path().join(format!("{i}.jpg")), photo).unwrap();
        said.push(None);
    }
    // This gives the first of two equal tags. No file at all is an error.
    let table = ["-a", "-G1", "-s", "-n", "-csv", "-csvDelim", "\t", "-r", "."];
    let ran = Command::new(&program).args(options).args(table).current_dir(folder.path()).output().unwrap();
    let text = String::from_utf8_lossy(&ran.stdout).into_owned();
    let mut lines = text.lines().map(|line| line.split('\t'));
    let names: Vec<&str> = lines.next().unwrap().skip(1).collect();
    for mut values in lines {
        let file = values.next().unwrap().trim_start_matches("./").trim_end_matches(".jpg");
        let tags = names.iter().zip(values).filter(|(_, value)| !value.is_empty());
        said[file.parse::<usize>().unwrap()] =
            Some(tags.map(|(name, value)| ((*name).to_owned(), value.to_owned())).collect());
    }
    let all = said.into_iter().collect();
    assert_ne!(all, None, "not every photo was read: {}", String::from_utf8_lossy(&ran.stderr));
    all
}

/// What it finds in clean photos that is not structure, by group and tag, and how many tags it names in all.
fn leftovers(clean: &[(String, Bytes)]) -> Option<(BTreeMap<String, String>, usize)> {
    // All tags, unknown ones too, inside of what is embedded as well.
    let said = ask(clean.iter().map(|(_, photo)| photo), &["-u", "-U", "-ee3"])?;
    let tags = said.iter().map(BTreeMap::len).sum();
    let of_photos = clean.iter().zip(said);
    let found = of_photos.flat_map(|((name, _), said)| {
        let leftovers = said.into_iter().filter(|(tag, value)| !is_structure(tag, value));
        leftovers.map(move |(tag, value)| (format!("{name}: {tag}"), value))
    });
    Some((found.collect(), tags))
}

/// Whether a tag may be found. A tag that is required but could contain something private must be empty.
fn is_structure(tag: &str, value: &str) -> bool {
    let (group, name) = tag.split_once(':').unwrap_or(("", tag));
    match (group, name) {
        // Read from the file system.
        ("System", _) => true,
        ("ICC-header", "ProfileDateTime") => value == "2000:01:01 00:00:00",
        ("ICC-header", "ProfileID") => value.split(' ').all(|byte| byte == "0"),
        (
            "ICC-header",
            "DeviceManufacturer" | "DeviceModel" | "ProfileCreator" | "ProfileCMMType" | "PrimaryPlatform",
        )
        | ("ICC_Profile", "ProfileDescription" | "ProfileCopyright") => {
            value.trim_matches(['\0', ' ']).is_empty()
        }
        _ => STRUCTURE.iter().any(|(allowed, names)| *allowed == group && names.contains(&name)),
    }
}

fn cleaned(name: &str, photo: &[u8], options: &Options) -> Option<(String, Bytes)> {
    let clean = scrub::scrub(Bytes::copy_from_slice(photo), options).ok()?;
    Some((format!("{name} ({options})"), clean.photo))
}

#[test]
fn exiftool_finds_nothing_but_structure_in_the_samples() {
    let mut all = Vec::new();
    for sample in samples::all() {
        let mut sideways = sample.bytes.clone();
        sideways.splice(2..2, exif(8));
        for &orientation in OrientationMode::VARIANTS {
            let options = Options { orientation, icc: IccMode::Minimal, ..Options::default() };
            all.extend(cleaned(sample.name, &sample.bytes, &options));
            all.extend(cleaned(sample.name, &sideways, &options));
        }
    }
    let Some((found, tags)) = leftovers(&all) else { return };
    println!("{} clean samples, {tags} tags, all of them structure", all.len());
    assert!(found.is_empty(), "{found:#?}");
    // It can find something, in the samples as they are.
    let untouched: Vec<_> =
        samples::all().into_iter().map(|sample| (sample.name.to_owned(), sample.bytes.into())).collect();
    let (found, _) = leftovers(&untouched).unwrap();
    println!("{} tags that are not structure, in the {} samples as they are", found.len(), untouched.len());
    assert!(found.len() > 100);
}

#[test]
fn exiftool_names_what_a_header_and_a_profile_must_not_contain() {
    let profile_tags = [
        (b"calt", "CalibrationDateTime"),
        (b"targ", "CharTarget"),
        (b"dmnd", "DeviceMfgDesc"),
        (b"dmdd", "DeviceModelDesc"),
        (b"devs", "DeviceSettings"),
        (b"mmod", "MakeAndModel"),
        (b"vcgt", "VideoCardGamma"),
        (b"desc", "ProfileDescription"),
        (b"cprt", "ProfileCopyright"),
        (b"Ada ", "ICC_Profile_Ada"),
    ];
    let profile = profile_with(&profile_tags.map(|(signature, _)| signature));
    let with_thumbnail = segment(0xE0, b"JFIF\0\x01\x02\x01\0\x48\0\x48\x01\x01RGB");
    let comment = segment(0xFE, b"Ada");
    let photo =
        [SOI, &with_thumbnail, &comment, &icc_chunk(1, 1, &profile), &picture(0xC0).concat()].concat();
    let Some((found, _)) = leftovers(&[("planted".to_owned(), photo.into())]) else { return };
    println!("{found:#?}");
    let others = ["JFIF:ThumbnailWidth", "JFIF:ThumbnailHeight", "JFIF:ThumbnailTIFF", "File:Comment"];
    let others = others.map(str::to_owned).into_iter();
    for tag in profile_tags.map(|(_, name)| format!("ICC_Profile:{name}")).into_iter().chain(others) {
        assert!(found.contains_key(&format!("planted: {tag}")), "{tag} is not named");
    }
}

/// A profile with tags of these signatures, a name in each.
fn profile_with(signatures: &[&[u8; 4]]) -> Vec<u8> {
    let mut header = [0; HEADER];
    header[36..40].copy_from_slice(b"acsp");
    let tags = signatures.iter().map(|&signature| (signature, b"text\0\0\0\0Ada\0"));
    Profile::new(header).tags(tags, b"", 0).bytes()
}

#[test]
fn exiftool_finds_nothing_but_structure_in_real_photos() {
    let photos = samples::shared_photos();
    if photos.is_empty() {
        return;
    }
    let (mut all, mut standard) = (Vec::new(), Vec::new());
    for (name, photo) in photos {
        let Some((name, clean)) = cleaned(&name, &photo, &Options::default()) else { continue };
        let keep = Options { icc: IccMode::Keep, ..Options::default() };
        // A profile that the default does not change is a standard one: it names its maker and nobody who took a photo.
        if cleaned("", &photo, &keep).is_some_and(|(_, kept)| kept == clean) {
            standard.push(format!("{name}: ICC"));
        }
        all.push((name, clean));
    }
    let Some((mut found, tags)) = leftovers(&all) else { return };
    let is_of_one = |tag: &str| standard.iter().any(|start| tag.starts_with(start.as_str()));
    let of_standard_profiles = found.extract_if(.., |tag, _| is_of_one(tag)).count();
    println!("{} clean photos, {tags} tags; {of_standard_profiles} of standard profiles", all.len());
    assert!(found.is_empty(), "{found:#?}");
}
