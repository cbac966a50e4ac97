//! What two colour engines make of a profile.

use lcms2::{CIExyY, GlobalContext, Intent, PixelFormat, Profile, Transform};
use moxcms::{ColorProfile, Layout, TransformOptions};

/// Colours read with a profile: one entry for each transform, none where it cannot be made.
#[derive(PartialEq)]
pub(super) struct Colours(Vec<Option<Vec<u64>>>);

impl Colours {
    pub(super) fn transforms(&self) -> usize {
        self.0.iter().flatten().count()
    }
}

pub(super) fn colours(profile: &[u8]) -> Colours {
    let mut colours = match profile.get(16..20) {
        Some(b"GRAY") => lcms::<1>(profile, PixelFormat::GRAY_16, 257),
        Some(b"RGB ") => lcms::<3>(profile, PixelFormat::RGB_16, 18),
        Some(b"CMYK") => lcms::<4>(profile, PixelFormat::CMYK_16, 10),
        Some(b"Lab ") => lcms::<3>(profile, PixelFormat::Lab_16, 18),
        Some(b"YCbr") => lcms::<3>(profile, PixelFormat::YCbCr_16, 18),
        _ => Vec::new(),
    };
    colours.push(moxcms(profile));
    Colours(colours)
}

/// Every colour of a grid, with `steps` on each axis.
fn grid<const N: usize>(steps: usize) -> Vec<[u16; N]> {
    let colour = |i: usize| {
        std::array::from_fn(|axis| {
            let step = i / steps.pow(u32::try_from(axis).unwrap()) % steps;
            u16::try_from(step * 65_535 / (steps - 1)).unwrap()
        })
    };
    (0..steps.pow(u32::try_from(N).unwrap())).map(colour).collect()
}

/// lcms2, in all four intents, to sRGB and to Lab.
fn lcms<const N: usize>(profile: &[u8], format: PixelFormat, steps: usize) -> Vec<Option<Vec<u64>>> {
    let Ok(profile) = Profile::new_icc(profile) else { return Vec::new() };
    let colours = grid::<N>(steps);
    let d50 = CIExyY { x: 0.3457, y: 0.3585, Y: 1.0 };
    let lab = Profile::new_lab4_context(GlobalContext::new(), &d50).unwrap();
    let srgb = Profile::new_srgb();
    let intents =
        [Intent::Perceptual, Intent::RelativeColorimetric, Intent::Saturation, Intent::AbsoluteColorimetric];
    let to_srgb = |intent| {
        let transform: Transform<[u16; N], [u16; 3]> =
            Transform::new(&profile, format, &srgb, PixelFormat::RGB_16, intent).ok()?;
        let mut new = vec![[0; 3]; colours.len()];
        transform.transform_pixels(&colours, &mut new);
        Some(new.into_iter().flatten().map(u64::from).collect())
    };
    let to_lab = |intent| {
        let transform: Transform<[u16; N], [f64; 3]> =
            Transform::new(&profile, format, &lab, PixelFormat::Lab_DBL, intent).ok()?;
        let mut new = vec![[0.0; 3]; colours.len()];
        transform.transform_pixels(&colours, &mut new);
        Some(new.into_iter().flatten().map(f64::to_bits).collect())
    };
    intents.into_iter().flat_map(|intent| [to_srgb(intent), to_lab(intent)]).collect()
}

/// moxcms, to sRGB.
fn moxcms(profile: &[u8]) -> Option<Vec<u64>> {
    if profile.get(16..20) != Some(b"RGB ") {
        return None;
    }
    let profile = ColorProfile::new_from_slice(profile).ok()?;
    let options = TransformOptions::default();
    let srgb = ColorProfile::new_srgb();
    let transform = profile.create_transform_16bit(Layout::Rgb, &srgb, Layout::Rgb, options).ok()?;
    let colours = grid::<3>(18).concat();
    let mut new = vec![0; colours.len()];
    transform.transform(&colours, &mut new).ok()?;
    Some(new.into_iter().map(u64::from).collect())
}
