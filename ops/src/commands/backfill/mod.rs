//! `ripper backfill`: runs the function for photos that are in bucket A already.

mod job;
mod key_list;
mod selection;

use std::collections::BTreeMap;
use std::io::{self, Write};

use futures_util::{StreamExt, stream};
use serde::Serialize;

use crate::cli::BackfillArgs;
use crate::clients::CloudError;
use crate::confirm::confirm;
use crate::failure::{Failure, RunResult};
use crate::function::{Function, TaskResult};
use crate::operator::OperatorSession;
use crate::settings::Settings;
use crate::{interrupt, table, text};
use key_list::KeyList;
use selection::Selected;

/// What a run costs in USD in us-east-1: 0.35 s with 512 MiB (docs/scale.md; "AWS Lambda Pricing": 0.20 a million runs
/// and 0.0000166667 a GB-second).
const RUN_PRICE: f64 = 0.20e-6 + 0.35 * 0.5 * 0.000_016_666_7;

/// What requests cost ("Amazon S3 pricing": 0.0004 and 0.005 a thousand).
const GET_PRICE: f64 = 0.4e-6;
const PUT_PRICE: f64 = 5e-6;

/// What a job costs besides that, and each of its photos (the same page: 0.25 a job, 1.00 a million objects).
const JOB_PRICE: f64 = 0.25;
const TASK_PRICE: f64 = 1e-6;

/// What came of a photo.
#[derive(Debug, Serialize)]
struct Backfilled {
    key: String,
    outcome: String,
    sentence: Option<String>,
}

/// Chooses the photos, and runs the function for each.
pub(crate) async fn run(args: &BackfillArgs) -> Result<RunResult, Failure> {
    let session = OperatorSession::begin(&args.stack.name).await?;
    let function = session.function()?;
    let settings = Settings::read(&session).await?;
    let mut selected = tokio::select! {
        selected = selection::select(&session, &settings, args) => selected?,
        () = interrupt::wait() => return Err(Failure::Interrupted("nothing was done".to_owned())),
    };
    if !args.json {
        announce(&selected, args.stale || args.from.is_some())?;
    }
    if args.dry_run || selected.keys.len() == 0 {
        return Ok(RunResult::Ok);
    }
    if selected.without_original > 0 && !settings.keeps_copies && !args.yes {
        let copies = text::count(selected.without_original, "clean photo");
        if !confirm(&format!("{copies} without an original will be deleted from bucket B."), "yes")? {
            return Ok(RunResult::Ok);
        }
    }
    if selected.keys.len() >= job::FROM
        && let Some(result) = job::run(&session, &mut selected.keys, args.json).await?
    {
        return Ok(result);
    }
    let at_once = function.photos_at_once().await?;
    scrub_all(&function, &session.stack.bucket_a, selected.keys, at_once, args.json).await
}

/// Says how many photos there are, and what they cost.
fn announce(selected: &Selected, may_have_copies: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let photos = selected.keys.len();
    write!(out, "{} to scrub", text::count(photos, "photo"))?;
    if let Some(bytes) = selected.bytes {
        write!(out, ", {}", text::size(bytes))?;
    }
    if selected.not_for_the_function > 0 {
        write!(out, " ({} are not for the function, and are left)", selected.not_for_the_function)?;
    }
    // Over a copy the first PUT fails, and both buckets are looked at again (`lambda/src/publish.rs`).
    let (gets, puts): (usize, usize) = if may_have_copies { (5, 2) } else { (2, 1) };
    let by_job = photos >= job::FROM;
    let mut price = photos as f64 * (RUN_PRICE + gets as f64 * GET_PRICE + puts as f64 * PUT_PRICE);
    if by_job {
        price += JOB_PRICE + photos as f64 * TASK_PRICE;
    }
    writeln!(
        out,
        ": {photos} runs of the function{}, {}{} GETs, {} PUTs, about {price:.2} USD",
        if by_job { " by a job" } else { "" },
        if may_have_copies { "at most " } else { "" },
        photos.saturating_mul(gets),
        photos.saturating_mul(puts),
    )
}

async fn scrub_all(
    function: &Function,
    bucket_a: &str,
    keys: KeyList,
    at_once: usize,
    json: bool,
) -> Result<RunResult, Failure> {
    let all = keys.len();
    let bar = table::progress(all, "photos");
    let mut counts = BTreeMap::<String, usize>::new();
    let mut ended = Ok(());
    // What was begun is finished after Ctrl-C and after an error.
    let may_go_on = std::cell::Cell::new(true);
    let keys = stream::iter(keys.keys()?)
        .take_while(|_| std::future::ready(may_go_on.get() && !interrupt::was_interrupted()));
    let mut results =
        keys.map(async |key| Ok(scrub(function, bucket_a, key?).await?)).buffer_unordered(at_once);
    while let Some(result) = results.next().await {
        match result {
            Ok(backfilled) => {
                bar.inc(1);
                bar.suspend(|| show(&backfilled, json))?;
                let count = counts.entry(backfilled.outcome).or_default();
                *count = count.saturating_add(1);
            }
            Err(error) => {
                may_go_on.set(false);
                ended = ended.and(Err::<(), Failure>(error));
            }
        }
    }
    bar.finish_and_clear();
    let done: usize = counts.values().sum();
    if !json {
        let counts: Vec<_> = counts.iter().map(|(outcome, count)| format!("{count} {outcome}")).collect();
        writeln!(io::stdout().lock(), "{}", counts.join(", "))?;
    }
    ended?;
    if done < all {
        return Err(Failure::Interrupted(format!(
            "{done} of {all} photos are done; the same command goes on"
        )));
    }
    let is_bad = ["refused", "failed"].iter().any(|outcome| counts.contains_key(*outcome));
    Ok(if is_bad { RunResult::Unexpected } else { RunResult::Ok })
}

/// Runs the function for one photo. An answer that says no (too many runs, for example) is about this photo; no answer
/// ends everything.
async fn scrub(function: &Function, bucket_a: &str, key: String) -> Result<Backfilled, CloudError> {
    let (outcome, sentence) = match function.scrub(bucket_a, &key).await {
        Ok(TaskResult::Done(outcome)) => (outcome, None),
        Ok(TaskResult::Refused(sentence)) => ("refused".to_owned(), Some(sentence)),
        Ok(TaskResult::Failed(sentence)) => ("failed".to_owned(), Some(sentence)),
        Err(error @ CloudError::Answered { .. }) => ("failed".to_owned(), Some(error.to_string())),
        Err(error) => return Err(error),
    };
    Ok(Backfilled { key, outcome, sentence })
}

/// Prints a JSON line, or for people what was not scrubbed.
fn show(backfilled: &Backfilled, json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        return text::json_line(&mut out, backfilled);
    }
    let Backfilled { key, outcome, sentence } = backfilled;
    match sentence {
        Some(sentence) => {
            writeln!(out, "{} {outcome}: {}", text::printable(key), text::printable(sentence))
        }
        None => Ok(()),
    }
}
