//! The arguments of `ripper restore`.

use std::str::FromStr;
use std::time::{Duration, SystemTime};

use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::StackArgs;

/// Bring photos back that were overwritten or deleted, in bucket A; their clean photos follow in bucket B.
///
/// A photo that was deleted comes back as it was before that. One that was overwritten becomes what it was before the
/// last upload. With --since, all of them become what they were at that time; photos that are newer stay.
///
/// A copy of the earlier version is put on top, so this can be undone in the same way. Bucket A keeps what was
/// overwritten or deleted for `noncurrentOriginalsDays`, and nothing can be restored after that.
///
/// Uses the credentials that you deploy with (AWS_PROFILE, for example).
#[derive(Debug, Args)]
#[command(after_help = RESTORE_MORE)]
pub(crate) struct RestoreArgs {
    /// Keys of photos, as they are in bucket A
    #[arg(value_name = "KEY", required_unless_present = "prefix", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) keys: Vec<String>,
    #[command(flatten)]
    pub(crate) stack: StackArgs,
    /// All keys that start with this; "" is all of them
    #[arg(long, value_name = "PREFIX", conflicts_with = "keys", requires = "since")]
    pub(crate) prefix: Option<String>,
    /// How they were at this time, such as 2026-11-27T08:00:00Z, or so long ago, such as 90m, 2h or 3d
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<Since>,
    /// Only show what would be restored
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
    /// Write one JSON line per photo to standard output instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

/// A time in the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Since(pub(crate) SystemTime);

/// What is given as a time is none.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum NotATime {
    #[error("it has to be a time such as 2026-11-27T08:00:00Z, or a length of time such as 90m, 2h or 3d")]
    Form,
    #[error("it is in the future")]
    Future,
}

impl FromStr for Since {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        let now = SystemTime::now();
        let time = match length(text) {
            Some(length) => now.checked_sub(length).ok_or(NotATime::Form)?,
            None => {
                let time = DateTime::from_str(text, DateTimeFormat::DateTimeWithOffset);
                time.ok().and_then(|time| SystemTime::try_from(time).ok()).ok_or(NotATime::Form)?
            }
        };
        if time > now { Err(NotATime::Future) } else { Ok(Self(time)) }
    }
}

/// A number with the unit of minutes, hours or days.
fn length(text: &str) -> Option<Duration> {
    let unit = text.chars().next_back()?;
    let seconds: u64 = match unit {
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return None,
    };
    let number: u64 = text.strip_suffix(unit)?.parse().ok()?;
    number.checked_mul(seconds).map(Duration::from_secs)
}

const RESTORE_MORE: &str = "\
Examples:
  ripper restore 2026/a.jpg --stack prod
  ripper restore --prefix 2026/ --since 2h --stack prod --dry-run

You are asked to type the number of photos.

A JSON line:
  {\"key\":\"2026/a.jpg\",\"was\":\"deleted\",\"version\":\"3sL4kqtJlcpXro...\",\"result\":\"restored\"}
  was      deleted or overwritten
  version  the earlier version, of which a copy was made; null if there is none
  result   restored, changed (somebody uploaded or deleted it meanwhile, so it stays as it is), none
           (there is no earlier version), or planned (with --dry-run)

Exit codes:
  0    everything is restored, or there is nothing to restore
  1    bucket A could not be read or written; run it again for the rest
  2    the command line is wrong, or there is no terminal and no --yes; nothing was done
  3    a photo was not restored
  130  Ctrl-C; run it again for the rest";

#[cfg(test)]
mod tests {
    use super::*;

    fn ago(text: &str) -> Option<u64> {
        let Since(time) = text.parse().ok()?;
        SystemTime::now().duration_since(time).ok().map(|past| past.as_secs())
    }

    #[test]
    fn a_time_is_a_date_with_its_offset_or_a_length() {
        assert_eq!([ago("90m"), ago("2h"), ago("3d")], [Some(5_400), Some(7_200), Some(259_200)]);
        let Ok(Since(utc)) = "2020-01-02T03:04:05Z".parse() else { panic!("not a time") };
        let Ok(Since(other)) = "2020-01-02T05:04:05+02:00".parse() else { panic!("not a time") };
        assert_eq!(utc, other);
        println!("saw {utc:?}");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "m",
            "2",
            "2w",
            "-2h",
            "yesterday",
            "2020-01-02",
            "2020-01-02T03:04:05",
            "99999999999999999999d",
        ] {
            assert_eq!(text.parse::<Since>(), Err(NotATime::Form), "{text}");
        }
        assert_eq!("2999-01-02T03:04:05Z".parse::<Since>(), Err(NotATime::Future));
    }
}
