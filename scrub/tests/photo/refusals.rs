//! What no decoder reads is refused, with the reason and the offset.

use crate::support::*;
use scrub::{Coding, Options, Refusal};

/// The first scan of a photo, which codes one of its three components: decoders wait for more.
fn first_scan() -> Vec<u8> {
    parts()[..=10].concat()
}

#[track_caller]
fn assert_refused(photo: &[u8], expected: Refusal) {
    let refusal = scrub(photo).unwrap_err();
    assert_eq!(refusal, expected);
    assert_eq!(scrub::inspect(photo, &Options::default()).unwrap_err(), expected);
    println!("{}: {refusal}", refusal.name());
}

#[test]
fn a_file_that_is_not_a_jpeg_is_refused() {
    assert_refused(b"", Refusal::Empty);
    for not_a_jpeg in [
        &b"\xFF"[..],
        b"\xFF\xD9",
        b"\x89PNG\r\n\x1a\n",
        b" \xFF\xD8\xFF",
        b"\0\0\0\x0Cftypheic",
        b"II\x2A\0",
    ] {
        assert_refused(not_a_jpeg, Refusal::NotAJpeg);
    }
}

#[test]
fn a_file_without_a_picture_is_refused() {
    assert_refused(&[SOI, EOI].concat(), Refusal::NoScan { offset: 2 });
    assert_refused(&[SOI, &dqt(), EOI].concat(), Refusal::NoScan { offset: 71 });
    assert_refused(&[SOI, &sof(0xC0), EOI, &sos(), ENTROPY, EOI].concat(), Refusal::NoScan { offset: 15 });
    assert_refused(&[SOI, &dqt(), &sos(), ENTROPY, EOI].concat(), Refusal::NoFrame { offset: 71 });
    let without_width = segment(0xC0, &[8, 0, 8, 0, 0, 1, 1, 0x11, 0]);
    let without_components = segment(0xC0, &[8, 0, 8, 0, 8, 0]);
    for frame in [without_width, without_components] {
        assert_refused(&[SOI, &frame, &sos(), ENTROPY, EOI].concat(), Refusal::EmptyPicture { offset: 2 });
    }
}

#[test]
fn a_picture_whose_height_comes_later_is_not_refused() {
    let clean = picture(0xC0);
    let mut parts = clean.clone();
    parts[1] = segment(0xC0, &[8, 0, 0, 0, 8, 1, 1, 0x11, 0]);
    parts.insert(6, segment(0xDC, &[0, 8]));
    let photo = scrub(&[SOI, &parts.concat()].concat()).unwrap().photo;
    assert_same(&photo, &[SOI, &clean.concat()].concat(), "DNL after the first scan");
}

#[test]
fn a_second_picture_inside_the_first_is_refused() {
    let header = [SOI, &sof(0xC0)].concat();
    assert_refused(
        &[SOI, SOI, &sof(0xC0), &sos(), ENTROPY, EOI].concat(),
        Refusal::SecondImage { offset: 2 },
    );
    assert_refused(
        &[&header[..], &sof(0xC0), &sos(), ENTROPY, EOI].concat(),
        Refusal::SecondFrame { offset: 15 },
    );
    let scan = first_scan();
    let offset = scan.len();
    assert_refused(&[&scan[..], SOI, ENTROPY, EOI].concat(), Refusal::SecondImage { offset });
    assert_refused(&[&scan[..], &sof(0xC2), &sos(), ENTROPY, EOI].concat(), Refusal::SecondFrame { offset });
    // Decoders have drawn the whole picture, and do not read on.
    let whole = [SOI, &picture(0xC0).concat()].concat();
    let without_eoi = &whole[..whole.len() - EOI.len()];
    for more in
        [SOI.to_vec(), sof(0xC2), sof(0xC5), segment(0xC4, b"too short"), vec![0xFF, 0xE1, 0xFF, 0xFF]]
    {
        let photo = [without_eoi, &more, ENTROPY, EOI].concat();
        assert_same(&scrub(&photo).unwrap().photo, &whole, "after the picture");
    }
}

