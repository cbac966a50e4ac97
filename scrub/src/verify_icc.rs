//! Reads a finished colour profile once more. It shares no code with what writes one, not even constants, but the list
//! of standard profiles: these are told by their hash. Of all others it knows only the exact shape they have to have.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

/// Whether a profile holds nothing but colours: a standard one, or one without a byte that has no use (ICC.1, 7).
pub(crate) fn is_minimal(profile: &[u8]) -> bool {
    crate::profile::is_known(profile) || (header(profile) && body(profile).is_some())
}

/// The header (ICC.1, 7.2): what names maker, model, owner or time is blank.
fn header(p: &[u8]) -> bool {
    let is = |at: usize, bytes: &[u8]| p.get(at..).is_some_and(|rest| rest.starts_with(bytes));
    let one_of = |at: usize, names: &[u8]| names.chunks(4).any(|name| is(at, name));
    let zero = |from: usize, to: usize| p.get(from..to).is_some_and(|bytes| bytes.iter().all(|&b| b == 0));
    let within = |at: usize, range: RangeInclusive<u8>| p.get(at).is_some_and(|byte| range.contains(byte));
    number(p, 0) == Some(p.len())
        && p.len().is_multiple_of(4)
        && zero(4, 8)
        && one_of(8, &[2, 0x40, 0, 0, 4, 0x40, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0])
        && one_of(12, b"scnrmntrprtrspac")
        && (one_of(16, b"XYZ Lab Luv YCbrYxy RGB GRAYHSV HLS CMYKCMY ")
            || ((within(16, b'2'..=b'9') || within(16, b'A'..=b'F')) && is(17, b"CLR")))
        && one_of(20, b"XYZ Lab ")
        && is(24, &[7, 208, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0])
        && is(36, b"acsp")
        && zero(40, 47)
        && within(47, 0..=3)
        && zero(48, 67)
        && within(67, 0..=3)
        && is(68, b"\x00\x00\xF6\xD6\x00\x01\x00\x00\x00\x00\xD3\x2D")
        && zero(80, 128)
}

/// The tag table and the tags: each known, each whole, one behind the other from the table to the end (ICC.1, 7.3).
fn body(p: &[u8]) -> Option<()> {
    let count = number(p, 128)?;
    let mut places = BTreeMap::new();
    let mut names = BTreeSet::new();
    for entry in p.get(132..)?.chunks_exact(12).take(count) {
        let name: [u8; 4] = *entry.first_chunk()?;
        let (offset, size) = (number(entry, 4)?, number(entry, 8)?);
        let data = p.get(offset..offset.checked_add(size)?)?;
        let fits = may_hold(&name, data.first_chunk()?) && blank(&name, data, *p.get(8)?);
        let same = *places.entry(offset).or_insert(size) == size;
        if !(fits && same && names.insert(name)) {
            return None;
        }
    }
    let mut at = count.checked_mul(12)?.checked_add(132)?;
    for (offset, size) in places {
        let end = offset.checked_add(size)?;
        let next = end.checked_add(3)? & !3;
        let data = p.get(offset..end)?;
        let padding_is_zero = p.get(end..next)?.iter().all(|&byte| byte == 0);
        if offset != at || !padding_is_zero || !Used::by(data)?.covers(data) {
            return None;
        }
        at = next;
    }
    (at == p.len() && names.len() == count && names.contains(b"desc") && names.contains(b"cprt"))
        .then_some(())
}

/// Whether a tag may be there, with data of this type (ICC.1, 9.2).
fn may_hold(name: &[u8; 4], kind: &[u8; 4]) -> bool {
    let kinds: &[u8] = match name {
        b"desc" => b"descmluc",
        b"cprt" => b"textmluc",
        [b'r' | b'g' | b'b', b'X', b'Y', b'Z'] | b"wtpt" | b"bkpt" => b"XYZ ",
        [b'r' | b'g' | b'b' | b'k', b'T', b'R', b'C'] => b"curvpara",
        b"chad" => b"sf32",
        b"cicp" => b"cicp",
        [b'A', b'2', b'B', b'0'..=b'2'] => b"mft1mft2mAB ",
        [b'B', b'2', b'A', b'0'..=b'2'] | b"gamt" => b"mft1mft2mBA ",
        [b'D', b'2', b'B', b'0'..=b'3'] | [b'B', b'2', b'D', b'0'..=b'3'] => b"mpet",
        _ => b"",
    };
    kinds.chunks(4).any(|allowed| allowed == kind)
}

