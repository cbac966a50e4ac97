//! Puts everything that a file may contain beside its picture into it, in every position there is.

use scrub::Kind;

use super::{as_stored, icc_chunk, segment};

/// What must not be in a clean photo.
pub(crate) const PLANTED: &[u8] = b"planted by Ada Wintergreen";

/// A photo with something put into it.
pub(crate) struct WithMetadata {
    pub(crate) what: String,
    pub(crate) bytes: Vec<u8>,
    /// What must be left of it when nothing is rotated and no profile is rewritten. None if that depends on the
    /// picture.
    pub(crate) expected: Option<Vec<u8>>,
    /// Whether zune-jpeg can judge it. With more than 64 segments between two scans it decodes the last blocks
    /// differently, without an error.
    pub(crate) is_for_zune: bool,
}

/// A photo, split into its parts.
pub(crate) struct SplitJpeg(Vec<(Kind, Vec<u8>)>);

impl SplitJpeg {
    pub(crate) fn of(photo: &[u8]) -> SplitJpeg {
        let parts = scrub::inspect(photo, &as_stored()).unwrap().parts;
        SplitJpeg(parts.iter().map(|p| (p.kind, photo[p.offset..p.offset + p.length].to_vec())).collect())
    }

    fn first_scan(&self) -> usize {
        self.0.iter().position(|(kind, _)| *kind == Kind::Sos).unwrap()
    }

    /// The part that comes right after JFIF, or would if there were any.
    pub(crate) fn after_jfif(&self) -> usize {
        if self.0[1].0 == Kind::Jfif { 2 } else { 1 }
    }

    /// The parts that a segment of the header can come before.
    pub(crate) fn in_header(&self) -> Vec<usize> {
        (1..=self.first_scan()).collect()
    }

    /// The parts that a segment after the data of a scan can come before.
    pub(crate) fn after_scans(&self) -> Vec<usize> {
        let parts = self.0.iter().enumerate().skip(self.first_scan() + 2);
        parts.filter(|(_, (kind, _))| *kind != Kind::EntropyCodedData).map(|(i, _)| i).collect()
    }

    /// The file with more before some parts.
    pub(crate) fn with(&self, positions: &[usize], mut more: impl FnMut(usize) -> Vec<u8>) -> Vec<u8> {
        let mut file = Vec::new();
        for (i, (_, part)) in self.0.iter().enumerate() {
            if positions.contains(&i) {
                file.extend(more(i));
            }
            file.extend(part);
        }
        file
    }

    /// The height in DNL after the first scan, and 0 in the frame header (ITU-T T.81, B.2.5).
    pub(crate) fn with_later_height(mut self) -> Vec<u8> {
        let frame = self.0.iter_mut().find(|(kind, _)| *kind == Kind::Sof).unwrap();
        let height = frame.1[5..7].to_vec();
        frame.1[5..7].fill(0);
        let after_data = self.first_scan() + 2;
        self.with(&[after_data], |_| segment(0xDC, &height))
    }

    /// Fill bytes before restart markers. None if there are no such markers.
    fn with_fill_in_data(&self) -> Option<Vec<u8>> {
        let mut file = Vec::new();
        let mut found = 0;
        for (kind, part) in &self.0 {
            for (i, &byte) in part.iter().enumerate() {
                if *kind == Kind::EntropyCodedData
                    && byte == 0xFF
                    && part.get(i + 1).is_some_and(|next| (0xD0..=0xD7).contains(next))
                {
                    found += 1;
                    file.extend(vec![0xFF; found % 5]);
                }
                file.push(byte);
            }
        }
        (found > 0).then_some(file)
    }

    fn everywhere(&self) -> Vec<usize> {
        [self.in_header(), self.after_scans()].concat()
    }
}

/// The photo, as it is and with each kind of metadata put into it.
pub(crate) fn all(photo: &[u8]) -> Vec<WithMetadata> {
    let split = SplitJpeg::of(photo);
    let mut all = removed(photo, &split);
    all.extend(fill_in_data(photo, &split));
    all.extend([1, 2, 255].map(|chunks| profile(&split, chunks)));
    all.push(jfif_segments(&split));
    all.extend((0..=3).map(|last| adobe_segments(&split, last)));
    all
}