#[test]
fn a_coding_that_no_ordinary_decoder_reads_is_refused() {
    let codings = [
        (0xC5, Coding::Hierarchical),
        (0xC6, Coding::Hierarchical),
        (0xC7, Coding::Hierarchical),
        (0xC8, Coding::Extension),
        (0xCB, Coding::LosslessArithmetic),
        (0xCD, Coding::Hierarchical),
        (0xCE, Coding::Hierarchical),
        (0xCF, Coding::Hierarchical),
        (0xDE, Coding::Hierarchical),
        (0xF7, Coding::JpegLs),
    ];
    for (marker, coding) in codings {
        let photo = [SOI, &dqt(), &sof(marker), &sos(), ENTROPY, EOI].concat();
        assert_refused(&photo, Refusal::UnsupportedCoding { coding, offset: 71 });
    }
    let frames = [&first_scan()[..], &sof(0xC5), &sos(), ENTROPY, EOI].concat();
    let offset = first_scan().len();
    assert_refused(&frames, Refusal::UnsupportedCoding { coding: Coding::Hierarchical, offset });
}

#[test]
fn a_file_cut_off_before_its_end_is_refused() {
    let photo = parts().concat();
    let length = photo.len();
    // Nothing of the picture is missing: its EOI is added.
    for missing in [1, 2] {
        assert_same(&scrub(&photo[..length - missing]).unwrap().photo, &photo, "without EOI");
    }
    // Two MCUs are in the last byte.
    let (scan, offset) = (2, parts()[..13].concat().len());
    assert_refused(&photo[..length - 3], Refusal::DataMissing { scan, offset, percent: 75 });
    assert_refused(&photo[..offset + 12], Refusal::DataMissing { scan, offset, percent: 0 });
    let offset = first_scan().len();
    // The first of three components is there.
    assert_refused(&photo[..offset], Refusal::CutOff { offset, percent: 33 });
    assert_refused(&photo[..offset + 1], Refusal::CutOff { offset: offset + 1, percent: 33 });
    assert_refused(SOI, Refusal::CutOff { offset: 2, percent: 0 });
    assert_refused(&[SOI, &dqt()].concat(), Refusal::CutOff { offset: 71, percent: 0 });
    assert_refused(&[SOI, &[0xFF; 9]].concat(), Refusal::CutOff { offset: 11, percent: 0 });
    assert_refused(&[SOI, &[0xFF, 0xE1, 0x00]].concat(), Refusal::CutOff { offset: 5, percent: 0 });
}

#[test]
fn a_length_that_runs_past_the_end_is_refused() {
    let cut = &[SOI, &segment(0xE1, &[7; 100])].concat()[..50];
    assert_refused(cut, Refusal::LengthPastEnd { marker: 0xE1, offset: 2, length: 102, left: 46 });
    let scan = first_scan();
    let offset = scan.len();
    let photo = [&scan[..], &[0xFF, 0xED, 0xFF, 0xFF, 1, 2, 3], EOI].concat();
    assert_refused(&photo, Refusal::LengthPastEnd { marker: 0xED, offset, length: 0xFFFF, left: 7 });
}

