//! `ripper smoke`: photos go into bucket A as user A and have to come out of bucket B clean, as user B sees it.

mod judge;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use comfy_table::Cell;
use futures_util::{StreamExt, stream};
use judge::Row;

use crate::cli::SmokeArgs;
use crate::failure::{Failure, Verdict};
use crate::live::{Arrived, Deadline, LiveError, Run};
use crate::photos::{self, Photo};
use crate::strip::removed_text;
use crate::table::{self, Tone};
use crate::text;

/// How many photos are on their way at once.
const AT_ONCE: usize = 8;

/// A photo under its whole key.
#[derive(Debug)]
struct Sent {
    key: String,
    photo: Photo,
}

/// What came back of a photo, and after how long; none where nothing did.
type Came = Option<(Arrived, Duration)>;

/// Sends the photos through the stack, prints what became of them, and cleans up.
pub(crate) async fn run(args: &SmokeArgs) -> Result<Verdict, Failure> {
    let photos = photos::gather(&args.photos)?;
    let run = Run::begin(&args.stack, "smoke").await?;
    run.then_clean(try_out(&run, photos, args.json)).await
}

async fn try_out(run: &Run, photos: Vec<Photo>, json: bool) -> Result<Verdict, Failure> {
    let mut sent: Vec<_> =
        photos.into_iter().map(|photo| Sent { key: format!("{}{}", run.prefix, photo.key), photo }).collect();
    let shown = sent.len();
    if sent.iter().all(|sent| sent.photo.refused().is_some()) {
        // That a refused photo is not in B says nothing unless another one, sent after it, is.
        let photo = photos::canary()?;
        sent.push(Sent { key: format!("{}canary.jpg", run.prefix), photo });
    }
    let came = send_all(run, &sent).await?;
    let in_b: BTreeSet<_> =
        run.list(&run.clients.user_b, &run.stack.bucket_b, &run.prefix).await?.into_iter().collect();
    let rows: Vec<_> = sent.iter().zip(&came).map(|(sent, came)| judge::judge(sent, came, &in_b)).collect();

    if json {
        for row in &rows[..shown] {
            text::json_line(&mut io::stdout().lock(), row)?;
        }
    } else {
        print(run, &rows[..shown])?;
    }
    let mut good = rows.iter().all(|row| row.outcome == "clean");
    for key in in_b.iter().filter(|key| sent.iter().all(|sent| sent.key != **key)) {
        eprintln!("ripper: bucket B has {}, a key that was not uploaded", text::printable(key));
        good = false;
    }
    Ok(if good { Verdict::Good } else { Verdict::Bad })
}

/// Uploads every photo, and waits for those that should come out. Photos that will be refused go first, so that the
/// function has had its time with them when the others are there.
async fn send_all(run: &Run, sent: &[Sent]) -> Result<Vec<Came>, Failure> {
    let deadline = Deadline::for_photos(sent.len());
    let bar = table::progress(sent.len(), "photos");
    let (refused, clean): (Vec<_>, Vec<_>) =
        sent.iter().enumerate().partition(|(_, sent)| sent.photo.refused().is_some());
    let mut came: Vec<Came> = sent.iter().map(|_| None).collect();
    let mut results = stream::iter(refused.into_iter().chain(clean))
        .map(async |(index, sent)| (index, send(run, sent, deadline).await))
        .buffer_unordered(AT_ONCE);
    while let Some((index, result)) = results.next().await {
        bar.inc(1);
        came[index] = match result {
            // One photo that does not come out is a result; the others go on.
            Err(Failure::Live(LiveError::NotThere { .. })) => None,
            result => result?,
        };
    }
    bar.finish_and_clear();
    Ok(came)
}

async fn send(run: &Run, sent: &Sent, deadline: Deadline) -> Result<Came, Failure> {
    let started = Instant::now();
    run.upload(&sent.key, &sent.photo.bytes, deadline).await?;
    if sent.photo.refused().is_some() {
        return Ok(None);
    }
    let arrived = run.wait_for(&sent.key, deadline).await?;
    Ok(Some((arrived, started.elapsed())))
}

fn print(run: &Run, rows: &[Row<'_>]) -> io::Result<()> {
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
            None if row.removed.is_empty() => "nothing".to_owned(),
            None => removed_text(row.removed),
        };
        table.add_row([
            Cell::new(text::printable(row.key.strip_prefix(&run.prefix).unwrap_or(row.key))),
            table::toned(row.outcome, tone),
            table::number(text::size(row.bytes_in)),
            table::number(or_dash(text::size(row.bytes_out))),
            Cell::new(removed),
            Cell::new(or_dash(if row.same_key { "yes" } else { "no" }.to_owned())),
            Cell::new(or_dash(row.same_picture.map_or("no".to_owned(), |way| format!("yes, by {way}")))),
            Cell::new(row.orientation.as_deref().unwrap_or("-")),
            table::number(row.ms.map_or("-".to_owned(), |ms| format!("{ms} ms"))),
        ]);
    }
    table::print(&table)?;
    let mut out = io::stdout().lock();
    for row in rows.iter().filter(|row| row.reason.is_some()) {
        writeln!(out, "{} {}: {}", text::printable(row.file), row.outcome, text::printable(&row.why))?;
    }
    writeln!(out, "keys are under {} in {} and {}", run.prefix, run.stack.bucket_a, run.stack.bucket_b)?;
    let number = |outcome| rows.iter().filter(|row| row.outcome == outcome).count();
    writeln!(
        out,
        "{} came out clean, {} refused and not in bucket B, {} failed",
        text::count(number("clean"), "photo"),
        number("refused"),
        number("failed")
    )
}
