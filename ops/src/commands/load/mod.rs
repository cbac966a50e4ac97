//! `ripper load`: sends many photos through a stack from several clients at once, and measures how long they take.

mod client;
mod measured;

use bytes::Bytes;
use futures_util::{StreamExt, stream};

use crate::cli::{AuditArgs, LoadArgs, StackArgs};
use crate::commands::audit;
use crate::commands::smoke::photos;
use crate::failure::{Failure, RunResult};
use crate::operator::OperatorSession;
use crate::settings::Settings;
use crate::stack_session::StackSession;
use crate::table;
use client::Client;
use measured::Measured;

/// Sends the load, prints what was measured, and cleans up.
pub(crate) async fn run(args: &LoadArgs) -> Result<RunResult, Failure> {
    let photos = photos::gather(&args.files)?.into_iter().filter(|photo| photo.refused().is_none());
    let photos: Vec<Bytes> = photos.map(|photo| photo.bytes).collect();
    if photos.is_empty() {
        return Err(Failure::CommandLine("every one of these photos will be refused".into()));
    }
    let session = StackSession::begin(&args.stack.name, "load").await?;
    let operator = OperatorSession::begin(&args.stack.name).await?;
    session.with_clean_up(send_and_compare(&session, &operator, &photos, args)).await
}

async fn send_and_compare(
    session: &StackSession,
    operator: &OperatorSession,
    photos: &[Bytes],
    args: &LoadArgs,
) -> Result<RunResult, Failure> {
    let (uploads, clients) = (args.photos.get(), args.clients.get().min(args.photos.get()));
    let follows_deletes = !Settings::read(operator).await?.keeps_copies;
    let bar = table::progress(uploads, "uploads");
    let mut measured = Measured::start(clients);
    let mut running = stream::iter(0..clients)
        // The first ones send one more where the number cannot be divided.
        .map(|number| {
            (Client::new(session, photos, number, follows_deletes), (uploads - number).div_ceil(clients))
        })
        .map(|(client, uploads)| client.send(uploads, &bar))
        .buffer_unordered(clients);
    while let Some(one) = running.next().await {
        measured.add(one?);
    }
    measured.finish();
    bar.finish_and_clear();
    let findings = audit::look(operator, &everything_under(session)).await?;
    let wrong = findings.wrong();
    if wrong > 0 && !args.json {
        findings.show(false)?;
    }
    measured.show(wrong, args.json)?;
    Ok(if measured.lost == 0 && wrong == 0 { RunResult::Ok } else { RunResult::Unexpected })
}

/// An audit of the run's keys. Every one of them has been waited for, so nothing is on its way.
fn everything_under(session: &StackSession) -> AuditArgs {
    let stack = StackArgs { name: session.stack_name.clone() };
    AuditArgs { stack, prefix: session.prefix.clone(), stale: false, deep: true, grace: 0, json: false }
}
