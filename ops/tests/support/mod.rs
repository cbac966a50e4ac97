//! Runs the real binary, as a user would.
#![allow(dead_code, reason = "every test file uses a part of it")]

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use axum::Router;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The result of a run of `ripper`.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Standard output as JSON lines.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Standard error, which must be one sentence on one line.
    pub(crate) fn sentence(&self) -> &str {
        assert_eq!(self.err.trim_end().lines().count(), 1, "{}", self.err);
        self.err.trim_end()
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let ran = Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) };
        println!("exit {:?}\n{}{}", ran.code, ran.out, ran.err);
        ran
    }
}

/// The binary, in a folder, with nothing of AWS or Pulumi in its environment.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ripper"));
    command.current_dir(folder);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("AWS_") || name.starts_with("PULUMI_") {
            command.env_remove(name);
        }
    }
    command.env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("HOME", folder);
    command
}

/// The binary, in a folder, as the operator of a stack, whose outputs a stand-in for pulumi prints. AWS is at
/// `endpoint`.
#[cfg(unix)]
pub(crate) fn operator_command(folder: &Path, endpoint: &str) -> Command {
    use std::os::unix::fs::PermissionsExt;

    let outputs = json!({"bucketA": "a-1", "bucketB": "b-1", "functionName": "f", "logRetentionDays": 7,
        "alertsTopicArn": "arn:aws:sns:eu-central-1:000000000000:alerts",
        "refusalsQueueUrl": "https://sqs.eu-central-1.amazonaws.com/000000000000/refusals",
        "jobsBucket": "jobs-1", "jobsRoleArn": "arn:aws:iam::000000000000:role/jobs",
        "userAAccessKeyId": "AKIAIOSFODNN7EXAMPLE", "userASecretAccessKey": "a",
        "userBAccessKeyId": "AKIAI44QH8DHBEXAMPLE", "userBSecretAccessKey": "b"});
    let pulumi = put(folder, "bin/pulumi", format!("#!/bin/sh\necho '{outputs}'\n").as_bytes());
    std::fs::set_permissions(&pulumi, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = command(folder);
    command.env("PATH", format!("{}:/usr/bin:/bin", folder.join("bin").display()));
    command.env("AWS_ENDPOINT_URL", endpoint);
    command.env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE").env("AWS_SECRET_ACCESS_KEY", "a");
    command
}

/// Serves a stub of AWS on a thread of its own. Returns its address.
pub(crate) fn serve(routes: Router) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, routes).await.unwrap();
        });
    });
    address
}

/// Runs the binary in a folder.
pub(crate) fn ripper<A: AsRef<OsStr>>(folder: &Path, args: impl IntoIterator<Item = A>) -> Ran {
    command(folder).args(args).output().unwrap().into()
}

/// An empty folder, deleted at the end of the test.
pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Writes a file, and creates the folders above it.
pub(crate) fn put(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Every file below a folder, as paths inside it, in order.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name();
    let files = entries.into_iter().map(Result::unwrap).filter(|entry| !entry.file_type().is_dir());
    files.map(|entry| entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned()).collect()
}

/// A photo full of private data, and what was planted in it.
pub(crate) fn camera() -> samples::Sample {
    samples::all().into_iter().find(|sample| sample.name == "camera").unwrap()
}

/// Whether `bytes` contains `what`.
pub(crate) fn contains_bytes(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// The names of a JSON object's fields, in their order.
pub(crate) fn fields(line: &Value) -> Vec<&str> {
    line.as_object().unwrap().keys().map(String::as_str).collect()
}
