//! `ripper restore`: brings photos back that were overwritten or deleted in bucket A. A copy of the earlier version is
//! put on top of the newer ones, as an upload would be, so the function cleans it and nothing is lost.

mod history;

use std::io::{self, Write};
use std::time::SystemTime;

use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use futures_util::{StreamExt, TryStreamExt, stream};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use strum::Display;

use crate::bucket_listing::versions_of;
use crate::cli::RestoreArgs;
use crate::clients::CloudError;
use crate::confirm::confirm;
use crate::failure::{Failure, RunResult};
use crate::operator::{OperatorSession, explain_operator};
use crate::{interrupt, table, text};
use history::{Earlier, Lost};

/// How many copies are made at the same time.
const AT_ONCE: usize = 8;

/// What came of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Display)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
enum RestoreResult {
    Planned,
    Restored,
    Changed,
    None,
}

#[derive(Debug, Serialize)]
struct Line<'a> {
    key: &'a str,
    was: Option<Lost>,
    version: Option<&'a str>,
    result: RestoreResult,
}

/// Finds the earlier versions, shows them, asks, and copies them.
pub(crate) async fn run(args: &RestoreArgs) -> Result<RunResult, Failure> {
    let session = OperatorSession::begin(&args.stack.name).await?;
    let found = tokio::select! {
        found = find(&session, args) => found?,
        () = interrupt::wait() => return Err(Failure::Interrupted("nothing was done".to_owned())),
    };
    let (plan, without): (Vec<_>, Vec<_>) = found.into_iter().partition(|(_, earlier)| earlier.is_some());
    let plan: Vec<_> = plan.into_iter().filter_map(|(key, earlier)| Some((key, earlier?))).collect();
    if args.json {
        for (key, _) in &without {
            write_line(key, None, RestoreResult::None)?;
        }
    } else {
        announce(&plan, &without)?;
    }
    let result = if without.is_empty() { RunResult::Ok } else { RunResult::Unexpected };
    if args.dry_run {
        if args.json {
            plan.iter()
                .try_for_each(|(key, earlier)| write_line(key, Some(earlier), RestoreResult::Planned))?;
        }
        return Ok(result);
    }
    if plan.is_empty() {
        return Ok(result);
    }
    let question = format!("{} will be restored in bucket A.", text::count(plan.len(), "photo"));
    if !args.yes && !confirm(&question, &plan.len().to_string())? {
        return Ok(RunResult::Ok);
    }
    let changed = restore_all(&session, &plan, args.json).await?;
    Ok(if changed > 0 { RunResult::Unexpected } else { result })
}

/// What is to come back of each key. Of a prefix only the keys that have something.
async fn find(
    session: &OperatorSession,
    args: &RestoreArgs,
) -> Result<Vec<(String, Option<Earlier>)>, CloudError> {
    let bucket = &session.stack.bucket_a;
    let since = args.since.map(|since| since.0);
    let mut found = Vec::new();
    if let Some(prefix) = &args.prefix {
        let bar = table::counter("keys looked at");
        let mut keys = std::pin::pin!(history::histories(&session.s3, bucket, prefix));
        while let Some((key, versions)) = keys.try_next().await? {
            bar.inc(1);
            if let Some(earlier) = history::earlier(&versions, since) {
                found.push((key, Some(earlier)));
            }
        }
        bar.finish_and_clear();
        return Ok(found);
    }
    for key in &args.keys {
        let versions = versions_of(&session.s3, bucket, key).await?;
        found.push((key.clone(), history::earlier(&versions, since)));
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found.dedup_by(|one, other| one.0 == other.0);
    Ok(found)
}

/// Shows what will come back.
fn announce(plan: &[(String, Earlier)], without: &[(String, Option<Earlier>)]) -> io::Result<()> {
    let mut rows = table::new(&["key", "was", "becomes again what was uploaded at", "size"]);
    for (key, earlier) in plan {
        rows.add_row(vec![
            text::printable(key).into(),
            earlier.was.to_string().into(),
            time(earlier.written).into(),
            table::number(text::size(earlier.bytes)),
        ]);
    }
    if !plan.is_empty() {
        table::print(&rows)?;
    }
    let mut out = io::stdout().lock();
    for (key, _) in without {
        writeln!(out, "{}: there is no earlier version to restore", text::printable(key))?;
    }
    if plan.is_empty() && without.is_empty() {
        writeln!(out, "there is nothing to restore")?;
    }
    Ok(())
}

/// Copies the earlier versions, and returns how many photos somebody has changed meanwhile.
async fn restore_all(
    session: &OperatorSession,
    plan: &[(String, Earlier)],
    json: bool,
) -> Result<usize, Failure> {
    let bar = table::progress(plan.len(), "photos");
    let work = stream::iter(plan).map(async |(key, earlier)| {
        restore(session, key, earlier).await.map(|result| (key, earlier, result))
    });
    let mut work = std::pin::pin!(work.buffer_unordered(AT_ONCE));
    let (mut restored, mut changed) = (0, 0);
    loop {
        let next = tokio::select! {
            next = work.try_next() => next?,
            () = interrupt::wait() => {
                return Err(Failure::Interrupted("some may be restored; run it again for the rest".to_owned()));
            }
        };
        let Some((key, earlier, result)) = next else { break };
        bar.inc(1);
        if result == RestoreResult::Restored {
            restored += 1;
        } else {
            changed += 1;
            bar.suspend(|| eprintln!("{}: somebody changed it meanwhile, so it stays", text::printable(key)));
        }
        if json {
            write_line(key, Some(earlier), result)?;
        }
    }
    bar.finish_and_clear();
    if !json {
        let restored = text::count(restored, "photo");
        writeln!(io::stdout().lock(), "{restored} restored in bucket A; the clean ones follow in bucket B")?;
    }
    Ok(changed)
}

/// Puts a copy of the earlier version on top, unless somebody has uploaded or deleted the photo since it was looked at,
/// or the version has expired.
async fn restore(
    session: &OperatorSession,
    key: &str,
    earlier: &Earlier,
) -> Result<RestoreResult, CloudError> {
    let bucket = &session.stack.bucket_a;
    let source =
        format!("{bucket}/{}?versionId={}", utf8_percent_encode(key, NON_ALPHANUMERIC), earlier.version);
    let request = session.s3.copy_object().bucket(bucket).key(key).copy_source(source);
    let request = match &earlier.current {
        Some(etag) => request.if_match(etag),
        None => request.if_none_match("*"),
    };
    match request.send().await {
        Ok(_) => Ok(RestoreResult::Restored),
        Err(error)
            if matches!(
                error.code(),
                Some("PreconditionFailed" | "ConditionalRequestConflict" | "NoSuchVersion")
            ) =>
        {
            Ok(RestoreResult::Changed)
        }
        Err(error) => Err(explain_operator("s3:PutObject and s3:GetObjectVersion", bucket, error)),
    }
}

fn write_line(key: &str, earlier: Option<&Earlier>, result: RestoreResult) -> io::Result<()> {
    let line = Line {
        key,
        was: earlier.map(|earlier| earlier.was),
        version: earlier.map(|earlier| &*earlier.version),
        result,
    };
    text::json_line(&mut io::stdout().lock(), &line)
}

/// A time as people write it, in UTC. What has no such form is shown as nothing.
fn time(time: SystemTime) -> String {
    DateTime::from(time).fmt(DateTimeFormat::DateTime).unwrap_or_default()
}
