//! From the start of the process to the loop that takes events.

use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime};

use lambda_runtime::{Diagnostic, LambdaEvent, Runtime, service_fn};
use serde_json::Value;

use crate::config::{Config, ConfigError};
use crate::handler::Handler;
use crate::s3::S3;
use crate::{client, log};

/// The most that connections made in advance may hold up the first event.
const WARMING: Duration = Duration::from_secs(1);

/// What is left of the function's time when a photo is given up, to log it and to report it.
const REPORTING: Duration = Duration::from_millis(500);

/// Runs the function until Lambda ends the process.
pub fn serve() -> ExitCode {
    log::init();
    let config = Config::from_env();
    // One photo at a time and little to compute beside it: more threads would cost memory and start-up time only.
    let tokio = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(tokio) => tokio,
        Err(error) => return failed("Start.Runtime", &error),
    };
    match config {
        Ok(config) => match tokio.block_on(run(&config)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed("Start.RuntimeApi", &error),
        },
        Err(error) => {
            let code = failed(error.name(), &error);
            tokio.block_on(report(&error));
            code
        }
    }
}

async fn run(config: &Config) -> Result<(), lambda_runtime::Error> {
    let store = S3::new(client::from_env(), config);
    // Before the first event is asked for: in the init phase Lambda gives the whole CPU, which the TLS handshakes are glad of, and
    // a process that waits for an event may be frozen at any moment, which a half-made connection does not survive.
    if tokio::time::timeout(WARMING, store.warm()).await.is_err() {
        tracing::warn!(limit = ?WARMING, "no connection made in advance in time");
    }
    let handler = &Handler::new(store, config);
    let service = service_fn(move |event: LambdaEvent<Value>| async move {
        let left = event.context.deadline().duration_since(SystemTime::now()).unwrap_or_default();
        handler.handle(event.payload, Instant::now() + left.saturating_sub(REPORTING)).await
    });
    Runtime::new(service).run().await
}

fn failed(name: &str, error: &dyn std::fmt::Display) -> ExitCode {
    tracing::error!(reason = name, problem = %error, "start");
    ExitCode::FAILURE
}

/// Tells Lambda why the function does not start, so that the failures queue names it and not only "exit status 1".
async fn report(error: &ConfigError) {
    if let Err(unreported) = post_init_error(error).await {
        tracing::warn!(error = %unreported, "the error could not be reported to Lambda");
    }
}

async fn post_init_error(error: &ConfigError) -> Result<(), lambda_runtime::Error> {
    let diagnostic = Diagnostic { error_type: error.name().to_owned(), error_message: error.to_string() };
    let body = serde_json::to_vec(&diagnostic)?;
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_none() {
        return Err("AWS_LAMBDA_RUNTIME_API is not set: this program is run by AWS Lambda".into());
    }
    let request = lambda_runtime_api_client::build_request()
        .method("POST")
        .uri("/2018-06-01/runtime/init/error")
        .header("lambda-runtime-function-error-type", error.name())
        .body(body.into())?;
    let client = lambda_runtime_api_client::PooledClient::builder().build();
    client.call(request).await.map(|_| ())
}
