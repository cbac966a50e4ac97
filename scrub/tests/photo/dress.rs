//! Puts everything that may stand in a file beside its picture into it, at every place there is.

use scrub::Kind;

use crate::support::{as_stored, icc, segment};

/// What must not be in a clean photo.
pub(crate) const PLANTED: &[u8] = b"planted by Ada Wintergreen";

/// A photo with more in it.
pub(crate) struct Dressed {
    pub(crate) what: String,
    pub(crate) bytes: Vec<u8>,
    /// What has to be left of it where nothing is turned and no profile opened. None where it is not the same for every
    /// picture.
    pub(crate) expected: Option<Vec<u8>>,
    /// Whether zune-jpeg can be a judge of it. With more than 64 segments between two scans it draws the last blocks
    /// otherwise, and does not say so.
    pub(crate) is_for_zune: bool,
}

/// A photo, taken apart.
pub(crate) struct Pieces(Vec<(Kind, Vec<u8>)>);

impl Pieces {
    pub(crate) fn of(photo: &[u8]) -> Pieces {
        let parts = scrub::inspect(photo, &as_stored()).unwrap().parts;
        Pieces(parts.iter().map(|p| (p.kind, photo[p.offset..p.offset + p.length].to_vec())).collect())
    }

    fn first_scan(&self) -> usize {
        self.0.iter().position(|(kind, _)| *kind == Kind::Sos).unwrap()
    }

    /// In front of which piece stands what comes right behind JFIF, or would.
    pub(crate) fn behind_jfif(&self) -> usize {
        if self.0[1].0 == Kind::Jfif { 2 } else { 1 }
    }

    /// In front of which pieces a segment can stand in the header.
    pub(crate) fn in_header(&self) -> Vec<usize> {
        (1..=self.first_scan()).collect()
    }

    /// In front of which pieces a segment can stand behind the data of a scan.
    pub(crate) fn behind_scans(&self) -> Vec<usize> {
        let pieces = self.0.iter().enumerate().skip(self.first_scan() + 2);
        pieces.filter(|(_, (kind, _))| *kind != Kind::EntropyCodedData).map(|(i, _)| i).collect()
    }

    /// The file with more in front of some pieces.
    pub(crate) fn with(&self, places: &[usize], mut more: impl FnMut(usize) -> Vec<u8>) -> Vec<u8> {
        let mut file = Vec::new();
        for (i, (_, piece)) in self.0.iter().enumerate() {
            if places.contains(&i) {
                file.extend(more(i));
            }
            file.extend(piece);
        }
        file
    }

    /// The height in DNL behind the first scan, and 0 in the frame header (ITU-T T.81, B.2.5).
    pub(crate) fn with_later_height(mut self) -> Vec<u8> {
        let frame = self.0.iter_mut().find(|(kind, _)| *kind == Kind::Sof).unwrap();
        let height = frame.1[5..7].to_vec();
        frame.1[5..7].fill(0);
        let place = self.first_scan() + 2;
        self.with(&[place], |_| segment(0xDC, &height))
    }

