//! How one key stands. The listings are a moment old, so what looks wrong is looked at again before it is said.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use aws_sdk_s3::Client;
use bytes::Bytes;
use scrub::Options;

use super::findings::{Finding, Found};
use crate::bucket_listing::{Listed, Pair};
use crate::clients::{CloudError, ErrorAnswer};
use crate::operator::explain_operator;
use crate::settings::Settings;
use crate::stack::Stack;

/// How often a photo is read until it comes whole.
const READS: u32 = 3;

/// What a check needs to know.
#[derive(Debug)]
pub(super) struct Check<'a> {
    pub(super) s3: &'a Client,
    pub(super) stack: &'a Stack,
    pub(super) settings: &'a Settings,
    /// Keys and version ids in the refusals queue.
    pub(super) refused: &'a HashSet<(String, Option<String>)>,
    pub(super) started: SystemTime,
    /// How long a photo may be on its way: S3 delivers events "typically in seconds", but may take a minute or longer
    /// (Amazon S3 User Guide, Amazon S3 Event Notifications), and Lambda tries again after one and two minutes.
    pub(super) grace: Duration,
    pub(super) stale: bool,
    pub(super) deep: bool,
}

/// What a HEAD says.
#[derive(Debug)]
enum Head {
    Found { version: Option<String>, source_version: Option<String>, scrubbed_with: Option<String> },
    Missing,
}

