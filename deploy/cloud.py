"""Checks against the account before a deployment: what AWS would refuse only when half of the stack is there."""

from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deploy import keys, parameters
from deploy.account import account_of
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
        _require_free_parameters(stack, project, resources)
        _require_kms_key(setting(stack, "kmsKeyArn", project), credentials)
        _require_two_keys(credentials, resources)
        _require_working_keys(stack, project, credentials, resources)
        _require_runs(stack, project, credentials, resources)
    except (BotoCoreError, ClientError) as error:
        raise ToolError(f"the account could not be looked at: {error}") from None


def _require_free_parameters(stack: str, project: Path, resources: list[dict[str, Any]]) -> None:
    """Another copy of the project may have a stack of the same name in this account and region."""
    there = parameters.values(stack, project)
    ours = {resource.get("id") for resource in resources if resource["type"] == "aws:ssm/parameter:Parameter"}
    taken = sorted(set(there) - ours)
    if taken:
        function = there.get(f"{parameters.under(stack, project)}/functionName", "unknown")
        raise ToolError(
            f"the parameter {taken[0]} is not of this stack: it belongs to another copy of the project, whose function "
            f"is {function}. Give this one a path of its own: "
            f"pulumi config set parameterPath /another-name --stack {stack}. If it is this stack and its state was "
            'lost, see docs/deploying.md ("A lost state")'
        )


def _require_kms_key(arn: str, credentials: Any) -> None:
    """S3 takes any key for a bucket, and then every upload fails."""
    if not arn:
        return
    account = account_of(credentials)
    if arn.split(":")[4] != account:
        raise ToolError(f"kmsKeyArn is a key of the account {arn.split(':')[4]}, and the stack is in {account}")
    kms = credentials.client("kms")
    try:
        key = kms.describe_key(KeyId=arn)["KeyMetadata"]
    except kms.exceptions.NotFoundException:
        raise ToolError(f"there is no key {arn}; look at kmsKeyArn") from None
    if key["KeyState"] != "Enabled" or key["KeySpec"] != "SYMMETRIC_DEFAULT":
        raise ToolError(
            f"the key of kmsKeyArn is {key['KeyState']}, {key['KeySpec']}; S3 needs an enabled symmetric one"
        )


def _require_two_keys(credentials: Any, resources: list[dict[str, Any]]) -> None:
    """A stack from before key rotation has one key for a user, and IAM allows two: one made by hand is in the way."""
    known = {resource["id"] for resource in resources if resource["type"] == "aws:iam/accessKey:AccessKey"}
    iam = credentials.client("iam")
    for user in (resource for resource in resources if resource["type"] == "aws:iam/user:User"):
        name = user["outputs"]["name"]
        try:
            there = {key["AccessKeyId"] for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]}
        except iam.exceptions.NoSuchEntityException:
            continue
        if there - known and len(there) == 2:
            raise ToolError(
                f"user {name} has an access key that Pulumi did not make, and the stack needs both that IAM allows; "
                f"delete it: aws iam delete-access-key --user-name {name} --access-key-id {sorted(there - known)[0]}"
            )


def _require_working_keys(stack: str, project: Path, credentials: Any, resources: list[dict[str, Any]]) -> None:
    """A file from before a rotation would make Pulumi delete the key that is in use."""
    iam = credentials.client("iam")
    for user in ("a", "b"):
        wanted = setting(stack, keys.setting_of(user), project)["made"]
        deployed = zip(keys.made(user, resources), keys.ids(user, resources), wanted, strict=True)
        replaced = {key for made, key, number in deployed if made is not None and made != number}
        if not replaced:
            continue
        (name,) = [one["outputs"]["name"] for one in resources if one["urn"].endswith(f"::user{user.upper()}")]
        for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
            if key["AccessKeyId"] in replaced and key["Status"] == "Active":
                raise ToolError(
                    f"{keys.setting_of(user)} in Pulumi.{stack}.yaml is not that of the last rotation: the key "
                    f"{key['AccessKeyId']}, which works, would be deleted. Take the file of the last deployment"
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
