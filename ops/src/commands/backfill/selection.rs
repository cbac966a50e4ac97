//! Which photos a backfill is about.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::pin::pin;

use futures_util::TryStreamExt;
use serde::Deserialize;

use super::key_list::KeyList;
use crate::bucket_listing::{current, join};
use crate::cli::BackfillArgs;
use crate::commands::audit::Finding;
use crate::failure::Failure;
use crate::operator::OperatorSession;
use crate::settings::Settings;
use crate::{table, text};

/// The photos of a backfill.
#[derive(Debug)]
pub(super) struct Selected {
    pub(super) keys: KeyList,
    /// Their size, where it was listed.
    pub(super) bytes: Option<u64>,
    /// How many of them bucket A does not have any more.
    pub(super) without_original: usize,
    /// How many others were named, but are not for the function.
    pub(super) not_for_the_function: usize,
}

impl Selected {
    fn none(bucket_a: &str) -> io::Result<Self> {
        let keys = KeyList::new(bucket_a)?;
        Ok(Self { keys, bytes: None, without_original: 0, not_for_the_function: 0 })
    }
}

/// Why the findings of an audit could not be read.
#[derive(Debug, thiserror::Error)]
enum FindingsError {
    #[error("{file} cannot be read: {error}")]
    Unreadable { file: String, error: io::Error },
    #[error("line {line} of {file} is not one of `ripper audit --json`; nothing was done")]
    NotAFinding { file: String, line: usize },
    #[error(
        "the keys cannot be kept in a temporary file: {0}; free some space, or set TMPDIR to another folder"
    )]
    NoFile(io::Error),
    #[error("{file} does not end with counts, so the audit did not come to its end; nothing was done")]
    NoEnd { file: String },
}

impl From<FindingsError> for Failure {
    fn from(error: FindingsError) -> Self {
        match error {
            FindingsError::NoFile(_) => Self::Other(error.into()),
            _ => Self::CommandLine(error.into()),
        }
    }
}

/// A line of `ripper audit --json`: a finding, or the counts.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Line {
    Finding {
        key: String,
        finding: Finding,
    },
    Counts {
        #[serde(rename = "counts")]
        _counts: serde::de::IgnoredAny,
    },
}

pub(super) async fn select(
    session: &OperatorSession,
    settings: &Settings,
    args: &BackfillArgs,
) -> Result<Selected, Failure> {
    let none = Selected::none(&session.stack.bucket_a).map_err(FindingsError::NoFile)?;
    match &args.from {
        Some(file) if file == Path::new("-") => {
            Ok(read(io::stdin().lock(), "standard input", settings, none)?)
        }
        Some(file) => {
            let name = text::path(file);
            let opened = File::open(file);
            let opened = opened.map_err(|error| FindingsError::Unreadable { file: name.clone(), error })?;
            Ok(read(BufReader::new(opened), &name, settings, none)?)
        }
        None => list(session, settings, args, none).await,
    }
}

/// The photos of bucket A, with `stale` all of them, otherwise those that bucket B does not have.
async fn list(
    session: &OperatorSession,
    settings: &Settings,
    args: &BackfillArgs,
    mut selected: Selected,
) -> Result<Selected, Failure> {
    let originals = current(&session.s3, &session.stack.bucket_a, &args.prefix);
    let copies = current(&session.s3, &session.stack.bucket_b, &args.prefix);
    let mut pairs = pin!(join(originals, copies));
    let bar = table::counter("keys");
    let mut bytes = 0_u64;
    while let Some(pair) = pairs.try_next().await? {
        bar.inc(1);
        let Some(original) = pair.original else { continue };
        if settings.is_for_the_function(&pair.key) && (args.stale || pair.copy.is_none()) {
            bytes = bytes.saturating_add(original.bytes);
            selected.keys.add(&pair.key).map_err(FindingsError::NoFile)?;
        }
    }
    bar.finish_and_clear();
    selected.bytes = Some(bytes);
    Ok(selected)
}

