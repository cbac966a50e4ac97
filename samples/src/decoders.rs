//! What decoders make of a photo: libjpeg-turbo through its API, its own `djpeg` for what the API does not return,
//! zune-jpeg.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use turbojpeg::{Colorspace, Decompressor, Image, PixelFormat, Transform, Transformer};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

/// A decoded picture of 8 bits a sample.
#[derive(Clone, PartialEq)]
pub struct Decoded {
    /// In pixels.
    pub width: usize,
    /// In pixels.
    pub height: usize,
    /// Row by row, the channels of a pixel together.
    pub samples: Vec<u8>,
}

/// What libjpeg-turbo decodes, and its warning if it gives one. An error if it decodes nothing.
///
/// With `plain` it repeats samples of colour instead of mixing neighbours: rotation would change which neighbours mix.
pub fn turbojpeg(photo: &[u8], plain: bool) -> Result<(Decoded, Option<String>), String> {
    let (decoded, message) = turbojpeg_to_error(photo, plain)?;
    match message {
        Some(error) if !is_warning(&error) => Err(error),
        warning => Ok((decoded, warning)),
    }
}

/// What libjpeg-turbo has drawn when it ends or stops with an error, and its message. An error if it stops in the
/// header, where its API stops at a warning too.
pub fn turbojpeg_to_error(photo: &[u8], plain: bool) -> Result<(Decoded, Option<String>), String> {
    let mut decoder = Decompressor::new().expect("libjpeg-turbo starts");
    decoder.set_fast_upsample(plain).expect("libjpeg-turbo has this setting");
    let header = decoder.read_header(photo).map_err(|error| error.to_string())?;
    let format = match header.colorspace {
        Colorspace::Gray => PixelFormat::GRAY,
        Colorspace::CMYK | Colorspace::YCCK => PixelFormat::CMYK,
        _ => PixelFormat::RGB,
    };
    let (width, height, pitch) = (header.width, header.height, header.width * format.size());
    let mut samples = vec![0; pitch * height];
    let image = Image { pixels: &mut samples[..], width, pitch, height, format };
    let message = decoder.decompress(photo, image).err().map(|error| error.to_string());
    Ok((Decoded { width, height, samples }, message))
}

/// What libjpeg-turbo writes of the coefficients that it reads, as `jpegtran` does, with a warning or without. None if
/// it writes no whole file.
pub fn coded_again(photo: &[u8]) -> Option<Vec<u8>> {
    let mut copy = vec![0; 8 * photo.len() + (1 << 20)];
    let result = Transformer::new()
        .and_then(|mut transformer| transformer.transform_to_slice(&Transform::default(), photo, &mut copy));
    let length = result.ok().or_else(|| Some(copy.iter().rposition(|&byte| byte != 0)? + 1))?;
    copy.truncate(length);
    copy.ends_with(&[0xFF, 0xD9]).then_some(copy)
}

/// Width and height of a photo. None if libjpeg-turbo does not read its header.
pub fn size(photo: &[u8]) -> Option<(usize, usize)> {
    let header = Decompressor::new().ok()?.read_header(photo).ok()?;
    Some((header.width, header.height))
}

/// Whether libjpeg-turbo goes on decoding after this message (`jerror.h`, the messages JWRN). Its API then returns the
/// picture and an error.
pub fn is_warning(message: &str) -> bool {
    let warnings =
        ["Corrupt JPEG data", "Premature end of JPEG", "Inconsistent progression", "Invalid SOS", "Warning"];
    warnings.iter().any(|warning| message.contains(warning))
}

/// What zune-jpeg decodes.
pub fn zune(photo: &[u8]) -> Option<Decoded> {
    let mut decoder = JpegDecoder::new(ZCursor::new(photo));
    let samples = decoder.decode().ok()?;
    let (width, height) = decoder.dimensions()?;
    Some(Decoded { width, height, samples })
}

/// What libjpeg-turbo's own `djpeg` decodes: a file of the PNM family, of any precision. And whether it warns.
pub fn djpeg(photo: &[u8]) -> Option<(Vec<u8>, bool)> {
    const WARNED: i32 = 2;
    let (status, picture) = run(&tool("djpeg")?, &["-pnm"], photo);
    [0, WARNED].contains(&status).then_some((picture, status == WARNED))
}

/// What libjpeg-turbo's own `cjpeg` makes of a PNM file. None if the tool is not at hand.
pub fn cjpeg(arguments: &[&str], picture: &[u8]) -> Option<Vec<u8>> {
    let (status, file) = run(&tool("cjpeg")?, arguments, picture);
    assert_eq!(status, 0, "cjpeg {arguments:?} failed");
    Some(file)
}

/// A tool that the build of libjpeg-turbo leaves beside the library that these tests are linked with.
pub fn tool(name: &str) -> Option<PathBuf> {
    let test = std::env::current_exe().ok()?;
    let builds = std::fs::read_dir(test.parent()?.parent()?.join("build")).ok()?;
    let tools = builds.filter_map(|build| Some(build.ok()?.path().join("out/bin").join(name)));
    tools.filter(|path| path.is_file()).max()
}

/// Runs a tool on what it reads from its standard input. Returns its status and its standard output.
fn run(tool: &PathBuf, arguments: &[&str], input: &[u8]) -> (i32, Vec<u8>) {
    let mut child = Command::new(tool)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the tool starts");
    let mut stdin = child.stdin.take().expect("its input is a pipe");
    let output = std::thread::scope(|scope| {
        // It may stop reading before the end.
        scope.spawn(move || drop(stdin.write_all(input)));
        child.wait_with_output().expect("the tool ends")
    });
    (output.status.code().unwrap_or_else(|| panic!("{} crashed", tool.display())), output.stdout)
}
