//! The Lambda function of exif-ripper: a photo put into bucket A comes out clean in bucket B, under the same key.
//!
//! `serve` starts it, `event` reads an event, `handler` runs it, `publish` takes one photo from A to B, `unpublish`
//! deletes from B what is gone from A or refused, `outcome` is how that ended, `store` is the trait for what they need
//! from S3 and `s3` implements it. `refusals` keeps what is known of photos that cannot be cleaned in a queue.
//! `cache_control` filters the one header that is carried over. `retries` explains timeouts and retries. The crate
//! `scrub`, the photo core, scrubs the photo. This is a library as well as a binary, so that tests can reach every
//! part.

mod batch;
pub mod cache_control;
pub mod client;
pub mod config;
mod config_error;
pub mod error;
pub mod event;
pub mod handler;
mod hidden_characters;
pub mod log;
pub mod outcome;
pub mod publish;
pub mod refusals;
pub mod request_error;
pub mod retries;
pub mod s3;
mod serve;
pub mod store;
mod unpublish;

pub use serve::serve;
