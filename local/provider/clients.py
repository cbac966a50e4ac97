"""How the provider reaches the emulator: boto3 clients, the region, and the tags that every resource gets."""

import os
import threading
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ProfileNotFound

from local.environment import require_loopback
from local.provider.values import Properties
from tools.errors import ToolError


class Clients:
    """One client per service, made when it is first used. An endpoint that is not on this machine is an error."""

    def __init__(self, region: str, default_tags: dict[str, str], profile: str | None = None) -> None:
        self.region = region
        self.default_tags = default_tags
        self._endpoint = require_loopback(os.environ.get("AWS_ENDPOINT_URL", ""))
        try:
            self._session = boto3.Session(region_name=region, profile_name=profile)
        except ProfileNotFound:
            raise ToolError(f"there is no profile {profile} (aws:profile) in AWS's configuration") from None
        self._clients: dict[str, Any] = {}
        # A session may make only one client at a time; threads may share the clients.
        self._lock = threading.Lock()

    def client(self, service: str) -> Any:
        with self._lock:
            if service not in self._clients:
                config = Config(
                    connect_timeout=5,
                    read_timeout=60,
                    retries={"mode": "standard", "total_max_attempts": 3},
                    s3={"addressing_style": "path"},
                )
                self._clients[service] = self._session.client(service, endpoint_url=self._endpoint, config=config)
            return self._clients[service]

    def require_account(self, allowed: list[str]) -> None:
        """Checks, before anything else, that the credentials are of an account that the stack may be deployed to."""
        account = self.client("sts").get_caller_identity()["Account"] if allowed else None
        if account is not None and account not in allowed:
            raise ToolError(f"AWS account ID not allowed: {account}; aws:allowedAccountIds has {', '.join(allowed)}")

    def all_tags(self, inputs: Properties) -> dict[str, str]:
        """The tags that a resource gets: the provider's default tags, and its own, which take precedence."""
        return {**self.default_tags, **inputs.get("tags", {})}

    def own_tags(self, actual: dict[str, str], old: Properties) -> Properties:
        """`tags` and `tagsAll` of a resource with these actual tags; the default tags are not in `tags`."""
        before = old.get("tags", {})
        own = {key: value for key, value in actual.items() if key in before or self.default_tags.get(key) != value}
        return {"tags": own, "tagsAll": actual}


def missing(error: ClientError) -> bool:
    """Whether the error says that the resource does not exist; each service has its own code for that."""
    code = error.response.get("Error", {}).get("Code", "")
    return code in _MISSING or code.endswith((".NonExistentQueue", "NotFound", "NotFoundException"))


_MISSING = frozenset(
    {
        "404",
        "NoSuchBucket",
        "NoSuchBucketPolicy",
        "NoSuchCORSConfiguration",
        "NoSuchEntity",
        "NoSuchLifecycleConfiguration",
        "NoSuchPublicAccessBlockConfiguration",
        "OwnershipControlsNotFoundError",
        "ParameterNotFound",
        "ResourceNotFound",
        "ResourceNotFoundException",
        "ServerSideEncryptionConfigurationNotFoundError",
    }
)


def as_list(tags: dict[str, str]) -> list[dict[str, str]]:
    """Tags in the form of most requests."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def as_dict(tags: list[dict[str, str]]) -> dict[str, str]:
    """Tags from the form of most answers."""
    return {tag["Key"]: tag["Value"] for tag in tags}
