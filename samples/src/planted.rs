//! The private data that is planted in the samples. Names, places and numbers are invented.

use crate::exif::{ByteOrder, Exif, Value};
use crate::picture::{PictureCoding, encode};

pub(crate) const OWNER: &str = "Ada Wintergreen";
pub(crate) const SERIAL: &str = "SN-4711-0815-77";
pub(crate) const STREET: &str = "12 Sandpiper Lane, Port Mallow";
pub(crate) const PHONE: &str = "+44 1632 960 144";
pub(crate) const NOTE: &str = "shot at the cottage, spare key under the blue pot";
/// 51 deg 28' 38.01" and 0 deg 0' 5.31": the location as EXIF codes it.
const LATITUDE: [(u32, u32); 3] = [(51, 1), (28, 1), (3801, 100)];
const LONGITUDE: [(u32, u32); 3] = [(0, 1), (0, 1), (531, 100)];

/// EXIF as a camera writes it, full of what a website must not show.
pub(crate) fn exif(byte_order: ByteOrder, orientation: u16) -> Exif {
    let note = [b"Lumora\0\x01body ", SERIAL.as_bytes(), b" shutter 004711 lens LX-77\0\0"].concat();
    Exif {
        byte_order,
        ifd0: vec![
            (0x010F, Value::Text("Lumora")),
            (0x0110, Value::Text("Lumora Field 7")),
            (0x0112, Value::Short(orientation)),
            (0x0132, Value::Text("2024:05:01 19:30:00")),
            (0x013B, Value::Text(OWNER)),
            (0x8298, Value::Text("(c) 2024 Ada Wintergreen, all rights reserved")),
        ],
        exif_ifd: vec![
            (0x9003, Value::Text("2024:05:01 19:30:00")),
            (0x927C, Value::Bytes(note)),
            (0xA430, Value::Text(OWNER)),
            (0xA431, Value::Text(SERIAL)),
        ],
        gps: vec![
            (0x0000, Value::Version([2, 3, 0, 0])),
            (0x0001, Value::Text("N")),
            (0x0002, Value::Ratios(LATITUDE.to_vec())),
            (0x0003, Value::Text("W")),
            (0x0004, Value::Ratios(LONGITUDE.to_vec())),
            (0x001D, Value::Text("2024:05:01")),
        ],
        thumbnail: encode(PictureCoding::Baseline, 80, 60),
    }
}

/// What a clean copy of a sample with [`exif`] in it must not contain, and more.
pub(crate) fn secrets(byte_order: ByteOrder, more: &[&str]) -> Vec<Vec<u8>> {
    let mut secrets = texts(&[OWNER, SERIAL, "Lumora", "2024:05:01"]);
    secrets.extend(texts(more));
    secrets.extend(gps(byte_order));
    secrets.push(encode(PictureCoding::Baseline, 80, 60));
    secrets
}

/// The location as it is in EXIF, latitude and longitude.
pub(crate) fn gps(byte_order: ByteOrder) -> [Vec<u8>; 2] {
    [LATITUDE, LONGITUDE].map(|ratios| {
        ratios
            .iter()
            .flat_map(|&(over, under)| [over, under])
            .flat_map(|n| byte_order.long(n as usize))
            .collect()
    })
}

pub(crate) fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}
