"""boto3 with the credentials and the region that Pulumi uses for a stack."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tools.config import stack_config
from tools.errors import ToolError

if TYPE_CHECKING:
    import boto3


def session(stack: str, project: Path) -> boto3.Session:
    """A session for the stack's region, with the profile that its file names or else the shell's credentials."""
    config = stack_config(stack, project)
    region = config.get("aws:region")
    if not region:
        raise ToolError(
            f"Pulumi.{stack}.yaml does not say in which region the stack is; add under config: aws:region: eu-central-1"
        )
    return session_in(region, config.get("aws:profile"))


def session_in(region: str | None, profile: str | None = None) -> boto3.Session:
    """A session for a region."""
    import boto3
    from botocore.exceptions import BotoCoreError

    try:
        # The provider prefers AWS_PROFILE to a key in the environment, and boto3 does so only if it is told.
        return boto3.Session(profile_name=profile or os.environ.get("AWS_PROFILE"), region_name=region)
    except BotoCoreError as error:
        raise ToolError(f"{error}; log in, or set AWS_PROFILE or aws:profile") from None
