"""The environment variables that could lead a command to a real account."""

from collections.abc import Mapping

# Variables that name accounts, credentials, state or endpoints.
PREFIXES = ("AWS_", "PULUMI_")
# Variables that decide which server is reached and which certificate is trusted.
SERVER_VARIABLES = frozenset(
    {
        "ALL_PROXY",
        "BOTO_CONFIG",
        "CURL_CA_BUNDLE",
        "FTP_PROXY",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "NO_PROXY",
        "REQUESTS_CA_BUNDLE",
        "SSL_CERT_DIR",
        "SSL_CERT_FILE",
    }
)


def without_account_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without anything that could lead a command to a real account."""
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith(PREFIXES) and name.upper() not in SERVER_VARIABLES
    }
