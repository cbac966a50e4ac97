//! What every check of a deployed stack needs: time limits that allow for new access keys and slow events, object keys
//! that no other run uses, and a clean-up that happens however the check ends.

mod clean_up;
mod waiting;

use std::future::Future;
use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use tokio::time::sleep;
pub(crate) use waiting::Deadline;
use waiting::{Pause, report_after_a_while, retry_on_403};

use crate::clients::{Clients, CloudError, explain};
use crate::failure::Failure;
use crate::interrupt;
use crate::stack::Stack;
use crate::{settings, text};

/// Why a check of a stack could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SessionError {
    #[error("the async runtime could not start: {0}")]
    Runtime(io::Error),
    #[error("{key} is not in bucket B after {seconds} s; `just logs {stack}` shows what the function did")]
    NotThere { key: String, seconds: u64, stack: String },
    #[error(transparent)]
    Cloud(#[from] CloudError),
}

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        Self::Other(error.into())
    }
}

/// One check of one stack. All its object keys start with `prefix`.
#[derive(Debug)]
pub(crate) struct StackSession {
    pub(crate) stack_name: String,
    pub(crate) stack: Stack,
    pub(crate) clients: Clients,
    /// Starts with the key prefix for which the function is called, and ends with a slash.
    pub(crate) prefix: String,
}

/// Runs an async command on this thread.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(SessionError::Runtime)?.block_on(work)
}

impl StackSession {
    /// Asks Pulumi for the stack and waits until AWS accepts both users' keys. `name` is part of every object key.
    pub(crate) async fn begin(stack_name: &str, name: &str) -> Result<Self, Failure> {
        let stack = Stack::outputs(stack_name)?;
        let clients = Clients::new(&stack).await?;
        // A clock before 1970 counts as 1970: the process id makes the name unique as well.
        let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let unique = format!("{name}-{started:x}-{:x}", std::process::id());
        let mut session = Self { stack_name: stack_name.to_owned(), stack, clients, prefix: String::new() };
        let deadline = Deadline::for_photos(0);
        let both_keys_work = async {
            retry_on_403(deadline, || {
                session.list(&session.clients.user_a, &session.stack.bucket_a, &unique)
            })
            .await?;
            retry_on_403(deadline, || session.list(&session.clients.user_b, &session.stack.bucket_b, &unique))
                .await
        };
        tokio::select! {
            listed = both_keys_work => drop(listed?),
            () = interrupt::wait() => return Err(Failure::Interrupted("nothing was uploaded".to_owned())),
            never = report_after_a_while("waiting until AWS accepts the users' keys everywhere") => match never {},
        }
        session.prefix = format!("{}{unique}/", session.key_prefix().await);
        Ok(session)
    }

    /// The prefix that keys must have for the function to be called. If it cannot be read, this says so on standard
    /// error, and the run goes on without a prefix, as is right for most stacks.
    async fn key_prefix(&self) -> String {
        self.notification_prefix().await.unwrap_or_else(|why| {
            let why = text::printable(&why);
            eprintln!("ripper: assuming that the stack cleans keys with any prefix, because {why}");
            String::new()
        })
    }

