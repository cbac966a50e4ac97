//! The samples, one function each: what is planted where.

use crate::exif::{Exif, Order, Value};
use crate::jpeg::{Jpeg, segment};
use crate::picture::{Coding, HEIGHT, WIDTH, encode, encode_sideways};
use crate::{Sample, icc, metadata, multi};

const OWNER: &str = "Ada Wintergreen";
const SERIAL: &str = "SN-4711-0815-77";
const STREET: &str = "12 Sandpiper Lane, Port Mallow";
const PHONE: &str = "+44 1632 960 144";
const NOTE: &str = "shot at the cottage, spare key under the blue pot";
/// 51 deg 28' 38.01" and 0 deg 0' 5.31": the place as EXIF codes it.
const LATITUDE: [(u32, u32); 3] = [(51, 1), (28, 1), (3801, 100)];
const LONGITUDE: [(u32, u32); 3] = [(0, 1), (0, 1), (531, 100)];

pub(crate) fn all() -> Vec<Sample> {
    vec![
        camera(),
        sideways(),
        between_scans(),
        press(),
        cmyk(),
        ycck(),
        letter(),
        two_photos(),
        motion(),
        credentials(),
        old_camera(),
        vendors(),
        wide_profile(),
        rgb(),
        long_xmp(),
        clean(),
    ]
}

fn camera() -> Sample {
    let exif = exif(Order::Little, 1).segment();
    let xmp = metadata::xmp(&format!(
        "<dc:creator>{OWNER}</dc:creator><exif:GPSLatitude>51,28.6335N</exif:GPSLatitude>"
    ));
    Sample {
        name: "camera",
        key: "2024/holiday/DSC_0042.jpg",
        bytes: baseline().at_start([exif, xmp]).bytes(),
        secrets: secrets(Order::Little, &["51,28.6335N"]),
        about: "an ordinary camera file: EXIF with place, maker note and thumbnail, then XMP",
    }
}

fn sideways() -> Sample {
    let exif = exif(Order::Big, 6).segment();
    let jpeg = Jpeg::new(&encode_sideways(Coding::Baseline, WIDTH, HEIGHT));
    Sample {
        name: "sideways",
        key: "phone uploads/IMG 0002 (1).JPG",
        bytes: jpeg.at_start([metadata::comment(NOTE), exif]).bytes(),
        secrets: secrets(Order::Big, &[NOTE]),
        about: "a phone held upright: orientation 6, big-endian EXIF behind a comment",
    }
}

fn between_scans() -> Sample {
    let exif = exif(Order::Little, 1).segment();
    let first = [exif, b"stray bytes: ".to_vec(), STREET.into(), metadata::comment(NOTE)];
    let second = [vec![0xFF; 3], metadata::photoshop(&[(120, SERIAL)]), metadata::xmp(OWNER)];
    let jpeg = Jpeg::new(&encode(Coding::Progressive, WIDTH, HEIGHT));
    Sample {
        name: "between-scans",
        key: "summer+party/at the sea+side.jpeg",
        bytes: jpeg.behind_scan(0, first).behind_scan(2, second).bytes(),
        secrets: secrets(Order::Little, &[NOTE, STREET]),
        about: "progressive, with EXIF, IPTC, XMP, a comment and stray bytes between the scans, where few tools look",
    }
}

fn press() -> Sample {
    let iptc = metadata::photoshop(&[(80, OWNER), (90, "Port Mallow"), (118, PHONE), (120, NOTE)]);
    let exif = exif(Order::Big, 1).segment();
    Sample {
        name: "press",
        key: "Presse/Zürich/Straßenfest 2024.jpg",
        bytes: baseline().at_start([iptc, metadata::comment(STREET)]).before_scan([exif]).bytes(),
        secrets: secrets(Order::Big, &[PHONE, NOTE, STREET, "gallery.example"]),
        about: "IPTC captions in a Photoshop segment, and EXIF as the last segment in front of the picture",
    }
}

fn cmyk() -> Sample {
    let xmp = metadata::xmp(&format!("<photoshop:AuthorsPosition>{OWNER}</photoshop:AuthorsPosition>"));
    let jpeg = Jpeg::new(&encode(Coding::Cmyk, WIDTH, HEIGHT));
    Sample {
        name: "cmyk",
        key: "print/海辺の家/表紙.jpg",
        bytes: jpeg.before_scan([xmp, metadata::photoshop(&[(80, OWNER)])]).bytes(),
        secrets: texts(&[OWNER, "gallery.example"]),
        about: "four inks, inverted: without its Adobe segment the colours are wrong",
    }
}

