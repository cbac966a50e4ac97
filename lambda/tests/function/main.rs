//! Tests of the function, from one PUT to the running binary. They are one test binary, so that the SDK is linked only
//! once.
#![allow(clippy::unwrap_used, reason = "a test should stop at anything unexpected")]

mod batch_jobs;
mod concurrent_changes;
mod environment;
mod event_shapes;
mod failures;
mod interleavings;
mod log_lines;
mod publishing;
mod refusals;
mod removed_originals;
mod running_binary;
mod s3_failures;
mod s3_requests;
mod support;
