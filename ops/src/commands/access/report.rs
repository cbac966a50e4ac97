//! The table of `ripper access`, for people.

use std::collections::BTreeSet;
use std::io::{self, Write};

use comfy_table::Cell;

use super::Attempt;
use crate::table::{self, Tone};
use crate::text;

/// A row for each action, a column for each user in each bucket, and below the table a sentence for each attempt that
/// did not end as expected.
pub(super) fn print(attempts: &[Attempt]) -> io::Result<()> {
    const COLUMNS: [(&str, &str); 4] = [("A", "A"), ("A", "B"), ("B", "A"), ("B", "B")];
    let headings = COLUMNS.map(|(user, bucket)| format!("user {user} in bucket {bucket}"));
    let mut table = table::new(&["", &headings[0], &headings[1], &headings[2], &headings[3]]);
    let mut actions: Vec<&str> = Vec::new();
    for attempt in attempts {
        if !actions.contains(&attempt.action) {
            actions.push(attempt.action);
        }
    }
    for action in actions {
        let cells = COLUMNS.map(|(user, bucket)| {
            let here =
                |attempt: &&Attempt| (attempt.user, attempt.bucket, attempt.action) == (user, bucket, action);
            match attempts.iter().find(here) {
                Some(Attempt { ok: Some(true), seen, .. }) => table::toned(*seen, Tone::Good),
                Some(Attempt { ok: Some(false), seen, .. }) => {
                    table::toned(format!("{seen}, WRONG"), Tone::Bad)
                }
                Some(Attempt { seen, .. }) => table::toned(*seen, Tone::Faint),
                None => Cell::new("-"),
            }
        });
        table.add_row([Cell::new(action)].into_iter().chain(cells));
    }
    table::print(&table)?;
    let mut out = io::stdout().lock();
    for attempt in attempts.iter().filter(|attempt| attempt.ok == Some(false)) {
        let Attempt { user, bucket, action, expected, seen, detail, .. } = attempt;
        let detail = text::printable(detail);
        writeln!(
            out,
            "user {user} in bucket {bucket}: {action} should be {expected}, but was {seen}: {detail}"
        )?;
    }
    let not_tried: BTreeSet<_> =
        attempts.iter().filter(|attempt| attempt.ok.is_none()).map(|it| &it.detail).collect();
    for reason in not_tried {
        writeln!(out, "not tried: {}", text::printable(reason))?;
    }
    let number = |ok| attempts.iter().filter(|attempt| attempt.ok == ok).count();
    let (right, wrong, not_tried) = (number(Some(true)), number(Some(false)), number(None));
    writeln!(out, "{} as promised, {wrong} not, {not_tried} not tried", text::count(right, "attempt"))
}
