//! Clients of S3: for each user of the stack one with only that user's key, and one with the operator's own
//! credentials.

use std::env::VarError;
use std::path::PathBuf;
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{Credentials, Region, SharedHttpClient};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::failure::Failure;
use crate::operator::{operator_config, s3_config};
use crate::stack::{AccessKey, Stack};
use crate::text;

/// The clients of one run.
#[derive(Debug, Clone)]
pub(crate) struct Clients {
    pub(crate) user_a: Client,
    pub(crate) user_b: Client,
    /// With the credentials the stack is deployed with, or why AWS's default chain finds none.
    pub(crate) operator: Result<Client, String>,
    endpoint: Option<String>,
    region: String,
}

/// Why a client could not be made, or how a request to S3 failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CloudError {
    #[error("{0} is not UTF-8; set it to a URL, or unset it")]
    Endpoint(&'static str),
    #[error("AWS_CA_BUNDLE names {path}, which {why}; name a file of PEM certificates, or unset it")]
    CaBundle { path: String, why: String },
    #[error("the TLS of the S3 client could not be set up: {0}")]
    Tls(String),
    #[error("there are no credentials: {0}")]
    NoCredentials(String),
    #[error("{what} got no answer: {why}; check the network, and AWS_ENDPOINT_URL if it is set")]
    NoAnswer { what: String, why: String },
    #[error("{what} was answered with {answer}; {}", .answer.fix())]
    Answered { what: String, answer: ErrorAnswer },
    #[error(
        "{what} was answered without {missing}; check that the endpoint is AWS, and that all of the stack is deployed"
    )]
    Incomplete { what: String, missing: &'static str },
    #[error(
        "your credentials do not allow {permission} on {resource}; the operator's policy in docs/operations.md lists \
         every permission that the recipes need"
    )]
    NotAllowed { permission: &'static str, resource: String },
    #[error(
        "{} of {queue} could not be deleted ({code}), though the work for them is done; doing it again does no harm",
        text::count(*messages, "message")
    )]
    NotDeleted { queue: String, messages: usize, code: String },
    #[error(
        "a bucket did not list its keys in order, so nothing can be said about them; check that the endpoint is S3"
    )]
    NotInOrder,
}

impl From<CloudError> for Failure {
    fn from(error: CloudError) -> Self {
        Self::Other(error.into())
    }
}

/// What S3 answered to a request that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ErrorAnswer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// S3's error code; empty if the answer had no body, as for HEAD.
    pub(crate) code: String,
}

impl ErrorAnswer {
    /// What to do about it.
    fn fix(&self) -> &'static str {
        match self.code.as_str() {
            "InvalidAccessKeyId" | "SignatureDoesNotMatch" => {
                "the keys in the stack's outputs are not valid there: check AWS_ENDPOINT_URL, or deploy the stack again"
            }
            "ResourceNotFoundException" => {
                "the stack's outputs name a function that does not exist: deploy the stack again"
            }
            "AWS.SimpleQueueService.NonExistentQueue" | "QueueDoesNotExist" => {
                "the stack's outputs name a queue that does not exist: deploy the stack again"
            }
            "NoSuchBucket" => "the stack's outputs name a bucket that does not exist: deploy the stack again",
            _ if self.status == 403 => {
                "this should be allowed: deploy the stack again, which restores its policies"
            }
            _ => "try again",
        }
    }
}

impl std::fmt::Display for ErrorAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.code.is_empty() {
            write!(f, "{}", self.status)
        } else {
            write!(f, "{} {}", self.status, self.code)
        }
    }
}

impl Clients {
    /// Makes the clients for a stack. The users' clients take only the endpoint and the trusted certificates from the
    /// environment, so no profile or key of the operator can make a check pass.
    pub(crate) async fn new(stack: &Stack) -> Result<Self, CloudError> {
        let endpoint = endpoint()?;
        let http = http_client(endpoint.as_deref())?;
        let operator = operator(stack, &http, endpoint.is_some()).await;
        Ok(Self {
            user_a: user(stack, stack.user_a(), &http, endpoint.as_deref()),
            user_b: user(stack, stack.user_b(), &http, endpoint.as_deref()),
            operator,
            endpoint,
            region: stack.region.clone(),
        })
    }