impl Check<'_> {
    /// How the key of a pair stands.
    pub(super) async fn find(&self, pair: Pair) -> Result<(String, Found), CloudError> {
        let Pair { key, original, copy } = &pair;
        let found = match (original, copy) {
            (Some(_), None) if !self.settings.is_for_the_function(key) => Finding::Ignored.into(),
            (Some(original), None) => self.without_copy(original).await?.into(),
            _ => self.with_copy(&pair).await?,
        };
        Ok((pair.key, found))
    }

    async fn without_copy(&self, original: &Listed) -> Result<Finding, CloudError> {
        if original.is_marker {
            return Ok(Finding::Right);
        }
        if self.is_new(original.written) {
            return Ok(Finding::Pending);
        }
        if self.is_refused(original) {
            return Ok(Finding::Refused);
        }
        if let Head::Found { .. } = self.head(&self.stack.bucket_b, &original.key).await? {
            return Ok(Finding::Pending);
        }
        self.if_unchanged(original, Finding::Missing).await
    }

    async fn with_copy(&self, Pair { key, original, copy }: &Pair) -> Result<Found, CloudError> {
        let Head::Found { source_version, scrubbed_with, .. } = self.head(&self.stack.bucket_b, key).await?
        else {
            return Ok(match original {
                Some(original) => self.without_copy(original).await?,
                None => Finding::Right,
            }
            .into());
        };
        let current = original.as_ref().filter(|original| !original.is_marker);
        if current.is_none() && !self.settings.keeps_copies {
            let deleted = original.as_ref().and_then(|marker| marker.written);
            return Ok(self.without_original(key, deleted).await?.into());
        }
        let Some(scrubbed_with) = scrubbed_with else {
            return Ok(Finding::Foreign.into());
        };
        if self.deep
            && let Some(problem) = self.verify(key, &scrubbed_with).await?
        {
            return Ok(Found { finding: Finding::Unclean, problem: Some(problem) });
        }
        let Some(original) = current else { return Ok(Finding::Kept.into()) };
        if !self.settings.is_for_the_function(key) {
            return Ok(Finding::Ignored.into());
        }
        let is_of_this_original = match &original.version {
            Some(version) => source_version.as_ref() == Some(version),
            // Without versions only the times say which was first.
            None => copy.as_ref().is_some_and(|copy| copy.written >= original.written),
        };
        if !is_of_this_original {
            return Ok(self.of_an_earlier_original(original).await?.into());
        }
        let is_stale = self.stale && scrubbed_with != self.settings.scrubbed_with;
        Ok(if is_stale { Finding::Stale } else { Finding::Right }.into())
    }

    async fn of_an_earlier_original(&self, original: &Listed) -> Result<Finding, CloudError> {
        if self.is_new(original.written) {
            return Ok(Finding::Pending);
        }
        if self.settings.keeps_withdrawn && self.is_refused(original) {
            return Ok(Finding::Refused);
        }
        self.if_unchanged(original, Finding::Older).await
    }

    /// `deleted` is the time of the delete marker. What was removed for good has none.
    async fn without_original(&self, key: &str, deleted: Option<SystemTime>) -> Result<Finding, CloudError> {
        Ok(match self.head(&self.stack.bucket_a, key).await? {
            Head::Found { .. } => Finding::Pending,
            Head::Missing if self.is_new(deleted) => Finding::Pending,
            Head::Missing => Finding::Extra,
        })
    }

    /// The finding, if A still has this version.
    async fn if_unchanged(&self, original: &Listed, finding: Finding) -> Result<Finding, CloudError> {
        Ok(match self.head(&self.stack.bucket_a, &original.key).await? {
            Head::Missing => Finding::Pending,
            Head::Found { version, .. } if version != original.version => Finding::Pending,
            Head::Found { .. } => finding,
        })
    }

    fn is_new(&self, written: Option<SystemTime>) -> bool {
        written.is_some_and(|written| self.started.duration_since(written).unwrap_or_default() < self.grace)
    }

    fn is_refused(&self, original: &Listed) -> bool {
        self.refused.contains(&(original.key.clone(), original.version.clone()))
    }

    /// What is wrong with the bytes of a clean photo.
    async fn verify(&self, key: &str, scrubbed_with: &str) -> Result<Option<String>, CloudError> {
        let mut body = self.read(key).await;
        // The SDK repeats a request, but not a body that breaks off.
        for _ in 1..READS {
            if matches!(body, Err(CloudError::NoAnswer { .. })) {
                body = self.read(key).await;
            }
        }
        let Some(body) = body? else { return Ok(None) };
        // The version comes first, then the settings.
        let settings = scrubbed_with.split_once(' ').map_or("", |(_, settings)| settings).to_owned();
        let verified = tokio::task::spawn_blocking(move || {
            let options: Options = settings.parse().map_err(|error| format!("its metadata: {error}"))?;
            scrub::verify(&body, &options).map_err(|violation| violation.to_string())
        });
        Ok(match verified.await {
            Ok(verified) => verified.err(),
            Err(error) => Some(format!("the verifier failed: {error}")),
        })
    }

    /// The bytes of a clean photo. None if it was deleted since the HEAD.
    async fn read(&self, key: &str) -> Result<Option<Bytes>, CloudError> {
        let bucket = &self.stack.bucket_b;
        let answer = self.s3.get_object().bucket(bucket).key(key).send().await;
        match answer.map_err(|error| explain_operator("s3:GetObject", bucket, error)) {
            Ok(object) => match object.body.collect().await {
                Ok(body) => Ok(Some(body.into_bytes())),
                Err(error) => {
                    let what = format!("s3:GetObject of {key} in {bucket}");
                    Err(CloudError::NoAnswer { what, why: error.to_string() })
                }
            },
            Err(CloudError::Answered { answer: ErrorAnswer { status: 404, .. }, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn head(&self, bucket: &str, key: &str) -> Result<Head, CloudError> {
        match self.s3.head_object().bucket(bucket).key(key).send().await {
            Ok(head) => {
                let metadata = |name| head.metadata().and_then(|metadata| metadata.get(name)).cloned();
                let version = head.version_id().filter(|id| *id != "null").map(str::to_owned);
                let (source_version, scrubbed_with) = (metadata("source-version"), metadata("scrub"));
                Ok(Head::Found { version, source_version, scrubbed_with })
            }
            Err(error) => match explain_operator("s3:GetObject", bucket, error) {
                CloudError::Answered { answer: ErrorAnswer { status: 404, .. }, .. } => Ok(Head::Missing),
                error => Err(error),
            },
        }
    }
}