#[test]
fn a_segment_that_the_picture_needs_must_be_as_long_as_its_content() {
    let mut long_dqt = dqt();
    long_dqt[3] += 1;
    long_dqt.push(0x55);
    let broken = [
        long_dqt,
        segment(0xDB, &[0x10; 65]),
        segment(0xC4, &dht(0)[4..21]),
        segment(0xC4, &[&dht(0)[4..], b"hidden"].concat()),
        segment(0xC4, &[&[0][..], &[255; 16], &[0; 4080]].concat()),
        segment(0xDD, &[0, 1, 2]),
        segment(0xDD, &[]),
        segment(0xDA, &[]),
        segment(0xDA, &[0, 0, 63, 0]),
        segment(0xDA, &[1, 1, 0, 0, 63]),
        segment(0xDA, &[5, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 0, 63, 0]),
        vec![0xFF, 0xC4, 0, 1],
        vec![0xFF, 0xDB, 0, 0],
    ];
    for segment in broken {
        let marker = segment[1];
        let photo = [SOI, &sof(0xC0), &segment, &sos(), ENTROPY, EOI].concat();
        assert_refused(&photo, Refusal::BadLength { marker, offset: 15 });
        let scan = first_scan();
        let photo = [&scan[..], &segment, &sos(), ENTROPY, EOI].concat();
        assert_refused(&photo, Refusal::BadLength { marker, offset: scan.len() });
    }
    let frame = segment(0xC0, &[8, 0, 8, 0, 8, 3, 1, 0x11, 0]);
    let photo = [SOI, &frame, &sos(), ENTROPY, EOI].concat();
    assert_refused(&photo, Refusal::BadLength { marker: 0xC0, offset: 2 });
}

#[test]
fn a_scan_needs_its_components_in_the_order_of_the_frame_and_at_most_ten_data_units_in_an_mcu() {
    // T.81 B.2.3: the first has no MCU of more than ten data units, the others one of eleven.
    for (first, order, is_refused) in
        [(0x42, [1, 2, 3], false), (0x42, [2, 1, 3], true), (0x33, [1, 2, 3], true), (0x33, [3, 2, 1], true)]
    {
        let frame = segment(0xC0, &[8, 0, 8, 0, 8, 3, 1, first, 0, 2, 0x11, 0, 3, 0x11, 0]);
        let scan = segment(0xDA, &[3, order[0], 0, order[1], 0, order[2], 0, 0, 63, 0]);
        let photo = [SOI, &dqt(), &frame, &scan, ENTROPY, EOI].concat();
        let outcome = scrub(&photo).map_or_else(|refusal| refusal.name(), |_| "clean");
        println!("{first:#x} {order:?}: {outcome}");
        assert_eq!(outcome, if is_refused { "BadScan" } else { "clean" });
    }
}

#[test]
fn a_refusal_says_which_coding_is_not_supported() {
    let words = [
        (Coding::Hierarchical, "hierarchical"),
        (Coding::LosslessArithmetic, "lossless arithmetic"),
        (Coding::JpegLs, "JPEG-LS"),
        (Coding::Extension, "JPEG extension"),
    ];
    for (coding, words) in words {
        let refusal = Refusal::UnsupportedCoding { coding, offset: 71 };
        assert_eq!(refusal.name(), "UnsupportedCoding");
        assert!(refusal.to_string().starts_with(&format!("{words} coding at offset 71: ")), "{refusal}");
    }
}

#[test]
fn no_message_shows_a_value_from_the_file() {
    let name = b"Ada Wintergreen";
    let photos = [
        name.to_vec(),
        [SOI, &segment(0xFE, name), EOI].concat(),
        [SOI, &segment(0xE1, name), &[0xFF, 0xE1, 0x7F, 0xFF], name].concat(),
    ];
    for photo in photos {
        let refusal = scrub(&photo).unwrap_err();
        assert!(!format!("{refusal} {refusal:?}").contains("Ada"), "{refusal}");
    }
}

