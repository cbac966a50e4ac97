//! What every check of a live stack needs: patience with fresh keys and slow events, keys that no other run uses, and a
//! clean-up that happens however the check ends.

mod clean;

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sdk_s3::types::FilterRuleName;
use bytes::Bytes;
use tokio::time::{Instant, sleep};

use crate::clients::{Clients, CloudError, explain};
use crate::failure::Failure;
use crate::interrupt;
use crate::stack::Stack;
use crate::text;

/// How long a photo may take. S3 delivers events "typically in seconds", but may take a minute or longer (Amazon S3
/// User Guide, Amazon S3 Event Notifications), and a fresh access key takes seconds to be known everywhere.
const PATIENCE: Duration = Duration::from_secs(120);

/// Why a live check could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LiveError {
    #[error("the async runtime could not start: {0}")]
    Runtime(io::Error),
    #[error("{key} is not in bucket B after {seconds} s; `just logs {stack}` shows what the function did")]
    NotThere { key: String, seconds: u64, stack: String },
}

/// One check of one stack. All its keys start with `prefix`.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) stack_name: String,
    pub(crate) stack: Stack,
    pub(crate) clients: Clients,
    /// Starts with the key prefix that the stack cleans, and ends with a slash.
    pub(crate) prefix: String,
}

/// A moment after which waiting is given up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    from: Instant,
    until: Instant,
}

impl Deadline {
    /// The deadline of a run that sends this many photos from now on.
    pub(crate) fn for_photos(number: usize) -> Self {
        let from = Instant::now();
        Self {
            from,
            until: from + PATIENCE + Duration::from_secs(2) * u32::try_from(number).unwrap_or(u32::MAX),
        }
    }

    fn passed(self) -> bool {
        Instant::now() >= self.until
    }
}

/// Runs an async command on this thread.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(LiveError::Runtime)?.block_on(work)
}

impl Run {
    /// Asks Pulumi for the stack and waits until both users' keys are good. `what` starts the run's keys.
    pub(crate) async fn begin(stack_name: &str, what: &str) -> Result<Self, Failure> {
        let stack = Stack::outputs(stack_name)?;
        let clients = Clients::new(&stack).await?;
        let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let unique = format!("{what}-{started:x}-{:x}", std::process::id());
        let mut run = Self { stack_name: stack_name.to_owned(), stack, clients, prefix: String::new() };
        let deadline = Deadline::for_photos(0);
        let both_keys_are_good = async {
            patiently(deadline, || run.list(&run.clients.user_a, &run.stack.bucket_a, &unique)).await?;
            patiently(deadline, || run.list(&run.clients.user_b, &run.stack.bucket_b, &unique)).await
        };
        tokio::select! {
            good = both_keys_are_good => drop(good?),
            () = interrupt::wait() => return Err(Failure::Interrupted("nothing was uploaded".to_owned())),
            never = tell_after_a_while("waiting until AWS accepts the users' keys everywhere") => match never {},
        }
        run.prefix = format!("{}{unique}/", run.key_prefix().await);
        Ok(run)
    }

    /// The prefix that keys must have for the function to be called, as bucket A's notification says. Only the
    /// operator can read it; without their credentials the stack is taken to clean every key.
    async fn key_prefix(&self) -> String {
        let Ok(operator) = &self.clients.operator else { return String::new() };
        let request = operator.get_bucket_notification_configuration().bucket(&self.stack.bucket_a);
        let Ok(configuration) = request.send().await else { return String::new() };
        let rules =
            configuration.lambda_function_configurations().iter().filter_map(|function| function.filter());
        rules
            .filter_map(|filter| filter.key())
            .flat_map(|key| key.filter_rules())
            .find(|rule| rule.name() == Some(&FilterRuleName::Prefix))
            .and_then(|rule| rule.value())
            .unwrap_or_default()
            .to_owned()
    }

