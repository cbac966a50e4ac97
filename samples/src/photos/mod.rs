//! The samples, one function each: what is planted, and where in the file. Those whose colours need a segment that must
//! stay are in `colours`.

use crate::exif::ByteOrder;
use crate::jpeg::{Jpeg, segment};
use crate::picture::{HEIGHT, PictureCoding, WIDTH, encode, encode_sideways};
use crate::planted::{NOTE, OWNER, PHONE, SERIAL, STREET, exif, gps, secrets, texts};
use crate::{Sample, metadata, multi_picture};

mod colours;

pub(crate) fn all() -> Vec<Sample> {
    vec![
        camera(),
        sideways(),
        between_scans(),
        press(),
        colours::cmyk(),
        colours::ycck(),
        letter(),
        two_photos(),
        motion(),
        credentials(),
        old_camera(),
        vendors(),
        colours::wide_profile(),
        colours::rgb(),
        long_xmp(),
        clean(),
    ]
}

fn camera() -> Sample {
    let exif = exif(ByteOrder::Little, 1).segment();
    let xmp = metadata::xmp(&format!(
        "<dc:creator>{OWNER}</dc:creator><exif:GPSLatitude>51,28.6335N</exif:GPSLatitude>"
    ));
    Sample {
        name: "camera",
        key: "2024/holiday/DSC_0042.jpg",
        bytes: baseline().after_jfif([exif, xmp]).bytes(),
        secrets: secrets(ByteOrder::Little, &["51,28.6335N"]),
        about: "an ordinary camera file: EXIF with GPS, maker note and thumbnail, then XMP",
    }
}

fn sideways() -> Sample {
    let exif = exif(ByteOrder::Big, 6).segment();
    let jpeg = Jpeg::new(&encode_sideways(PictureCoding::Baseline, WIDTH, HEIGHT));
    Sample {
        name: "sideways",
        key: "phone uploads/IMG 0002 (1).JPG",
        bytes: jpeg.after_jfif([metadata::comment(NOTE), exif]).bytes(),
        secrets: secrets(ByteOrder::Big, &[NOTE]),
        about: "a phone held upright: orientation 6, big-endian EXIF after a comment",
    }
}

fn between_scans() -> Sample {
    let exif = exif(ByteOrder::Little, 1).segment();
    let first = [exif, b"stray bytes: ".to_vec(), STREET.into(), metadata::comment(NOTE)];
    let second = [vec![0xFF; 3], metadata::photoshop(&[(120, SERIAL)]), metadata::xmp(OWNER)];
    let jpeg = Jpeg::new(&encode(PictureCoding::Progressive, WIDTH, HEIGHT));
    Sample {
        name: "between-scans",
        key: "summer+party/at the sea+side.jpeg",
        bytes: jpeg.after_scan(0, first).after_scan(2, second).bytes(),
        secrets: secrets(ByteOrder::Little, &[NOTE, STREET]),
        about: "progressive, with EXIF, IPTC, XMP, a comment and stray bytes between the scans, where few tools look",
    }
}

fn press() -> Sample {
    let iptc = metadata::photoshop(&[(80, OWNER), (90, "Port Mallow"), (118, PHONE), (120, NOTE)]);
    let exif = exif(ByteOrder::Big, 1).segment();
    Sample {
        name: "press",
        key: "Presse/Zürich/Straßenfest 2024.jpg",
        bytes: baseline().after_jfif([iptc, metadata::comment(STREET)]).before_scan([exif]).bytes(),
        secrets: secrets(ByteOrder::Big, &[PHONE, NOTE, STREET, "gallery.example"]),
        about: "IPTC captions in a Photoshop segment, and EXIF as the last segment before the picture",
    }
}

fn letter() -> Sample {
    let jpeg = Jpeg::new(&encode(PictureCoding::Grey, WIDTH, HEIGHT));
    Sample {
        name: "letter",
        key: "scans/archive/1987/box 3/folder 12/letters/page-0001.jpeg",
        bytes: jpeg.before_scan([metadata::comment(&format!("scanned by {OWNER}, {PHONE}"))]).bytes(),
        secrets: texts(&[OWNER, PHONE]),
        about: "one grey component, a comment right before the scan",
    }
}

fn two_photos() -> Sample {
    let second = Jpeg::new(&encode(PictureCoding::Baseline, WIDTH / 4, HEIGHT / 4)).after_jfif([exif(
        ByteOrder::Big,
        1,
    )
    .segment()]);
    let first = baseline().after_jfif([exif(ByteOrder::Little, 1).segment()]);
    let mut secrets = secrets(ByteOrder::Little, &[]);
    secrets.extend(gps(ByteOrder::Big));
    Sample {
        name: "two-photos",
        key: "phone uploads/PXL_20240501+173000.MP.jpg",
        bytes: multi_picture::with_second_photo(first, &second.bytes()),
        secrets,
        about: "multi-picture format: a second photo with its own EXIF after the end of the first",
    }
}

