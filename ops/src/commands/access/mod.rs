//! `ripper access`: tries on a deployed stack, action by action, what its two users may do and may not do.

mod report;

use std::io;

use aws_sdk_s3::Client;
use serde::Serialize;
use strum::VariantArray;

use crate::cli::AccessArgs;
use crate::clients::{CloudError, explain};
use crate::commands::smoke::photos;
use crate::failure::{Failure, RunResult};
use crate::s3_actions::{self, NotTried, S3Action, Target, Uploads};
use crate::stack_session::{Deadline, StackSession};
use crate::table;
use crate::text;

/// What user A may do in bucket A.
const USER_A_MAY: [S3Action; 12] = [
    S3Action::GetBucketLocation,
    S3Action::ListObjects,
    S3Action::GetObject,
    S3Action::HeadObject,
    S3Action::PutObject,
    S3Action::CreateMultipartUpload,
    S3Action::UploadPart,
    S3Action::ListParts,
    S3Action::ListMultipartUploads,
    S3Action::CompleteMultipartUpload,
    S3Action::AbortMultipartUpload,
    S3Action::DeleteObject,
];

/// What user B may do in bucket B.
const USER_B_MAY: [S3Action; 4] =
    [S3Action::GetBucketLocation, S3Action::ListObjects, S3Action::GetObject, S3Action::HeadObject];

/// An action that a user tried in a bucket, and the result: a line of `--json`, a cell of the table.
#[derive(Debug, Serialize)]
struct Attempt {
    user: &'static str,
    bucket: &'static str,
    action: &'static str,
    expected: &'static str,
    /// `allowed`, `denied`, `error` or `not tried`.
    seen: &'static str,
    detail: String,
    /// None if it was not tried.
    ok: Option<bool>,
}

/// A user, a bucket, and what the user may do in it.
struct Pairing<'a> {
    user: &'static str,
    bucket: &'static str,
    client: &'a Client,
    allowed: &'static [S3Action],
}

/// Tries every action, prints the table, and cleans up.
pub(crate) async fn run(args: &AccessArgs) -> Result<RunResult, Failure> {
    let session = StackSession::begin(&args.stack.name, "access").await?;
    session.with_clean_up(try_all(&session, args.json)).await
}

async fn try_all(session: &StackSession, json: bool) -> Result<RunResult, Failure> {
    let (user_a, user_b) = (&session.clients.user_a, &session.clients.user_b);
    // User A deletes in bucket A at the very end, when no other attempt needs the object.
    let pairings = [
        Pairing { user: "A", bucket: "B", client: user_a, allowed: &[] },
        Pairing { user: "B", bucket: "A", client: user_b, allowed: &[] },
        Pairing { user: "B", bucket: "B", client: user_b, allowed: &USER_B_MAY },
        Pairing { user: "A", bucket: "A", client: user_a, allowed: &USER_A_MAY },
    ];
    let (mut in_a, mut in_b) = prepare(session).await?;
    let bar = table::progress(pairings.len() * S3Action::VARIANTS.len(), "attempts");
    let mut attempts = Vec::new();
    for pairing in &pairings {
        let target = if pairing.bucket == "A" { &mut in_a } else { &mut in_b };
        // Attempts that were allowed have used the uploads.
        target.uploads = start_uploads(session, target).await?;
        for &action in S3Action::VARIANTS {
            let allowed = pairing.allowed.contains(&action);
            let answer = s3_actions::attempt(pairing.client, action, target).await;
            attempts.push(judge(pairing, action, allowed, answer)?);
            bar.inc(1);
        }
    }
    for (pairing, target) in
        pairings.iter().filter(|pairing| pairing.user == pairing.bucket).zip([&in_b, &in_a])
    {
        attempts.push(plain_http(session, pairing, target).await?);
    }
    bar.finish_and_clear();

    if json {
        for attempt in &attempts {
            text::json_line(&mut io::stdout().lock(), attempt)?;
        }
    } else {
        report::print(&attempts)?;
    }
    Ok(if attempts.iter().all(|attempt| attempt.ok != Some(false)) {
        RunResult::Ok
    } else {
        RunResult::Unexpected
    })
}

