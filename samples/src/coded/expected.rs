//! The pixels of a picture, computed without a decoder.

use super::frame::Unit;
use super::{Coding, Content, Process, WIDTH, picture};

/// Samples of all components of each pixel, by row, as decoders give them: gray, RGB or CMYK.
pub(super) fn pixels(coding: &Coding) -> Vec<i32> {
    let frame = coding.frame();
    let planes: Vec<Vec<i32>> = (0..frame.sampling.len()).map(|component| plane(coding, component)).collect();
    let largest = (1 << coding.precision) - 1;
    let middle = f64::from(1 << (coding.precision - 1));
    let mut pixels = Vec::new();
    for at in 0..WIDTH * frame.height {
        if coding.colour.is_ycbcr {
            // JFIF 1.02, "Conversion to and from RGB".
            let [y, cb, cr] = [0, 1, 2].map(|component| f64::from(planes[component][at]));
            let (cb, cr) = (cb - middle, cr - middle);
            let rgb = [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb];
            pixels.extend(rgb.map(|value| (value.round() as i32).clamp(0, largest)));
        } else {
            pixels.extend(planes.iter().map(|plane| plane[at]));
        }
    }
    pixels
}

/// A component, each sample repeated where it has fewer than the picture has pixels.
fn plane(coding: &Coding, component: usize) -> Vec<i32> {
    let frame = coding.frame();
    let picture = coding.picture(&Content::default());
    let (columns, _) = frame.mcus(&[component]);
    let mut rows: Vec<Vec<i32>> = Vec::new();
    for unit in frame.units(&[component]).flatten() {
        let Unit { x, y, .. } = unit;
        let (block, side): ([[i32; 8]; 8], usize) = match coding.process {
            Process::Lossless => ([[picture.sample(component, x, y); 8]; 8], 1),
            _ => {
                let block = picture.block(&unit);
                (picture::samples(&block, coding.slot(component), coding.precision), 8)
            }
        };
        rows.resize(rows.len().max((y + 1) * side), vec![0; columns * side]);
        for (row, samples) in block.iter().take(side).enumerate() {
            rows[y * side + row][x * side..(x + 1) * side].copy_from_slice(&samples[..side]);
        }
    }
    let ((h, v), (largest_h, largest_v)) = (frame.factors(component), frame.largest());
    let pixels = (0..frame.height).flat_map(|y| (0..WIDTH).map(move |x| (x, y)));
    pixels.map(|(x, y)| rows[y * v / largest_v][x * h / largest_h]).collect()
}