/// Whether description and copyright, which have to be there, say nothing. True of every other tag.
fn blank(name: &[u8; 4], data: &[u8], version: u8) -> bool {
    let rest = |start: &[u8], length: usize| {
        data.len() == length
            && data.strip_prefix(start).is_some_and(|rest| rest.iter().all(|&byte| byte == 0))
    };
    match (name, version) {
        (b"desc", 0..4) => rest(&[b'd', b'e', b's', b'c', 0, 0, 0, 0, 0, 0, 0, 1], 91),
        (b"cprt", 0..4) => rest(b"text", 9),
        (b"desc" | b"cprt", _) => {
            data
                == b"mluc\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x0CenUS\x00\x00\x00\x00\x00\x00\x00\x1C"
        }
        _ => true,
    }
}

/// The bytes of a tag's data that mean something.
struct Used {
    /// One for each byte of the data: however often ranges are shared, they take no more memory than this.
    marks: Vec<bool>,
    /// Where the last range ends. It may be an empty one.
    end: usize,
    /// How many more bytes may be marked: each 16 times on average, as up to 16 channels may share a curve.
    left: usize,
}

impl Used {
    /// By the type (ICC.1, 10).
    fn by(d: &[u8]) -> Option<Used> {
        let mut used = Used { marks: vec![false; d.len()], end: 0, left: d.len().checked_mul(16)? };
        used.add(0, 4)?;
        match d.get(..4)? {
            b"XYZ " => used.add(8, 12)?,
            b"cicp" => used.add(8, 4)?,
            b"sf32" => used.add(8, 36)?,
            // Compared with what they have to be already.
            b"desc" | b"text" | b"mluc" => used.add(0, d.len())?,
            b"curv" | b"para" => used.add(8, curve_size(d)?.checked_sub(8)?)?,
            b"mft1" => used.old_table(d, 48, 1, 256, 256)?,
            b"mft2" => used.old_table(d, 52, 2, pair(d, 48)?, pair(d, 50)?)?,
            b"mAB " => used.new_table(d, few(single(d, 8)?)?, few(single(d, 9)?)?)?,
            b"mBA " => used.new_table(d, few(single(d, 9)?)?, few(single(d, 8)?)?)?,
            b"mpet" => used.elements(d)?,
            _ => return None,
        }
        Some(used)
    }

    fn add(&mut self, at: usize, length: usize) -> Option<()> {
        let end = at.checked_add(length)?;
        self.left = self.left.checked_sub(length)?;
        self.marks.get_mut(at..end)?.fill(true);
        self.end = self.end.max(end);
        Some(())
    }

    /// Whether they reach to the end and what lies between them is zero. parametricCurveType has a zero inside.
    fn covers(&self, data: &[u8]) -> bool {
        self.end == data.len()
            && data.iter().zip(&self.marks).all(|(&byte, &is_used)| is_used || byte == 0)
            && (data.get(..4) != Some(b"para") || data.get(10..12) == Some(&[0, 0]))
    }

    fn old_table(&mut self, d: &[u8], start: usize, width: usize, first: usize, last: usize) -> Option<()> {
        let (inputs, outputs, points) = (few(single(d, 8)?)?, few(single(d, 9)?)?, single(d, 10)?);
        let mut numbers = outputs;
        for _ in 0..inputs {
            numbers = numbers.checked_mul(points)?;
        }
        let tables = first.checked_mul(inputs)?.checked_add(last.checked_mul(outputs)?)?;
        self.add(8, 3)?;
        self.add(12, start.checked_sub(12)?)?;
        self.add(start, numbers.checked_add(tables)?.checked_mul(width)?)
    }

    /// `device` and `space`: channels on the device's side and on the connection space's.
    fn new_table(&mut self, d: &[u8], device: usize, space: usize) -> Option<()> {
        self.add(8, 2)?;
        self.add(12, 20)?;
        for (field, count) in [(12, space), (20, space), (28, device)] {
            let mut at = number(d, field)?;
            for _ in 0..if at == 0 { 0 } else { count } {
                self.curve(d, at)?;
                at = at.checked_add(curve_size(d.get(at..)?)?)?.checked_add(3)? & !3;
            }
        }
        match number(d, 16)? {
            0 => {}
            matrix => self.add(matrix, 48)?,
        }
        match number(d, 24)? {
            0 => Some(()),
            at => {
                let table = d.get(at..)?;
                let width @ 1..=2 = single(table, 16)? else { return None };
                let mut size = width.checked_mul(single(d, 9)?)?;
                for &points in table.get(..single(d, 8)?)? {
                    size = size.checked_mul(usize::from(points))?;
                }
                self.add(at, single(d, 8)?)?;
                self.add(at.checked_add(16)?, 1)?;
                self.add(at.checked_add(20)?, size)
            }
        }
    }

