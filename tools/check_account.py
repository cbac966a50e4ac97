"""Checks before a deployment that it goes to the right account: the one that the stack's file names.

python -m tools.check_account STACK [--any-account]
"""

import ipaddress
import os
import re
import sys
from typing import Any
from urllib.parse import urlsplit

from tools.build_zip import stack_config
from tools.errors import ToolError

_ANY = "--any-account"


def check_account(stack: str, any_account: bool) -> None:
    """Raises a sentence that says what is wrong; nothing has been touched then."""
    config, file = stack_config(stack), f"Pulumi.{stack}.yaml"
    if not config.get("aws:region"):
        raise ToolError(f"{file} does not say in which region the stack is; add under config: aws:region: eu-central-1")
    if any_account or _is_local():
        return
    allowed = config.get("aws:allowedAccountIds")
    if not allowed:
        raise ToolError(
            f"{file} does not say whose account the stack is for; add under config, with the id in quotes: "
            f'aws:allowedAccountIds: ["123456789012"]; or say {_ANY}'
        )
    _require_ids(allowed, file)
    account = _account(config.get("aws:profile"), config["aws:region"])
    if account not in allowed:
        raise ToolError(
            f"these credentials are of the account {account}, and {file} allows only {', '.join(allowed)}; "
            "choose others with AWS_PROFILE or aws:profile"
        )


def _is_local() -> bool:
    """Whether the endpoint is on this machine, where there is only one account."""
    host = urlsplit(os.environ.get("AWS_ENDPOINT_URL", "")).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _require_ids(allowed: Any, file: str) -> None:
    # Without quotes YAML reads a number, and an id that starts with 0 becomes another one.
    if not isinstance(allowed, list) or not all(isinstance(i, str) and re.fullmatch(r"\d{12}", i) for i in allowed):
        raise ToolError(
            f"aws:allowedAccountIds in {file} has to be a list of ids of twelve digits, each in quotes, "
            'such as ["012345678901"]'
        )


def _account(profile: str | None, region: str) -> str:
    """The account of the credentials that Pulumi will use."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        session = boto3.Session(profile_name=profile, region_name=region)
        return session.client("sts").get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        raise ToolError(
            f"AWS does not say whose credentials these are: {error}; log in, or set AWS_PROFILE or aws:profile"
        ) from None


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if argument]
    names = [argument for argument in given if argument != _ANY]
    if len(names) != 1:
        sys.exit(f"account: one stack is needed, and {_ANY} if it may be anyone's; for example: just up dev")
    try:
        check_account(names[0], _ANY in given)
    except ToolError as failure:
        sys.exit(f"account: {failure}")
