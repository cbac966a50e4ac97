//! Tests of the photo core on whole photos. One test binary: decoders and colour engines are linked once.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod agreement;
mod blocks_outside;
mod classification;
mod coded_data;
mod codes;
mod codings;
mod contents;
mod exiftool;
mod frames;
mod header_segments;
mod hidden_blocks;
mod hidden_rows;
mod hostile;
mod icc;
mod model;
mod options;
mod orientations;
mod planted;
mod real_photos;
mod refusals;
mod rotation;
mod rotation_of_codings;
mod rotation_size;
mod sample_photos;
mod segment_lengths;
mod segment_positions;
mod standard_tables;
mod support;
mod undrawn_bits;
mod unused_segments;
mod verified_data;
mod verified_violations;
mod verifier;
mod walk;
