//! What a stack is set to, as it is deployed.

use std::collections::HashMap;

use aws_sdk_s3::Client;

use crate::clients::CloudError;
use crate::failure::Failure;
use crate::operator::{OperatorSession, explain_operator};
use crate::photo_key;

/// The settings that decide what should be in bucket B.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The function is called for keys that start with this.
    pub(crate) key_prefix: String,
    /// What the metadata `scrub` of a photo says that this build's core cleans with the function's settings.
    pub(crate) scrubbed_with: String,
    /// Whether a clean photo stays when its original is gone: deletes are not followed, or originals expire.
    pub(crate) keeps_copies: bool,
    /// Whether a clean photo stays when its original is overwritten with one that is refused.
    pub(crate) keeps_withdrawn: bool,
}

impl Settings {
    /// Reads the notification of bucket A and the environment of the function.
    pub(crate) async fn read(session: &OperatorSession) -> Result<Self, Failure> {
        let key_prefix = key_prefix(&session.s3, &session.stack.bucket_a).await?;
        let variables = session.function()?.environment().await?;
        Self::parse(key_prefix, &variables).map_err(Failure::from)
    }

    /// Whether the function is called for a key.
    pub(crate) fn is_for_the_function(&self, key: &str) -> bool {
        key.starts_with(&self.key_prefix) && photo_key::has_suffix(key)
    }

    fn parse(key_prefix: String, variables: &HashMap<String, String>) -> Result<Self, CloudError> {
        let get = |name: &'static str| {
            let what = "lambda:GetFunctionConfiguration of the function".to_owned();
            variables.get(name).ok_or(CloudError::Incomplete { what, missing: name })
        };
        let keeps_withdrawn = get("DELETES")? == "keep";
        let keeps_copies = keeps_withdrawn || get("EXPIRE_ORIGINALS")? == "Enabled";
        let scrubbed_with = format!("{} {}", scrub::VERSION, get("SCRUB")?);
        Ok(Self { key_prefix, scrubbed_with, keeps_copies, keeps_withdrawn })
    }
}

/// The prefix in bucket A's notification, empty if it has none. Only the operator can read it.
pub(crate) async fn key_prefix(operator: &Client, bucket: &str) -> Result<String, CloudError> {
    let answer = operator.get_bucket_notification_configuration().bucket(bucket).send().await;
    let answer = answer.map_err(|error| explain_operator("s3:GetBucketNotification", bucket, error))?;
    let filters = answer.lambda_function_configurations().iter().filter_map(|function| function.filter());
    let prefix = filters
        .filter_map(|filter| filter.key())
        .flat_map(|key| key.filter_rules())
        // The documentation writes `prefix`, and AWS answers with `Prefix`.
        .find(|rule| rule.name().is_some_and(|name| name.as_str().eq_ignore_ascii_case("prefix")))
        .and_then(|rule| rule.value());
    Ok(prefix.map_or_else(String::new, str::to_owned))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn parse(deletes: &str, expire: &str) -> Settings {
        let variables = [
            ("SCRUB", "orientation=upright icc=minimal"),
            ("DELETES", deletes),
            ("EXPIRE_ORIGINALS", expire),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Settings::parse("in/".to_owned(), &HashMap::from(variables)).unwrap()
    }

    #[test]
    fn a_clean_photo_without_an_original_is_right_where_deletes_are_kept_or_originals_expire() {
        for (deletes, expire, keeps) in [
            ("follow", "Disabled", false),
            ("keep", "Disabled", true),
            ("follow", "Enabled", true),
            ("keep", "Enabled", true),
        ] {
            let settings = parse(deletes, expire);
            println!("{deletes} {expire}: {settings:?}");
            assert_eq!(settings.keeps_copies, keeps);
            assert_eq!(settings.keeps_withdrawn, deletes == "keep");
            assert!(settings.scrubbed_with.ends_with(" orientation=upright icc=minimal"));
        }
    }

    #[test]
    fn a_function_without_a_setting_is_an_error_that_names_it() {
        let error = Settings::parse(String::new(), &HashMap::new()).unwrap_err();
        assert!(error.to_string().contains("DELETES"), "{error}");
    }
}
