//! The function of exif-ripper: a photo put into bucket A comes out clean in bucket B, under the same key.
//!
//! `serve` starts it, `handler` takes an event apart, `publish` brings one photo over, `store` is what it needs of S3 and `s3` is S3.
//! The photo itself is the crate `scrub`'s business. A library as well as a binary, so that tests reach every part.

mod batch;
pub mod client;
pub mod config;
pub mod error;
pub mod event;
pub mod handler;
pub mod log;
pub mod publish;
pub mod s3;
mod serve;
pub mod store;

pub use serve::serve;
