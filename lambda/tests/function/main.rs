//! Tests of the function, from one PUT to the running binary. One test binary: the SDK is linked once.
#![allow(clippy::unwrap_used, reason = "a test that meets what it does not expect is to stop there")]

mod environment;
mod events;
mod handler;
mod http_s3;
mod interleavings;
mod log_lines;
mod running_binary;
mod support;