/// What is wrong according to an audit.
fn read(
    lines: impl BufRead,
    file: &str,
    settings: &Settings,
    mut selected: Selected,
) -> Result<Selected, FindingsError> {
    let mut has_ended = false;
    for (number, line) in lines.lines().enumerate() {
        let line = line.map_err(|error| FindingsError::Unreadable { file: file.to_owned(), error })?;
        match serde_json::from_str(&line) {
            Ok(Line::Finding { key, finding }) if finding.is_wrong() => {
                if !settings.is_for_the_function(&key) {
                    selected.not_for_the_function = selected.not_for_the_function.saturating_add(1);
                    continue;
                }
                if finding == Finding::Extra {
                    selected.without_original = selected.without_original.saturating_add(1);
                }
                selected.keys.add(&key).map_err(FindingsError::NoFile)?;
            }
            Ok(Line::Finding { .. }) => (),
            Ok(Line::Counts { .. }) => has_ended = true,
            Err(_) => {
                return Err(FindingsError::NotAFinding {
                    file: file.to_owned(),
                    line: number.saturating_add(1),
                });
            }
        }
    }
    if has_ended { Ok(selected) } else { Err(FindingsError::NoEnd { file: file.to_owned() }) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn none() -> Selected {
        Selected::none("a-1").unwrap()
    }

    fn settings() -> Settings {
        let scrubbed_with = "0.2.0 x".to_owned();
        Settings { key_prefix: String::new(), scrubbed_with, keeps_copies: false, keeps_withdrawn: false }
    }

    #[test]
    fn what_is_wrong_is_taken_from_an_audit_and_what_is_right_is_not() {
        let lines = r#"{"key":"a.jpg","finding":"missing","problem":null}
{"key":"b.jpg","finding":"extra","problem":null}
{"key":"c.png","finding":"ignored","problem":null}
{"key":"d.jpg","finding":"unclean","problem":"bytes after EOI"}
{"key":"e.jpg","finding":"refused","problem":null}
{"counts":{"right":3,"missing":1}}
"#;
        let selected = read(lines.as_bytes(), "f", &settings(), none()).unwrap();
        println!("{selected:?}");
        assert_eq!(selected.without_original, 1);
        let keys: Vec<_> = selected.keys.keys().unwrap().collect::<Result<_, _>>().unwrap();
        assert_eq!(keys, ["a.jpg", "b.jpg", "d.jpg"]);
    }

    #[test]
    fn an_audit_that_was_cut_off_is_an_error_and_a_key_that_is_not_for_the_function_is_left() {
        let finding = r#"{"key":"a.png","finding":"foreign","problem":null}"#;
        let error = read(finding.as_bytes(), "f.json", &settings(), none()).unwrap_err().to_string();
        assert!(error.contains("did not come to its end"), "{error}");
        assert!(read(&b""[..], "f.json", &settings(), none()).is_err());
        let whole = format!("{finding}\n{{\"counts\":{{\"foreign\":1}}}}\n");
        let selected = read(whole.as_bytes(), "f.json", &settings(), none()).unwrap();
        println!("{error}, {selected:?}");
        assert_eq!((selected.keys.len(), selected.not_for_the_function), (0, 1));
    }

    #[test]
    fn a_line_that_is_no_finding_is_an_error_that_names_it() {
        for bad in ["{}", "a.jpg", r#"{"key":"a.jpg","finding":"lost"}"#, r#"{"key":1,"finding":"missing"}"#]
        {
            let lines = format!("{{\"key\":\"a.jpg\",\"finding\":\"missing\"}}\n{bad}\n");
            let error = read(lines.as_bytes(), "f.json", &settings(), none()).unwrap_err().to_string();
            println!("{error}");
            assert!(error.starts_with("line 2 of f.json"));
        }
    }
}
