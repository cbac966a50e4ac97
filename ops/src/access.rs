//! `ripper access`: what both users of a stack may do and may not, tried out one by one on the live stack.

use std::collections::BTreeSet;
use std::io::{self, Write};

use aws_sdk_s3::Client;
use comfy_table::Cell;
use serde::Serialize;

use crate::cli::AccessArgs;
use crate::clients::{CloudError, explain};
use crate::failure::{Failure, Verdict};
use crate::live::{Deadline, Run};
use crate::photos;
use crate::probes::{self, Action, Target};
use crate::table::{self, Tone};
use crate::text;

/// What user A may do in bucket A.
const UPLOADER: [Action; 12] = [
    Action::GetBucketLocation,
    Action::ListObjects,
    Action::GetObject,
    Action::HeadObject,
    Action::PutObject,
    Action::CreateMultipartUpload,
    Action::UploadPart,
    Action::ListParts,
    Action::ListMultipartUploads,
    Action::CompleteMultipartUpload,
    Action::AbortMultipartUpload,
    Action::DeleteObject,
];

/// What user B may do in bucket B.
const VIEWER: [Action; 4] =
    [Action::GetBucketLocation, Action::ListObjects, Action::GetObject, Action::HeadObject];

/// Which user tried what where, and what came of it: a line of `--json`, a cell of the table.
#[derive(Debug, Serialize)]
struct Attempt {
    user: &'static str,
    bucket: &'static str,
    action: String,
    expected: &'static str,
    /// `allowed`, `denied`, `error` or `not tried`.
    seen: &'static str,
    detail: String,
    /// None where it was not tried.
    ok: Option<bool>,
}

/// A user in a bucket, and what they may do there.
struct Pairing<'a> {
    user: &'static str,
    bucket: &'static str,
    client: &'a Client,
    allowed: &'static [Action],
}

/// Tries everything, prints the table, and cleans up.
pub(crate) async fn run(args: &AccessArgs) -> Result<Verdict, Failure> {
    let run = Run::begin(&args.stack, "access").await?;
    run.then_clean(try_out(&run, args.json)).await
}

async fn try_out(run: &Run, json: bool) -> Result<Verdict, Failure> {
    let (user_a, user_b) = (&run.clients.user_a, &run.clients.user_b);
    // User A deletes in bucket A at the very end, when no other attempt needs the object.
    let pairings = [
        Pairing { user: "A", bucket: "B", client: user_a, allowed: &[] },
        Pairing { user: "B", bucket: "A", client: user_b, allowed: &[] },
        Pairing { user: "B", bucket: "B", client: user_b, allowed: &VIEWER },
        Pairing { user: "A", bucket: "A", client: user_a, allowed: &UPLOADER },
    ];
    let (mut in_a, mut in_b) = prepare(run).await?;
    let bar = table::progress(pairings.len() * Action::ALL.len(), "attempts");
    let mut attempts = Vec::new();
    for pairing in &pairings {
        let target = if pairing.bucket == "A" { &mut in_a } else { &mut in_b };
        // Attempts that went through have used the uploads up.
        target.uploads = start_uploads(run, target).await?;
        for action in Action::ALL {
            let allowed = pairing.allowed.contains(&action);
            let came = probes::attempt(pairing.client, action, target).await;
            attempts.push(judge(pairing, action, allowed, came)?);
            bar.inc(1);
        }
    }
    for (pairing, target) in
        pairings.iter().filter(|pairing| pairing.user == pairing.bucket).zip([&in_b, &in_a])
    {
        attempts.push(plain_http(run, pairing, target).await?);
    }
    bar.finish_and_clear();

    if json {
        for attempt in &attempts {
            text::json_line(&mut io::stdout().lock(), attempt)?;
        }
    } else {
        print(&attempts)?;
    }
    Ok(if attempts.iter().all(|attempt| attempt.ok != Some(false)) { Verdict::Good } else { Verdict::Bad })
}

/// Puts a photo and a victim into bucket A and waits for both in bucket B.
async fn prepare(run: &Run) -> Result<(Target, Target), Failure> {
    let canary = photos::canary()?;
    let key = |name: &str| format!("{}{name}", run.prefix);
    let (photo, victim) = (key("photo.jpg"), key("victim.jpg"));
    let deadline = Deadline::for_photos(2);
    run.upload(&photo, &canary.bytes, deadline).await?;
    let version_in_a = run.upload(&victim, &canary.bytes, deadline).await?;
    run.wait_for(&photo, deadline).await?;
    let version_in_b = run.wait_for(&victim, deadline).await?.version;
    let target = async |bucket: &str, victim_version| Target {
        bucket: bucket.to_owned(),
        photo: photo.clone(),
        victim: victim.clone(),
        victim_version,
        scratch: key("scratch.txt"),
        uploads: None,
        policy: policy(run, bucket).await,
    };
    Ok((target(&run.stack.bucket_a, version_in_a).await, target(&run.stack.bucket_b, version_in_b).await))
}