    async fn notification_prefix(&self) -> Result<String, String> {
        let operator = self.clients.operator.as_ref();
        let operator = operator.map_err(|why| format!("there are no operator credentials: {why}"))?;
        settings::key_prefix(operator, &self.stack.bucket_a).await.map_err(|error| error.to_string())
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

    /// Puts a photo into bucket A as user A. Returns the object's version if the bucket keeps versions.
    pub(crate) async fn upload(
        &self,
        key: &str,
        photo: &Bytes,
        deadline: Deadline,
    ) -> Result<Option<String>, CloudError> {
        let (client, bucket) = (&self.clients.user_a, &self.stack.bucket_a);
        retry_on_403(deadline, async || {
            let request = client.put_object().bucket(bucket).key(key).content_type("image/jpeg");
            let sent = request.body(photo.clone().into()).send().await;
            let put = sent.map_err(|error| explain(&format!("PutObject of {key} as user A"), error))?;
            Ok(put.version_id().map(str::to_owned))
        })
        .await
    }

    /// Reads a photo from bucket B as user B. None while it is not there.
    pub(crate) async fn get_clean_photo(&self, key: &str) -> Result<Option<CleanPhoto>, CloudError> {
        let what = format!("GetObject of {key} as user B");
        match self.clients.user_b.get_object().bucket(&self.stack.bucket_b).key(key).send().await {
            Ok(object) => {
                let version = object.version_id().map(str::to_owned);
                let scrubbed_with = object.metadata().and_then(|metadata| metadata.get("scrub").cloned());
                let body = object.body.collect().await;
                let body = body.map_err(|error| CloudError::NoAnswer { what, why: error.to_string() })?;
                Ok(Some(CleanPhoto { bytes: body.into_bytes(), version, scrubbed_with }))
            }
            Err(error) => match explain(&what, error) {
                CloudError::Answered { answer, .. } if answer.status == 404 => Ok(None),
                error => Err(error),
            },
        }
    }

    /// The version of bucket A's object that bucket B's copy was made from, as user B sees it. None if B has no copy.
    pub(crate) async fn source_version(&self, key: &str) -> Result<Option<String>, CloudError> {
        let what = format!("HeadObject of {key} as user B");
        match self.clients.user_b.head_object().bucket(&self.stack.bucket_b).key(key).send().await {
            Ok(head) => Ok(head.metadata().and_then(|metadata| metadata.get("source-version").cloned())),
            Err(error) => match explain(&what, error) {
                CloudError::Answered { answer, .. } if answer.status == 404 => Ok(None),
                error => Err(error),
            },
        }
    }

    /// Deletes a photo from bucket A as user A.
    pub(crate) async fn delete_original(&self, key: &str) -> Result<(), CloudError> {
        let deleted = self.clients.user_a.delete_object().bucket(&self.stack.bucket_a).key(key).send().await;
        deleted.map(drop).map_err(|error| explain(&format!("DeleteObject of {key} as user A"), error))
    }

    /// Waits until a photo is in bucket B.
    pub(crate) async fn wait_for(&self, key: &str, deadline: Deadline) -> Result<CleanPhoto, SessionError> {
        let mut pause = Pause::new();
        loop {
            if let Some(photo) = retry_on_403(deadline, || self.get_clean_photo(key)).await? {
                return Ok(photo);
            }
            if deadline.passed() {
                let seconds = deadline.length().as_secs();
                let (key, stack) = (key.to_owned(), self.stack_name.clone());
                return Err(SessionError::NotThere { key, seconds, stack });
            }
            pause.wait().await;
        }
    }

    /// Does the work, then deletes everything under the run's prefix however the work ended, also after Ctrl-C.
    pub(crate) async fn with_clean_up<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let result = tokio::select! {
            result = work => result,
            () = interrupt::wait() => {
                let prefix = text::printable(&self.prefix);
                eprintln!("ripper: cleaning up; another Ctrl-C leaves the objects under {prefix}");
                Err(Failure::Interrupted("what was uploaded is deleted".to_owned()))
            }
        };
        if result.is_err() {
            // The function may still be scrubbing a photo, and would put it into B after the clean-up.
            clean_up::delete_originals(self).await;
            sleep(Duration::from_secs(3)).await;
        }
        for left in clean_up::delete_everything(self).await {
            eprintln!("ripper: {}", text::printable(&left));
        }
        result
    }
}

/// A photo as it is in bucket B.
#[derive(Debug)]
pub(crate) struct CleanPhoto {
    pub(crate) bytes: Bytes,
    pub(crate) version: Option<String>,
    /// Version and settings of the photo core, from the object's metadata.
    pub(crate) scrubbed_with: Option<String>,
}
