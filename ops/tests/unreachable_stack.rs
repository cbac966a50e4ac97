//! `ripper smoke` and `ripper access` when the stack cannot be reached: each failure is one sentence that says what to
//! do. What they do on a deployed stack is tested in `tests/system/`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};
use support::{Ran, command, folder, put};

/// Runs both commands with a `pulumi` that does what the script says.
fn with_pulumi(script: &str, env: &[(&str, &str)]) -> Vec<Ran> {
    let dir = folder();
    let pulumi = put(dir.path(), "bin/pulumi", format!("#!/bin/sh\n{script}\n").as_bytes());
    fs::set_permissions(&pulumi, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", dir.path().join("bin").display());
    let run = |name: &str| {
        let mut command = command(dir.path());
        command.env("PATH", &path).args([name, "--stack", "dev"]);
        command.envs(env.iter().copied()).output().unwrap().into()
    };
    ["smoke", "access"].map(run).into()
}

fn outputs() -> Value {
    json!({"bucketA": "a-1", "bucketB": "b-1", "alertsTopicArn": "arn:aws:sns:eu-central-1:000000000000:alerts",
        "userAAccessKeyId": "AKIAIOSFODNN7EXAMPLE", "userASecretAccessKey": "planted-secret-a",
        "userBAccessKeyId": "AKIAI44QH8DHBEXAMPLE", "userBSecretAccessKey": "planted-secret-b"})
}

#[test]
fn without_pulumi_it_says_what_to_install() {
    let dir = folder();
    for name in ["smoke", "access"] {
        let ran: Ran = command(dir.path())
            .env("PATH", dir.path())
            .args([name, "--stack", "dev"])
            .output()
            .unwrap()
            .into();
        assert_eq!(ran.code, Some(1));
        assert!(ran.sentence().contains("pulumi is not on PATH") && ran.out.is_empty());
    }
}

#[test]
fn an_error_of_pulumi_becomes_a_sentence_that_says_what_to_do() {
    let cases = [
        ("error: no stack named 'dev' found", "`just up dev`"),
        (
            "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
            "pulumi login",
        ),
        ("error: no Pulumi.yaml project file found (searching upwards from /x).", "in the project's folder"),
        ("error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or so", "PULUMI_CONFIG_PASSPHRASE"),
        ("warning: old\nerror: the sky has fallen", "the sky has fallen"),
    ];
    for (said, fix) in cases {
        for ran in with_pulumi(&format!("printf '%s\\n' \"{said}\" >&2; exit 255"), &[]) {
            assert_eq!(ran.code, Some(1));
            assert!(ran.sentence().contains(fix), "{}", ran.err);
        }
    }
}

#[test]
fn pulumi_is_asked_for_the_stack_and_its_secrets_without_a_question() {
    let dir = folder();
    let log = dir.path().join("args");
    with_pulumi(&format!("echo \"$@\" >> {}; exit 1", log.display()), &[]);
    for args in fs::read_to_string(&log).unwrap().lines() {
        println!("{args}");
        assert!(args.starts_with("stack output --json --show-secrets --non-interactive"));
        assert!(args.ends_with("--stack dev"));
    }
}

#[test]
fn a_missing_output_is_named() {
    for missing in outputs().as_object().unwrap().keys() {
        let mut less = outputs();
        less.as_object_mut().unwrap().remove(missing);
        for ran in with_pulumi(&format!("echo '{less}'"), &[]) {
            assert_eq!(ran.code, Some(1));
            assert!(ran.sentence().contains(missing.as_str()) && ran.err.contains("`just up dev`"));
            assert!(!ran.err.contains("planted-secret"));
        }
    }
}

#[test]
fn unexpected_outputs_are_an_error_that_does_not_show_them() {
    let mut arn = outputs();
    arn["alertsTopicArn"] = json!("planted-secret-arn");
    for text in ["", "planted-secret", "[]", &arn.to_string()] {
        for ran in with_pulumi(&format!("echo '{text}'"), &[]) {
            assert_eq!(ran.code, Some(1));
            assert!(!ran.sentence().contains("planted-secret"));
        }
    }
}

#[test]
fn an_endpoint_that_does_not_answer_is_named() {
    // A port that was free a moment ago, and on which nothing listens.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let endpoint = format!("http://127.0.0.1:{port}");
    for ran in with_pulumi(&format!("echo '{}'", outputs()), &[("AWS_ENDPOINT_URL", &endpoint)]) {
        assert_eq!(ran.code, Some(1));
        assert!(ran.sentence().contains("got no answer") && ran.err.contains("AWS_ENDPOINT_URL"));
        assert!(!ran.err.contains("planted-secret") && ran.out.is_empty());
    }
}

#[test]
fn an_endpoint_that_is_not_utf_8_is_an_error() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let dir = folder();
    let pulumi = put(dir.path(), "bin/pulumi", format!("#!/bin/sh\necho '{}'\n", outputs()).as_bytes());
    fs::set_permissions(&pulumi, fs::Permissions::from_mode(0o755)).unwrap();
    for name in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"] {
        let mut command = command(dir.path());
        command.env("PATH", format!("{}:/usr/bin:/bin", dir.path().join("bin").display()));
        command.env(name, OsStr::from_bytes(b"http://127.0.0.1:1/\xFF"));
        let ran: Ran = command.args(["smoke", "--stack", "dev"]).output().unwrap().into();
        assert_eq!(ran.code, Some(1));
        assert!(ran.sentence().contains(name));
    }
}

#[test]
fn a_bad_certificate_bundle_is_named() {
    let dir = folder();
    put(dir.path(), "text.pem", b"no certificate");
    put(dir.path(), "bad.pem", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    for name in ["missing.pem", "text.pem", "bad.pem"] {
        let path = dir.path().join(name);
        let bundle = [("AWS_CA_BUNDLE", path.to_str().unwrap())];
        for ran in with_pulumi(&format!("echo '{}'", outputs()), &bundle) {
            assert_eq!(ran.code, Some(1));
            assert!(ran.sentence().contains(name) && ran.err.contains("AWS_CA_BUNDLE"));
        }
    }
}

#[test]
fn photos_that_cannot_be_sent_are_an_error_before_pulumi_is_asked() {
    let dir = folder();
    put(dir.path(), "one/a.jpg", b"x");
    put(dir.path(), "two/a.jpg", b"x");
    let smoke = |args: &[&str]| -> Ran {
        command(dir.path())
            .env("PATH", Path::new("/nowhere"))
            .args(["smoke", "--stack", "dev"])
            .args(args)
            .output()
            .unwrap()
            .into()
    };
    let ran = smoke(&["one/a.jpg", "two/a.jpg"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.sentence().contains("the key a.jpg"));
    let ran = smoke(&["missing.jpg"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.sentence().contains("missing.jpg"));
    let ran: Ran = command(dir.path()).args(["smoke", "--stack", ""]).output().unwrap().into();
    assert_eq!(ran.code, Some(2));
}
