//! Tests of the function, from one PUT to the running binary. One test binary: the SDK is linked once.
#![allow(clippy::unwrap_used, reason = "a test that meets what it does not expect is to stop there")]

mod batch_jobs;
mod concurrent_changes;
mod environment;
mod event_shapes;
mod failures;
mod interleavings;
mod log_lines;
mod publishing;
mod running_binary;
mod s3_failures;
mod s3_requests;
mod support;
