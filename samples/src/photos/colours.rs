//! Samples whose colours are wrong without a segment that must stay: the Adobe segment, or the ICC profile.

use super::baseline;
use crate::exif::ByteOrder;
use crate::jpeg::{Jpeg, segment};
use crate::picture::{HEIGHT, PictureCoding, WIDTH, encode};
use crate::planted::{OWNER, SERIAL, STREET, exif, secrets, texts};
use crate::{Sample, icc, metadata};

pub(super) fn cmyk() -> Sample {
    let xmp = metadata::xmp(&format!("<photoshop:AuthorsPosition>{OWNER}</photoshop:AuthorsPosition>"));
    let jpeg = Jpeg::new(&encode(PictureCoding::Cmyk, WIDTH, HEIGHT));
    Sample {
        name: "cmyk",
        key: "print/海辺の家/表紙.jpg",
        bytes: jpeg.before_scan([xmp, metadata::photoshop(&[(80, OWNER)])]).bytes(),
        secrets: texts(&[OWNER, "gallery.example"]),
        about: "four inks, inverted: without its Adobe segment the colours are wrong",
    }
}

pub(super) fn ycck() -> Sample {
    let jpeg = Jpeg::new(&encode(PictureCoding::Ycck, WIDTH, HEIGHT));
    Sample {
        name: "ycck",
        key: "print/100% recycled/cover%20final.jpg",
        bytes: jpeg.after_jfif([metadata::comment(STREET)]).bytes(),
        secrets: texts(&[STREET]),
        about: "four inks, three of them as YCbCr, which only its Adobe segment says",
    }
}

pub(super) fn wide_profile() -> Sample {
    let mut chunks = icc::segments(&icc::display(36_000));
    chunks.reverse();
    let profile = chunks.into_iter().chain([exif(ByteOrder::Little, 1).segment()]);
    Sample {
        name: "wide-profile",
        key: "portfolio/wide gamut/été à la mer.jpg",
        bytes: baseline().after_jfif(profile).bytes(),
        secrets: secrets(ByteOrder::Little, &[icc::DISPLAY]),
        about: "an ICC profile in two chunks, the second one first, whose curves are kept and whose names are removed",
    }
}

pub(super) fn rgb() -> Sample {
    let adobe = segment(0xEE, b"Adobe\0\x64\x80\0\0\0\0");
    let longer = segment(0xEE, &[b"Adobe\0\x65\0\0\0\0\0", SERIAL.as_bytes()].concat());
    let profile = icc::segments(&icc::display(256));
    let jpeg = Jpeg::new(&encode(PictureCoding::Rgb, WIDTH, HEIGHT));
    Sample {
        name: "rgb",
        key: "portfolio/rgb/house+sea=evening.jpg",
        bytes: jpeg.instead_of_jfif([adobe, longer].into_iter().chain(profile)).bytes(),
        secrets: texts(&[SERIAL]),
        about: "stored as red, green and blue, which only its Adobe segment says; it has two, one with a serial number",
    }
}