fn ycck() -> Sample {
    let jpeg = Jpeg::new(&encode(Coding::Ycck, WIDTH, HEIGHT));
    Sample {
        name: "ycck",
        key: "print/100% recycled/cover%20final.jpg",
        bytes: jpeg.at_start([metadata::comment(STREET)]).bytes(),
        secrets: texts(&[STREET]),
        about: "four inks, three of them as YCbCr, which only its Adobe segment tells",
    }
}

fn letter() -> Sample {
    let jpeg = Jpeg::new(&encode(Coding::Grey, WIDTH, HEIGHT));
    Sample {
        name: "letter",
        key: "scans/archive/1987/box 3/folder 12/letters/page-0001.jpeg",
        bytes: jpeg.before_scan([metadata::comment(&format!("scanned by {OWNER}, {PHONE}"))]).bytes(),
        secrets: texts(&[OWNER, PHONE]),
        about: "one grey component, a comment right in front of the scan",
    }
}

fn two_photos() -> Sample {
    let second =
        Jpeg::new(&encode(Coding::Baseline, WIDTH / 4, HEIGHT / 4)).at_start([exif(Order::Big, 1).segment()]);
    let first = baseline().at_start([exif(Order::Little, 1).segment()]);
    let mut secrets = secrets(Order::Little, &[]);
    secrets.extend(place(Order::Big));
    Sample {
        name: "two-photos",
        key: "phone uploads/PXL_20240501+173000.MP.jpg",
        bytes: multi::with_second_photo(first, &second.bytes()),
        secrets,
        about: "multi-picture format: a second photo with EXIF of its own behind the end of the first",
    }
}

fn motion() -> Sample {
    let place = b"\xA9xyz\0\x12\x15\xC7+51.4772-000.0015/";
    let video = [
        metadata::boxed(b"ftyp", b"isom\0\0\x02\0isommp42"),
        metadata::boxed(b"moov", &metadata::boxed(b"udta", place)),
        metadata::boxed(b"mdat", OWNER.as_bytes()),
    ];
    Sample {
        name: "motion",
        key: "phone uploads/мой отпуск/закат.JPEG",
        bytes: baseline().at_start([exif(Order::Little, 1).segment()]).trailer(video.concat()).bytes(),
        secrets: secrets(Order::Little, &["+51.4772-000.0015"]),
        about: "a motion photo: a video behind the end of the picture, with the place in it",
    }
}

fn credentials() -> Sample {
    let claim = format!("{{\"actions\":[{{\"by\":\"{OWNER}\",\"device\":\"{SERIAL}\"}}]}}");
    Sample {
        name: "credentials",
        key: "newsroom/signed/harbour.jpg",
        bytes: baseline().at_start(metadata::content_credentials(&claim)).bytes(),
        secrets: texts(&[OWNER, SERIAL, "c2pa"]),
        about: "C2PA content credentials, which name the author and the device",
    }
}

