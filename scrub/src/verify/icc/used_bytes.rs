//! Which bytes of a tag's data have a meaning.

/// No colour space has more channels (ICC.1, 7.2.6).
const MAX_CHANNELS: usize = 16;
/// How often, on average, a byte may be marked: all 16 channels may share one curve.
const MAX_USES: usize = 16;

/// The bytes of a tag's data that its type gives a meaning.
pub(super) struct UsedBytes {
    /// One for each byte of the data: ranges that are shared take no more memory, however often.
    marks: Vec<bool>,
    /// Where the last range ends, even an empty one.
    end: usize,
    /// How many more bytes may be marked: each 16 times on average, as up to 16 channels may share a curve.
    left: usize,
}

impl UsedBytes {
    /// Finds them by the type of the data (ICC.1, 10).
    pub(super) fn of_type(d: &[u8]) -> Option<UsedBytes> {
        let mut used =
            UsedBytes { marks: vec![false; d.len()], end: 0, left: d.len().checked_mul(MAX_USES)? };
        used.add(0, 4)?;
        match d.get(..4)? {
            b"XYZ " => used.add(8, 12)?,
            b"cicp" => used.add(8, 4)?,
            b"sf32" => used.add(8, 36)?,
            // Already compared with what they must be.
            b"desc" | b"text" | b"mluc" => used.add(0, d.len())?,
            b"curv" | b"para" => used.add(8, curve_length(d)?.checked_sub(8)?)?,
            b"mft1" => used.old_table(d, 48, 1, 256, 256)?,
            b"mft2" => used.old_table(d, 52, 2, u16_at(d, 48)?, u16_at(d, 50)?)?,
            b"mAB " => used.new_table(d, channels(u8_at(d, 8)?)?, channels(u8_at(d, 9)?)?)?,
            b"mBA " => used.new_table(d, channels(u8_at(d, 9)?)?, channels(u8_at(d, 8)?)?)?,
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

    /// Whether they reach to the end and every byte between them is zero. A parametricCurveType has zeros inside.
    pub(super) fn covers(&self, data: &[u8]) -> bool {
        self.end == data.len()
            && data.iter().zip(&self.marks).all(|(&byte, &is_used)| is_used || byte == 0)
            && (data.get(..4) != Some(b"para") || data.get(10..12) == Some(&[0, 0]))
    }

    fn old_table(&mut self, d: &[u8], start: usize, width: usize, first: usize, last: usize) -> Option<()> {
        let (inputs, outputs, points) = (channels(u8_at(d, 8)?)?, channels(u8_at(d, 9)?)?, u8_at(d, 10)?);
        let mut numbers = outputs;
        for _ in 0..inputs {
            numbers = numbers.checked_mul(points)?;
        }
        let tables = first.checked_mul(inputs)?.checked_add(last.checked_mul(outputs)?)?;
        self.add(8, 3)?;
        self.add(12, start.checked_sub(12)?)?;
        self.add(start, numbers.checked_add(tables)?.checked_mul(width)?)
    }

    /// `device` and `space` are the channels on the device's side and on the side of the connection space.
    fn new_table(&mut self, d: &[u8], device: usize, space: usize) -> Option<()> {
        self.add(8, 2)?;
        self.add(12, 20)?;
        for (field, count) in [(12, space), (20, space), (28, device)] {
            let mut at = u32_at(d, field)?;
            for _ in 0..if at == 0 { 0 } else { count } {
                self.curve(d, at)?;
                at = at.checked_add(curve_length(d.get(at..)?)?)?.checked_add(3)? & !3;
            }
        }
        match u32_at(d, 16)? {
            0 => {}
            matrix => self.add(matrix, 48)?,
        }
        match u32_at(d, 24)? {
            0 => Some(()),
            at => {
                let table = d.get(at..)?;
                let width @ 1..=2 = u8_at(table, 16)? else { return None };
                let mut size = width.checked_mul(u8_at(d, 9)?)?;
                for &points in table.get(..u8_at(d, 8)?)? {
                    size = size.checked_mul(usize::from(points))?;
                }
                self.add(at, u8_at(d, 8)?)?;
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
        self.add(at.checked_add(12)?, curve_length(curve)?.checked_sub(12)?)
    }

    fn elements(&mut self, d: &[u8]) -> Option<()> {
        let count = u32_at(d, 12)?;
        channels(u16_at(d, 8)?).and(channels(u16_at(d, 10)?))?;
        self.add(8, count.checked_mul(8)?.checked_add(8)?)?;
        for position in d.get(16..)?.chunks_exact(8).take(count) {
            let at = u32_at(position, 0)?;
            let element = d.get(at..)?;
            let (inputs, outputs) = (channels(u16_at(element, 8)?)?, channels(u16_at(element, 10)?)?);
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
                        self.segments(d, at.checked_add(u32_at(position, 0)?)?)?;
                    }
                }
                _ => return None,
            }
        }
        Some(())
    }

    fn segments(&mut self, d: &[u8], mut at: usize) -> Option<()> {
        let count = u16_at(d, at.checked_add(8)?)?;
        d.get(at..)?.strip_prefix(b"curf")?;
        self.add(at, 4)?;
        self.add(at.checked_add(8)?, 2)?;
        let breaks = count.checked_sub(1)?.checked_mul(4)?;
        self.add(at.checked_add(12)?, breaks)?;
        at = at.checked_add(12)?.checked_add(breaks)?;
        for _ in 0..count {
            let segment = d.get(at..)?;
            let (head, length) = match segment.get(..4)? {
                b"samf" => (4, u32_at(segment, 8)?.checked_mul(4)?),
                b"parf" => (2, *[16, 20, 20].get(u16_at(segment, 8)?)?),
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
fn curve_length(curve: &[u8]) -> Option<usize> {
    match curve.get(..4)? {
        b"curv" => u32_at(curve, 8)?.checked_mul(2)?.checked_add(12),
        b"para" => [16, 24, 28, 32, 40].get(u16_at(curve, 8)?).copied(),
        _ => None,
    }
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    let (high, low) = (u16_at(bytes, at)?, u16_at(bytes, at.checked_add(2)?)?);
    high.checked_mul(0x1_0000)?.checked_add(low)
}

/// A number of channels, of which there are at most 16.
fn channels(count: usize) -> Option<usize> {
    (1..=MAX_CHANNELS).contains(&count).then_some(count)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    let &bytes = bytes.get(at..)?.first_chunk()?;
    Some(usize::from(u16::from_be_bytes(bytes)))
}

fn u8_at(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at).copied().map(usize::from)
}