#[test]
fn a_file_made_to_be_slow_is_refused_by_name() {
    // Each coefficient in a scan of its own, then the last bit of some: far more scans than any encoder writes.
    let scan = |coefficient, bits| {
        [segment(0xDA, &[1, 1, 0, coefficient, coefficient, bits]), b"\x7F".to_vec()].concat()
    };
    let header = [SOI, &dqt(), &sof(0xC2), &dht(0x00), &dht(0x10), &scan(0, 0)].concat();
    let all: Vec<Vec<u8>> = (1..=63).map(|k| scan(k, 1)).chain((1..=63).map(|k| scan(k, 0x10))).collect();
    let scans = |count: usize| [&header, &all[..count - 1].concat(), EOI].concat();
    assert_same(&scrub(&scans(100)).unwrap().photo, &scans(100), "100 scans");
    let offset = scans(100).len() - EOI.len();
    assert_refused(&scans(101), Refusal::TooManyScans { limit: 100, offset });
    assert_refused(&scans(127), Refusal::TooManyScans { limit: 100, offset });

    // 65,500 x 65,500 pixels from a byte; a decoder would need 12 GB to decode them.
    let huge = segment(0xC0, &[8, 0xFF, 0xDC, 0xFF, 0xDC, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    let photo = |data: &[u8]| [SOI, &dqt(), &huge, &dht(0x00), &dht(0x10), &sos(), data, EOI].concat();
    let (blocks, offset) = (8188 * 8188, photo(b"").len() - sos().len() - EOI.len());
    // At the scan, all that follows may be its data.
    let milliseconds = |blocks: u64| (12 * blocks).div_ceil(1_000_000);
    let (needs, given) = (milliseconds(blocks), milliseconds(40_000_000 + 64 * 3));
    let refusal = Refusal::TooMuchWork { needs, given, offset };
    assert_refused(&photo(ENTROPY), refusal);
    let needed = 3 * blocks / 32;
    let (bytes, missing) = (needed - 1, vec![0; usize::try_from(needed).unwrap() - 1]);
    let refusal = Refusal::TooLittleData { width: 65500, height: 65500, bytes, needed, offset: 71 };
    assert_refused(&photo(&missing), refusal);
    println!("101 and 127 scans, 65500 x 65500 pixels: refused");
}

#[test]
fn an_image_file_directory_that_loops_costs_nothing() {
    // IFD0 has 5,400 entries that all point back to it, and is its own next directory.
    let entries =
        [[0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 8], [0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 8]].concat();
    let count: u16 = 5_400;
    let mut exif =
        [&b"Exif\0\0MM\0\x2A\0\0\0\x08"[..], &count.to_be_bytes(), &entries.repeat(2_700)].concat();
    exif.extend([0, 0, 0, 8]);
    let photo = [SOI, &segment(0xE1, &exif).repeat(100), &picture(0xC0).concat()].concat();
    let clean = scrub(&photo).unwrap();
    assert_eq!(clean.photo, [SOI, &picture(0xC0).concat()].concat());
    println!("100 segments of {count} entries: {:?}", clean.report.removed);
}

#[test]
fn the_share_that_is_there_counts_all_restart_intervals_before_the_end() {
    let mut seen = 0;
    for coding in samples::coded::codings().iter().filter(|coding| coding.has_restarts) {
        if coding.process.is_arithmetic() {
            continue;
        }
        let photo = coding.file();
        let is_marker = |at: usize, wanted: &dyn Fn(u8) -> bool| photo[at] == 0xFF && wanted(photo[at + 1]);
        let sos = (0..photo.len() - 1).find(|&at| is_marker(at, &|marker| marker == 0xDA)).unwrap();
        let end = (sos + 2..photo.len() - 1).find(|&at| {
            is_marker(at, &|marker| (0xC0..0xD0).contains(&marker) || marker > 0xD7 && marker != 0xFF)
        });
        let restarts: Vec<usize> = (sos + 2..end.unwrap())
            .filter(|&at| is_marker(at, &|marker| (0xD0..=0xD7).contains(&marker)))
            .collect();
        let Some(last) = restarts.last() else { continue };
        let least = 100 * restarts.len() / (restarts.len() + 1);
        match scrub(&photo[..last + 2]) {
            Err(Refusal::DataMissing { scan: 1, percent, .. }) => {
                assert!(usize::from(percent) >= least, "{coding}: {percent} of {least} %");
                seen += 1;
            }
            other => println!("{coding}: {other:?}"),
        }
    }
    println!("saw {seen} codings");
    assert!(seen > 20);
}
