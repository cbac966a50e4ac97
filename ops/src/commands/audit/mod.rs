//! `ripper audit`: compares bucket A with bucket B. Both listings are read a page at a time, so buckets of any size fit
//! in memory.

mod check;
mod findings;

use std::future;
use std::io::{self, Write};
use std::pin::pin;
use std::time::{Duration, SystemTime};

use futures_util::TryStreamExt;

use crate::bucket_listing::{current, join, with_versions};
use crate::cli::{AuditArgs, QueueName};
use crate::commands::waiting::refused_versions;
use crate::failure::{Failure, RunResult};
use crate::operator::OperatorSession;
use crate::settings::Settings;
use crate::{interrupt, table};
use check::Check;
pub(crate) use findings::{Finding, Findings};

/// How many photos are looked at at the same time.
const AT_ONCE: usize = 64;
/// The same where each is downloaded: a photo may have 100 MiB.
const DOWNLOADS_AT_ONCE: usize = 4;

/// Audits the stack and prints what was found.
pub(crate) async fn run(args: &AuditArgs) -> Result<RunResult, Failure> {
    let session = OperatorSession::begin(&args.stack.name).await?;
    if !args.json {
        let downloads = if args.deep { ", and each is downloaded" } else { "" };
        let (a, b) = (&session.stack.bucket_a, &session.stack.bucket_b);
        writeln!(
            io::stdout().lock(),
            "{a} and {b}: a request for 1,000 keys, and one for each photo{downloads}"
        )?;
    }
    let findings = tokio::select! {
        findings = look(&session, args) => findings?,
        () = interrupt::wait() => {
            return Err(Failure::Interrupted("nothing was changed; --prefix audits a part".to_owned()));
        }
    };
    findings.show(args.json)?;
    Ok(if findings.wrong() == 0 { RunResult::Ok } else { RunResult::Unexpected })
}

/// Looks at every key of the stack that the arguments name.
pub(crate) async fn look(session: &OperatorSession, args: &AuditArgs) -> Result<Findings, Failure> {
    let settings = Settings::read(session).await?;
    let refused = refused_versions(&session.queue(QueueName::Refusals)?).await?;
    let check = Check {
        s3: &session.s3,
        stack: &session.stack,
        settings: &settings,
        refused: &refused,
        started: SystemTime::now(),
        grace: Duration::from_secs(args.grace),
        stale: args.stale,
        deep: args.deep,
    };
    let at_once = if args.deep { DOWNLOADS_AT_ONCE } else { AT_ONCE };
    let originals = with_versions(&session.s3, &session.stack.bucket_a, &args.prefix);
    let copies = current(&session.s3, &session.stack.bucket_b, &args.prefix);
    let pairs = join(originals, copies).try_filter(|pair| future::ready(!pair.is_only_a_marker()));
    let found = pairs.map_ok(|pair| check.find(pair)).try_buffered(at_once);
    let mut found = pin!(found);
    let mut findings = Findings::default();
    let bar = table::counter("keys");
    while let Some((key, finding)) = found.try_next().await? {
        bar.inc(1);
        bar.suspend(|| findings.add(key, finding, args.json))?;
    }
    bar.finish_and_clear();
    Ok(findings)
}