    /// The same user over plain HTTP. None if the endpoint is plain HTTP anyway.
    pub(crate) fn without_tls(&self, client: &Client) -> Option<Client> {
        let endpoint = match &self.endpoint {
            Some(endpoint) => format!("http://{}", endpoint.strip_prefix("https://")?),
            None if self.region.starts_with("cn-") => format!("http://s3.{}.amazonaws.com.cn", self.region),
            None => format!("http://s3.{}.amazonaws.com", self.region),
        };
        Some(Client::from_conf(client.config().to_builder().endpoint_url(endpoint).build()))
    }
}

/// The endpoint that the environment sets for S3. As in AWS's own tools, the variable for a service takes precedence.
pub(crate) fn endpoint() -> Result<Option<String>, CloudError> {
    endpoint_in(["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"])
}

/// The endpoint in the first of these variables that is set.
pub(crate) fn endpoint_in(names: [&'static str; 2]) -> Result<Option<String>, CloudError> {
    for name in names {
        match std::env::var(name) {
            Ok(url) if !url.is_empty() => return Ok(Some(url)),
            Ok(_) | Err(VarError::NotPresent) => {}
            Err(VarError::NotUnicode(_)) => return Err(CloudError::Endpoint(name)),
        }
    }
    Ok(None)
}

fn user(stack: &Stack, key: AccessKey, http: &SharedHttpClient, endpoint: Option<&str>) -> Client {
    let mut config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(stack.region.clone()))
        .credentials_provider(Credentials::new(key.id, key.secret.0, None, None, "stack outputs"))
        .retry_config(RetryConfig::standard())
        .timeout_config(timeouts())
        .http_client(http.clone());
    if let Some(endpoint) = endpoint {
        // Such an endpoint seldom has a host name for every bucket.
        config = config.endpoint_url(endpoint).force_path_style(true);
    }
    Client::from_conf(config.build())
}

async fn operator(stack: &Stack, http: &SharedHttpClient, path_style: bool) -> Result<Client, String> {
    let shared = operator_config(stack, http).await?;
    Ok(Client::from_conf(s3_config(&shared, path_style)))
}

pub(crate) fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(5))
        .operation_attempt_timeout(Duration::from_secs(60))
        .build()
}

/// An HTTP client that trusts the certificates in AWS_CA_BUNDLE, or the system's if that is not set.
pub(crate) fn http_client(endpoint: Option<&str>) -> Result<SharedHttpClient, CloudError> {
    let trusted = match std::env::var_os("AWS_CA_BUNDLE").filter(|path| !path.is_empty()) {
        Some(path) => TrustStore::empty().with_pem_certificate(ca_bundle(PathBuf::from(path))?),
        // Without TLS the system's certificates are not needed, and may be missing.
        None if endpoint.is_some_and(|url| url.starts_with("http://")) => TrustStore::empty(),
        None => TrustStore::default(),
    };
    let tls = TlsContext::builder().with_trust_store(trusted).build();
    let tls = tls.map_err(|error| CloudError::Tls(error.to_string()))?;
    Ok(Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).tls_context(tls).build_https())
}

/// Reads and checks the certificates; the HTTP client would panic on a bad one.
fn ca_bundle(path: PathBuf) -> Result<Vec<u8>, CloudError> {
    let bad = |why: String| CloudError::CaBundle { path: path.display().to_string(), why };
    let pem = std::fs::read(&path).map_err(|error| bad(format!("cannot be read ({error})")))?;
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<_, _>>()
        .map_err(|error| bad(format!("is not PEM ({error})")))?;
    if certificates.is_empty() {
        return Err(bad("contains no certificate".to_owned()));
    }
    let mut roots = RootCertStore::empty();
    for certificate in certificates {
        roots.add(certificate).map_err(|error| bad(format!("contains a bad certificate ({error})")))?;
    }
    Ok(pem)
}

/// What S3 answered, or that it did not answer. `what` names the request for people.
pub(crate) fn explain<E>(what: &str, error: SdkError<E, HttpResponse>) -> CloudError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    match error.raw_response().map(|response| response.status().as_u16()) {
        Some(status) => {
            // An answer without a body, as for HEAD, has no code; the status remains.
            let code = error.code().unwrap_or_default().to_owned();
            CloudError::Answered { what: what.to_owned(), answer: ErrorAnswer { status, code } }
        }
        None => CloudError::NoAnswer { what: what.to_owned(), why: cause(&error) },
    }
}

/// The innermost cause, which is the most specific: `Connection refused` rather than `dispatch failure`.
pub(crate) fn cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
