//! Which bytes of a tag's data stay: the numbers that colours are computed with, and zeros for anything else.

use super::allowed::kept;
use super::build::*;
use super::tables::*;

/// The data without what `start` puts into the reserved bytes.
fn blank(bytes: &[u8]) -> Vec<u8> {
    let mut blank = bytes.to_vec();
    while let Some(at) = blank.windows(4).position(|window| window == b"rsvd") {
        blank[at..at + 4].fill(0);
    }
    blank
}

#[track_caller]
fn assert_stays(signature: &[u8; 4], bytes: &[u8], what: &str) {
    assert_eq!(kept(signature, bytes.to_vec()), Some(blank(bytes)), "{what}");
}

#[track_caller]
fn assert_goes(signature: &[u8; 4], bytes: &[u8], what: &str) {
    assert_eq!(kept(signature, bytes.to_vec()), None, "{what}");
}

fn changed(bytes: &[u8], at: usize, new: &[u8]) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[at..at + new.len()].copy_from_slice(new);
    changed
}

#[test]
fn a_curve_keeps_as_many_numbers_as_it_says() {
    for count in [0, 1, 2, 5] {
        let curve = [start(b"curv"), words([count]), vec![0x77; 2 * count as usize]].concat();
        assert_stays(b"kTRC", &curve, &format!("{count} numbers"));
    }
    for (function, numbers) in [(0, 1), (1, 3), (2, 4), (3, 5), (4, 7)] {
        let curve = changed(&parametric(function, &vec![0.7; numbers]), 10, &[0, 0]);
        assert_stays(b"kTRC", &curve, &format!("function {function}"));
    }
    assert_goes(b"kTRC", &parametric(5, &[0.7; 9]), "function 5");
    assert_goes(b"kTRC", &[start(b"curv"), words([u32::MAX])].concat(), "more numbers than bytes");
}

#[test]
fn a_table_has_one_to_sixteen_channels_and_as_many_numbers_as_they_take() {
    for (inputs, outputs) in [(1, 1), (1, 16), (2, 3), (16, 1)] {
        let points = if inputs == 16 { 1 } else { 2 };
        let narrow = changed(&table_8(inputs, outputs, points), 11, &[0]);
        assert_stays(b"A2B0", &narrow, &format!("8 bits, {inputs} to {outputs}"));
        let wide = changed(&table_16(inputs, outputs, points), 11, &[0]);
        assert_stays(b"A2B0", &wide, &format!("16 bits, {inputs} to {outputs}"));
    }
    for (inputs, outputs) in [(0, 3), (3, 0), (17, 3), (3, 17)] {
        assert_goes(b"A2B0", &table_8(inputs, outputs, 1), "8 bits");
        assert_goes(b"A2B0", &table_16(inputs, outputs, 1), "16 bits");
        let mut curves = curve_table(b"mAB ", 3, 3, 1);
        curves[8..10].copy_from_slice(&[inputs, outputs]);
        assert_goes(b"A2B0", &curves, "with curves");
    }
}

#[test]
fn parts_that_a_table_with_curves_does_not_have_are_not_kept() {
    for (signature, kind) in [(b"A2B0", b"mAB "), (b"B2A0", b"mBA ")] {
        let whole = curve_table(kind, 4, 3, 2);
        let stays = kept(signature, whole.clone()).unwrap();
        let number = |at: usize| u32::from_be_bytes(*whole[at..].first_chunk().unwrap()) as usize;
        // Their offsets in the order they have in the file, and where each begins.
        let fields = [12, 16, 20, 24, 28];
        for (i, field) in fields.into_iter().enumerate() {
            let new = kept(signature, changed(&whole, field, &[0; 4])).unwrap();
            let begin = number(field);
            let end = fields.get(i + 1).map_or(stays.len(), |&next| number(next));
            assert!(stays[begin..end].iter().any(|&byte| byte != 0), "there was something");
            let gone = new.get(begin..end.min(new.len())).unwrap_or_default();
            assert!(gone.iter().all(|&byte| byte == 0), "part {i}");
            assert_eq!(new.get(end..).unwrap_or_default(), &stays[end..], "part {i}");
            let front = begin.min(new.len());
            assert_eq!(changed(&new, field, &stays[field..field + 4])[..front], stays[..front], "part {i}");
        }
        let width = number(24) + 16;
        assert_eq!(whole[width], 2);
        assert_goes(signature, &changed(&whole, width, &[0]), "numbers of no bytes");
        assert_goes(signature, &changed(&whole, width, &[3]), "numbers of three bytes");
    }
}

/// A multiProcessElementsType with one element, of one channel.
fn one_element(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let element = [start(kind), vec![0, 1, 0, 1], data.to_vec()].concat();
    let size = u32::try_from(element.len()).unwrap();
    [start(b"mpet"), vec![0, 1, 0, 1], words([1, 24, size]), element].concat()
}

/// One with a curve of these segments.
fn one_curve(count: u8, segments: &[u8]) -> Vec<u8> {
    let breaks = floats((1..count).map(f32::from));
    let curve = [start(b"curf"), vec![0, count, 0, 0], breaks, segments.to_vec()].concat();
    let size = u32::try_from(curve.len()).unwrap();
    one_element(b"cvst", &[words([20, size]), curve].concat())
}

#[test]
fn processing_elements_keep_as_many_numbers_as_they_take() {
    assert_stays(b"D2B0", &one_element(b"matf", &floats([0.5, 0.1])), "a matrix");
    assert_stays(b"D2B0", &one_element(b"bACS", b"rTRC"), "a start for the future");
    assert_stays(b"D2B0", &one_element(b"eACS", b"rTRC"), "an end for the future");
    let table = [&[3][..], &[0; 15], &floats([0.1, 0.2, 0.3])].concat();
    assert_stays(b"D2B0", &one_element(b"clut", &table), "a table");
    assert_goes(b"D2B0", &one_element(b"calc", &floats([0.5])), "what nobody knows");
    let formula = |function: u8, numbers: usize| {
        [start(b"parf"), vec![0, function, 0, 0], floats(vec![0.7; numbers])].concat()
    };
    for (function, numbers) in [(0, 4), (1, 5), (2, 5)] {
        let formula = formula(function, numbers);
        assert_stays(b"D2B0", &one_curve(1, &formula), &format!("function {function}"));
        assert_stays(b"D2B0", &one_curve(2, &formula.repeat(2)), &format!("function {function}, twice"));
    }
    assert_goes(b"D2B0", &one_curve(1, &formula(3, 9)), "function 3");
    for count in [0, 1, 4] {
        let samples = [start(b"samf"), words([count]), floats(vec![0.3; count as usize])].concat();
        let segments = [formula(0, 4), samples, formula(1, 5)].concat();
        assert_stays(b"D2B0", &one_curve(3, &segments), &format!("{count} samples"));
    }
    assert_goes(b"D2B0", &one_curve(1, &[start(b"else"), floats([0.1; 9])].concat()), "another segment");
    assert_goes(b"D2B0", &one_curve(0, &formula(0, 4)), "no segments");
    let curve = one_curve(1, &formula(0, 4));
    let at = curve.windows(4).position(|window| window == b"curf").unwrap();
    assert_goes(b"D2B0", &changed(&curve, at, b"curv"), "another curve");
    for at in [8, 10, 32, 34] {
        for channels in [0, 17] {
            assert_goes(b"D2B0", &changed(&curve, at, &[0, channels]), "channels");
        }
    }
}