    /// Fill bytes in front of restart markers. None if there are no such markers.
    fn with_fill_in_data(&self) -> Option<Vec<u8>> {
        let mut file = Vec::new();
        let mut found = 0;
        for (kind, piece) in &self.0 {
            for (i, &byte) in piece.iter().enumerate() {
                if *kind == Kind::EntropyCodedData
                    && byte == 0xFF
                    && piece.get(i + 1).is_some_and(|next| (0xD0..=0xD7).contains(next))
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
        [self.in_header(), self.behind_scans()].concat()
    }
}

/// The photo with one thing after the other put into it.
pub(crate) fn all(photo: &[u8]) -> Vec<Dressed> {
    let pieces = Pieces::of(photo);
    let everywhere = pieces.everywhere();
    let last_in_header = pieces.first_scan();
    let mut all = Vec::new();
    let mut add = |what: &str, bytes| {
        let expected = Some(photo.to_vec());
        all.push(Dressed { what: what.into(), bytes, expected, is_for_zune: !what.contains("tiny") });
    };

    add("as it is", photo.to_vec());
    let metadata = metadata().concat();
    let trailer = [&metadata[..], b"\xFF\xD8\xFF\xE1", PLANTED].concat();
    add("metadata everywhere", [pieces.with(&everywhere, |_| metadata.clone()), trailer].concat());
    add("fill bytes", pieces.with(&everywhere, |i| vec![0xFF; 1 + i % 7]));
    // Bytes right behind the data of a scan would be data.
    let behind_segments: Vec<usize> = everywhere
        .iter()
        .copied()
        .filter(|&i| i > 0 && pieces.0[i - 1].0 != Kind::EntropyCodedData)
        .collect();
    let stray = [PLANTED, b"\xFF\x00\xFF\xD3\xFF\x01", PLANTED].concat();
    add("stray bytes", pieces.with(&behind_segments, |_| stray.clone()));
    let markers = [PLANTED, b"\xFF\xD8\xFF\xD9\xFF\xDA\0\x08\xFF\xC0\0\x0B\xFF\xFF\xD9", photo].concat();
    let markers = [0xE1, 0xE9, 0xED, 0xFE].map(|marker| segment(marker, &markers)).concat();
    add("markers in payloads", pieces.with(&everywhere, |_| markers.clone()));
    let tiny = [segment(0xE5, b""), segment(0xFE, b""), segment(0xE1, b"E")].concat().repeat(1000);
    let ends = [1, last_in_header, *everywhere.last().unwrap()];
    add("9,000 tiny segments", pieces.with(&ends, |_| tiny.clone()));
    let mut full = [PLANTED, b"\xFF\xD9"].concat().repeat(65_533 / (PLANTED.len() + 2) + 1);
    full.truncate(65_533);
    let full = [0xE0, 0xE2, 0xEE, 0xFE].map(|marker| segment(marker, &full)).concat();
    add("segments of 65,533 bytes", pieces.with(&ends, |_| full.clone()));
    if let Some(bytes) = pieces.with_fill_in_data() {
        let what = "fill bytes in front of restart markers".into();
        all.push(Dressed { what, expected: Some(bytes.clone()), bytes, is_for_zune: true });
    }

    let profile: Vec<u8> = (0..255 * 5_u32).map(|i| (i * 7 + i / 256) as u8).collect();
    for chunks in [1, 2, 255] {
        let chunk = profile.len().div_ceil(chunks);
        let mut segments: Vec<Vec<u8>> =
            (1..=255).zip(profile.chunks(chunk)).map(|(i, data)| icc(i, chunks as u8, data)).collect();
        segments.reverse();
        let expected =
            pieces.with(&[pieces.behind_jfif()], |_| segments.iter().rev().flatten().copied().collect());
        // One in front of each segment, the rest in front of the scan, with a comment behind each.
        let header = pieces.in_header();
        let bytes = pieces.with(&header, |i| {
            let next = if i == last_in_header { segments.len() } else { segments.len().min(1) };
            segments.drain(..next).flat_map(|chunk| [chunk, segment(0xFE, PLANTED)].concat()).collect()
        });
        let what = format!("a profile in {chunks} chunks");
        all.push(Dressed { what, bytes, expected: Some(expected), is_for_zune: true });
    }

    let jfif = |density: u8| {
        segment(0xE0, &[b"JFIF\0\x01\x02\x01\0", &[density][..], b"\0\x48\x01\x01abc", PLANTED].concat())
    };
    let bytes = pieces.with(&pieces.in_header(), |i| jfif(i as u8 + 1));
    all.push(Dressed { what: "several JFIF segments".into(), bytes, expected: None, is_for_zune: true });
    for last in 0..=3 {
        let bytes = pieces.with(&pieces.in_header(), |i| {
            let transform = if i == last_in_header { last } else { (i % 4) as u8 };
            segment(0xEE, &[b"Adobe\0\x65\x80\x01\x02\x03", &[transform][..], PLANTED].concat())
        });
        let what = format!("several Adobe segments, the last of transform {last}");
        all.push(Dressed { what, bytes, expected: None, is_for_zune: true });
    }
    all
}

/// Segments of every kind that holds something private.
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
