"""Checks against the account before a deployment: what AWS would refuse only when half of the stack is there."""

from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deploy.pulumi import Pulumi
from deploy.session import session
from tools.config import setting
from tools.errors import ToolError

# Lambda keeps so many runs of an account for functions without reserved ones ("Configuring reserved concurrency").
_KEPT_UNRESERVED = 100


def check_cloud(stack: str, project: Path) -> None:
    """Raises a sentence that says what is in the way."""
    credentials = session(stack, project)
    resources = Pulumi(project, stack).resources()
    try:
        _require_free_parameters(stack, project, credentials, resources)
        _require_runs(stack, project, credentials, resources)
    except (BotoCoreError, ClientError) as error:
        raise ToolError(f"the account could not be looked at: {error}") from None


def _require_free_parameters(stack: str, project: Path, credentials: Any, resources: list[dict[str, Any]]) -> None:
    """Another copy of the project may have a stack of the same name in this account and region."""
    path = f"{setting(stack, 'parameterPath', project)}/{stack}"
    pages = credentials.client("ssm").get_paginator("get_parameters_by_path").paginate(Path=path)
    there = {parameter["Name"]: parameter["Value"] for page in pages for parameter in page["Parameters"]}
    ours = {resource.get("id") for resource in resources if resource["type"] == "aws:ssm/parameter:Parameter"}
    taken = sorted(set(there) - ours)
    if taken:
        function = there.get(f"{path}/functionName", "unknown")
        raise ToolError(
            f"the parameter {taken[0]} is not of this stack: it belongs to another copy of the project, whose function "
            f"is {function}. Give this one a path of its own: "
            f"pulumi config set parameterPath /another-name --stack {stack}. If it is this stack and its state was "
            'lost, see docs/deploying.md ("A lost state")'
        )


def _require_runs(stack: str, project: Path, credentials: Any, resources: list[dict[str, Any]]) -> None:
    """An account leaves 100 runs unreserved, and a new one may have no more than 10 in all."""
    wanted = int(setting(stack, "reservedConcurrency", project))
    if wanted < 0:
        return
    limits = credentials.client("lambda").get_account_settings()["AccountLimit"]
    reserved = sum(
        resource["outputs"].get("reservedConcurrentExecutions") or 0
        for resource in resources
        if resource["type"] == "aws:lambda/function:Function"
    )
    free = limits["UnreservedConcurrentExecutions"] + max(reserved, 0) - _KEPT_UNRESERVED
    if wanted > free:
        raise ToolError(
            f"reservedConcurrency is {wanted}, and this account can reserve {max(free, 0)} more: of its "
            f"{limits['ConcurrentExecutions']} runs at the same time, Lambda keeps {_KEPT_UNRESERVED} unreserved. Set "
            f"-1, or ask AWS for more (Service Quotas, AWS Lambda, Concurrent executions)"
        )
