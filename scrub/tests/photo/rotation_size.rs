//! A rotated photo is not larger than it was: it is written with Huffman tables of its own.

use crate::support::pictures::{asymmetric_rgb, noisy};
use crate::support::{SOI, exif};
use samples::shared_photos;
use scrub::{Bytes, NotRotated, Options, Orientation};
use turbojpeg::{Compressor, Image, PixelFormat, Subsamp, Transform, Transformer};