fn motion() -> Sample {
    let location = b"\xA9xyz\0\x12\x15\xC7+51.4772-000.0015/";
    let video = [
        metadata::boxed(b"ftyp", b"isom\0\0\x02\0isommp42"),
        metadata::boxed(b"moov", &metadata::boxed(b"udta", location)),
        metadata::boxed(b"mdat", OWNER.as_bytes()),
    ];
    Sample {
        name: "motion",
        key: "phone uploads/мой отпуск/закат.JPEG",
        bytes: baseline().after_jfif([exif(ByteOrder::Little, 1).segment()]).trailer(video.concat()).bytes(),
        secrets: secrets(ByteOrder::Little, &["+51.4772-000.0015"]),
        about: "a motion photo: a video after the end of the picture, with the location in it",
    }
}

fn credentials() -> Sample {
    let claim = format!("{{\"actions\":[{{\"by\":\"{OWNER}\",\"device\":\"{SERIAL}\"}}]}}");
    Sample {
        name: "credentials",
        key: "newsroom/signed/harbour.jpg",
        bytes: baseline().after_jfif(metadata::content_credentials(&claim)).bytes(),
        secrets: texts(&[OWNER, SERIAL, "c2pa"]),
        about: "C2PA content credentials, which name the author and the device",
    }
}

fn old_camera() -> Sample {
    let tiny = encode(PictureCoding::Baseline, 64, 48);
    let pixels: Vec<u8> = (0..12 * 9).flat_map(|i| [i as u8, 0x5A, 0xA5]).collect();
    let thumbnails = [metadata::jfif(12, 9, &pixels), metadata::jfxx(&tiny)];
    let jpeg = Jpeg::new(&encode(PictureCoding::Restarts, WIDTH, HEIGHT));
    Sample {
        name: "old-camera",
        key: "scans/1998 floppy #2/HAUS~1.JPG",
        bytes: jpeg.instead_of_jfif(thumbnails).bytes(),
        secrets: vec![pixels, tiny],
        about: "small pictures of what may have been cropped away, in JFIF and in JFXX; restart markers",
    }
}

fn vendors() -> Sample {
    let app = |number: u8, text: &str| segment(0xE0 + number, text.as_bytes());
    let jpeg = baseline().after_jfif([
        app(0, "AVI1\0"),
        app(3, &format!("Meta\0\0{OWNER}")),
        vec![0xFF; 5],
        app(4, SERIAL),
        app(5, &format!("RMETA\0{STREET}")),
        b"between segments".to_vec(),
        app(6, &format!("GoPro\0{PHONE}")),
        app(8, "SPIFF\0"),
        app(10, "AROT\0\0"),
        app(12, &format!("Ducky\0\x02\0\x10{OWNER}")),
        app(14, OWNER),
        app(15, NOTE),
    ]);
    Sample {
        name: "vendors",
        key: "drone & action cam/GOPR0001=raw;v2.jpg",
        bytes: jpeg.trailer(format!("{SERIAL} vendor trailer")).bytes(),
        secrets: texts(&[OWNER, SERIAL, STREET, PHONE, NOTE, "between segments", "vendor trailer"]),
        about: "vendors' own segments, fill bytes and stray bytes between segments, a vendor's trailer",
    }
}

fn long_xmp() -> Sample {
    let id = b"3B2C9A7E5D1F4068A9C0E7F1D2B3C4D5";
    let history = format!("<rdf:li>edited by {OWNER} at {STREET}</rdf:li>\n").repeat(120);
    let mut segments = vec![metadata::xmp(
        "<xmpNote:HasExtendedXMP>3B2C9A7E5D1F4068A9C0E7F1D2B3C4D5</xmpNote:HasExtendedXMP>",
    )];
    segments.extend(metadata::extended_xmp(id, history.as_bytes(), 3000));
    Sample {
        name: "long-xmp",
        key: "edited/ ленивый день /final (2).jpg",
        bytes: baseline().after_jfif(segments).bytes(),
        secrets: texts(&[OWNER, STREET, "3B2C9A7E5D1F4068A9C0E7F1D2B3C4D5"]),
        about: "an editing history in extended XMP, split over several segments",
    }
}

fn clean() -> Sample {
    Sample {
        name: "clean",
        key: "website/banner.jpg",
        bytes: baseline().components_from_1().bytes(),
        secrets: Vec::new(),
        about: "nothing private in it: it comes out byte for byte",
    }
}

fn baseline() -> Jpeg {
    Jpeg::new(&encode(PictureCoding::Baseline, WIDTH, HEIGHT))
}