fn old_camera() -> Sample {
    let tiny = encode(Coding::Baseline, 64, 48);
    let pixels: Vec<u8> = (0..12 * 9).flat_map(|i| [i as u8, 0x5A, 0xA5]).collect();
    let thumbnails = [metadata::jfif(12, 9, &pixels), metadata::jfxx(&tiny)];
    let jpeg = Jpeg::new(&encode(Coding::Restarts, WIDTH, HEIGHT));
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
    let jpeg = baseline().at_start([
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

fn wide_profile() -> Sample {
    let mut chunks = icc::segments(&icc::profile(36_000));
    chunks.reverse();
    let profile = chunks.into_iter().chain([exif(Order::Little, 1).segment()]);
    Sample {
        name: "wide-profile",
        key: "portfolio/wide gamut/été à la mer.jpg",
        bytes: baseline().at_start(profile).bytes(),
        secrets: secrets(Order::Little, &[icc::DISPLAY]),
        about: "an ICC profile in two chunks, the second one first, whose curves have to stay and whose names have to go",
    }
}

fn rgb() -> Sample {
    let adobe = segment(0xEE, b"Adobe\0\x64\x80\0\0\0\0");
    let longer = segment(0xEE, &[b"Adobe\0\x65\0\0\0\0\0", SERIAL.as_bytes()].concat());
    let profile = icc::segments(&icc::profile(256));
    let jpeg = Jpeg::new(&encode(Coding::Rgb, WIDTH, HEIGHT));
    Sample {
        name: "rgb",
        key: "portfolio/rgb/house+sea=evening.jpg",
        bytes: jpeg.instead_of_jfif([adobe, longer].into_iter().chain(profile)).bytes(),
        secrets: texts(&[SERIAL]),
        about: "stored as red, green and blue, which only its Adobe segment tells; two of them, one with a serial number",
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
        bytes: baseline().at_start(segments).bytes(),
        secrets: texts(&[OWNER, STREET, "3B2C9A7E5D1F4068A9C0E7F1D2B3C4D5"]),
        about: "an editing history in extended XMP, split over several segments",
    }
}

fn clean() -> Sample {
    Sample {
        name: "clean",
        key: "website/banner.jpg",
        bytes: baseline().bytes(),
        secrets: Vec::new(),
        about: "nothing private in it: it has to come out byte for byte",
    }
}

fn baseline() -> Jpeg {
    Jpeg::new(&encode(Coding::Baseline, WIDTH, HEIGHT))
}

/// EXIF as a camera writes it, full of what a website must not show.
fn exif(order: Order, orientation: u16) -> Exif {
    let note = [b"Lumora\0\x01body ", SERIAL.as_bytes(), b" shutter 004711 lens LX-77\0\0"].concat();
    Exif {
        order,
        picture: vec![
            (0x010F, Value::Text("Lumora")),
            (0x0110, Value::Text("Lumora Field 7")),
            (0x0112, Value::Short(orientation)),
            (0x0132, Value::Text("2024:05:01 19:30:00")),
            (0x013B, Value::Text(OWNER)),
            (0x8298, Value::Text("(c) 2024 Ada Wintergreen, all rights reserved")),
        ],
        camera: vec![
            (0x9003, Value::Text("2024:05:01 19:30:00")),
            (0x927C, Value::Bytes(note)),
            (0xA430, Value::Text(OWNER)),
            (0xA431, Value::Text(SERIAL)),
        ],
        place: vec![
            (0x0000, Value::Version([2, 3, 0, 0])),
            (0x0001, Value::Text("N")),
            (0x0002, Value::Ratios(LATITUDE.to_vec())),
            (0x0003, Value::Text("W")),
            (0x0004, Value::Ratios(LONGITUDE.to_vec())),
            (0x001D, Value::Text("2024:05:01")),
        ],
        thumbnail: encode(Coding::Baseline, 80, 60),
    }
}

/// What a sample with [`exif`] in it must not show, and more.
fn secrets(order: Order, more: &[&str]) -> Vec<Vec<u8>> {
    let mut secrets = texts(&[OWNER, SERIAL, "Lumora", "2024:05:01"]);
    secrets.extend(texts(more));
    secrets.extend(place(order));
    secrets.push(encode(Coding::Baseline, 80, 60));
    secrets
}

/// The place as the bytes of EXIF.
fn place(order: Order) -> [Vec<u8>; 2] {
    [LATITUDE, LONGITUDE].map(|ratios| {
        ratios.iter().flat_map(|&(over, under)| [over, under]).flat_map(|n| order.long(n as usize)).collect()
    })
}

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_secret_is_planted() {
        let mut seen = 0;
        for sample in all() {
            for secret in &sample.secrets {
                let text = String::from_utf8_lossy(secret);
                let planted = sample.bytes.windows(secret.len()).any(|window| window == secret);
                assert!(planted, "{}: {text:?} is not in the file", sample.name);
                seen += 1;
            }
        }
        println!("{seen} secrets in {} samples", all().len());
    }

    #[test]
    fn names_and_keys_are_unique_and_files_are_small() {
        let samples = all();
        for (i, sample) in samples.iter().enumerate() {
            println!("{:14} {:7} bytes  {}", sample.name, sample.bytes.len(), sample.key);
            assert!(sample.bytes.len() < 200_000, "{} is too large", sample.name);
            assert!(samples[..i].iter().all(|other| other.name != sample.name && other.key != sample.key));
        }
    }
}
