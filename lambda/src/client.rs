//! The one S3 client of the process, with its patience.
//!
//! Who waits for what: the handler gives up shortly before the function's timeout, whatever the client does. The client's own limits
//! exist so that one dead connection or one slow answer does not use that time up, and its three attempts are for what passes within
//! seconds (503 SlowDown, a connection that died while the function was frozen). What lasts longer is Lambda's to repeat, minutes
//! later.

use std::time::Duration;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::Client;
use aws_sdk_s3::config::SharedCredentialsProvider;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;

/// S3 is in the same region: a connection takes milliseconds or will not come about.
const CONNECT: Duration = Duration::from_secs(2);

/// From the first byte sent to the first byte of the answer, so the upload of the largest photo is within it.
const ANSWER: Duration = Duration::from_secs(20);

/// How long a body may stand still.
const STALLED: Duration = Duration::from_secs(5);

/// The client, from the environment that Lambda gives ("Defined runtime environment variables", AWS Lambda Developer Guide): region
/// and the role's credentials, and `AWS_ENDPOINT_URL` where S3 is somewhere else. TLS trusts the system's certificates, or those of
/// `SSL_CERT_FILE` where it is set.
///
/// Not by the SDK's loader, which would also look into files, at web identities and at metadata services: a function has none of
/// them, and their code would make its zip a tenth larger.
pub fn from_env() -> Client {
    let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let role = SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new());
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .http_client(http)
        .region(variable("AWS_REGION").map(Region::new))
        .credentials_provider(role);
    config.set_endpoint_url(variable("AWS_ENDPOINT_URL"));
    from_config(&config.build())
}

/// The client on top of a configuration that has an HTTP client, a region and credentials.
pub fn from_config(config: &SdkConfig) -> Client {
    let patience = aws_sdk_s3::config::Builder::from(config)
        .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT).read_timeout(ANSWER).build())
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .stalled_stream_protection(StalledStreamProtectionConfig::enabled().grace_period(STALLED).build());
    Client::from_conf(patience.build())
}
