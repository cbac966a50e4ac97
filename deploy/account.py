"""Checks before a deployment that it goes to the right account: the one that the stack's file names."""

import ipaddress
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from deploy.session import session
from tools.config import stack_config
from tools.errors import ToolError

ANY_ACCOUNT = "--any-account"


def check_account(stack: str, project: Path, any_account: bool = False) -> None:
    """Raises a sentence that says what is wrong; nothing has been touched then."""
    credentials = session(stack, project)
    if any_account or _is_local():
        return
    file = f"Pulumi.{stack}.yaml"
    allowed = stack_config(stack, project).get("aws:allowedAccountIds")
    if not allowed:
        raise ToolError(
            f"{file} does not say whose account the stack is for; set it with: just init {stack}; or say {ANY_ACCOUNT}"
        )
    require_ids(allowed, file)
    account = account_of(credentials)
    if account not in allowed:
        raise ToolError(
            f"these credentials are of the account {account}, and {file} allows only {', '.join(allowed)}; "
            "choose others with AWS_PROFILE or aws:profile"
        )


def account_of(credentials: Any) -> str:
    """The account of the credentials of a boto3 session."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return credentials.client("sts").get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        raise ToolError(
            f"AWS does not say whose credentials these are: {error}; log in, or set AWS_PROFILE or aws:profile"
        ) from None


def is_account(text: object) -> bool:
    return isinstance(text, str) and re.fullmatch(r"\d{12}", text) is not None


def _is_local() -> bool:
    """Whether the endpoint is on this machine, where there is only one account."""
    host = urlsplit(os.environ.get("AWS_ENDPOINT_URL", "")).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def require_ids(allowed: Any, file: str) -> None:
    """Raises a sentence if the setting aws:allowedAccountIds is not a list of accounts."""
    # Without quotes YAML reads a number, and an id that starts with 0 becomes another one.
    if not isinstance(allowed, list) or not all(map(is_account, allowed)):
        raise ToolError(
            f"aws:allowedAccountIds in {file} has to be a list of ids of twelve digits, each in quotes, "
            'such as ["012345678901"]'
        )
