//! Tests of the photo core on whole photos. One test binary: decoders and colour engines are linked once.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect is to stop there"
)]

mod codings;
mod contents;
mod draw;
mod dress;
mod encode;
mod exiftool;
mod flat;
mod frames;
mod hostile;
mod icc;
mod kinds;
mod model;
mod options;
mod orientations;
mod photos;
mod places;
mod refusals;
mod samples;
mod shapes;
mod support;
mod turn;
mod turned_codings;
mod verify;
