//! Writes EXIF (CIPA DC-008): a TIFF with IFD0 for the picture, the Exif IFD for the camera, the GPS IFD for
//! the location, IFD1 for the thumbnail.

use crate::jpeg::segment;

/// The order of the bytes in a number.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum ByteOrder {
    Little,
    Big,
}

/// A value of an entry.
pub(crate) enum Value {
    Text(&'static str),
    Short(u16),
    Long(u32),
    Ratios(Vec<(u32, u32)>),
    Bytes(Vec<u8>),
    Version([u8; 4]),
}

/// The EXIF of a sample.
pub(crate) struct Exif {
    pub(crate) byte_order: ByteOrder,
    pub(crate) ifd0: Vec<(u16, Value)>,
    pub(crate) exif_ifd: Vec<(u16, Value)>,
    pub(crate) gps: Vec<(u16, Value)>,
    pub(crate) thumbnail: Vec<u8>,
}

impl ByteOrder {
    fn short(self, value: u16) -> [u8; 2] {
        if self == ByteOrder::Big { value.to_be_bytes() } else { value.to_le_bytes() }
    }

    pub(crate) fn long(self, value: usize) -> [u8; 4] {
        let value = u32::try_from(value).expect("a sample is smaller than 4 GiB");
        if self == ByteOrder::Big { value.to_be_bytes() } else { value.to_le_bytes() }
    }

    /// Header of a TIFF whose first IFD follows at once.
    pub(crate) fn header(self) -> Vec<u8> {
        let order: &[u8] = if self == ByteOrder::Big { b"MM" } else { b"II" };
        [order, &self.short(42), &self.long(8)].concat()
    }
}

impl Exif {
    /// The APP1 segment.
    pub(crate) fn segment(&self) -> Vec<u8> {
        segment(0xE1, &[b"Exif\0\0".to_vec(), self.tiff()].concat())
    }

    fn tiff(&self) -> Vec<u8> {
        // Pointers have a fixed size, so the lengths are known before the offsets are.
        let pointers = |exif_at, gps_at| {
            let mut entries: Vec<(u16, Value)> = Vec::new();
            entries.extend((!self.exif_ifd.is_empty()).then_some((0x8769, Value::Long(exif_at))));
            entries.extend((!self.gps.is_empty()).then_some((0x8825, Value::Long(gps_at))));
            entries
        };
        let order = self.byte_order;
        let ifd0_length = ifd(order, 8, &self.ifd0, pointers(0, 0), 0).len();
        let exif_at = 8 + ifd0_length;
        let exif_ifd = ifd(order, exif_at, &self.exif_ifd, Vec::new(), 0);
        let gps_at = exif_at + exif_ifd.len();
        let gps = ifd(order, gps_at, &self.gps, Vec::new(), 0);
        let ifd1_at = gps_at + gps.len();
        let second = |at: usize| {
            vec![(0x0103, Value::Short(6)), (0x0201, Value::Long(at as u32))]
                .into_iter()
                .chain([(0x0202, Value::Long(self.thumbnail.len() as u32))])
                .collect::<Vec<_>>()
        };
        let ifd1_length = ifd(order, ifd1_at, &[], second(0), 0).len();
        let (next, ifd1) = match self.thumbnail.is_empty() {
            true => (0, Vec::new()),
            false => (ifd1_at, ifd(order, ifd1_at, &[], second(ifd1_at + ifd1_length), 0)),
        };
        let ifd0 = ifd(order, 8, &self.ifd0, pointers(exif_at as u32, gps_at as u32), next);
        [order.header(), ifd0, exif_ifd, gps, ifd1, self.thumbnail.clone()].concat()
    }
}

/// One IFD at an offset: its entries, then those of `more`, the offset of the next IFD, then the values that take more
/// than 4 bytes.
pub(crate) fn ifd(
    order: ByteOrder,
    at: usize,
    entries: &[(u16, Value)],
    more: Vec<(u16, Value)>,
    next: usize,
) -> Vec<u8> {
    let entries: Vec<_> = entries.iter().chain(&more).collect();
    if entries.is_empty() {
        return Vec::new();
    }
    let values_at = at + 2 + 12 * entries.len() + 4;
    let mut table = order.short(entries.len() as u16).to_vec();
    let mut values = Vec::new();
    for (tag, value) in entries {
        let (format, count, mut bytes) = match value {
            Value::Text(text) => (2, text.len() + 1, [text.as_bytes(), b"\0"].concat()),
            Value::Short(number) => (3, 1, order.short(*number).to_vec()),
            Value::Long(number) => (4, 1, order.long(*number as usize).to_vec()),
            Value::Version(version) => (1, 4, version.to_vec()),
            Value::Bytes(bytes) => (7, bytes.len(), bytes.clone()),
            Value::Ratios(ratios) => {
                let numbers = ratios.iter().flat_map(|&(over, under)| [over, under]);
                (5, ratios.len(), numbers.flat_map(|n| order.long(n as usize)).collect())
            }
        };
        table.extend(order.short(*tag));
        table.extend(order.short(format));
        table.extend(order.long(count));
        if bytes.len() <= 4 {
            bytes.resize(4, 0);
            table.extend(bytes);
        } else {
            table.extend(order.long(values_at + values.len()));
            values.extend(bytes);
            values.resize(values.len().next_multiple_of(2), 0);
        }
    }
    table.extend(order.long(next));
    table.extend(values);
    table
}