/// Puts a photo and a disposable one into bucket A and waits for both in bucket B.
async fn prepare(session: &StackSession) -> Result<(Target, Target), Failure> {
    let canary = photos::canary()?;
    let key = |name: &str| format!("{}{name}", session.prefix);
    let (photo, disposable) = (key("photo.jpg"), key("disposable.jpg"));
    let deadline = Deadline::for_photos(2);
    session.upload(&photo, &canary.bytes, deadline).await?;
    let version_in_a = session.upload(&disposable, &canary.bytes, deadline).await?;
    session.wait_for(&photo, deadline).await?;
    let version_in_b = session.wait_for(&disposable, deadline).await?.version;
    let target = async |bucket: &str, disposable_version| Target {
        bucket: bucket.to_owned(),
        photo: photo.clone(),
        disposable: disposable.clone(),
        disposable_version,
        scratch: key("scratch.txt"),
        uploads: Err(NotTried("no upload was started".to_owned())),
        policy: policy(session, bucket).await,
    };
    Ok((
        target(&session.stack.bucket_a, version_in_a).await,
        target(&session.stack.bucket_b, version_in_b).await,
    ))
}

/// The operator's client, for what the users cannot prepare.
fn operator(session: &StackSession) -> Result<&Client, NotTried> {
    let operator = session.clients.operator.as_ref();
    operator.map_err(|why| NotTried(format!("this needs operator credentials to set up: {why}")))
}

/// The bucket's policy, read by the operator.
async fn policy(session: &StackSession, bucket: &str) -> Result<String, NotTried> {
    let what = format!("GetBucketPolicy of {bucket} as the operator");
    let answer = operator(session)?.get_bucket_policy().bucket(bucket).send().await;
    let policy = answer.map_err(|error| NotTried(explain(&what, error).to_string()))?.policy;
    policy.ok_or_else(|| NotTried(format!("{bucket} has no policy")))
}

/// Uploads for the next attempts: by user A in bucket A, by the operator in bucket B.
async fn start_uploads(
    session: &StackSession,
    target: &Target,
) -> Result<Result<Uploads, NotTried>, CloudError> {
    let Target { bucket, scratch, .. } = target;
    if *bucket == session.stack.bucket_a {
        return s3_actions::start_uploads(&session.clients.user_a, bucket, scratch).await.map(Ok);
    }
    Ok(match operator(session) {
        Ok(operator) => {
            let started = s3_actions::start_uploads(operator, bucket, scratch).await;
            started.map_err(|error| NotTried(format!("the operator's {error}")))
        }
        Err(not_tried) => Err(not_tried),
    })
}

/// Reads a photo over plain HTTP as the user who may read it: the bucket's policy must deny it.
async fn plain_http(
    session: &StackSession,
    pairing: &Pairing<'_>,
    target: &Target,
) -> Result<Attempt, CloudError> {
    const ACTION: &str = "GetObject over plain HTTP";
    let only_tls = || NotTried("plain HTTP: the endpoint accepts only TLS".to_owned());
    let answer = match session.clients.without_tls(pairing.client) {
        Some(client) => {
            let read = client.get_object().bucket(&target.bucket).key(&target.photo).send().await;
            match read.map(drop).map_err(|error| explain(ACTION, error)) {
                // A server that accepts only TLS closes the connection, or says 400 without an S3 error code.
                Err(CloudError::NoAnswer { .. }) => Err(only_tls()),
                Err(CloudError::Answered { answer, .. })
                    if answer.status == 400 && answer.code.is_empty() =>
                {
                    Err(only_tls())
                }
                answer => Ok(answer),
            }
        }
        None => Err(NotTried("plain HTTP: every attempt already uses it".to_owned())),
    };
    let attempt = judge(pairing, S3Action::GetObject, false, answer)?;
    Ok(Attempt { action: ACTION, ..attempt })
}

/// Compares what was seen with what is promised. If S3 did not answer, the whole run ends.
fn judge(
    pairing: &Pairing<'_>,
    action: S3Action,
    allowed: bool,
    answer: Result<Result<(), CloudError>, NotTried>,
) -> Result<Attempt, CloudError> {
    let expected = if allowed { "allowed" } else { "denied" };
    let (seen, detail) = match answer {
        Err(NotTried(why)) => ("not tried", why),
        Ok(Ok(())) => ("allowed", "it succeeded".to_owned()),
        Ok(Err(CloudError::Answered { answer, .. })) => {
            // An answer to HEAD has no body, and therefore no code.
            let denied = answer.code == "AccessDenied" || action == S3Action::HeadObject;
            (if answer.status == 403 && denied { "denied" } else { "error" }, answer.to_string())
        }
        Ok(Err(error)) => return Err(error),
    };
    let ok = (seen != "not tried").then_some(seen == expected);
    Ok(Attempt {
        user: pairing.user,
        bucket: pairing.bucket,
        action: action.into(),
        expected,
        seen,
        detail,
        ok,
    })
}
