//! How long a check waits for AWS, and how often it asks.

use std::convert::Infallible;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::clients::CloudError;

/// How long a photo may take. S3 delivers events "typically in seconds", but may take a minute or longer (Amazon S3
/// User Guide, Amazon S3 Event Notifications), and AWS accepts a new access key everywhere only after some seconds.
const WAIT_LIMIT: Duration = Duration::from_secs(120);

/// The time at which waiting ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    start: Instant,
    end: Instant,
}

impl Deadline {
    /// The deadline of a run that sends this many photos from now on.
    pub(crate) fn for_photos(number: usize) -> Self {
        let start = Instant::now();
        // More photos than a u32 counts would not fit in memory.
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        Self { start, end: start + WAIT_LIMIT + Duration::from_secs(2) * number }
    }

    pub(crate) fn passed(self) -> bool {
        Instant::now() >= self.end
    }

    /// The time from the start to the end.
    pub(super) fn length(self) -> Duration {
        self.end - self.start
    }
}

/// Repeats a request while its answer is 403, as it is at first with a new access key or a new policy, up to the
/// deadline.
pub(super) async fn retry_on_403<T>(
    deadline: Deadline,
    mut request: impl AsyncFnMut() -> Result<T, CloudError>,
) -> Result<T, CloudError> {
    let mut pause = Pause::new();
    loop {
        match request().await {
            Err(CloudError::Answered { answer, .. }) if answer.status == 403 && !deadline.passed() => {
                pause.wait().await;
            }
            result => return result,
        }
    }
}

/// After some seconds, says on standard error what is being waited for. Never returns.
pub(super) async fn report_after_a_while(what: &str) -> Infallible {
    sleep(Duration::from_secs(5)).await;
    eprintln!("ripper: {what}, for at most {} s", WAIT_LIMIT.as_secs());
    std::future::pending().await
}

/// Growing pauses, from a tenth of a second to two seconds.
pub(super) struct Pause(Duration);

impl Pause {
    pub(super) fn new() -> Self {
        Self(Duration::from_millis(100))
    }

    pub(super) async fn wait(&mut self) {
        sleep(self.0).await;
        self.0 = (self.0 * 3 / 2).min(Duration::from_secs(2));
    }
}