    fn curve(&mut self, d: &[u8], at: usize) -> Option<()> {
        let curve = d.get(at..)?;
        self.add(at, 4)?;
        let unused = if curve.starts_with(b"para") { 2 } else { 0 };
        self.add(at.checked_add(8)?, 4_usize.checked_sub(unused)?)?;
        self.add(at.checked_add(12)?, curve_size(curve)?.checked_sub(12)?)
    }

    fn elements(&mut self, d: &[u8]) -> Option<()> {
        let count = number(d, 12)?;
        few(pair(d, 8)?).and(few(pair(d, 10)?))?;
        self.add(8, count.checked_mul(8)?.checked_add(8)?)?;
        for position in d.get(16..)?.chunks_exact(8).take(count) {
            let at = number(position, 0)?;
            let element = d.get(at..)?;
            let (inputs, outputs) = (few(pair(element, 8)?)?, few(pair(element, 10)?)?);
            self.add(at, 4)?;
            self.add(at.checked_add(8)?, 4)?;
            let start = at.checked_add(12)?;
            match element.get(..4)? {
                b"matf" => self.add(start, inputs.checked_add(1)?.checked_mul(outputs)?.checked_mul(4)?)?,
                b"bACS" | b"eACS" => self.add(start, 4)?,
                b"clut" => {
                    let mut size = outputs.checked_mul(4)?;
                    for &points in element.get(12..inputs.checked_add(12)?)? {
                        size = size.checked_mul(usize::from(points))?;
                    }
                    self.add(start, inputs)?;
                    self.add(at.checked_add(28)?, size)?;
                }
                b"cvst" => {
                    self.add(start, inputs.checked_mul(8)?)?;
                    for position in element.get(12..)?.chunks_exact(8).take(inputs) {
                        self.segments(d, at.checked_add(number(position, 0)?)?)?;
                    }
                }
                _ => return None,
            }
        }
        Some(())
    }

    fn segments(&mut self, d: &[u8], mut at: usize) -> Option<()> {
        let count = pair(d, at.checked_add(8)?)?;
        d.get(at..)?.strip_prefix(b"curf")?;
        self.add(at, 4)?;
        self.add(at.checked_add(8)?, 2)?;
        let breaks = count.checked_sub(1)?.checked_mul(4)?;
        self.add(at.checked_add(12)?, breaks)?;
        at = at.checked_add(12)?.checked_add(breaks)?;
        for _ in 0..count {
            let segment = d.get(at..)?;
            let (head, length) = match segment.get(..4)? {
                b"samf" => (4, number(segment, 8)?.checked_mul(4)?),
                b"parf" => (2, *[16, 20, 20].get(pair(segment, 8)?)?),
                _ => return None,
            };
            self.add(at, 4)?;
            self.add(at.checked_add(8)?, head)?;
            self.add(at.checked_add(12)?, length)?;
            at = at.checked_add(12)?.checked_add(length)?;
        }
        Some(())
    }
}

/// Length of a curveType or parametricCurveType (ICC.1, 10.6 and 10.18).
fn curve_size(curve: &[u8]) -> Option<usize> {
    match curve.get(..4)? {
        b"curv" => number(curve, 8)?.checked_mul(2)?.checked_add(12),
        b"para" => [16, 24, 28, 32, 40].get(pair(curve, 8)?).copied(),
        _ => None,
    }
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let (high, low) = (pair(bytes, at)?, pair(bytes, at.checked_add(2)?)?);
    high.checked_mul(0x1_0000)?.checked_add(low)
}

/// A number of channels: more than 16 there are not.
fn few(channels: usize) -> Option<usize> {
    (1..=16).contains(&channels).then_some(channels)
}

fn pair(bytes: &[u8], at: usize) -> Option<usize> {
    let &pair = bytes.get(at..)?.first_chunk()?;
    Some(usize::from(u16::from_be_bytes(pair)))
}

fn single(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at).copied().map(usize::from)
}
