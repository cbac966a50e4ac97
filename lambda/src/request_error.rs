//! What the function reports of a request to S3 or SQS that failed.

use std::error::Error;
use std::iter::successors;

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::RequestId;

/// Error codes with a status below 500 that are transient all the same ("Error responses", Amazon S3 API Reference;
/// "Common Errors" and "SendMessage", Amazon SQS API Reference).
const TRANSIENT: [&str; 7] = [
    "RequestTimeout",
    "OperationAborted",
    "TemporaryRedirect",
    "ExpiredToken",
    "RequestTimeTooSkewed",
    "RequestThrottled",
    "ThrottlingException",
];

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct RequestError {
    /// The service's error code (`SlowDown`, `AccessDenied`). If there was none: `Timeout`, `Connection`, `Request`,
    /// `BadResponse` or `Http<status>`.
    pub code: String,
    /// The message of the service or of the connection, with the request id, which AWS support asks for.
    pub message: String,
    /// Whether the same request can succeed later without any change.
    pub transient: bool,
}

impl RequestError {
    /// Reads what the SDK reports.
    pub(crate) fn from_sdk<E>(error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + RequestId + Error + 'static,
    {
        let status = http_status(error);
        let code = match error {
            SdkError::ServiceError(_) => error.code().map(str::to_owned),
            SdkError::TimeoutError(_) => Some("Timeout".to_owned()),
            SdkError::DispatchFailure(_) => Some("Connection".to_owned()),
            SdkError::ConstructionFailure(_) => Some("Request".to_owned()),
            _ => Some("BadResponse".to_owned()),
        };
        // The answer to a HEAD has no body, so it has no code.
        let code = code.unwrap_or_else(|| format!("Http{}", status.unwrap_or_default()));
        let transient = match error {
            SdkError::ServiceError(_) => {
                matches!(status, Some(408 | 429 | 500..)) || TRANSIENT.contains(&code.as_str())
            }
            SdkError::ConstructionFailure(_) => false,
            _ => true,
        };
        let message = match error {
            SdkError::ServiceError(_) => {
                let message = error.message().unwrap_or("no message");
                format!("{message} (request id {})", error.request_id().unwrap_or("unknown"))
            }
            _ => with_causes(error),
        };
        Self { code, message, transient }
    }
}

pub(crate) fn http_status<E>(error: &SdkError<E, HttpResponse>) -> Option<u16> {
    error.raw_response().map(|response| response.status().as_u16())
}

/// An error's message and those of its causes. Not with the SDK's `DisplayErrorContext`: it adds `Debug`, which
/// prints whole answers, with the headers of the original in them.
pub(crate) fn with_causes(error: &dyn Error) -> String {
    successors(Some(error), |error: &&dyn Error| (*error).source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