/// The bucket's policy as the operator reads it.
async fn policy(run: &Run, bucket: &str) -> Option<String> {
    let operator = run.clients.operator.as_ref().ok()?;
    operator.get_bucket_policy().bucket(bucket).send().await.ok()?.policy
}

/// Uploads for the next attempts: by user A in bucket A, by the operator in bucket B.
async fn start_uploads(run: &Run, target: &Target) -> Result<Option<probes::Uploads>, CloudError> {
    if target.bucket == run.stack.bucket_a {
        return probes::start_uploads(&run.clients.user_a, &target.bucket, &target.scratch).await.map(Some);
    }
    let Ok(operator) = &run.clients.operator else { return Ok(None) };
    Ok(probes::start_uploads(operator, &target.bucket, &target.scratch).await.ok())
}

/// Reads a photo over plain HTTP as the user who may read it: the bucket's policy must deny it.
async fn plain_http(run: &Run, pairing: &Pairing<'_>, target: &Target) -> Result<Attempt, CloudError> {
    let came = match run.clients.without_tls(pairing.client) {
        Some(client) => {
            let read = client.get_object().bucket(&target.bucket).key(&target.photo).send().await;
            match read.map(|_| ()).map_err(|error| explain("GetObject over plain HTTP", error)) {
                // A server that speaks only TLS hangs up, or says 400 without any word of S3's.
                Err(CloudError::NoAnswer { .. }) => None,
                Err(CloudError::Answered { answer, .. })
                    if answer.status == 400 && answer.code.is_empty() =>
                {
                    None
                }
                came => Some(came),
            }
        }
        None => None,
    };
    let mut attempt = judge(pairing, Action::GetObject, false, came)?;
    attempt.action = "GetObject over plain HTTP".to_owned();
    if attempt.ok.is_none() {
        attempt.detail = "plain HTTP, because the endpoint speaks only TLS".to_owned();
    }
    Ok(attempt)
}

/// Compares what was seen with what is promised. That nothing answered ends the whole run.
fn judge(
    pairing: &Pairing<'_>,
    action: Action,
    allowed: bool,
    came: Option<Result<(), CloudError>>,
) -> Result<Attempt, CloudError> {
    let expected = if allowed { "allowed" } else { "denied" };
    let (seen, detail) = match came {
        None => (
            "not tried",
            "what the operator's credentials have to prepare, which are not there or may not".to_owned(),
        ),
        Some(Ok(())) => ("allowed", "it went through".to_owned()),
        Some(Err(CloudError::Answered { answer, .. })) => {
            // An answer to HEAD has no body, and so no code.
            let denied = answer.code == "AccessDenied" || action == Action::HeadObject;
            (if answer.status == 403 && denied { "denied" } else { "error" }, answer.to_string())
        }
        Some(Err(error)) => return Err(error),
    };
    let ok = (seen != "not tried").then_some(seen == expected);
    Ok(Attempt {
        user: pairing.user,
        bucket: pairing.bucket,
        action: action.name(),
        expected,
        seen,
        detail,
        ok,
    })
}

/// One line an action, one column for each user in each bucket; what is not as it should be is told in full below.
fn print(attempts: &[Attempt]) -> io::Result<()> {
    const COLUMNS: [(&str, &str); 4] = [("A", "A"), ("A", "B"), ("B", "A"), ("B", "B")];
    let headings = COLUMNS.map(|(user, bucket)| format!("user {user} in bucket {bucket}"));
    let mut table = table::new(&["", &headings[0], &headings[1], &headings[2], &headings[3]]);
    let mut actions: Vec<&str> = Vec::new();
    for attempt in attempts {
        if !actions.contains(&attempt.action.as_str()) {
            actions.push(&attempt.action);
        }
    }
    for action in actions {
        let cells = COLUMNS.map(|(user, bucket)| {
            let here = |attempt: &&Attempt| {
                (attempt.user, attempt.bucket, &*attempt.action) == (user, bucket, action)
            };
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
            "user {user} in bucket {bucket}: {action} should be {expected}, and was {seen}: {detail}"
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
