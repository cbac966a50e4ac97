//! The binary as a child process, with the environment that Lambda sets.

use std::collections::HashMap;
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};

use serde_json::Value;

use super::{A, B, QUEUE};

/// The process. It is killed when the test ends.
pub(crate) struct FunctionProcess(Child);

impl FunctionProcess {
    /// Starts it with a complete environment, except for the variables in `changed`.
    pub(crate) fn start(runtime_api: &str, s3: &str, changed: &[(&str, Option<&str>)]) -> Self {
        let mut environment: HashMap<_, _> = [
            ("AWS_LAMBDA_RUNTIME_API", runtime_api),
            ("AWS_LAMBDA_FUNCTION_NAME", "exif-ripper"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_ENDPOINT_URL", s3),
            ("BUCKET_A", A),
            ("BUCKET_B", B),
            ("REFUSALS_QUEUE_URL", QUEUE),
            ("MAX_PHOTO_MB", "50"),
            ("SCRUB", "orientation=upright icc=minimal"),
            ("DELETES", "follow"),
            ("EXPIRE_ORIGINALS", "Disabled"),
            ("EXPIRE_ORIGINALS_DAYS", "30"),
        ]
        .into();
        for (name, value) in changed {
            match value {
                Some(value) => environment.insert(name, value),
                None => environment.remove(name),
            };
        }
        let child = Command::new(env!("CARGO_BIN_EXE_exif-ripper"))
            .env_clear()
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        Self(child.unwrap())
    }

    /// Kills the process and returns its log lines.
    pub(crate) fn stop(mut self) -> Vec<Value> {
        self.0.kill().unwrap();
        self.output().1
    }

    /// Waits until the process exits and returns its log lines.
    pub(crate) async fn wait(mut self) -> (ExitStatus, Vec<Value>) {
        tokio::task::spawn_blocking(move || self.output()).await.unwrap()
    }

    /// Reads all log lines until the process has exited.
    fn output(&mut self) -> (ExitStatus, Vec<Value>) {
        let mut text = String::new();
        self.0.stdout.take().unwrap().read_to_string(&mut text).unwrap();
        let mut errors = String::new();
        self.0.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        println!("{text}{errors}");
        assert_eq!(errors, "", "everything is logged as JSON on standard output");
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (self.0.wait().unwrap(), lines)
    }
}

impl Drop for FunctionProcess {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
