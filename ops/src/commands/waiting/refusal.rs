//! A message of the refusals queue, as the function writes it (`lambda/src/refusals.rs`).

use comfy_table::Cell;
use serde::{Deserialize, Serialize};

use super::{UNKNOWN, Waiting};
use crate::{table, text};

/// A photo that cannot be cleaned.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RefusedPhoto {
    key: String,
    version_id: Option<String>,
    bytes: Option<u64>,
    reason: String,
    sentence: String,
    #[serde(default)]
    withdrawn: bool,
    event_time: Option<String>,
    request_id: String,
}

impl RefusedPhoto {
    /// Its key and version id.
    pub(super) fn into_version(self) -> (String, Option<String>) {
        (self.key, self.version_id)
    }
}

impl Waiting for RefusedPhoto {
    const NOUN: &str = "photo";
    const HEADINGS: &[&str] = &["key", "size", "reason", "sentence", "request"];

    fn parse(body: &str) -> Self {
        serde_json::from_str(body).unwrap_or_else(|_| Self {
            key: String::new(),
            version_id: None,
            bytes: None,
            reason: UNKNOWN.to_owned(),
            sentence: format!("not a message of the function: {body}"),
            withdrawn: false,
            event_time: None,
            request_id: String::new(),
        })
    }

    fn identity(&self) -> Option<(String, String)> {
        (self.reason != UNKNOWN).then(|| (self.key.clone(), self.version_id.clone().unwrap_or_default()))
    }

    fn keys(&self) -> &[String] {
        if self.reason == UNKNOWN { &[] } else { std::slice::from_ref(&self.key) }
    }

    fn reason(&self) -> &str {
        &self.reason
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::new(text::printable(&self.key)),
            table::number(self.bytes.map_or("-".to_owned(), text::size)),
            Cell::new(text::printable(&self.reason)),
            Cell::new(text::printable(&self.sentence)),
            Cell::new(text::printable(&self.request_id)),
        ]
    }
}
