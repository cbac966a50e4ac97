//! `ripper smoke`: uploads photos to bucket A as user A, and checks as user B that they are clean in bucket B.

mod judge;
pub(crate) mod photos;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use comfy_table::Cell;
use futures_util::{StreamExt, stream};
use judge::Judged;
use photos::Photo;

use crate::cli::SmokeArgs;
use crate::failure::{Failure, RunResult};
use crate::removed::happened_text;
use crate::stack_session::{CleanPhoto, Deadline, SessionError, StackSession};
use crate::table::{self, Tone};
use crate::text;

/// How many photos are sent at once.
const AT_ONCE: usize = 8;

/// A photo and its whole key.
#[derive(Debug)]
struct Sent {
    key: String,
    photo: Photo,
}

/// What came out of bucket B for a photo, and after how long. None if nothing did.
type Arrival = Option<(CleanPhoto, Duration)>;

/// Sends the photos through the stack, prints the results, and cleans up.
pub(crate) async fn run(args: &SmokeArgs) -> Result<RunResult, Failure> {
    let photos = photos::gather(&args.photos)?;
    let session = StackSession::begin(&args.stack.name, "smoke").await?;
    session.with_clean_up(send_and_judge(&session, photos, args.json)).await
}

async fn send_and_judge(
    session: &StackSession,
    photos: Vec<Photo>,
    json: bool,
) -> Result<RunResult, Failure> {
    let mut sent: Vec<_> = photos
        .into_iter()
        .map(|photo| Sent { key: format!("{}{}", session.prefix, photo.key), photo })
        .collect();
    let shown = sent.len();
    if sent.iter().all(|sent| sent.photo.refused().is_some()) {
        // That a refused photo is not in B proves nothing unless another one, sent after it, is there.
        let photo = photos::canary()?;
        sent.push(Sent { key: format!("{}canary.jpg", session.prefix), photo });
    }
    let arrivals = send_all(session, &sent).await?;
    let in_b: BTreeSet<_> = session
        .list(&session.clients.user_b, &session.stack.bucket_b, &session.prefix)
        .await?
        .into_iter()
        .collect();
    let rows: Vec<_> =
        sent.iter().zip(&arrivals).map(|(sent, arrival)| judge::judge(sent, arrival, &in_b)).collect();

    if json {
        for row in &rows[..shown] {
            text::json_line(&mut io::stdout().lock(), row)?;
        }
    } else {
        print(session, &rows[..shown])?;
    }
    let mut all_clean = rows.iter().all(|row| row.outcome == "clean");
    for key in in_b.iter().filter(|key| sent.iter().all(|sent| sent.key != **key)) {
        eprintln!("ripper: bucket B has {}, a key that was not uploaded", text::printable(key));
        all_clean = false;
    }
    Ok(if all_clean { RunResult::Ok } else { RunResult::Unexpected })
}

/// Uploads every photo, and waits for those that should come out. Photos that will be refused are uploaded first, so
/// that the function has had time for them when the others are there.
async fn send_all(session: &StackSession, sent: &[Sent]) -> Result<Vec<Arrival>, Failure> {
    let deadline = Deadline::for_photos(sent.len());
    let bar = table::progress(sent.len(), "photos");
    let (refused, clean): (Vec<_>, Vec<_>) =
        sent.iter().enumerate().partition(|(_, sent)| sent.photo.refused().is_some());
    let mut arrivals: Vec<Arrival> = sent.iter().map(|_| None).collect();
    let mut results = stream::iter(refused.into_iter().chain(clean))
        .map(async |(index, sent)| (index, send(session, sent, deadline).await))
        .buffer_unordered(AT_ONCE);
    while let Some((index, result)) = results.next().await {
        bar.inc(1);
        arrivals[index] = result?;
    }
    bar.finish_and_clear();
    Ok(arrivals)
}

async fn send(session: &StackSession, sent: &Sent, deadline: Deadline) -> Result<Arrival, Failure> {
    let started = Instant::now();
    session.upload(&sent.key, &sent.photo.bytes, deadline).await?;
    if sent.photo.refused().is_some() {
        return Ok(None);
    }
    match session.wait_for(&sent.key, deadline).await {
        Ok(photo) => Ok(Some((photo, started.elapsed()))),
        // One photo that does not come out is a result; the others go on.
        Err(SessionError::NotThere { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn print(session: &StackSession, rows: &[Judged<'_>]) -> io::Result<()> {
    let headings = [
        "key",
        "outcome",
        "before",
        "after",
        "removed or reason",
        "same key",
        "same picture",
        "orientation",
        "time",
    ];
    let mut table = table::new(&headings);
    for row in rows {
        let tone = if row.outcome == "clean" { Tone::Good } else { Tone::Bad };
        let came_out = row.ms.is_some();
        let or_dash = |text: String| if came_out { text } else { "-".to_owned() };
        let removed = match row.reason {
            Some(reason) => reason.to_owned(),
            // The orientation has a column of its own.
            None => happened_text(&row.removed, None, row.recoded.as_deref()),
        };
        table.add_row([
            Cell::new(text::printable(row.key.strip_prefix(&session.prefix).unwrap_or(row.key))),
            table::toned(row.outcome, tone),
            table::number(text::size(row.bytes_in)),
            table::number(or_dash(text::size(row.bytes_out))),
            Cell::new(removed),
            Cell::new(or_dash(if row.same_key { "yes" } else { "no" }.to_owned())),
            Cell::new(or_dash(row.same_picture.map_or("no".to_owned(), |how| format!("yes, by {how}")))),
            Cell::new(row.orientation.as_deref().unwrap_or("-")),
            table::number(row.ms.map_or("-".to_owned(), |ms| format!("{ms} ms"))),
        ]);
    }
    table::print(&table)?;
    let mut out = io::stdout().lock();
    for row in rows.iter().filter(|row| row.reason.is_some()) {
        writeln!(out, "{} {}: {}", text::printable(row.file), row.outcome, text::printable(&row.why))?;
    }
    writeln!(
        out,
        "keys are under {} in {} and {}",
        session.prefix, session.stack.bucket_a, session.stack.bucket_b
    )?;
    let number = |outcome| rows.iter().filter(|row| row.outcome == outcome).count();
    writeln!(
        out,
        "{} came out clean, {} refused and not in bucket B, {} failed",
        text::count(number("clean"), "photo"),
        number("refused"),
        number("failed")
    )
}
