//! Starts the process and runs the loop that waits for events.

use std::process::ExitCode;
use std::time::{Instant, SystemTime};

use lambda_runtime::{Diagnostic, LambdaEvent, Runtime, service_fn};
use serde_json::Value;

use crate::config::{Config, ConfigError};
use crate::handler::Handler;
use crate::refusals::Sqs;
use crate::retries::{REPORT_MARGIN, WARM_UP_LIMIT};
use crate::s3::S3;
use crate::{client, log};

/// Runs the function until Lambda ends the process.
pub fn serve() -> ExitCode {
    log::init();
    let config = Config::from_env();
    // One photo at a time and little other work: more threads would only cost memory and start-up time.
    let tokio = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(tokio) => tokio,
        Err(error) => return log_start_failure("Start.Runtime", &error),
    };
    match config {
        Ok(config) => match tokio.block_on(run_event_loop(&config)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => log_start_failure("Start.RuntimeApi", &error),
        },
        Err(error) => {
            let code = log_start_failure(error.name(), &error);
            tokio.block_on(report_init_error(&error));
            code
        }
    }
}

async fn run_event_loop(config: &Config) -> Result<(), lambda_runtime::Error> {
    let sdk = client::from_env();
    let store = S3::new(aws_sdk_s3::Client::new(&sdk), config);
    // Its connection is opened when the first photo is refused: most processes never refuse one.
    let refusals = Sqs::new(aws_sdk_sqs::Client::new(&sdk), config);
    // Before it asks for the first event: in the init phase Lambda gives a whole CPU, which makes the TLS handshakes
    // faster. A process that waits for an event may be frozen at any moment, which would break a half-open connection.
    if tokio::time::timeout(WARM_UP_LIMIT, store.open_connections()).await.is_err() {
        tracing::warn!(limit = ?WARM_UP_LIMIT, "connections were not opened in advance: too slow");
    }
    let handler = &Handler::new(store, refusals, config);
    let service = service_fn(move |event: LambdaEvent<Value>| async move {
        let time_left = event.context.deadline().duration_since(SystemTime::now()).unwrap_or_default();
        let deadline = Instant::now() + time_left.saturating_sub(REPORT_MARGIN);
        handler.handle(event.payload, &event.context.request_id, deadline).await
    });
    Runtime::new(service).run().await
}

fn log_start_failure(name: &str, error: &dyn std::fmt::Display) -> ExitCode {
    tracing::error!(reason = name, problem = %error, "start");
    ExitCode::FAILURE
}

/// Reports to Lambda why the function does not start, so that the failures queue has the reason and not only
/// "exit status 1".
async fn report_init_error(error: &ConfigError) {
    if let Err(unreported) = post_init_error(error).await {
        tracing::warn!(error = %unreported, "the error could not be reported to Lambda");
    }
}

async fn post_init_error(error: &ConfigError) -> Result<(), lambda_runtime::Error> {
    let diagnostic = Diagnostic { error_type: error.name().to_owned(), error_message: error.to_string() };
    let body = serde_json::to_vec(&diagnostic)?;
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_none() {
        return Err("AWS_LAMBDA_RUNTIME_API is not set: this binary is run by AWS Lambda".into());
    }
    let request = lambda_runtime_api_client::build_request()
        .method("POST")
        .uri("/2018-06-01/runtime/init/error")
        .header("lambda-runtime-function-error-type", error.name())
        .body(body.into())?;
    let client = lambda_runtime_api_client::PooledClient::builder().build();
    client.call(request).await.map(|_| ())
}
