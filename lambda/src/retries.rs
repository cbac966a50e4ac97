//! Timeouts and retries: everything that decides how long the function waits and how often a request or an event is
//! tried again. There are three levels, from the fastest to the slowest:
//!
//! 1. **A request to S3 or SQS** is sent at most [`SDK_ATTEMPTS`] times by the AWS SDK (`client.rs`), with a pause of
//!    at most a few seconds in between. This is for what passes within seconds: 503 SlowDown, a timeout, a connection
//!    that died while the function was frozen. The timeouts of one attempt are here too, so that one dead connection or
//!    one slow answer does not use up the function's time.
//! 2. **A PUT or DELETE that lost a race** is tried again with a new condition, at most [`MAX_WRITES`] for a photo
//!    (`publish.rs`). It did not fail: S3 answered that the key in bucket B had changed.
//! 3. **A failed event** is run again by Lambda, minutes later: `ripperRetries` in `pulumi/Main.yaml` says how many
//!    times and for how long, and that the event then goes to the failures queue. This is for what lasts longer, such
//!    as an outage of S3. Every error ends here, whether it is transient or not: Lambda does not read our error names.
//!    A refused photo is not an error once the refusals queue has it (`refusals.rs`): it is not tried again.
//!    Running an event again is safe, see `publish.rs`. S3 Batch Operations jobs do not use this level: a task that
//!    failed with a transient error is reported as `TemporaryFailure`, and S3 runs it again (`batch.rs`).
//!
//! Above levels 1 and 2 is one deadline: the handler gives up on a photo [`REPORT_MARGIN`] before the function's
//! timeout, whatever the client does, so that the failure has a name and a log line.

use std::time::Duration;

/// How many times the SDK sends one request, the first time included.
pub const SDK_ATTEMPTS: u32 = 3;

/// How long a connection may take. S3 is in the same region: a connection takes milliseconds or is not made at all.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// From the first byte sent to the first byte of the answer, so it includes the upload of the largest photo.
pub const READ_TIMEOUT: Duration = Duration::from_secs(20);

/// How long a body may make no progress.
pub const STALL_GRACE: Duration = Duration::from_secs(5);

/// How many PUTs and DELETEs are tried before the photo fails. Each lost one means that somebody else wrote the key.
pub const MAX_WRITES: usize = 8;

/// The longest that opening connections in advance may delay the first event.
pub const WARM_UP_LIMIT: Duration = Duration::from_secs(1);

/// What is left of the function's time when the handler gives up on a photo, to log the failure and to report it.
pub const REPORT_MARGIN: Duration = Duration::from_millis(500);
