//! What the clients of S3 and SQS share. Their timeouts and retries are explained in [`crate::retries`].

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::config::SharedCredentialsProvider;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;

use crate::retries::{CONNECT_TIMEOUT, READ_TIMEOUT, SDK_ATTEMPTS, STALL_GRACE};

/// The configuration of both clients, from the environment that Lambda sets ("Defined runtime environment variables",
/// AWS Lambda Developer Guide): region, the role's credentials, and `AWS_ENDPOINT_URL` if AWS is somewhere else. TLS
/// trusts the system's certificates, or those of `SSL_CERT_FILE` if it is set.
///
/// It does not use the SDK's loader, which would also look for files, web identities and metadata services: a function
/// has none of them, and their code would make the zip a tenth larger.
pub fn from_env() -> SdkConfig {
    let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let role = SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new());
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .http_client(http)
        .region(variable("AWS_REGION").map(Region::new))
        .credentials_provider(role);
    config.set_endpoint_url(variable("AWS_ENDPOINT_URL"));
    with_limits(config.build())
}

/// The configuration with the function's timeouts and retries.
pub fn with_limits(config: SdkConfig) -> SdkConfig {
    let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(READ_TIMEOUT);
    let stalls = StalledStreamProtectionConfig::enabled().grace_period(STALL_GRACE);
    config
        .into_builder()
        .timeout_config(timeouts.build())
        .retry_config(RetryConfig::standard().with_max_attempts(SDK_ATTEMPTS))
        .stalled_stream_protection(stalls.build())
        .build()
}