/// Everything of which nothing is left.
fn removed(photo: &[u8], split: &SplitJpeg) -> Vec<WithMetadata> {
    let everywhere = split.everywhere();
    let mut all = Vec::new();
    let mut add = |what: &str, bytes| {
        let expected = Some(photo.to_vec());
        all.push(WithMetadata { what: what.into(), bytes, expected, is_for_zune: !what.contains("tiny") });
    };

    add("as it is", photo.to_vec());
    let metadata = metadata().concat();
    let trailer = [&metadata[..], b"\xFF\xD8\xFF\xE1", PLANTED].concat();
    add("metadata everywhere", [split.with(&everywhere, |_| metadata.clone()), trailer].concat());
    add("fill bytes", split.with(&everywhere, |i| vec![0xFF; 1 + i % 7]));
    // Bytes right after the data of a scan would be data.
    let after_segments: Vec<usize> =
        everywhere.iter().copied().filter(|&i| i > 0 && split.0[i - 1].0 != Kind::EntropyCodedData).collect();
    let stray = [PLANTED, b"\xFF\x00\xFF\xD3\xFF\x01", PLANTED].concat();
    add("stray bytes", split.with(&after_segments, |_| stray.clone()));
    let markers = [PLANTED, b"\xFF\xD8\xFF\xD9\xFF\xDA\0\x08\xFF\xC0\0\x0B\xFF\xFF\xD9", photo].concat();
    let markers = [0xE1, 0xE9, 0xED, 0xFE].map(|marker| segment(marker, &markers)).concat();
    add("markers in payloads", split.with(&everywhere, |_| markers.clone()));
    let tiny = [segment(0xE5, b""), segment(0xFE, b""), segment(0xE1, b"E")].concat().repeat(1000);
    let ends = [1, split.first_scan(), *everywhere.last().unwrap()];
    add("9,000 tiny segments", split.with(&ends, |_| tiny.clone()));
    let mut full = [PLANTED, b"\xFF\xD9"].concat().repeat(65_533 / (PLANTED.len() + 2) + 1);
    full.truncate(65_533);
    let full = [0xE0, 0xE2, 0xEE, 0xFE].map(|marker| segment(marker, &full)).concat();
    add("segments of 65,533 bytes", split.with(&ends, |_| full.clone()));
    all
}

fn fill_in_data(photo: &[u8], split: &SplitJpeg) -> Option<WithMetadata> {
    let bytes = split.with_fill_in_data()?;
    let what = "fill bytes before restart markers".into();
    Some(WithMetadata { what, expected: Some(photo.to_vec()), bytes, is_for_zune: true })
}

/// The chunks of a profile in the wrong order, spread over the header.
fn profile(split: &SplitJpeg, chunks: usize) -> WithMetadata {
    let profile: Vec<u8> = (0..255 * 5_u32).map(|i| (i * 7 + i / 256) as u8).collect();
    let chunk = profile.len().div_ceil(chunks);
    let mut segments: Vec<Vec<u8>> =
        (1..=255).zip(profile.chunks(chunk)).map(|(i, data)| icc_chunk(i, chunks as u8, data)).collect();
    let expected = split.with(&[split.after_jfif()], |_| segments.concat());
    segments.reverse();
    // One before each segment, the rest before the scan, with a comment after each.
    let bytes = split.with(&split.in_header(), |i| {
        let next = if i == split.first_scan() { segments.len() } else { segments.len().min(1) };
        segments.drain(..next).flat_map(|chunk| [chunk, segment(0xFE, PLANTED)].concat()).collect()
    });
    let what = format!("a profile in {chunks} chunks");
    WithMetadata { what, bytes, expected: Some(expected), is_for_zune: true }
}

fn jfif_segments(split: &SplitJpeg) -> WithMetadata {
    let jfif = |density: u8| {
        segment(0xE0, &[b"JFIF\0\x01\x02\x01\0", &[density][..], b"\0\x48\x01\x01abc", PLANTED].concat())
    };
    let bytes = split.with(&split.in_header(), |i| jfif(i as u8 + 1));
    WithMetadata { what: "several JFIF segments".into(), bytes, expected: None, is_for_zune: true }
}

/// Adobe segments, the last of which has this transform.
fn adobe_segments(split: &SplitJpeg, last: u8) -> WithMetadata {
    let bytes = split.with(&split.in_header(), |i| {
        let transform = if i == split.first_scan() { last } else { (i % 4) as u8 };
        segment(0xEE, &[b"Adobe\0\x65\x80\x01\x02\x03", &[transform][..], PLANTED].concat())
    });
    let what = format!("several Adobe segments, the last of transform {last}");
    WithMetadata { what, bytes, expected: None, is_for_zune: true }
}

/// A segment of every kind that contains something private.
pub(crate) fn metadata() -> Vec<Vec<u8>> {
    let with = |marker, signature: &[u8]| segment(marker, &[signature, PLANTED].concat());
    let mut all = vec![
        with(0xE0, b"JFXX\0\x10"),
        with(0xE0, b"II\x1A\0\0\0HEAPCCDR"),
        with(0xE1, b"Exif\0\0II\x2A\0\x08\0\0\0\0\0\0\0\0\0"),
        with(0xE1, b"http://ns.adobe.com/xap/1.0/\0"),
        with(0xE1, &[b"http://ns.adobe.com/xmp/extension/\0", &[b'A'; 32][..], &[0; 8]].concat()),
        with(0xE2, b"MPF\0"),
        with(0xE2, b"FPXR\0"),
        with(0xEB, b"JP\0\x01\0\0\0\x01\0\0\0\x50jumb"),
        with(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x1C"),
        with(0xEE, b""),
        with(0xFE, b""),
    ];
    all.extend((0xE3..=0xEF).map(|marker| with(marker, b"")));
    all
}