    /// The keys in a bucket that start with `prefix`.
    pub(crate) async fn list(
        &self,
        client: &aws_sdk_s3::Client,
        bucket: &str,
        prefix: &str,
    ) -> Result<Vec<String>, CloudError> {
        let mut keys = Vec::new();
        let mut pages = client.list_objects_v2().bucket(bucket).prefix(prefix).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| explain(&format!("ListObjectsV2 in {bucket}"), error))?;
            keys.extend(page.contents().iter().filter_map(|object| object.key().map(str::to_owned)));
        }
        Ok(keys)
    }

    /// Puts a photo into bucket A as user A. Returns the object's version, where the bucket keeps versions.
    pub(crate) async fn upload(
        &self,
        key: &str,
        photo: &Bytes,
        deadline: Deadline,
    ) -> Result<Option<String>, CloudError> {
        let (client, bucket) = (&self.clients.user_a, &self.stack.bucket_a);
        patiently(deadline, async || {
            let request = client.put_object().bucket(bucket).key(key).content_type("image/jpeg");
            let sent = request.body(photo.clone().into()).send().await;
            let put = sent.map_err(|error| explain(&format!("PutObject of {key} as user A"), error))?;
            Ok(put.version_id().map(str::to_owned))
        })
        .await
    }

    /// Takes a photo out of bucket B as user B; none while it is not there.
    pub(crate) async fn look(&self, key: &str) -> Result<Option<Arrived>, CloudError> {
        let what = format!("GetObject of {key} as user B");
        match self.clients.user_b.get_object().bucket(&self.stack.bucket_b).key(key).send().await {
            Ok(object) => {
                let version = object.version_id().map(str::to_owned);
                let core = object.metadata().and_then(|metadata| metadata.get("scrub").cloned());
                let body = object.body.collect().await;
                let body = body.map_err(|error| CloudError::NoAnswer { what, why: error.to_string() })?;
                Ok(Some(Arrived { photo: body.into_bytes(), version, core }))
            }
            Err(error) => match explain(&what, error) {
                CloudError::Answered { answer, .. } if answer.status == 404 => Ok(None),
                error => Err(error),
            },
        }
    }

    /// Waits until a photo is in bucket B.
    pub(crate) async fn wait_for(&self, key: &str, deadline: Deadline) -> Result<Arrived, Failure> {
        let mut pause = Pause::new();
        loop {
            if let Some(arrived) = patiently(deadline, || self.look(key)).await? {
                return Ok(arrived);
            }
            if deadline.passed() {
                let seconds = (deadline.until - deadline.from).as_secs();
                let (key, stack) = (key.to_owned(), self.stack_name.clone());
                return Err(LiveError::NotThere { key, seconds, stack }.into());
            }
            pause.wait().await;
        }
    }

    /// Does the work, and deletes everything under the run's prefix however the work ends, Ctrl-C included.
    pub(crate) async fn then_clean<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let result = tokio::select! {
            result = work => result,
            () = interrupt::wait() => {
                eprintln!("ripper: cleaning up; Ctrl-C again leaves the objects under {}", text::printable(&self.prefix));
                Err(Failure::Interrupted("what it had uploaded is cleaned up".to_owned()))
            }
        };
        if result.is_err() {
            // The function may be at work on a photo still, and would put it into B behind our back.
            clean::originals(self).await;
            sleep(Duration::from_secs(3)).await;
        }
        for left in clean::everything(self).await {
            eprintln!("ripper: {}", text::printable(&left));
        }
        result
    }
}

/// A photo as it is in bucket B.
#[derive(Debug)]
pub(crate) struct Arrived {
    pub(crate) photo: Bytes,
    pub(crate) version: Option<String>,
    /// Version and settings of the photo core, as the function noted them.
    pub(crate) core: Option<String>,
}

/// Repeats a request while its answer is one that a fresh access key or a fresh policy gives, up to the deadline.
pub(crate) async fn patiently<T>(
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

/// Says on standard error what is being waited for, if that takes more than a moment. Never returns.
async fn tell_after_a_while(what: &str) -> Infallible {
    sleep(Duration::from_secs(5)).await;
    eprintln!("ripper: {what}; this is given up after {} s", PATIENCE.as_secs());
    std::future::pending().await
}

/// Growing pauses, from a tenth of a second to two.
struct Pause(Duration);

impl Pause {
    fn new() -> Self {
        Self(Duration::from_millis(100))
    }

    async fn wait(&mut self) {
        sleep(self.0).await;
        self.0 = (self.0 * 3 / 2).min(Duration::from_secs(2));
    }
}
